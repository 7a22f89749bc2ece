"""Days of the year worth a post, and how a pack or a data file writes when they are.

"12-25" is a day of every year, "2026-05-04" of one, "second sunday of november" and "last monday of may" move.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from gatepost.policy.bank_holidays import named_holidays
from gatepost.policy.named_days import DAYS, MONTHS

PLACES = {"first": 0, "second": 1, "third": 2, "fourth": 3, "last": -1}
_MOVES = re.compile(rf"({'|'.join(PLACES)}) ({'|'.join(DAYS)}) of ({'|'.join(MONTHS)})")
_WHOLE = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_EACH = re.compile(r"(\d{2})-(\d{2})")


@dataclass(frozen=True, slots=True)
class Occasion:
    """A day with a name. `source` says where the date comes from: an address, or "[days] of the policy"."""

    on: str
    title: str
    source: str


@dataclass(frozen=True, slots=True)
class Marked:
    """An occasion in a year."""

    date: date
    title: str
    source: str
    kind: Literal["bank holiday", "occasion"]


def is_rule(on: str) -> bool:
    """Whether `on` is one of the three ways of writing a day, and there is such a day."""
    if _MOVES.fullmatch(on):
        return True
    return day_in(on, 2024) is not None or ((found := _WHOLE.fullmatch(on)) is not None and _made(*found.groups()))


def _made(year: str, month: str, day: str) -> bool:
    return _date(int(year), int(month), int(day)) is not None


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def day_in(on: str, year: int) -> date | None:
    """The day `on` means in `year`; None when it has none (29 February, another year's day)."""
    if found := _WHOLE.fullmatch(on):
        return _date(*map(int, found.groups())) if int(found[1]) == year else None
    if found := _EACH.fullmatch(on):
        return _date(year, int(found[1]), int(found[2]))
    if found := _MOVES.fullmatch(on):
        month = MONTHS.index(found[3]) + 1
        first = date(year, month, 1)
        days = [first + timedelta(days=(DAYS.index(found[2]) - first.weekday()) % 7 + 7 * week) for week in range(5)]
        return [day for day in days if day.month == month][PLACES[found[1]]]
    return None


def marked(occasions: Iterable[Occasion], nation: str, first: date, last: date) -> list[Marked]:
    """Bank holidays of the nation (ENG, WLS, SCT, NIR) and occasions from `first` to `last`, in order of the day."""
    return sorted(
        (one for one in _all(list(occasions), nation, range(first.year, last.year + 1)) if first <= one.date <= last),
        key=lambda one: (one.date, one.kind != "bank holiday", one.title),
    )


def _all(occasions: list[Occasion], nation: str, years: range) -> Iterator[Marked]:
    for year in years:
        for day, name in named_holidays(nation, year).items():
            yield Marked(day, name, "Python library holidays, public holidays of " + nation, "bank holiday")
        for one in occasions:
            if (on := day_in(one.on, year)) is not None:
                yield Marked(on, one.title, one.source, "occasion")
