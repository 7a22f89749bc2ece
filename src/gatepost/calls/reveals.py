"""Who looked at masked details, by name."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, Field

from gatepost.calls.asked import Asked, Id
from gatepost.calls.doing import found_message
from gatepost.inbox.models import Reveal
from gatepost.inbox.personal.covering import covered
from gatepost.inbox.personal.officer import require_officer
from gatepost.people.models import User


class RevealsAsked(Asked):
    """Of one message, or for the officer of all. `before`: the `next` of the answer before."""

    message: Id | None = None
    before: Id | None = None
    limit: Annotated[int, Field(ge=1, le=200)] = 50


class RevealOut(BaseModel):
    """Personal details are left out of `reason` by name; it is empty where the message has been erased."""

    id: int
    message: int
    person: int
    reason: str
    at: datetime
    until: datetime


class RevealsOut(BaseModel):
    """The latest first."""

    reveals: list[RevealOut]
    next: int | None


def reveals_list(wish: RevealsAsked, *, by: User, at: datetime) -> RevealsOut:
    rows = Reveal.objects.order_by("-pk")
    if wish.message:
        rows = rows.filter(message=found_message(wish.message, by, at))
    else:
        require_officer(by, at)
    if wish.before:
        rows = rows.filter(pk__lt=wish.before)
    page = list(rows[: wish.limit + 1])
    shown = page[: wish.limit]
    return RevealsOut(
        reveals=[
            RevealOut(
                id=row.pk,
                message=row.message_id,
                person=row.person_id,
                reason=covered(row.reason),
                at=row.at,
                until=row.until,
            )
            for row in shown
        ],
        next=shown[-1].pk if len(page) > len(shown) else None,
    )


REVEALS: dict[str, tuple[type[Asked], Callable[..., BaseModel], type[BaseModel], str]] = {
    "reveals.list": (RevealsAsked, reveals_list, RevealsOut, "Who looked at masked details, and why"),
}
