"""Days of absence and hours of a week as a form shows and takes them."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django.http import QueryDict

from gatepost.policy.editing.changes import AwayRow
from gatepost.policy.model import Hours
from gatepost.policy.named_days import DAYS
from gatepost.web.frame.given import written_day
from gatepost.web.frame.problems import Unclear
from gatepost.web.policy import fields
from gatepost.web.policy.fields import Field

AWAY = "away"
_WEEK = "hours_"
_FROM_TO = re.compile(r"(\d{1,2}:\d\d) ?(?:to|-|–) ?(\d{1,2}:\d\d)")
_MOST = 50  # absences of one holder


def away_field(entry: Any, label: str) -> Field:
    """The days on which the holder is away, one absence a line."""
    known = entry.away if entry is not None else ()
    written = "\n".join(_said(first, last) for first, last in known)
    hint = "One absence a line, first and last day: 21 December 2026 to 3 January 2027. The deputy gets them then."
    return Field(AWAY, label, "lines", written, hint, rows=3)


def _said(first: date, last: date) -> str:
    return _day(first) if first == last else f"{_day(first)} to {_day(last)}"


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def read_away(post: QueryDict) -> list[AwayRow]:
    """Raises Unclear, with the field."""
    lines = fields.lines(post, AWAY)
    if len(lines) > _MOST:
        raise Unclear(f"These are more than {_MOST} absences. Leave out those that are over.", AWAY)
    return [_absence(line) for line in lines]


def _absence(line: str) -> AwayRow:
    first, sign, last = line.partition(" to ")
    starts = _read_day(first, line)
    ends = _read_day(last, line) if sign else starts
    if ends < starts:
        raise Unclear(f"“{line[:60]}” ends before it begins. Write the first day first.", AWAY)
    return AwayRow(starts=starts, ends=ends)


def _read_day(text: str, line: str) -> date:
    day = written_day(text)
    if day is None:
        raise Unclear(f"“{line[:60]}” is no absence. Write it like 21 December 2026 to 3 January 2027.", AWAY)
    return day


def week_fields(hours: Hours | None, prefix: str = _WEEK) -> tuple[Field, ...]:
    """One line a day, Monday first."""
    week = hours.week if hours is not None else (None,) * len(DAYS)
    return tuple(
        Field(f"{prefix}{day}", day.capitalize(), value=f"{times[0]} to {times[1]}" if times else "")
        for day, times in zip(DAYS, week, strict=True)
    )


def read_week(post: QueryDict, prefix: str = _WEEK) -> dict[str, tuple[str, str]]:
    """The days that have hours. Raises Unclear, with the field."""
    week = {}
    for day in DAYS:
        given = fields.words(post, f"{prefix}{day}")
        if not given:
            continue
        found = _FROM_TO.fullmatch(given)
        if found is None:
            says = f"{day.capitalize()}: write two times, such as 09:00 to 17:00, or leave it empty."
            raise Unclear(says, f"{prefix}{day}")
        week[day] = (found[1].zfill(5), found[2].zfill(5))
    return week


def is_ours(name: str) -> bool:
    """Whether a field of a form is one of these, which are read as a whole."""
    return name == AWAY or name.startswith(_WEEK)
