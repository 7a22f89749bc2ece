"""How old a reader must be is told in years as long as the years mean something."""

import re

from gatepost.policy.check import check
from gatepost.policy.model import Outbound
from tests.policy.small import NOON, pack


def told(text: str) -> str:
    return next(one.message for one in check(Outbound(text), pack(), NOON) if one.check == "reading_age")


def test_an_age_of_people() -> None:
    text = "The managing officers will consider the proposal after a consultation. " * 12
    assert re.match(r"A reader of about (1\d|2[0-2]) years would follow this; aim for an age of \d+ or ", told(text))


def test_an_age_nobody_reads_at() -> None:
    text = "Notwithstanding considerable organisational difficulties, accommodation allocation procedures continue. "
    assert told(text * 15).startswith("Only somebody who reads such texts for a living would follow this; aim for an ")
