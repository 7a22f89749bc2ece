from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from gatepost.web.write.when import When, WhenError, read

LONDON = ZoneInfo("Europe/London")
NOW = datetime(2026, 11, 24, 10, 42, tzinfo=UTC)  # a Tuesday


def when(words: str, now: datetime = NOW) -> When:
    return read(words, now=now, zone=LONDON)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("tomorrow 9am", "Wednesday 25 November 2026, 9am"),
        ("Thu 26 Nov 14:30", "Thursday 26 November 2026, 2:30pm"),
        ("26/11 10am", "Thursday 26 November 2026, 10am"),
        ("26/11/2026, 10.30 am", "Thursday 26 November 2026, 10:30am"),
        ("26.11.26 at 10:30", "Thursday 26 November 2026, 10:30am"),
        ("2026-11-26 10:00", "Thursday 26 November 2026, 10am"),
        ("26th of November noon", "Thursday 26 November 2026, midday"),
        ("November 26 12pm", "Thursday 26 November 2026, midday"),
        ("Thursday 9am", "Thursday 26 November 2026, 9am"),
        ("thurs 9am", "Thursday 26 November 2026, 9am"),
        ("tue 9am", "Tuesday 1 December 2026, 9am"),
        ("tuesday 11am", "Tuesday 24 November 2026, 11am"),
        ("next tuesday 11am", "Tuesday 1 December 2026, 11am"),
        ("today 5pm", "Tuesday 24 November 2026, 5pm"),
        ("5pm", "Tuesday 24 November 2026, 5pm"),
        ("9am", "Wednesday 25 November 2026, 9am"),
        ("12am tomorrow", "Wednesday 25 November 2026, 12am"),
        ("3 Jan 9am", "Sunday 3 January 2027, 9am"),
        ("29 Feb 9am", "Tuesday 29 February 2028, 9am"),
        ("in 2 hours", "Tuesday 24 November 2026, 12:42pm"),
        ("in an hour", "Tuesday 24 November 2026, 11:42am"),
    ],
)
def test_what_people_type(words: str, said: str) -> None:
    assert when(words).said == said


def test_summer_time_is_kept() -> None:
    assert when("1 July 2027 9am").moment == datetime(2027, 7, 1, 8, tzinfo=UTC)
    assert when("1 Dec 9am").moment == datetime(2026, 12, 1, 9, tzinfo=UTC)


def test_an_hour_that_does_not_exist_is_refused() -> None:
    with pytest.raises(WhenError, match="clocks go forward"):
        when("28 March 2027 1:30am")


def test_of_an_hour_that_comes_twice_the_first_is_meant_and_said() -> None:
    found = when("31 October 2027 1:30am")
    assert found.moment == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)
    assert "first 1:30am" in found.note


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("", "Give a day and a time"),
        ("tomorrow", "Give the time too"),
        ("25:00 tomorrow", "no time"),
        ("13pm tomorrow", "no time"),
        ("tomorrow midnight", "either end of the day"),
        ("31 Nov 9am", "no day"),
        ("Fri 26 Nov 9am", "is a Thursday, not a Friday"),
        ("blursday 9am", "not a day we know"),
        ("today 9am", "has passed"),
        ("1 Jan 2020 9am", "has passed"),
        ("1 Jan 2090 9am", "two years"),
        ("x" * 200, "only a day and a time"),
        ("1/1/1/1 9am", "not a day"),
        ("²6 Nov 9am", "not a day"),
    ],
)
def test_what_cannot_be_understood_says_why(words: str, why: str) -> None:
    with pytest.raises(WhenError, match=why):
        when(words)
