"""Days as a pack writes them, and the days of a nation's year."""

from __future__ import annotations

from datetime import date

import pytest

from gatepost.policy.days import Occasion, day_in, is_rule, marked


@pytest.mark.parametrize(
    ("on", "year", "day"),
    [
        ("12-25", 2026, date(2026, 12, 25)),
        ("02-29", 2026, None),
        ("02-29", 2028, date(2028, 2, 29)),
        ("2026-05-04", 2026, date(2026, 5, 4)),
        ("2026-05-04", 2027, None),
        ("2026-13-04", 2026, None),
        ("second sunday of november", 2026, date(2026, 11, 8)),
        ("first monday of october", 2026, date(2026, 10, 5)),
        ("last monday of may", 2026, date(2026, 5, 25)),
        ("last sunday of february", 2026, date(2026, 2, 22)),
        ("fourth thursday of november", 2026, date(2026, 11, 26)),
        ("someday", 2026, None),
    ],
)
def test_a_day_in_a_year(on: str, year: int, day: date | None) -> None:
    assert day_in(on, year) == day


@pytest.mark.parametrize("on", ["12-25", "02-29", "2026-05-04", "2025-02-28", "third tuesday of june"])
def test_days(on: str) -> None:
    assert is_rule(on)


@pytest.mark.parametrize("on", ["", "25-12", "2026-02-30", "fifth monday of may", "Second Sunday of November", "1-1"])
def test_no_days(on: str) -> None:
    assert not is_rule(on)


def test_bank_holidays_are_those_of_the_nation_and_come_first() -> None:
    own = [Occasion("11-30", "Founders' day", "Our history"), Occasion("12-25", "Carols", "Ours")]
    first, last = date(2026, 11, 25), date(2027, 1, 3)
    england = marked(own, "ENG", first, last)
    assert [(one.date.day, one.title, one.kind) for one in england] == [
        (30, "Founders' day", "occasion"),
        (25, "Christmas Day", "bank holiday"),
        (25, "Carols", "occasion"),
        (26, "Boxing Day", "bank holiday"),
        (28, "Boxing Day (observed)", "bank holiday"),
        (1, "New Year's Day", "bank holiday"),
    ]
    scotland = [one.title for one in marked(own, "SCT", first, last) if one.kind == "bank holiday"]
    assert "Saint Andrew's Day" in scotland[0] or "St. Andrew's Day" in scotland[0]
    assert all(one.source for one in england)


def test_a_day_that_some_years_have_not() -> None:
    leap = [Occasion("02-29", "Leap day", "own")]
    found = marked(leap, "ENG", date(2026, 2, 1), date(2028, 3, 1))
    assert [one.date for one in found if one.kind == "occasion"] == [date(2028, 2, 29)]
