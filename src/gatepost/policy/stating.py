"""What a text states that can be compared: days, times, sums of money, shares, numbers of things, telephone numbers,
web and e-mail addresses, names of people.

Reading is deliberately narrow: a fact that is read wrongly would accuse a good draft. Offsets are code points.
"""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from gatepost.policy.named_days import DAYS, MONTHS

Sort = Literal["day", "time", "money", "share", "number", "phone", "address", "name"]

_NUMBERS = {
    name: value
    for value, name in enumerate(
        (
            "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
            "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty",
        )
    )
}  # fmt: skip
_TENS = {
    name: 10 * value
    for value, name in enumerate(("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"), 2)
}
_SMALLER = "|".join(_NUMBERS)
_UNDER_100 = rf"(?:(?:{'|'.join(_TENS)})(?:[ -](?:{_SMALLER}))?|{_SMALLER})"
_UNDER_1000 = rf"{_UNDER_100}(?: hundred(?: and {_UNDER_100})?)?"
_IN_WORDS = rf"{_UNDER_1000}(?: thousand(?:(?: and)? {_UNDER_1000})?)?"
_MONTH = "|".join(rf"{name[:3]}(?:{name[3:]})?" if len(name) > 3 else name for name in MONTHS).replace(
    "sep(?:tember)?", "sept?(?:ember)?"
)
_DAY_NAME = "|".join(DAYS)
_DATE = re.compile(
    rf"\b(?:(?P<day1>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? (?P<month1>{_MONTH})\b"
    rf"|(?P<month2>{_MONTH})\.? (?P<day2>\d{{1,2}})(?:st|nd|rd|th)?\b(?!:))"
    r"(?:\.?,? (?P<year>(?:19|20)\d\d)\b)?"
    r"|\b(?P<day3>\d{1,2})/(?P<month3>\d{1,2})/(?P<year3>(?:20)?\d\d)\b"
    r"|\b(?P<iso>20\d\d-\d\d-\d\d)\b",
    re.IGNORECASE,
)
_WEEKDAY = re.compile(rf"\b({_DAY_NAME})s?\b", re.IGNORECASE)
_WEEK = re.compile(rf"\b({_DAY_NAME})s?(?: to |-| – | - |–| until | till )({_DAY_NAME})s?\b", re.IGNORECASE)
_CLOCK = "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
_TIME = re.compile(
    r"\b(\d{1,2})(?:[:.](\d\d))?\s?(?:([ap])m\b|([ap])\.m\.)|\b([01]?\d|2[0-3]):([0-5]\d)\b|\b(noon|midday)\b"
    rf"|\b(1[0-2]|[1-9]|{_CLOCK}) o['’]clock\b",
    re.I,
)
# An hour without "o'clock" is one only after a word that asks for it, and before one that is not counted by it: "closes
# at five" on its own, never "opens at five libraries".
_HOUR = re.compile(
    r"\b(?:open|close|shut|start|begin|finish|end)(?:s|ning|ing|ed|d|t)?(?:,? (?:again|up|daily|every day|each day"
    rf"|(?:on |every |each )?(?:{_DAY_NAME})s?))?(?: at| until| till| from) (?P<hour>1[0-2]|[1-9]|{_CLOCK})"
    r"(?=\s*(?:[;:!?–)]|[.,](?!\d)|$)"
    r"| (?:on|every|each|and|until|till|to|daily|sharp|this|next|today|tomorrow|instead|now)\b)",
    re.IGNORECASE,
)
_PART = re.compile(rf"\b(half|quarter) (past|to) (1[0-2]|[1-9]|{_CLOCK})\b(?! \w+s\b)", re.IGNORECASE)
_COMING = re.compile(rf"\b(this|next)(?: coming)? ({_DAY_NAME})\b", re.IGNORECASE)
_MONEY = re.compile(r"£\s?(\d{1,3}(?:,\d{3})+|\d{1,12})(\.\d{1,2})?(?:\s?(million|billion|thousand|bn|m|k)\b)?", re.I)
_SHARE = re.compile(r"\b(\d{1,3}(?:\.\d{1,3})?)\s?(?:%|per ?cent\b)", re.IGNORECASE)
_COUNT = re.compile(
    rf"(?<![\w£.,/:-])(\d{{1,3}}(?:,\d{{3}})+|\d{{1,9}}|{_IN_WORDS})"
    r"(?: (?:new|more|extra|council|affordable))?[ -]([a-z][a-z'’-]{2,30})\b",
    re.IGNORECASE,
)
_PHONE = re.compile(r"(?<![\w£.,])(?:\+44|0)(?:[ ()-]{0,2}\d){8,12}(?!\w)|\b(?:999|111|101|105|116 ?123)\b")
_ADDRESS = re.compile(
    r"\b[\w.+-]{1,64}@[\w-]{1,60}(?:\.[\w-]{1,60}){1,5}\b|\b(?:https?://)?(?:www\.)?[a-z0-9-]{1,60}(?:\.[a-z0-9-]{1,60}){0,3}"
    r"\.(?:org|com|net|uk|gov|info)\b(?:/[^\s<>\"]{0,300})?",
    re.IGNORECASE,
)
_NAME = re.compile(r"\b[A-Z][a-z]+(?:['’-][A-Z]?[a-z]+)*(?: (?:Mc|Mac|O['’])?[A-Z][a-z]+(?:['’-][A-Z]?[a-z]+)*){1,2}\b")
_SCALE = {"thousand": 1e3, "k": 1e3, "million": 1e6, "m": 1e6, "billion": 1e9, "bn": 1e9}
_NO_THINGS = frozenset(
    (*MONTHS, *DAYS, "st", "nd", "rd", "th", "pm", "am", "per", "percent", "million", "billion", "thousand", "of")
) | frozenset(name[:3] for name in MONTHS)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fact:
    """`value` can be compared with that of a fact of the same `sort` and `what` (the thing counted, mostly empty)."""

    sort: Sort
    value: str
    start: int
    end: int
    what: str = ""


