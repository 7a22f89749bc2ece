"""The outside reader by name: whether it is in use, what would be sent, switching it on and off."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, Field

from gatepost.calls.asked import Asked, Nothing
from gatepost.channels import outside_reader
from gatepost.channels.models import OutsideReader
from gatepost.inbox.outside_reading import sent
from gatepost.people.models import User
from gatepost.policy.outside import INSTRUCTION
from gatepost.rulebook.actions import in_force


class ReaderPreview(Asked):
    """A text of your own; nothing is sent or kept."""

    text: Annotated[str, Field(max_length=10_000)]


class ReaderOn(Asked):
    """`seen`: you have looked at what is sent (outside_reader.preview). `key` may be empty; it is never told again."""

    address: Annotated[str, Field(max_length=300)]
    model: Annotated[str, Field(max_length=120)]
    key: Annotated[str, Field(max_length=400)] = ""
    allow_private: bool = False
    seen: bool


class PreviewOut(BaseModel):
    """The two messages that are sent for one of a resident's."""

    instruction: str
    message: str


class ReaderOut(BaseModel):
    """`says`: why it last did not answer."""

    on: bool
    address: str = ""
    model: str = ""
    since: datetime | None = None
    heard_at: datetime | None = None
    says: str = ""


def preview(wish: ReaderPreview, *, by: User, at: datetime) -> PreviewOut:
    return PreviewOut(instruction=INSTRUCTION, message=sent(wish.text, in_force(at)))


def told(wish: Nothing, *, by: User, at: datetime) -> ReaderOut:
    return _out(outside_reader.told(by=by, at=at))


def switch_on(wish: ReaderOn, *, by: User, at: datetime) -> ReaderOut:
    reader = outside_reader.switch_on(
        base_url=wish.address,
        model=wish.model,
        key=wish.key,
        allow_private=wish.allow_private,
        seen=wish.seen,
        by=by,
        at=at,
    )
    return _out(reader)


def switch_off(wish: Nothing, *, by: User, at: datetime) -> ReaderOut:
    outside_reader.switch_off(by=by, at=at)
    return _out(None)


def _out(reader: OutsideReader | None) -> ReaderOut:
    if reader is None:
        return ReaderOut(on=False)
    return ReaderOut(
        on=True,
        address=reader.base_url,
        model=reader.model,
        since=reader.on_at,
        heard_at=reader.heard_at,
        says=reader.says,
    )


# name -> (what is asked, what is done, what is told, in a sentence)
OUTSIDE: dict[str, tuple[type[Asked], Callable[..., BaseModel], type[BaseModel], str]] = {
    "outside_reader.preview": (ReaderPreview, preview, PreviewOut, "What an outside reader would be sent of a text"),
    "outside_reader.get": (Nothing, told, ReaderOut, "Whether an outside reader is asked, and which"),
    "outside_reader.on": (ReaderOn, switch_on, ReaderOut, "Ask an outside reader about new messages"),
    "outside_reader.off": (Nothing, switch_off, ReaderOut, "Ask no outside reader any more"),
}
