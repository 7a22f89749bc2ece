"""Asking a network whether a channel's credentials still work."""

from __future__ import annotations

from datetime import datetime

from gatepost.channels.actions import ChannelError, may_write, record_health
from gatepost.channels.models import Channel
from gatepost.networks.client import BadAccount
from gatepost.networks.protocol import Health
from gatepost.networks.registry import connect
from gatepost.people.authority import NotAllowed, answers_for_desk
from gatepost.people.models import User


def may_check(person: User, channel: Channel, at: datetime) -> bool:
    return answers_for_desk(person, at) or may_write(person, channel, at)


def check_connection(channel: Channel, *, by: User, at: datetime) -> Health:
    """Asks the network, with no transaction open, and keeps what came of it. It uses the account and some of what the
    network allows, so only those who have to do with the channel may. Raises NotAllowed, ChannelError."""
    if not may_check(by, channel, at):
        raise NotAllowed(
            f"The connection is checked by people approved for {channel.name}, by whoever signs off, and by "
            "administrators of this desk.",
            "desk:approvals",
        )
    if channel.state == "closed":
        raise ChannelError(f"{channel.name} is closed: its credentials are forgotten.")
    try:
        health = connect(channel.account()).check()
    except BadAccount as error:
        raise ChannelError(str(error)) from error
    record_health(channel, ill="" if health.ok else health.says, by=by, at=at)
    return health
