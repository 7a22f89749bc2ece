"""What a pack makes of one example now: written back as what is expected, it holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from gatepost.policy.expecting import failures, fresh, now_gives
from gatepost.policy.model import Example
from gatepost.policy.pack import load
from gatepost.shipped import pack_folder

AT = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
PACK = load(pack_folder())
KEYS = ("decided", "offers", "refer", "moderate", "mask", "answer", "urgent", "clocks", "clauses")


def test_a_new_example_expects_what_comes_of_it() -> None:
    example = fresh("Still no heating after two weeks and three calls, disgraceful", ["usage.7"])
    got = now_gives(PACK, example, AT, KEYS)
    assert "complaint" in got["decided"]
    assert got["mask"] is False
    assert failures(PACK, replace(example, expect=got), AT) == ()


def test_nothing_to_say_is_left_out() -> None:
    got = now_gives(PACK, fresh("Good morning"), AT, ("decided", "offers", "not_decided"))
    assert got == {"offers": []}


@pytest.mark.parametrize("example", PACK.examples, ids=lambda example: example.id)
def test_every_example_can_be_taken_as_it_is_now(example: Example) -> None:
    got = now_gives(PACK, example, AT, tuple(example.expect))
    assert failures(PACK, replace(example, expect=got), AT) == ()


def test_what_must_not_come_stays_as_far_as_it_holds() -> None:
    expect = {"not_decided": ["complaint", "spam"], "not_clauses": ["usage.7", "law.2"], "mask": True}
    example = replace(fresh("Third time of asking, this is a disgrace and I complain"), expect=expect)
    assert failures(PACK, example, AT)
    assert now_gives(PACK, example, AT, tuple(expect)) == {
        "not_decided": ["spam"],
        "not_clauses": ["law.2"],
        "mask": False,
    }
