"""Times as people say them: 10:42am, Thursday 26 November, by 12:30pm today."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone


def local(moment: datetime) -> datetime:
    return timezone.localtime(moment)


def hour(moment: datetime) -> str:
    """10:42am; 9am on the hour; midday and midnight by name, for 12am and 12pm are misread."""
    here = local(moment)
    if (here.hour, here.minute) in ((0, 0), (12, 0)):
        return "midday" if here.hour else "midnight"
    minutes = f":{here.minute:02}" if here.minute else ""
    return f"{here.hour % 12 or 12}{minutes}{'am' if here.hour < 12 else 'pm'}"


def _date(here: datetime, now: datetime, *, short: bool = False) -> str:
    words = f"{here:%a} {here.day} {here:%b}" if short else f"{here:%A} {here.day} {here:%B}"
    return words if here.year == now.year else f"{words} {here.year}"


def day(moment: datetime, now: datetime, *, short: bool = False) -> str:
    """today, tomorrow, yesterday, else Thursday 26 November; with the year when it is another one."""
    here, there = local(moment), local(now)
    apart = (here.date() - there.date()).days
    near = {0: "today", 1: "tomorrow", -1: "yesterday"}.get(apart)
    return near or _date(here, there, short=short)


def date(moment: datetime, now: datetime) -> str:
    """Thursday 26 November, even when that is today."""
    return _date(local(moment), local(now))


def when(moment: datetime, now: datetime) -> str:
    """10:42am today's way: the hour alone today, else the hour and the day."""
    if local(moment).date() == local(now).date():
        return hour(moment)
    return f"{hour(moment)} {day(moment, now, short=True)}"


def length(span: timedelta) -> str:
    """A stretch of time to the precision people use: 42 min, 1 h 48 min, 3 days."""
    minutes = int(abs(span).total_seconds() // 60)
    if minutes < 1:
        return "less than a minute"
    if minutes < 60:
        return f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    if hours < 24:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    days = hours // 24
    return f"{days} day{'' if days == 1 else 's'}"


def ago(moment: datetime, now: datetime) -> str:
    span = now - moment
    if abs(span) < timedelta(minutes=1):
        return "just now"
    return f"{length(span)} ago" if span > timedelta(0) else f"in {length(span)}"


SOON = timedelta(hours=24)


def urgency(due: datetime, now: datetime) -> str:
    """late, soon (within a day) or ""."""
    if due <= now:
        return "late"
    return "soon" if due - now < SOON else ""
