"""What an act still waits for beside its steps: suggested words, and people without an account who were asked."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import BaseModel

from gatepost.calls.asked import ActGet
from gatepost.calls.doing import readable
from gatepost.calls.found import one_of
from gatepost.calls.signing import OutsideOut, SuggestionOut, outside_out, suggestion_out
from gatepost.gate.models import Act
from gatepost.people.models import User


class AskedOut(BaseModel):
    """`suggestions` wait for the act's author; `outside`: who is asked and has not answered."""

    suggestions: list[SuggestionOut]
    outside: list[OutsideOut]


def act_asked(wish: ActGet, *, by: User, at: datetime) -> AskedOut:
    act = one_of(
        readable(Act.objects.filter(pk=wish.act), by, at),
        f"There is no act {wish.act} on this desk that you may read. Look at its number again.",
    )
    waiting = act.invitations.filter(outcome="", digest=act.digest, expires_at__gt=at)
    return AskedOut(
        suggestions=[suggestion_out(row) for row in act.suggestions.filter(outcome="").order_by("pk")],
        outside=[outside_out(row) for row in waiting.order_by("pk")],
    )


ASKING: dict[str, tuple[Any, Any, Any, str]] = {
    "act.asked": (ActGet, act_asked, AskedOut, "Suggested words and people outside that an act waits for"),
}
