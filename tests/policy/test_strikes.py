"""Warnings and blocks step by step, and what a policy promises to whom it takes words away."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from gatepost.policy.pack import Pack, load
from gatepost.policy.strikes import Process, ladder, length_of, process_of, reached
from gatepost.shipped import pack_folder

AT = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)


def with_clause(about: str, says: dict[str, Any]) -> Pack:
    pack = load(pack_folder())
    changed = tuple(replace(one, about=about, says=says) if one.id == "usage.9" else one for one in pack.clauses)
    return replace(pack, clauses=changed)


LADDER = with_clause(
    "strikes",
    {
        "ladder": [
            {"count": 3, "window": "6 months", "step": "block", "length": "30 days", "scope": "this page"},
            {"count": 1, "step": "warning"},
            {"count": 5, "step": "ban", "length": "permanently"},
        ]
    },
)


@pytest.mark.parametrize(
    ("words", "days"),
    [
        ("30 days", 30),
        ("three months", 90),
        ("a week", 7),
        ("one-year", 365),
        ("24 hours", 1),
        ("for ever", None),
        ("", None),
    ],
)
def test_lengths_are_read(words: str, days: int | None) -> None:
    assert length_of(words) == (None if days is None else timedelta(days=days))


def test_the_ladder_is_in_order_and_says_which_rung_is_reached() -> None:
    rungs = ladder(LADDER)
    assert [(rung.count, rung.step, rung.blocks, rung.for_ever) for rung in rungs] == [
        (1, "warning", False, False),
        (3, "block", True, False),
        (5, "ban", True, True),
    ]
    assert (rungs[1].length, rungs[1].window, rungs[1].clause) == (timedelta(days=30), timedelta(days=180), "usage.9")
    assert reached(rungs, [], AT) is None
    assert reached(rungs, [AT], AT) == rungs[0]
    assert reached(rungs, [AT] * 3, AT) == rungs[1]
    old = [AT - timedelta(days=200)] * 2
    assert reached(rungs, [*old, AT], AT) == rungs[0]  # two of the three are out of the window
    assert reached(rungs, [*old, *[AT] * 3], AT) == rungs[2]


def test_a_clause_without_rows_is_one_rung() -> None:
    [block] = ladder(with_clause("strikes", {"count": 3, "window": "a year", "block": "12 weeks"}))
    assert (block.count, block.step, block.length, block.said) == (3, "block", timedelta(weeks=12), "12 weeks")
    [warning] = ladder(with_clause("strikes", {"count": 2}))
    assert warning.step == "warning"
    assert ladder(with_clause("strikes", {"notice": True})) == ()
    assert ladder(load(pack_folder())) == ()


def test_what_is_promised() -> None:
    assert process_of(load(pack_folder())) == Process()
    told = process_of(with_clause("moderation", {"notice": True}))
    assert (told.notice, told.clause, told.appeal) == (True, "usage.9", None)
    full = process_of(
        with_clause(
            "due_process",
            {"notice": True, "reasons": True, "appeal": True, "appeal_within": "28 days", "wording": "told"},
        )
    )
    assert (full.notice, full.reasons, full.appeal, full.within, full.wording) == (
        True,
        True,
        True,
        timedelta(days=28),
        "told",
    )
    assert process_of(with_clause("due_process", {"appeal": False})).appeal is False