def facts(text: str, near: date, *, said: bool = False) -> list[Fact]:
    """Everything stated in `text`, by place. A day without a year is taken in that in which it is nearest `near`.
    `said`: on that day, so that "next Tuesday" is one of the two Tuesdays that people may take it for."""
    found: list[Fact] = []
    for one in (
        *(_coming(text, near) if said else ()),
        *_days(text, near),
        *_phones(text),
        *_addresses(text),
        *_times(text),
        *_hours(text),
        *_sums(text),
        *_counts(text),
    ):
        if not any(one.start < other.end and other.start < one.end for other in found):
            found.append(one)
    return sorted(found, key=lambda one: one.start)


def names(text: str) -> list[Fact]:
    """Two or three words with capitals in a row: people, but places and bodies too."""
    return [Fact("name", " ".join(one[0].split()), one.start(), one.end()) for one in _NAME.finditer(text)]


def stem(word: str) -> str:
    """A word without its plural, so that "homes" and "home" meet."""
    word = unicodedata.normalize("NFKC", word).casefold().replace("’", "'")
    word = word[:-2] if word.endswith("'s") else word
    for end, put in (("ies", "y"), ("sses", "ss"), ("ches", "ch"), ("shes", "sh"), ("xes", "x")):
        if word.endswith(end) and len(word) > len(end) + 1:
            return word[: -len(end)] + put
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 3 else word


def _days(text: str, near: date) -> Iterator[Fact]:
    dates = [(day, one) for one in _DATE.finditer(text) if (day := _day(one, near)) is not None]
    for day, one in dates:
        yield Fact("day", day.isoformat(), one.start(), one.end())
    for named in _WEEKDAY.finditer(text):
        # "Saturday 5 December" is one day, not two.
        if not any(0 <= one.start() - named.end() <= 6 for _, one in dates):
            yield Fact("day", named[1].lower(), named.start(), named.end())


def _coming(text: str, near: date) -> Iterator[Fact]:
    for one in _COMING.finditer(text):
        if _DATE.search(text, one.end(), one.end() + 20):
            continue  # "this Saturday, 5 December" says itself which
        first = near + timedelta(days=(DAYS.index(one[2].lower()) - near.weekday()) % 7)
        if one[1].lower() == "next":
            first += timedelta(days=0 if first > near else 7)
            yield Fact("day", f"{first}/{first + timedelta(days=7)}", one.start(), one.end())
        else:
            yield Fact("day", str(first), one.start(), one.end())


def days_between(text: str) -> list[Fact]:
    """The days of the week that a text counts in without naming them: "Monday to Friday" has three."""
    found: list[Fact] = []
    for one in _WEEK.finditer(text):
        first, last = DAYS.index(one[1].lower()), DAYS.index(one[2].lower())
        between = range(first + 1, first + (last - first) % 7)
        found += [Fact("day", DAYS[day % 7], one.start(), one.end()) for day in between]
    return found


def _day(one: re.Match[str], near: date) -> date | None:
    try:
        if one["iso"]:
            return date.fromisoformat(one["iso"])
        if one["day3"]:
            year = int(one["year3"])
            return date(year + 2000 if year < 100 else year, int(one["month3"]), int(one["day3"]))
        month = next(
            place for place, name in enumerate(MONTHS, 1) if name[:3] == (one["month1"] or one["month2"])[:3].lower()
        )
        day = int(one["day1"] or one["day2"])
        if one["year"]:
            return date(int(one["year"]), month, day)
    except ValueError:
        return None  # 31 June
    years = range(near.year - 1, near.year + 2)
    possible = [date(year, month, day) for year in years if 1 <= day <= monthrange(year, month)[1]]
    return min(possible, key=lambda found: abs(found - near), default=None)


