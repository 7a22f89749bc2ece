"""Connecting the practice town's two accounts: they wait on the channels page to be signed off."""

from __future__ import annotations

import logging
import secrets
from datetime import datetime
from functools import partial

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from gatepost.channels.actions import ChannelError, connect
from gatepost.networks.limits import NoLimits, network_title
from gatepost.people.models import User
from gatepost.web.town.client import TownError, ask

logger = logging.getLogger(__name__)
CALLS = ("facebook",)  # whose webhooks the town has


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
        given = {field: str(account[field]) for field in ("token", "app_secret") if account.get(field)}
        if network in CALLS:
            given["verify_token"] = secrets.token_urlsafe(24)
        try:
            with transaction.atomic():
                made = connect(
                    network=network,
                    name=name,
                    external_id=str(account.get("id", "")),
                    handle=str(account.get("handle", "")),
                    credentials=given,
                    base_url=f"{settings.TOWN_URL}{account.get('path', '')}",
                    practice=True,
                    by=by,
                    at=at,
                )
            if network in CALLS:
                # The town calls back before it agrees, so the channel must be there for all to see.
                transaction.on_commit(partial(_subscribe, made.pk, given["verify_token"]))
            said.append(f"{made.name} is connected and waits to be signed off.")
        except ChannelError as error:
            said.append(str(error))
    return said


def _subscribe(channel: int, verify_token: str) -> None:
    """Asks the town to tell us of new comments at once. Without it they are found by reading, a little later."""
    try:
        url = settings.PUBLIC_URL + reverse("hook", args=[channel])
        ask("POST", "subscribe", {"url": url, "verify_token": verify_token})
    except TownError as error:
        logger.warning("The practice town will not call channel %d; it is read instead. %s", channel, error)
