"""Everything the policy said of a message: on arrival, and after each correction of what it was read as."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from pydantic import BaseModel

from gatepost.calls import asked
from gatepost.calls.desk import Row
from gatepost.calls.doing import found_message
from gatepost.inbox.models import Redecision
from gatepost.people.models import User
from gatepost.rulebook.models import KeptDecision


class DecisionOut(BaseModel):
    """What the policy said of a message at one time. `because`: "on arrival", or after whose correction. `ended`:
    clocks that ran before and no longer follow."""

    because: str
    current: bool
    at: datetime
    pack: str
    decided: list[str]
    topics: list[str]
    offers: list[str]
    refer: list[str]
    moderate: str
    answer: bool
    urgent: bool
    clocks: list[asked.ClockOut]
    ended: list[asked.ClockOut]
    clauses: list[str]


class DecisionsOut(BaseModel):
    decisions: list[DecisionOut]


def message_decisions(wish: asked.MessageGet, *, by: User, at: datetime) -> DecisionsOut:
    """The one that stands now first."""
    message = found_message(wish.message, by, at)
    rows = list(message.redecisions.select_related("by", "was").order_by("pk"))
    kept = [*(row.was for row in rows), message.decision]
    told = [_out(one, after) for one, after in zip(kept, [None, *rows], strict=True)]
    told[-1].current = True
    return DecisionsOut(decisions=told[::-1])


def _out(kept: KeptDecision, after: Redecision | None) -> DecisionOut:
    return DecisionOut(
        because=after.because if after else "on arrival",
        current=False,
        at=after.at if after else kept.at,
        pack=kept.pack_id,
        decided=kept.decided,
        topics=kept.topics,
        offers=kept.offers,
        refer=kept.refer,
        moderate=kept.moderate,
        answer=kept.answer,
        urgent=kept.urgent,
        clocks=_clocks(kept.clocks),
        ended=_clocks(after.ended) if after else [],
        clauses=kept.clauses,
    )


def _clocks(rows: Sequence[Sequence[str]]) -> list[asked.ClockOut]:
    return [asked.ClockOut(id=row[0], due=datetime.fromisoformat(row[1]), clause=row[2], source=row[3]) for row in rows]


DECISIONS: dict[str, Row] = {
    "message.decisions": (
        asked.MessageGet,
        message_decisions,
        DecisionsOut,
        "What the policy said, and before corrections",
    ),
}
