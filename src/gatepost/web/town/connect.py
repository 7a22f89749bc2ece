"""Connecting the practice town's two accounts: they wait on the channels page to be signed off."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import transaction

from gatepost.channels.actions import ChannelError, connect
from gatepost.networks.limits import NoLimits, network_title
from gatepost.people.models import User
from gatepost.web.town.client import TownError, ask


def accounts(*, by: User, at: datetime) -> list[str]:
    """Connects whichever of the town's accounts are not connected yet. Returns what happened, in words.

    A town that does not answer, or an account that is connected already, stops nobody: it is said.
    """
    try:
        known = ask("GET", "state").get("accounts", {})
    except TownError as error:
        return [f"{error} Connect its accounts later from the page Practice town."]
    said = []
    for network, account in known.items():
        if not isinstance(account, dict):
            continue
        try:
            name = f"{network_title(network)} (practice)"
        except NoLimits:  # a network of the town's that this desk does not know
            continue
        secrets = {field: str(account[field]) for field in ("token", "app_secret") if account.get(field)}
        try:
            with transaction.atomic():
                connect(
                    network=network,
                    name=name,
                    external_id=str(account.get("id", "")),
                    handle=str(account.get("handle", "")),
                    credentials=secrets,
                    base_url=f"{settings.TOWN_URL}{account.get('path', '')}",
                    practice=True,
                    by=by,
                    at=at,
                )
            said.append(f"{name} is connected and waits to be signed off.")
        except ChannelError as error:
            said.append(str(error))
    return said
