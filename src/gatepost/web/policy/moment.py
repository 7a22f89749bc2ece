"""From a day and a time of a form to the moment the policy's own country reads."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.http import QueryDict

from gatepost.policy.pack import Pack
from gatepost.web.frame.problems import Unclear

FURTHEST = 10  # years


def moment_of(post: QueryDict, pack: Pack, now: datetime) -> datetime:
    """Raises Unclear, with the field."""
    try:
        day = date.fromisoformat(post.get("day", "").strip())
    except ValueError as error:
        raise Unclear("Write the day as year-month-day, for example 2027-01-04.", "day") from error
    try:
        at = time.fromisoformat(post.get("time", "").strip() or "00:00")
    except ValueError as error:
        raise Unclear("Write the time with 24 hours, for example 09:00.", "time") from error
    if at.tzinfo is not None:
        raise Unclear("Write the time with 24 hours, for example 09:00.", "time")
    if not now.year - 1 <= day.year <= now.year + FURTHEST:
        raise Unclear(f"Choose a day within the next {FURTHEST} years.", "day")
    return datetime.combine(day, at, ZoneInfo(pack.hours.timezone))
