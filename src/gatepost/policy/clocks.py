"""When an answer is due: hours, working hours, working days, calendar days and months, with the nation's bank
holidays.

Conventions, so that two people count the same:
- A working day is Monday to Friday and not a bank holiday of the nation, as the Acts and Codes count,
  whatever the opening hours.
- The day of receipt is day 0. A clock in days or months ends when the organisation closes on its last day; on
  a day it
  does not open at all, at the end of that day. So does a clock of other people's (`midnight`), whom our hours do not
  bind.
- Months end on the same date, or on the last day of a shorter month; an end on a day that is not a working
  day moves
  to the next working day.
- An extension is counted in one with the time itself: ten working days and ten more are twenty from the start.
- "hours" are hours of the clock on the wall's behalf: 24 hours are 24 × 3,600 seconds, also over a change to
  summer time.
- "hours_except_closed_days" are such hours, of which those on weekends and bank holidays do not count.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from gatepost.policy.bank_holidays import named_holidays
from gatepost.policy.model import Clock, Hours

_NATIONS = ("ENG", "WLS", "SCT", "NIR")
_DAY = timedelta(days=1)
# Ten years of searching is more than the longest clock a pack may hold needs (3,650 days, working or not).
_HORIZON = 3_660 * 3


class ClockError(Exception):
    """A clock that cannot be counted: a start without time zone, or hours in which no day opens."""


def due(
    clock: Clock, start: datetime, hours: Hours, *, extended: bool = False, stopped: timedelta = timedelta()
) -> datetime:
    """The moment `clock`, begun at `start` (aware), ends: aware, in UTC. `extended`: by all that it may be made longer;
    `stopped`: how long it stood still, so that it counts as if begun later by as much. Raises ClockError."""
    if start.tzinfo is None:
        raise ClockError(f"The clock {clock.id!r} was started at {start}, which has no time zone. Pass an aware time.")
    zone = ZoneInfo(hours.timezone)
    local = (start.astimezone(UTC) + stopped).astimezone(zone)
    amount = clock.amount + (clock.extension.amount if extended and clock.extension else 0)
    nation = clock.nation or hours.nation
    if clock.unit == "hours":
        return local.astimezone(UTC) + timedelta(hours=amount)
    if clock.unit == "working_hours":
        return _working_hours(amount, local, hours, nation, zone)
    if clock.unit == "hours_except_closed_days":
        return _open_day_hours(amount, local, nation, zone)
    if clock.unit == "working_days":
        last = _working_days_after(local.date(), amount, nation)
    elif clock.unit == "months":
        last = _next_working_day(_months_after(local.date(), amount), nation)
    else:
        last = local.date() + amount * (7 if clock.unit == "weeks" else 1) * _DAY
    return _end_of(last, zone) if clock.midnight else _close_of(last, hours, zone)


@lru_cache(maxsize=400)
def bank_holidays(nation: str, year: int) -> frozenset[date]:
    """The public holidays of ENG, WLS, SCT or NIR in `year`; of UK: those of any of the four, as the Freedom of
    Information Act 2000, section 10(6), counts."""
    if nation == "UK":
        return frozenset().union(*(bank_holidays(one, year) for one in _NATIONS))
    return frozenset(named_holidays(nation, year))


def is_working_day(day: date, nation: str) -> bool:
    return day.weekday() < 5 and day not in bank_holidays(nation, day.year)


def is_open(at: datetime, hours: Hours) -> bool:
    """Whether `at` (aware) lies inside the working hours; bank holidays are closed."""
    local = at.astimezone(ZoneInfo(hours.timezone))
    opening = hours.week[local.weekday()]
    if opening is None or local.date() in bank_holidays(hours.nation, local.year):
        return False
    return time.fromisoformat(opening[0]) <= local.time() < time.fromisoformat(opening[1])


def _working_days_after(day: date, amount: int, nation: str) -> date:
    while amount:
        day += _DAY
        amount -= is_working_day(day, nation)
    return day


def _next_working_day(day: date, nation: str) -> date:
    while not is_working_day(day, nation):
        day += _DAY
    return day


def _months_after(day: date, amount: int) -> date:
    months = day.year * 12 + day.month - 1 + amount
    year, month = divmod(months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _close_of(day: date, hours: Hours, zone: ZoneInfo) -> datetime:
    opening = hours.week[day.weekday()]
    if opening is None or day in bank_holidays(hours.nation, day.year):
        return _end_of(day, zone)
    return datetime.combine(day, time.fromisoformat(opening[1]), zone).astimezone(UTC)


def _end_of(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day + _DAY, time(), zone).astimezone(UTC) - timedelta(seconds=1)


def _working_hours(amount: int, local: datetime, hours: Hours, nation: str, zone: ZoneInfo) -> datetime:
    left = timedelta(hours=amount)
    begun = local.astimezone(UTC)
    day = local.date()
    for _ in range(_HORIZON):
        opening = hours.week[day.weekday()]
        if opening is not None and day not in bank_holidays(nation, day.year):
            opens = datetime.combine(day, time.fromisoformat(opening[0]), zone).astimezone(UTC)
            closes = datetime.combine(day, time.fromisoformat(opening[1]), zone).astimezone(UTC)
            opens = max(opens, begun)
            if opens + left <= closes:
                return opens + left
            left -= max(closes - opens, timedelta())
        day += _DAY
    raise ClockError(
        f"{amount} working hours from {local:%-d %B %Y} do not end: the working hours have hardly a day open. "
        "Mend [hours] in pack.toml."
    )


def _open_day_hours(amount: int, local: datetime, nation: str, zone: ZoneInfo) -> datetime:
    left = timedelta(hours=amount)
    begun = local.astimezone(UTC)
    day = local.date()
    while True:
        if is_working_day(day, nation):
            opens = max(datetime.combine(day, time(), zone).astimezone(UTC), begun)
            closes = datetime.combine(day + _DAY, time(), zone).astimezone(UTC)
            if opens + left <= closes:
                return opens + left
            left -= closes - opens
        day += _DAY
