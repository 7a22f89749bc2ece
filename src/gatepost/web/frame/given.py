"""Numbers and days as forms give them."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from gatepost.web.frame.problems import Unclear


def number(given: str) -> int:
    """The key of a row as a hidden field holds it; 0, which no row has, for anything else."""
    return int(given) if given.isascii() and given.isdecimal() and len(given) < 10 else 0


def end_of_day(given: str, field: str) -> datetime | None:
    """The end of the day written as 2026-11-26, in the desk's time zone; None for "". Raises Unclear."""
    if not given.strip():
        return None
    try:
        day = date.fromisoformat(given.strip())
        return timezone.make_aware(datetime.combine(day, time.min)) + timedelta(days=1)
    except (ValueError, OverflowError) as error:
        raise Unclear("Write the day as year-month-day, for example 2026-11-26.", field) from error
