"""How many days ago somebody wrote before, as far back as rules look, and no more held than that takes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from gatepost.policy import earlier
from gatepost.policy.earlier import MOST, Earlier, most_days_back
from tests.policy.small import FILES, pack

AT = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def test_days_ago_the_latest_first_and_no_longer_than_is_asked_for() -> None:
    known = Earlier(30)
    assert known.seen("a", AT - 31 * DAY) == ()
    assert known.seen("a", AT - 20 * DAY) == (11,)
    assert known.seen("b", AT - DAY) == ()
    assert known.seen("a", AT) == (20,)
    assert known.seen("a", AT) == (0, 20)
    assert known.seen("a", AT - timedelta(seconds=5)) == (0, 0, 19)  # clocks of two machines may differ


def test_a_year_back_to_its_last_hour() -> None:
    known = Earlier(365)
    known.seen("a", AT - 366 * DAY)
    known.seen("a", AT - 366 * DAY + timedelta(hours=1))
    assert known.seen("a", AT) == (365,)


def test_what_came_later_is_no_earlier_message() -> None:
    known = Earlier(30)
    known.seen("a", AT)
    assert known.seen("a", AT - 2 * DAY) == ()
    assert known.seen("a", AT + DAY) == (1, 3)


def test_nothing_is_held_where_no_rule_looks_back() -> None:
    known = Earlier(0)
    assert known.seen("a", AT) == known.seen("a", AT) == ()
    assert not known._times


def test_no_more_are_counted_than_a_condition_asks_for() -> None:
    known = Earlier(30)
    for _ in range(MOST + 20):
        found = known.seen("a", AT)
    assert len(found) == MOST


def test_writers_long_silent_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(earlier, "_PRUNE_EVERY", 3)
    known = Earlier(30)
    for writer, at in (("a", AT - 40 * DAY), ("b", AT - DAY), ("c", AT)):
        known.seen(writer, at)
    assert set(known._times) == {"b", "c"}


def test_the_longest_that_any_rule_of_any_policy_looks_back() -> None:
    rule = '\n[[rule]]\nid = "r{0}"\nclause = "usage.1"\npriority = 5\nthen = {{ urgent = true }}\n'
    rule += "when = {{ history = {{ messages = 3, days = {0} }} }}\n"
    plain, quarter, year = pack(), *(pack(rules=FILES["rules.toml"] + rule.format(days)) for days in (90, 365))
    assert [most_days_back(some) for some in ([], [plain], [quarter, plain], [quarter, year])] == [0, 0, 90, 365]
