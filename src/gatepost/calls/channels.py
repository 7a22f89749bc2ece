"""Channels for programs: whom each is for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, Field

from gatepost.calls.asked import Asked, ChannelOut, Id
from gatepost.calls.found import one_of
from gatepost.calls.told import channel_out
from gatepost.channels.models import Channel
from gatepost.inbox.audiences import set_audiences
from gatepost.people.models import User


class ChannelForWhom(Asked):
    """`audiences`: ids of the policy's audiences; an empty list says that nobody has said."""

    channel: Id
    audiences: Annotated[list[Annotated[str, Field(max_length=80)]], Field(max_length=50)]


def channel_for_whom(wish: ChannelForWhom, *, by: User, at: datetime) -> ChannelOut:
    found = one_of(
        Channel.objects.filter(pk=wish.channel),
        f"There is no channel {wish.channel} on this desk. Ask channels.list for those there are.",
    )
    return channel_out(set_audiences(found, wish.audiences, by=by, at=at), by, at)


CHANNELS: dict[str, tuple[type[Any], Callable[..., BaseModel], type[BaseModel], str]] = {
    "channel.for_whom": (ChannelForWhom, channel_for_whom, ChannelOut, "Say which audiences a channel is for"),
}
