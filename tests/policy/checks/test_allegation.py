"""Accusations of somebody told by a first name and where they live; fifteen that ask, fifteen that do not."""

from __future__ import annotations

from pathlib import Path

import pytest

from gatepost.policy.check import check
from gatepost.policy.model import Outbound
from gatepost.policy.pack import Pack, load
from tests.policy.small import NOON

ACCUSES = (
    "Tom at number 5 is dealing.",
    "Tom at number 5 is dealing drugs.",
    "We know that Tom at flat 12b steals parcels.",
    "Dave from number 9 was arrested last night.",
    "Dave, who lives at number 9, was arrested last night.",
    "Sharon next door is a thief.",
    "Sharon from next door stole the bicycles.",
    "Priya upstairs keeps dealing to kids.",
    "Ali in flat 3 has lied to all of us.",
    "Mo across the road is a fraudster.",
    "Somebody at house 7 is dealing again.",
    "Jean from flat 2 attacked the caretaker.",
    "Jo at no 5 sublets illegally and is a liar.",
    "It seems that Lee in room 14 was drunk.",
    "Kim downstairs beats his dog, he is abusive and guilty.",
)
HARMLESS = (
    "Tom at number 5 is moving out.",
    "Tom at number 5 is dealing with the forms for his neighbours.",
    "Our repairs team is dealing with the leak at number 5.",
    "The contractor for number 5 is dealing with it today.",
    "Work at number 5 is late because copper was stolen.",
    "Parking at number 5 is free again after the stolen van was found.",
    "Theft at number 5 is being looked into.",
    "Police at number 5 has said that a bicycle was stolen.",
    "Rubbish next door is a theft of space.",
    "Water upstairs is off: pipes were stolen.",
    "Sharon next door is a volunteer.",
    "Ring 101 if your bicycle was stolen.",
    "We are dealing with damp at number 5.",
    "The lift at number 5 is working.",
    "Report fraud to us, or ask Sharon at reception.",
)


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load(Path(__file__).parents[3] / "packs" / "bhp")


def asked(text: str, pack: Pack) -> bool:
    return any(one.check == "allegation" for one in check(Outbound(text), pack, NOON))


def test_who_can_be_told_by_where_they_live_is_not_accused(pack: Pack) -> None:
    assert [text for text in ACCUSES if not asked(text, pack)] == []


def test_harmless_neighbours_are_left_alone(pack: Pack) -> None:
    assert [text for text in HARMLESS if asked(text, pack)] == []