def misnamed(text: str, near: date) -> Iterator[tuple[int, int, date]]:
    """(start, end, day) of each date that stands beside the name of another day of the week."""
    for one in _DATE.finditer(text):
        day = _day(one, near)
        if day is None:
            continue
        before = re.search(
            rf"\b({_DAY_NAME})(?:,? the|,)? $", text[max(0, one.start() - 20) : one.start()], re.IGNORECASE
        )
        if before and DAYS[day.weekday()] != before[1].lower():
            yield one.start() - len(before[0]), one.end(), day


def same_day(one: str, other: str) -> bool:
    """Whether two values of days can be the same: a weekday fits each date that falls on it, "2026-11-24/2026-12-01"
    either of its days."""
    if one == other:
        return True
    if "/" in one or "/" in other:
        return any(same_day(mine, its) for mine in one.split("/") for its in other.split("/"))
    if one in DAYS or other in DAYS:
        weekday, day = (one, other) if one in DAYS else (other, one)
        return day not in DAYS and DAYS[date.fromisoformat(day).weekday()] == weekday
    return False


def same_time(one: str, other: str) -> bool:
    """Whether two values of times can be the same: "six o'clock" does not say which half of the day."""
    if one == other:
        return True
    if one.endswith("?") or other.endswith("?"):
        return int(one[:2]) % 12 == int(other[:2]) % 12 and one[3:5] == other[3:5]
    return False


def _times(text: str) -> Iterator[Fact]:
    for one in _TIME.finditer(text):
        if one[8]:
            yield Fact("time", f"{int(number(one[8])):02}:00?", one.start(), one.end())
        elif one[7]:
            yield Fact("time", "12:00", one.start(), one.end())
        elif one[5]:
            yield Fact("time", f"{int(one[5]):02}:{one[6]}", one.start(), one.end())
        elif 1 <= int(one[1]) <= 12 and int(one[2] or 0) < 60:
            hour = int(one[1]) % 12 + (12 if (one[3] or one[4]).lower() == "p" else 0)
            yield Fact("time", f"{hour:02}:{one[2] or '00'}", one.start(), one.end())


def _hours(text: str) -> Iterator[Fact]:
    """Hours as they are spoken; they do not say which half of the day."""
    for one in _PART.finditer(text):
        minutes = 30 if one[1].lower() == "half" else 15
        minutes = int(number(one[3])) * 60 + (minutes if one[2].lower() == "past" else -minutes)
        yield Fact("time", f"{minutes // 60:02}:{minutes % 60:02}?", one.start(), one.end())
    for one in _HOUR.finditer(text):
        yield Fact("time", f"{int(number(one['hour'])):02}:00?", *one.span("hour"))


def _sums(text: str) -> Iterator[Fact]:
    for one in _MONEY.finditer(text):
        value = float(one[1].replace(",", "") + (one[2] or "")) * _SCALE.get((one[3] or "").lower(), 1)
        yield Fact("money", f"{value:.2f}", one.start(), one.end())
    for one in _SHARE.finditer(text):
        yield Fact("share", f"{float(one[1]):g}", one.start(), one.end())


def _counts(text: str) -> Iterator[Fact]:
    for one in _COUNT.finditer(text):
        thing = one[2].lower()
        if thing not in _NO_THINGS:
            yield Fact("number", number(one[1]), one.start(), one.end(), stem(thing))


def number(text: str) -> str:
    """ "1,200", "twelve", "one hundred and thirty": as digits; what is neither comes back as it is, in small
    letters."""
    bare = text.strip().lower()
    total = sum_so_far = 0
    for word in re.split(r"[ -]", bare):
        if word in _NUMBERS or word in _TENS:
            sum_so_far += _NUMBERS.get(word, 0) + _TENS.get(word, 0)
        elif word == "hundred":
            sum_so_far *= 100
        elif word == "thousand":
            total, sum_so_far = sum_so_far * 1_000, 0
        elif word != "and":
            return bare.replace(",", "")
    return str(total + sum_so_far)


def _phones(text: str) -> Iterator[Fact]:
    for one in _PHONE.finditer(text):
        digits = "".join(mark for mark in one[0] if mark.isdecimal())
        digits = "0" + digits[2:].lstrip("0") if digits.startswith("44") and len(digits) > 10 else digits
        yield Fact("phone", digits, one.start(), one.end())


def _addresses(text: str) -> Iterator[Fact]:
    for one in _ADDRESS.finditer(text):
        value = one[0].lower().removeprefix("https://").removeprefix("http://").removeprefix("www.").rstrip("/.,;:!?)")
        what = "e-mail" if "@" in value else "web"
        yield Fact("address", value, one.start(), one.end(), what)
