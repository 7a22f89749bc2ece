"""Numbers in words, times of day, spans of time: "within two working days", "9am to 5.30pm, Monday to Friday"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from gatepost.policy.named_days import DAYS

_SMALL = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen",
)  # fmt: skip
_WORDS = {word: number for number, word in enumerate(_SMALL)} | {
    "a": 1, "an": 1, "twenty": 20, "thirty": 30, "forty": 40, "sixty": 60, "ninety": 90,
}  # fmt: skip
_NUMBER = r"(\d{1,4}|an?|" + "|".join(word for word in _WORDS if len(word) > 2) + ")"
_SPAN = re.compile(
    r"\b(?:within|in|no later than|no more than|up to)\s+(?:a maximum of |the next |the first )?"
    + _NUMBER
    + r"(?:\s*\(\d{1,3}\))?\s+(?:full\s+|clear\s+)?((?:working|business|office|school|calendar|clock)\s+)?"
    + r"(minutes?|hours?|days?|weeks?|months?)\b",
    re.IGNORECASE,
)
_NEXT_DAY = re.compile(
    r"\b(?:by|on|before|no later than)\s+(?:the\s+)?(?:end\s+of\s+|close\s+of\s+)?(?:the\s+)?(?:next|following)\s+"
    r"(?:working|business)\s+day\b",
    re.IGNORECASE,
)
_SAME_DAY = re.compile(r"\b(?:on\s+|within\s+)?(?:the\s+)?same\s+(?:(?:working|business)\s+)?day\b", re.IGNORECASE)
A_DAY = 7  # working hours that "the same day" is counted as
_HUNDREDS = re.compile(  # "0900 and 1700 hours"
    r"\b([01]\d|2[0-3])([0-5]\d)(?=\s*(?:(?:to|and|until|till|-|–|—)\s*\d{4}\s*)?h(?:ou)?rs?\b)", re.IGNORECASE
)
_DAY = r"(?:mon|tues?|wed(?:nes)?|thur?s?|fri|sat(?:ur)?|sun)(?:day)?s?"
_RANGE = re.compile(rf"\b({_DAY})\s*(?:to|until|through|-|–|—)\s*({_DAY})\b", re.IGNORECASE)
_ONE_DAY = re.compile(rf"\b({_DAY})\b", re.IGNORECASE)
_TIME = r"(\d{1,2})(?:[.:](\d{2}))?\s*(?:([ap])\.?m\b\.?)?"
_TIMES = re.compile(
    rf"(?<![\d.:£]){_TIME}\s*(?:to|until|till|and|-|–|—)\s*(?:(noon|midnight)|{_TIME})(?![\d:])", re.IGNORECASE
)
_WHOLE_WEEK = re.compile(r"\b(?:seven days a week|7 days a week|every day|daily)\b", re.IGNORECASE)
_WEEKDAYS = re.compile(r"\bweekdays\b|\bworking days?\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Span:
    """A span of time as the pack counts it: `unit` is one of a clock's units."""

    amount: int
    unit: str
    words: str


def whole(text: str) -> int | None:
    """ "two" and "2" are 2; None for anything else."""
    return int(text) if text.isascii() and text.isdigit() else _WORDS.get(text.lower())


def spans(text: str) -> Iterator[Span]:
    """Every "within …" of a text, "by the end of the next working day" and "the same day". Minutes are rounded up to
    hours: no clock of a pack is finer."""
    for found in _NEXT_DAY.finditer(text):
        yield Span(1, "working_days", found[0])
    for found in _SAME_DAY.finditer(text):
        yield Span(A_DAY, "working_hours", found[0])
    for found in _SPAN.finditer(text):
        amount = whole(found[1])
        if not amount:
            continue
        kind = (found[2] or "").strip().lower()
        unit = found[3].lower().rstrip("s")
        working = kind in ("working", "business", "office", "school")
        if unit == "minute":
            amount, counted = -(-amount // 60), "hours"
        elif unit == "hour":
            counted = "working_hours" if working else "hours"
        elif unit == "day":
            counted = "working_days" if working else "days"
        elif unit == "week":
            amount, counted = amount * (5 if working else 7), "working_days" if working else "days"
        else:
            counted = "months"
        if 1 <= amount <= 3_650:
            yield Span(amount, counted, found[0])


def week(text: str) -> dict[str, list[str]]:
    """The opening hours a sentence gives: day -> ["09:00", "17:00"]. Empty when it gives none."""
    found: dict[str, list[str]] = {}
    text = _HUNDREDS.sub(r"\1:\2", text)
    for times in _TIMES.finditer(text):
        marked = times[2] or times[3] or times[4] or times[6] or times[7] or _office(text, times)
        day_times = _both(times) if marked else None
        if day_times is None:
            continue
        for day in _days_near(text, times.start(), times.end()):
            found.setdefault(day, day_times)
    return found


def _office(text: str, times: re.Match[str]) -> bool:
    """ "9 to 5, Mon-Fri": the hours of an office, when days stand beside them."""
    opens, closes = int(times[1]), int(times[5] or 0)
    near = text[max(0, times.start() - 60) : times.end() + 45]
    return 7 <= opens <= 11 and 1 <= closes <= 8 and bool(_RANGE.search(near) or _WEEKDAYS.search(near))


def _both(times: re.Match[str]) -> list[str] | None:
    late = (times[7] or ("p" if not any(times[place] for place in (2, 3, 4, 6)) else "")).lower()
    early = (times[3] or "").lower()
    closes = (
        "12:00" if (times[4] or "").lower() == "noon" else "23:59" if times[4] else _clock(times[5], times[6], late)
    )
    start = early or ("a" if late == "p" and int(times[1]) <= 12 and int(times[1]) != 12 else "")
    opens = _clock(times[1], times[2], start)
    return [opens, closes] if opens and closes and opens < closes else None


def _clock(hour: str, minute: str | None, half: str) -> str:
    """ "HH:MM", or empty when there is no such time."""
    hours = int(hour)
    if half:
        if not 1 <= hours <= 12:
            return ""
        hours = hours % 12 + (12 if half == "p" else 0)
    minutes = int(minute or 0)
    return f"{hours:02}:{minutes:02}" if hours < 24 and minutes < 60 else ""


def _days_near(text: str, start: int, end: int) -> list[str]:
    """The days named closest to the times: after them, else before them, else the working week."""
    after, before = text[end : end + 45], text[max(0, start - 60) : start]
    # The days before belong to these times unless other times stand between.
    between = list(_TIMES.finditer(before))
    if between:
        before = before[between[-1].end() :]
    following = _TIMES.search(after)
    if following:
        after = after[: following.start()]
    near_before, near_after = _named(before), _named(after)
    if near_before and before.rstrip(" ,:").lower().endswith(_ENDINGS):
        return near_before
    return near_after or near_before or list(DAYS[:5])


def _named(text: str) -> list[str]:
    if _WHOLE_WEEK.search(text):
        return list(DAYS)
    if _WEEKDAYS.search(text):
        return list(DAYS[:5])
    reach = _RANGE.search(text)
    if reach:
        first, last = _day(reach[1]), _day(reach[2])
        return list(DAYS[first : last + 1]) if first <= last else [*DAYS[first:], *DAYS[: last + 1]]
    return [DAYS[_day(one[1])] for one in _ONE_DAY.finditer(text) if one[0].lower() not in ("sat", "sun", "wed")]


_ENDINGS = tuple(f"{day}{end}" for day in DAYS for end in ("", "s", " from", " between", "s from", "s between"))


def _day(text: str) -> int:
    return next(place for place, day in enumerate(DAYS) if day.startswith(text.lower()[:3]))
