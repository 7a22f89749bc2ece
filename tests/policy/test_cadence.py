"""A week of posts against the policy's promise, and the promise as a pack writes it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from gatepost.policy.cadence import Cadence, kept
from gatepost.policy.days import Occasion
from gatepost.policy.diff import diff
from gatepost.policy.problems import PackError
from tests.policy.small import pack

NINE = datetime(2026, 11, 23, 9, tzinfo=UTC)
PROMISE = Cadence("facebook", at_least=3, clause="usage.1", at_most=4, minutes_apart=60)
TWO = """[[cadence]]
network = "facebook"
at_least = 3
at_most = 21
minutes_apart = 60
clause = "usage.1"

[[day]]
on = "04-06"
title = "Rents"
source = "Ours"
"""


def test_too_few_too_many_and_too_near() -> None:
    few = kept(PROMISE, [NINE + timedelta(days=1), NINE])
    assert (few.planned, few.missing, few.over, few.crowded) == (2, 1, 0, ())
    many = kept(PROMISE, [NINE + timedelta(hours=step) for step in range(6)])
    assert (many.missing, many.over, many.crowded) == (0, 2, ())
    near = kept(PROMISE, [NINE + timedelta(minutes=59), NINE, NINE + timedelta(minutes=119)])
    assert near.crowded == ((NINE, NINE + timedelta(minutes=59)),)
    free = kept(Cadence("x", at_least=0), [NINE, NINE, NINE])
    assert (free.over, free.missing, free.crowded) == (0, 0, ())


def test_a_pack_holds_promises_and_days() -> None:
    made = pack(calendar=TWO)
    assert made.cadence == (Cadence("facebook", 3, "usage.1", 21, 60),)
    assert made.days == (Occasion("04-06", "Rents", "Ours"),)
    assert pack().cadence == ()


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('clause = "usage.1"', 'clause = "usage.11"', "There is no clause 'usage.11'"),
        ("at_most = 21", "at_most = 2", "fewer than at least 3"),
        ('on = "04-06"', 'on = "06-31"', "'06-31' is not a day"),
        ("[[day]]", '[[cadence]]\nnetwork = "facebook"\nat_least = 1\n[[day]]', "two promises"),
        ("at_least = 3", "at_least = -3", "calendar.toml"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(old: str, new: str, says: str) -> None:
    with pytest.raises(PackError, match=says) as refused:
        pack(calendar=TWO.replace(old, new))
    assert all(problem.file == "calendar.toml" and problem.line for problem in refused.value.problems)


SAID = "posts a week, at least: 3; posts a week, at most: 21; between two posts, at least: 60 minutes"


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        ("", TWO, f"How often we write on Facebook is new: {SAID}."),
        (TWO, "", f"How often we write on Facebook is taken out: {SAID}."),
        (
            TWO,
            TWO.replace("at_most = 21\nminutes_apart = 60\n", ""),
            (
                "How often we write on Facebook changes: posts a week, at most: no longer 21; "
                "between two posts, at least: no longer 60 minutes."
            ),
        ),
        (
            TWO,
            TWO.replace("04-06", "04-07"),
            (
                "The list of the organisation's own days changes: changed: “Rents” (6 April of every year) becomes "
                "“Rents” (7 April of every year)."
            ),
        ),
        (
            TWO,
            TWO.replace('"Ours"', '"The board"'),
            "The list of the organisation's own days changes: the source of “Rents”: from “Ours” to “The board”.",
        ),
        (
            TWO,
            (
                f'{TWO}[[day]]\non = "2027-05-04"\ntitle = "May"\nsource = "Ours"\n'
                '[[day]]\non = "second sunday of november"\ntitle = "Remembrance"\nsource = "Ours"\n'
            ),
            (
                "The list of the organisation's own days changes: added: “May” (4 May 2027), “Remembrance” "
                "(second sunday of "
                "november)."
            ),
        ),
    ],
)
def test_the_difference_between_two_packs(before: str, after: str, says: str) -> None:
    assert says in [str(change) for change in diff(pack(calendar=before), pack(calendar=after))]
