"""Clocks: hand-worked dates, and properties that hold for every start."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatepost.policy.clocks import ClockError, bank_holidays, due, is_working_day
from gatepost.policy.model import Clock, Hours

LONDON = ZoneInfo("Europe/London")
OFFICE = (("09:00", "17:00"),) * 5 + (None, None)
ENGLAND = Hours(week=OFFICE)


def clock(amount: int, unit: Any) -> Clock:
    return Clock("test", "Test", amount, unit, "test")


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)


@pytest.mark.parametrize(
    ("amount", "unit", "start", "end", "nation"),
    [
        # Easter 2026: Good Friday 3 April, Easter Monday 6 April (a working day in Scotland).
        (5, "working_days", "2026-04-01T10:00", "2026-04-10T17:00", "ENG"),
        (5, "working_days", "2026-04-01T10:00", "2026-04-09T17:00", "SCT"),
        (1, "working_days", "2026-04-02T23:59", "2026-04-07T17:00", "ENG"),
        # Christmas 2027 is a Saturday: Monday 27th and Tuesday 28th stand in. New Year's Day 2028 too: Monday 3rd.
        (5, "working_days", "2027-12-23T12:00", "2028-01-04T17:00", "ENG"),
        (20, "working_days", "2027-12-10T12:00", "2028-01-12T17:00", "ENG"),
        # Received on a Saturday: Monday is day 1.
        (1, "working_days", "2026-11-21T12:00", "2026-11-23T17:00", "ENG"),
        # Saint Andrew's Day, Monday 30 November 2026, is a holiday in Scotland alone.
        (1, "working_days", "2026-11-27T12:00", "2026-12-01T17:00", "SCT"),
        (1, "working_days", "2026-11-27T12:00", "2026-11-30T17:00", "ENG"),
        # The Twelfth, 13 July 2026 (12 July is a Sunday), in Northern Ireland alone.
        (1, "working_days", "2026-07-10T12:00", "2026-07-14T17:00", "NIR"),
        (1, "working_days", "2026-07-10T12:00", "2026-07-13T17:00", "WLS"),
        # Months: the same date; the last day of a shorter month; a weekend or holiday rolls on.
        (1, "months", "2026-11-23T12:00", "2026-12-23T17:00", "ENG"),
        (1, "months", "2028-01-31T12:00", "2028-02-29T17:00", "ENG"),
        (1, "months", "2027-01-31T12:00", "2027-03-01T17:00", "ENG"),
        (1, "months", "2026-11-25T12:00", "2026-12-29T17:00", "ENG"),
        (12, "months", "2028-02-29T12:00", "2029-02-28T17:00", "ENG"),
        (1, "months", "2026-12-31T12:00", "2027-02-01T17:00", "ENG"),
        # Calendar days end on whatever day it is; on a closed day at its very end.
        (30, "days", "2026-11-23T12:00", "2026-12-23T17:00", "ENG"),
        (1, "days", "2026-11-20T12:00", "2026-11-21T23:59:59", "ENG"),
        (2, "days", "2026-12-23T12:00", "2026-12-25T23:59:59", "ENG"),
        # Hours go straight through, also when the clocks change (29 March and 25 October 2026).
        (24, "hours", "2026-03-28T12:00", "2026-03-29T13:00", "ENG"),
        (24, "hours", "2026-10-24T12:00", "2026-10-25T11:00", "ENG"),
        # Working hours: the rest of today, then tomorrow; nothing at night, on weekends or holidays.
        (4, "working_hours", "2026-11-23T10:00", "2026-11-23T14:00", "ENG"),
        (4, "working_hours", "2026-11-23T15:00", "2026-11-24T11:00", "ENG"),
        (4, "working_hours", "2026-11-20T16:00", "2026-11-23T12:00", "ENG"),
        (4, "working_hours", "2026-11-21T16:00", "2026-11-23T13:00", "ENG"),
        (4, "working_hours", "2026-11-23T20:00", "2026-11-24T13:00", "ENG"),
        (8, "working_hours", "2026-11-23T06:00", "2026-11-23T17:00", "ENG"),
        (4, "working_hours", "2026-12-24T15:00", "2026-12-29T11:00", "ENG"),
        (4, "working_hours", "2026-03-27T15:00", "2026-03-30T11:00", "ENG"),
        # 48 hours without weekends and holidays, as for a notice of defamation.
        (48, "hours_except_closed_days", "2026-11-20T12:00", "2026-11-24T12:00", "ENG"),
        (48, "hours_except_closed_days", "2026-04-02T12:00", "2026-04-08T12:00", "ENG"),
        (48, "hours_except_closed_days", "2026-11-21T12:00", "2026-11-25T00:00", "ENG"),
        (24, "hours_except_closed_days", "2026-11-23T00:00", "2026-11-24T00:00", "ENG"),
    ],
)
def test_hand_worked(amount: int, unit: str, start: str, end: str, nation: str) -> None:
    found = due(clock(amount, unit), local(start), Hours(week=OFFICE, nation=nation))
    assert found == local(end)
    assert found.tzinfo is UTC


def test_extra_holidays_by_nation() -> None:
    assert len(bank_holidays("ENG", 2026)) == 9  # eight, and Boxing Day's own date besides its substitute
    assert not is_working_day(datetime(2026, 12, 28).date(), "ENG")


def test_a_holiday_of_any_nation_is_one_of_the_kingdom() -> None:
    days = bank_holidays("UK", 2028)
    assert days == frozenset().union(*(bank_holidays(nation, 2028) for nation in ("ENG", "WLS", "SCT", "NIR")))
    assert {datetime(2028, *day).date() for day in ((1, 4), (3, 17), (4, 17), (7, 12), (8, 7), (11, 30))} <= days
    assert not is_working_day(datetime(2028, 3, 17).date(), "UK")


def test_whom_our_hours_do_not_bind_has_the_whole_last_day() -> None:
    poster = replace(clock(3, "days"), midnight=True)
    assert due(poster, local("2026-11-23T12:00"), ENGLAND) == local("2026-11-26T23:59:59")
    assert due(replace(poster, unit="months"), local("2026-11-23T12:00"), ENGLAND) == local("2027-02-23T23:59:59")


def test_no_time_zone() -> None:
    with pytest.raises(ClockError, match="no time zone"):
        due(clock(1, "hours"), datetime(2026, 1, 1), ENGLAND)


def test_hours_that_never_open() -> None:
    with pytest.raises(ClockError, match="do not end"):
        due(clock(1, "working_hours"), local("2026-01-01T00:00"), Hours(week=(None,) * 7))


STARTS = st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.sampled_from([UTC, LONDON]))
UNITS = st.sampled_from(["hours", "working_hours", "working_days", "days", "months", "hours_except_closed_days"])
NATIONS = st.sampled_from(["ENG", "WLS", "SCT", "NIR"])


@given(STARTS, UNITS, st.integers(1, 60), NATIONS)
def test_due_is_later_and_never_goes_back(start: datetime, unit: str, amount: int, nation: str) -> None:
    hours = Hours(week=OFFICE, nation=nation)
    end = due(clock(amount, unit), start, hours)
    assert end > start
    assert due(clock(amount, unit), start + timedelta(hours=7), hours) >= end
    assert due(clock(amount + 1, unit), start, hours) >= end


@given(STARTS, st.sampled_from(["working_days", "months"]), st.integers(1, 30), NATIONS)
def test_ends_on_a_working_day_at_closing_time(start: datetime, unit: str, amount: int, nation: str) -> None:
    end = due(clock(amount, unit), start, Hours(week=OFFICE, nation=nation)).astimezone(LONDON)
    assert is_working_day(end.date(), nation)
    assert (end.hour, end.minute) == (17, 0)


@given(STARTS, st.integers(1, 40), NATIONS)
def test_working_hours_end_within_working_hours(start: datetime, amount: int, nation: str) -> None:
    end = due(clock(amount, "working_hours"), start, Hours(week=OFFICE, nation=nation)).astimezone(LONDON)
    assert is_working_day(end.date(), nation)
    assert 9 <= end.hour <= 17
