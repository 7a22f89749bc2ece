"""A day and a time as people type them: "tomorrow 9am", "Thu 26 Nov 14:30", "in 2 hours".

Pure: the present is passed in. A time the clocks leave out is refused; of a time they repeat, the first is meant
and that is said.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from gatepost.policy.named_days import DAYS, MONTHS

TRY = "Try “tomorrow 9am” or “Thu 26 Nov 14:30”."
TEXT_LIMIT = 80
FURTHEST = timedelta(days=2 * 366)


class WhenError(ValueError):
    """The words do not make a moment; the message says what is missing."""


@dataclass(frozen=True, slots=True)
class When:
    moment: datetime  # UTC
    said: str  # in full, as it is read back
    note: str = ""  # what the clocks do to it, if anything


def named(word: str, names: tuple[str, ...]) -> int | None:
    """The place of a name or of its beginning of three letters or more; "tues", "sept" are such."""
    found = [place for place, name in enumerate(names) if len(word) >= 3 and name.startswith(word)]
    return found[0] if len(found) == 1 else None


def clock(moment: datetime) -> str:
    """A local time as people say it: 9am, 2:30pm, midday."""
    if (moment.hour, moment.minute) == (12, 0):
        return "midday"
    half = "am" if moment.hour < 12 else "pm"
    minutes = f":{moment.minute:02}" if moment.minute else ""
    return f"{moment.hour % 12 or 12}{minutes}{half}"


def say(moment: datetime, zone: ZoneInfo) -> str:
    """A moment in full: Thursday 26 November 2026, 2:30pm."""
    local = moment.astimezone(zone)
    return f"{local:%A} {local.day} {local:%B %Y}, {clock(local)}"


def read(words: str, *, now: datetime, zone: ZoneInfo) -> When:
    """The moment `words` mean, seen from `now` (aware). Raises WhenError."""
    text = " ".join(words.lower().replace(",", " ").split())
    if not text:
        raise WhenError(f"Give a day and a time. {TRY}")
    if len(text) > TEXT_LIMIT:
        raise WhenError(f"Give only a day and a time. {TRY}")
    local = now.astimezone(zone)
    if later := _in(text, local):
        return _checked(later, later.astimezone(zone), now, zone, "")
    at, rest = _time(text)
    day = _day(rest, local, at)
    if at is None:
        raise WhenError(f"Give the time too, for example “{rest} 9am”.")
    naive = datetime.combine(day, at)
    first, second = naive.replace(tzinfo=zone, fold=0), naive.replace(tzinfo=zone, fold=1)
    back = first.astimezone(UTC).astimezone(zone).replace(tzinfo=None)
    if back != naive:
        raise WhenError(
            f"There is no {clock(naive)} on {naive.day} {naive:%B}: the clocks go forward that night. Choose another."
        )
    note = ""
    if first.utcoffset() != second.utcoffset():
        note = f"The clocks go back that night: this is the first {clock(naive)}, in summer time."
    return _checked(first.astimezone(UTC), first, now, zone, note)


def _checked(moment: datetime, local: datetime, now: datetime, zone: ZoneInfo, note: str) -> When:
    moment = moment.astimezone(UTC)
    if moment <= now:
        raise WhenError(f"{say(local, zone)} has passed. Give a later time.")
    if moment - now > FURTHEST:
        raise WhenError(f"{say(local, zone)} is more than two years away. Check the year.")
    return When(moment, say(local, zone), note)


_IN = re.compile(r"in (\d{1,3}|an?) (minute|hour|day|week)s?")


def _in(text: str, local: datetime) -> datetime | None:
    found = _IN.fullmatch(text)
    if not found:
        return None
    amount = 1 if found[1] in ("a", "an") else int(found[1])
    moment = local.astimezone(UTC) + timedelta(**{f"{found[2]}s": amount})
    return moment.replace(second=0, microsecond=0)


_TWELVE = re.compile(r"\b(?:at )?(\d{1,2})(?:[:.](\d{2}))? ?(am|pm|a\.m\.|p\.m\.)(?![a-z])")
_TWENTY_FOUR = re.compile(r"(?<![\d/.-])(?:at )?(\d{1,2}):(\d{2})(?![\d:])")
_WORDS = re.compile(r"\b(?:at )?(noon|midday|midnight)\b")


def _time(text: str) -> tuple[time | None, str]:
    """The time in the text, and the rest of the text."""
    for pattern, make in ((_TWELVE, _twelve), (_TWENTY_FOUR, _twenty_four), (_WORDS, _word)):
        if found := pattern.search(text):
            rest = f"{text[: found.start()]} {text[found.end() :]}"
            return make(found), " ".join(rest.split())
    return None, text


def _twelve(found: re.Match[str]) -> time:
    hour, minute = int(found[1]), int(found[2] or 0)
    if not 1 <= hour <= 12 or minute > 59:
        raise WhenError(f"There is no time “{found[0].strip()}”.")
    return time(hour % 12 + (12 if found[3].startswith("p") else 0), minute)


def _twenty_four(found: re.Match[str]) -> time:
    hour, minute = int(found[1]), int(found[2])
    if hour > 23 or minute > 59:
        raise WhenError(f"There is no time “{found[0].strip()}”.")
    return time(hour, minute)


def _word(found: re.Match[str]) -> time:
    if found[1] == "midnight":
        raise WhenError("Midnight could be either end of the day. Give 12:01am or 11:59pm.")
    return time(12)


def _day(text: str, local: datetime, at: time | None) -> date:
    """The day the text means; without a day, today, or tomorrow when the time has passed."""
    today = local.date()
    passed = at is not None and at <= local.time()
    text = re.sub(r"^(on|the) | at$", "", text).strip()
    if not text:
        return today + timedelta(days=1) if passed else today
    if text in ("today", "tonight"):
        return today
    if text in ("tomorrow", "tmrw"):
        return today + timedelta(days=1)
    if found := re.fullmatch(r"(this |next )?([a-z]+)", text):
        weekday = named(found[2], DAYS)
        if weekday is not None:
            ahead = (weekday - today.weekday()) % 7
            if found[1] == "next " or (ahead == 0 and passed):
                ahead = ahead or 7
            return today + timedelta(days=ahead)
    return _date(text, today)


_FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], tuple[str, str, str, str]]], ...] = (
    (re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})"), lambda m: ("", m[3], m[2], m[1])),
    (re.compile(r"(?:([a-z]+) )?(\d{1,2})[/.](\d{1,2})(?:[/.](\d{4}|\d{2}))?"), lambda m: (m[1], m[2], m[3], m[4])),
    (
        re.compile(r"(?:([a-z]+) )?(?:the )?(\d{1,2})(?:st|nd|rd|th)?(?: of)? ([a-z]+)(?: (\d{4}))?"),
        lambda m: (m[1], m[2], m[3], m[4]),
    ),
    (
        re.compile(r"(?:([a-z]+) )?([a-z]+) (\d{1,2})(?:st|nd|rd|th)?(?: (\d{4}))?"),
        lambda m: (m[1], m[3], m[2], m[4]),
    ),
)


def _date(text: str, today: date) -> date:
    for pattern, parts in _FORMS:
        if found := pattern.fullmatch(text):
            weekday, day, month, year = parts(found)
            number = int(month) if month.isdigit() else (named(month, MONTHS) or 0) + 1
            if not month.isdigit() and named(month, MONTHS) is None:
                continue
            return _made(text, weekday or "", int(day), number, year or "", today)
    raise WhenError(f"“{text}” is not a day we know. {TRY}")


def _made(text: str, weekday: str, day: int, month: int, year: str, today: date) -> date:
    full = int(year) + (2000 if len(year) == 2 else 0) if year else 0
    made: date | None = None
    for candidate in [full] if full else range(today.year, today.year + 5):
        try:
            tried = date(candidate, month, day)
        except ValueError:
            continue
        if full or tried >= today:
            made = tried
            break
    if made is None:
        raise WhenError(f"There is no day “{text}”.")
    if weekday:
        named_day = named(weekday, DAYS)
        if named_day is None:
            raise WhenError(f"“{weekday}” is not a day of the week.")
        if named_day != made.weekday():
            raise WhenError(f"{made.day} {made:%B %Y} is a {made:%A}, not a {DAYS[named_day].title()}.")
    return made
