"""Warnings and blocks, step by step, as a policy's clauses on strikes state them.

A clause about `strikes` gives a ladder of rows (count, window, step, length, scope), or count, window and block alone.
Lengths are words: "30 days", "three months", "for ever". What cannot be read stays as the clause has it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from gatepost.policy.model import Value
from gatepost.policy.pack import Pack

_NUMBERS = {
    name: value
    for value, name in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve".split()  # noqa: SIM905  # one line of words
    )
} | {"a": 1, "an": 1}
_DAYS = {"hour": 1 / 24, "day": 1, "week": 7, "fortnight": 14, "month": 30, "year": 365}
_LENGTH = re.compile(rf"\b(\d{{1,4}}|{'|'.join(_NUMBERS)})[ -]({'|'.join(_DAYS)})s?\b", re.IGNORECASE)
_EVER = re.compile(r"\b(permanent\w*|for ?ever|indefinite\w*|for good)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Rung:
    """`count` strikes within `window` (None: ever) and `step` follows for `length` (None: not said, or for ever)."""

    count: int
    window: timedelta | None
    step: str
    length: timedelta | None
    for_ever: bool
    scope: str
    clause: str
    said: str  # the length as the clause has it

    @property
    def blocks(self) -> bool:
        return "block" in self.step.lower() or "ban" in self.step.lower()


def length_of(words: str) -> timedelta | None:
    """A length as clauses write it; a month is taken as 30 days, a year as 365. None when none is said."""
    found = _LENGTH.search(words)
    if found is None:
        return None
    number = found[1].lower()
    return timedelta(days=(int(number) if number.isdigit() else _NUMBERS[number]) * _DAYS[found[2].lower()])


def ladder(pack: Pack) -> tuple[Rung, ...]:
    """The rungs that the policy states, the lowest first; none where it states none."""
    rungs: list[Rung] = []
    for clause in pack.clauses:
        if clause.about != "strikes":
            continue
        rows = clause.says.get("ladder")
        if isinstance(rows, list):
            rungs += [_rung(cast(Mapping[str, Value], row), clause.id) for row in rows if isinstance(row, dict)]
        elif clause.says.get("count"):
            block = str(clause.says.get("block", ""))
            row = {**clause.says, "step": "block" if block else "warning", "length": block}
            rungs.append(_rung(row, clause.id))
    return tuple(sorted(rungs, key=lambda rung: rung.count))


def _rung(row: Mapping[str, Value], clause: str) -> Rung:
    count, said = row.get("count"), str(row.get("length", ""))
    return Rung(
        count=count if isinstance(count, int) else 1,
        window=length_of(str(row.get("window", ""))),
        step=str(row.get("step", "")) or "warning",
        length=length_of(said),
        for_ever=bool(_EVER.search(said)),
        scope=str(row.get("scope", "")),
        clause=clause,
        said=said,
    )


def strikes_within(times: Sequence[datetime], window: timedelta | None, at: datetime) -> int:
    return sum(window is None or at - window <= time <= at for time in times)


def reached(rungs: Sequence[Rung], times: Sequence[datetime], at: datetime) -> Rung | None:
    """The highest rung that these strikes reach at a moment."""
    found = [rung for rung in rungs if strikes_within(times, rung.window, at) >= rung.count]
    return found[-1] if found else None


@dataclass(frozen=True, slots=True)
class Process:
    """What the policy promises to people whose words were taken away: notice, reasons, appeal and its time."""

    notice: bool = False
    reasons: bool = False
    appeal: bool | None = None  # None: it says nothing
    within: timedelta | None = None
    appeal_to: str = ""
    wording: str = ""  # the approved wording of the notice
    clause: str = ""


def process_of(pack: Pack) -> Process:
    """From the clauses about due process, moderation and strikes; the first that says something decides."""
    found = Process()
    for clause in pack.clauses:
        if clause.about in ("due_process", "moderation", "strikes") and clause.says.get("notice") is True:
            found = Process(notice=True, clause=clause.id)
            break
    for clause in pack.clauses:
        if clause.about != "due_process":
            continue
        says = clause.says
        appeal = says.get("appeal")
        return Process(
            notice=found.notice or says.get("notice") is True,
            reasons=says.get("reasons") is True,
            appeal=appeal if isinstance(appeal, bool) else None,
            within=length_of(str(says.get("appeal_within", ""))),
            appeal_to=str(says.get("appeal_to", "")),
            wording=str(says.get("wording", "")),
            clause=clause.id,
        )
    return found
