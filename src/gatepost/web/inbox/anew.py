"""What the policy says since somebody corrected the readers, beside what it said before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from gatepost.inbox.models import Message, Redecision
from gatepost.policy.pack import Pack
from gatepost.rulebook.actions import pack_of
from gatepost.rulebook.models import KeptDecision
from gatepost.web.inbox.words import Word, in_order


@dataclass(frozen=True, slots=True)
class Timed:
    name: str
    due: datetime
    clause: str


@dataclass(frozen=True, slots=True)
class Before:
    """A decision that stood until somebody's correction. `after`: the correction that it came from, "" on arrival."""

    after: str
    until: datetime
    labels: tuple[Word, ...]
    refer: tuple[str, ...]
    clocks: tuple[Timed, ...]
    clauses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Anew:
    """The latest time a message was decided anew. `refer`: departments that its policy now names as well."""

    because: str
    at: datetime
    begun: tuple[Timed, ...]
    ended: tuple[Timed, ...]
    refer: tuple[str, ...]
    before: tuple[Before, ...]


def anew_of(message: Message, pack: Pack) -> Anew | None:
    """None where nothing was decided anew."""
    rows = list(message.redecisions.select_related("by", "was").order_by("pk"))
    if not rows:
        return None
    last = rows[-1]
    named = [name for name in message.decision.refer if name not in last.was.refer]
    return Anew(
        because=last.because,
        at=last.at,
        begun=_timed(last.begun, pack),
        ended=_timed(last.ended, pack),
        refer=_departments(named, pack),
        before=tuple(_before(row, earlier) for row, earlier in zip(rows, [None, *rows], strict=False))[::-1],
    )


def _before(row: Redecision, earlier: Redecision | None) -> Before:
    was: KeptDecision = row.was
    then = pack_of(was.pack_id)
    return Before(
        after=earlier.because if earlier else "",
        until=row.at,
        labels=tuple(in_order(list(was.decided))),
        refer=_departments(was.refer, then),
        clocks=_timed(was.clocks, then),
        clauses=tuple(was.clauses),
    )


def _departments(names: Iterable[str], pack: Pack) -> tuple[str, ...]:
    return tuple(pack.departments[name].name if name in pack.departments else name for name in names)


def _timed(clocks: Sequence[Sequence[str]], pack: Pack) -> tuple[Timed, ...]:
    return tuple(
        Timed(pack.clocks[row[0]].name if row[0] in pack.clocks else row[0], datetime.fromisoformat(row[1]), row[2])
        for row in sorted(clocks, key=lambda row: row[1])
    )
