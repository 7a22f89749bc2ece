"""How long records are kept, as clauses on records state it: `says.periods`, each with a kind of record and a period.

A kind is one of KINDS, or a label of the readers: then it is the messages so labelled. What cannot be understood is
kept as text and named, never guessed: a period that the desk cannot read deletes nothing.
"""

from __future__ import annotations

import hashlib
import json
import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from gatepost.policy.model import LABELS
from gatepost.policy.pack import Pack

ABOUT = "records"
KINDS = {
    "messages": "What the public writes, with our notes on it",
    "evidence": "Evidence of what was hidden, removed or reported",
    "requests": "Requests of people about their own data",
}
_LABEL_WORDS = {"sar_request": "requests for one's own data", "foi_request": "requests for information"}
PeriodUnit = Literal["days", "months"]
_PERIOD = re.compile(
    r"\s*(\d{1,4})\s*(day|week|month|year)s?\b\s*(?:(?:after|from|since|of)\b[^0-9]*)?\.?\s*", re.IGNORECASE
)
_AS: dict[str, tuple[int, PeriodUnit]] = {
    "day": (1, "days"),
    "week": (7, "days"),
    "month": (1, "months"),
    "year": (12, "months"),
}


@dataclass(frozen=True, slots=True)
class Keeping:
    """One kind of record, how long it is kept after the last thing that happened to it, and the clause."""

    kind: str
    amount: int
    unit: PeriodUnit
    said: str  # as the policy puts it: "6 years"
    clause: str

    @property
    def is_label(self) -> bool:
        return self.kind in LABELS

    @property
    def title(self) -> str:
        if self.kind in KINDS:
            return KINDS[self.kind]
        return f"Messages read as {_LABEL_WORDS.get(self.kind, self.kind.replace('_', ' '))}"

    def before(self, at: datetime) -> datetime:
        """What last happened before this moment has reached its end at `at`."""
        if self.unit == "days":
            return at - timedelta(days=self.amount)
        months = at.year * 12 + at.month - 1 - self.amount
        year, month = divmod(months, 12)
        day = min(at.day, monthrange(year, month + 1)[1])
        return at.replace(year=year, month=month + 1, day=day)


@dataclass(frozen=True, slots=True)
class NotRead:
    """What a clause states of keeping records and nothing carries out."""

    clause: str
    text: str
    why: str


@dataclass(frozen=True, slots=True)
class Schedule:
    """What the policy says of keeping records. `digest` names exactly these periods."""

    keeping: tuple[Keeping, ...]
    not_read: tuple[NotRead, ...]

    @property
    def digest(self) -> str:
        rows = [[one.kind, one.amount, one.unit, one.clause] for one in self.keeping]
        return hashlib.sha256(json.dumps(rows, separators=(",", ":")).encode("ascii")).hexdigest()

    def of(self, kind: str) -> Keeping | None:
        return next((one for one in self.keeping if one.kind == kind), None)


def schedule(pack: Pack) -> Schedule:
    """The periods of every clause on records, in the order of the policy; of two for one kind the longer holds."""
    found: dict[str, Keeping] = {}
    left: list[NotRead] = []
    for clause in pack.clauses:
        if clause.about != ABOUT:
            continue
        stated = clause.says.get("periods", [])
        for row in stated if isinstance(stated, list) else []:
            if not isinstance(row, dict):
                continue
            kind, said = str(row.get("kind", "")).strip(), str(row.get("period", "")).strip()
            text = f"{kind}: {said}"
            key = kind.lower().replace(" ", "_").replace("-", "_")
            period = read_period(said)
            if key not in KINDS and key not in LABELS:
                kinds = ", ".join((*KINDS, *LABELS))
                left.append(NotRead(clause.id, text, f"The desk keeps no records called “{kind}”. It knows: {kinds}."))
            elif period is None:
                left.append(NotRead(clause.id, text, "This is no period. Write it like “6 years” or “30 days”."))
            else:
                one = Keeping(key, *period, said, clause.id)
                if key not in found or in_days(one) > in_days(found[key]):
                    found[key] = one
    return Schedule(tuple(found.values()), tuple(left))


def read_period(said: str) -> tuple[int, PeriodUnit] | None:
    """("2 years after closure") -> (24, "months"); None for what is no period of at least a day and at most 100
    years."""
    match = _PERIOD.fullmatch(said)
    if match is None or not (number := int(match[1])):
        return None
    times, unit = _AS[match[2].lower()]
    amount = number * times
    return None if amount > (36_525 if unit == "days" else 1_200) else (amount, unit)


def in_days(one: Keeping) -> float:
    return one.amount if one.unit == "days" else one.amount * 30.44
