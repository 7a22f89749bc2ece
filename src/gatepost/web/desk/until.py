"""Until when something is put off, as people say it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from gatepost.web.frame.problems import Unclear

MORNING = time(9)
CHOICES = (
    ("2h", "for 2 hours"),
    ("tomorrow", "until tomorrow morning"),
    ("monday", "until Monday morning"),
    ("week", "for a week"),
    ("day", "until the day below"),
)


def until_of(form: Mapping[str, str], at: datetime, field: str = "until") -> datetime:
    """The moment that the fields `until` and `day` of a form name. Raises Unclear."""
    here = timezone.localtime(at)
    chosen, day = form.get("until", ""), form.get("day", "")
    if chosen == "2h":
        return at + timedelta(hours=2)
    if chosen == "tomorrow":
        return _morning(here.date() + timedelta(days=1))
    if chosen == "monday":
        return _morning(here.date() + timedelta(days=7 - here.weekday()))
    if chosen == "week":
        return _morning(here.date() + timedelta(days=7))
    try:
        return _morning(date.fromisoformat(day))
    except (ValueError, OverflowError) as error:
        raise Unclear("Choose until when it is put off.", field) from error


def _morning(day: date) -> datetime:
    return datetime.combine(day, MORNING, timezone.get_current_timezone())
