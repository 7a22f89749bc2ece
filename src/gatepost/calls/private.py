"""Private answers to public comments, for the API and `gatepost act`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from gatepost.calls.asked import MessageGet
from gatepost.calls.doing import found_message
from gatepost.inbox.private_replies import private_reply_of
from gatepost.people.models import User
from gatepost.rulebook.actions import in_force


class PrivateWayOut(BaseModel):
    """`offered`: message.reply takes `privately` now. Else `why_not`, in words. `clause`: that allows it, or does not.
    `until`: the end of the network's time, null where it has nothing of the kind. `act`: the one there is."""

    message: int
    offered: bool
    why_not: str
    clause: str
    until: datetime | None
    act: UUID | None


def private_way(wish: MessageGet, *, by: User, at: datetime) -> PrivateWayOut:
    message = found_message(wish.message, by, at)
    way = private_reply_of(message, pack=in_force(at), at=at)
    if way is None:
        why = "There is no private answer to this on its network."
        return PrivateWayOut(message=message.pk, offered=False, why_not=why, clause="", until=None, act=None)
    return PrivateWayOut(
        message=message.pk,
        offered=not way.why_not,
        why_not=way.why_not,
        clause=way.clause,
        until=way.until,
        act=way.sent.pk if way.sent else None,
    )


PRIVATE: dict[str, tuple[type[Any], Callable[..., BaseModel], type[BaseModel], str]] = {
    "message.private_way": (MessageGet, private_way, PrivateWayOut, "Can this be answered privately, and until when"),
}
