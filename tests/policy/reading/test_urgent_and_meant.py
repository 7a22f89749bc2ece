"""Who and what makes a message urgent, and topics that only sound like one."""

from __future__ import annotations

import pytest

from gatepost.policy.reading import read, read_many
from tests.policy.reading.test_messages import words

HOME = {"repairs", "heating", "damp_mould", "fire_safety", "lifts"}


@pytest.mark.parametrize(
    ("text", "urgent"),
    [
        ("We have no heating and my 2 month old is ill", True),
        ("there's no heat and I've a three week old who won't feed", True),
        ("my heating is off and my twins are four months old", True),
        ("My heating complaint is two months old and nobody cares", False),
        ("my 8 month old loves the new playground", False),
        ("my mum is 91 and the boiler is off", True),
        ("my dad, 79, has no heating", True),
        ("She's 88 and still does the tombola", False),
        ("I'm 74 and enjoyed the coffee morning", False),
        ("There's a fire in the bin store", True),
        ("someone has set fire to the bins", True),
        ("flames coming out of the bin room", True),
        ("The fire door on the landing doesn't close", False),
        ("Fire pit party on the green on Saturday!", False),
        ("water is coming through the ceiling light", True),
        ("Sunlight pouring through the window this morning", False),
        ("carbon monoxide alarm going off", True),
    ],
)
def test_urgent(text: str, urgent: bool) -> None:
    assert read(text, words()).urgent is urgent


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("carbon monoxide alarm going off", "heating"),
        ("water pouring through the light fittings", "repairs"),
        ("fire on the third floor landing", "fire_safety"),
        ("next door's leak is coming through my wall", "repairs"),
        ("the window in my toddler's room won't shut, he could fall", "repairs"),
        ("the roof is leaking onto my bed", "repairs"),
    ],
)
def test_a_fault_has_its_topic(text: str, topic: str) -> None:
    assert topic in read(text, words()).topics


@pytest.mark.parametrize(
    "text",
    [
        "There's a man on the roof threatening to jump",
        "child next door with bruises",
        "he's standing on the window ledge saying goodbye",
        "my neighbour said he will throw himself out of the window",
        "my ex is outside my door with a knife",
    ],
)
def test_somebody_in_danger_is_no_repair(text: str) -> None:
    found = read(text, words())
    assert found.labels["safeguarding"] >= 0.4
    assert not HOME & set(found.topics)
    assert read_many([text] * 6, words())[5] == found


@pytest.mark.parametrize(
    ("text", "label", "expected"),
    [
        ("I was told to fuck off by your contractor", "staff_abuse", False),
        ("your contractor can fuck off", "staff_abuse", True),
        ("Well done Brent, only 3 weeks to change a bulb", "complaint", True),
        ("Well done everyone, great fun day", "complaint", False),
        ("porn links here", "offensive", True),
        ("send nudes", "offensive", True),
        ("links here for the newsletter", "offensive", False),
        ("Great tits and blue tits nesting in the hedge", "offensive", False),
    ],
)
def test_told_dry_and_obscene(text: str, label: str, expected: bool) -> None:
    assert (read(text, words()).labels[label] >= 0.5) is expected


@pytest.mark.parametrize("text", ["Dick fixed it", "Mr Fuk came about the boiler", "Dick came this morning"])
def test_a_name_is_no_feeling(text: str) -> None:
    assert read(text, words()).sentiment != "negative"
