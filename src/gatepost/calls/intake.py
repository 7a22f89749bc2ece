"""Intake for programs: what a message said before, and reading again what could not be read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel

from gatepost.calls.asked import MessageGet
from gatepost.channels.actions import require_reader
from gatepost.inbox.intake_models import Version
from gatepost.inbox.masking import masked, spans_of
from gatepost.people.models import User


class VersionOut(BaseModel):
    """`said`: words that stood before; `gone`, `back`: taken off the network and put back. Personal details are left
    out of `text` by name."""

    what: Literal["said", "gone", "back"]
    text: str
    changed_at: datetime
    seen_at: datetime


class MessageVersionsOut(BaseModel):
    """The latest first."""

    message: int
    versions: list[VersionOut]


def message_versions(wish: MessageGet, *, by: User, at: datetime) -> MessageVersionsOut:
    require_reader(by, at)
    rows = Version.objects.filter(message=wish.message).select_related("decision").order_by("-changed_at", "-pk")[:200]
    return MessageVersionsOut(
        message=wish.message,
        versions=[
            VersionOut(
                what=row.what,  # type: ignore[arg-type]  # the column has these three alone
                text=masked(row.text, spans_of(row.decision.spans if row.decision else [])),
                changed_at=row.changed_at,
                seen_at=row.seen_at,
            )
            for row in rows
        ],
    )


INTAKE: dict[str, tuple[type[Any], Callable[..., BaseModel], type[BaseModel], str]] = {
    "message.versions": (MessageGet, message_versions, MessageVersionsOut, "What a message said before it was changed"),
}
