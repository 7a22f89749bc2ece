"""Numbers and days as forms give them."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from gatepost.web.frame.problems import Unclear


def number(given: str, digits: int = 9) -> int:
    """A whole number of at most so many digits, such as the key of a row in a hidden field; 0, which no row has, for
    anything else."""
    return int(given) if given.isascii() and given.isdecimal() and len(given) <= digits else 0


def day_of(given: str, field: str) -> date:
    """The day written as 2026-11-26. Raises Unclear."""
    try:
        return date.fromisoformat(given.strip())
    except ValueError as error:
        raise _no_day(field) from error


WRITTEN = ("%Y-%m-%d", "%d %B %Y", "%d %b %Y", "%d/%m/%Y")


def written_day(given: str) -> date | None:
    """The day in any of the ways people write one: 2026-12-01, 1 December 2026, 1 Dec 2026, 01/12/2026."""
    for form in WRITTEN:
        try:
            return datetime.strptime(given.strip(), form).date()
        except ValueError:
            continue
    return None


def end_of_day(given: str, field: str) -> datetime | None:
    """The end of the day written as 2026-11-26, in the desk's time zone; None for "". Raises Unclear."""
    if not given.strip():
        return None
    try:
        return timezone.make_aware(datetime.combine(day_of(given, field), time.min)) + timedelta(days=1)
    except OverflowError as error:  # no day comes after the last one of all
        raise _no_day(field) from error


def _no_day(field: str) -> Unclear:
    return Unclear("Write the day as year-month-day, for example 2026-11-26.", field)
