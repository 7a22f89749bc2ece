"""Channels for programs: whom each is for, and whether it answers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, Field

from gatepost.calls.asked import Asked, ChannelOut, Id
from gatepost.calls.found import one_of
from gatepost.calls.told import channel_out
from gatepost.channels.checking import check_connection
from gatepost.channels.models import Channel
from gatepost.inbox.audiences import set_audiences
from gatepost.people.models import User


class ChannelForWhom(Asked):
    """`audiences`: ids of the policy's audiences; an empty list says that nobody has said."""

    channel: Id
    audiences: Annotated[list[Annotated[str, Field(max_length=80)]], Field(max_length=50)]


class ChannelCheck(Asked):
    channel: Id


class CheckedOut(BaseModel):
    """`says`: in a sentence, with the mend where it does not answer."""

    ok: bool
    says: str


def channel_for_whom(wish: ChannelForWhom, *, by: User, at: datetime) -> ChannelOut:
    return channel_out(set_audiences(_found(wish.channel), wish.audiences, by=by, at=at), by, at)


def channel_check(wish: ChannelCheck, *, by: User, at: datetime) -> CheckedOut:
    health = check_connection(_found(wish.channel), by=by, at=at)
    return CheckedOut(ok=health.ok, says=health.says)


def _found(number: int) -> Channel:
    return one_of(
        Channel.objects.filter(pk=number),
        f"There is no channel {number} on this desk. Ask channels.list for those there are.",
    )


CHANNELS: dict[str, tuple[type[Any], Callable[..., BaseModel], type[BaseModel], str]] = {
    "channel.for_whom": (ChannelForWhom, channel_for_whom, ChannelOut, "Say which audiences a channel is for"),
    "channel.check": (ChannelCheck, channel_check, CheckedOut, "Ask the network whether a channel still works"),
}
