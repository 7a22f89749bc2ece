"""The same words again are not more evidence: a text says no more forty times than once."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from gatepost.policy.reading import Words, evidence, load_words, read, read_many
from gatepost.policy.reading.evidence import Sign, total

PACK = Path(__file__).parents[3] / "packs" / "bhp" / "words.toml"
EVERYDAY = [
    "Good morning, the library opens at nine today and the reading group meets in the small room. ",
    "The walk on Sunday starts at the bandstand, bring a flask and somebody to talk to. ",
    "We sat by the river and the children fed the ducks. The café was shut so we had our own sandwiches. ",
    "The band plays on Saturday. Doors at seven, raffle at nine. The hall is warm and there is tea. ",
]


@cache
def words() -> Words:
    return load_words(PACK.read_text(encoding="utf-8"))


def test_the_same_words_again_add_nothing_and_other_words_some() -> None:
    once = [Sign(3.0, "fault", 0, 6, "broken")]
    again = [*once, Sign(3.0, "fault", 20, 26, "broken")]
    other = [*again, Sign(3.0, "fault", 40, 47, "leaking")]
    assert total(again) == total(once) == 3.0
    assert total(other) > total(again)
    stronger = [Sign(1.0, "fault", 0, 6, "broken"), Sign(2.0, "fault", 20, 26, "broken")]
    assert total(stronger) == 2.0


@pytest.mark.parametrize("text", EVERYDAY)
def test_everyday_text_stays_everyday_however_often_it_comes(text: str) -> None:
    said = [
        [label for label, told in read(text * times, words()).labels.items() if told >= 0.5]
        for times in (1, 2, 40, 38_000 // len(text))
    ]
    assert said == [said[0]] * 4
    assert not {"safeguarding", "complaint", "staff_abuse", "media_query", "spam"} & {*said[0]}


def test_repeated_text_reads_alike_alone_and_in_company() -> None:
    texts = [text * times for text in EVERYDAY for times in (1, 3, 100)]
    assert read_many(texts, words()) == [read(text, words()) for text in texts]


def test_every_place_is_still_shown() -> None:
    reading = read("Your staff are morons. " * 3, words())
    assert [span.start for span in reading.spans if span.label == "staff_abuse"] == [15, 38, 61]


TALK = "We walked by the river on Sunday with the dog and the little ones had an ice cream at the kiosk. "
GRUMBLES = ("Nobody ever rang back about it. ", "It has been three weeks now. ", "Not good enough at all. ")


def kinds(text: str, label: str) -> set[str]:
    return {sign.kind for sign in evidence(text, words())[label][1]}


def test_grumbles_far_apart_in_a_long_text_are_no_case_together() -> None:
    together = evidence(TALK * 6 + "".join(GRUMBLES) + TALK * 6, words())["complaint"][0]
    apart = evidence("".join(TALK * 6 + grumble for grumble in GRUMBLES), words())["complaint"][0]
    assert together > apart + 2.0
    assert evidence(TALK * 12, words())["complaint"][0] < 0


def test_of_a_long_text_the_words_near_the_complaint_are_heard() -> None:
    far = "The smell in the tunnel was awful. " + TALK * 8 + "No reply from you in three weeks. "
    near = TALK * 8 + "No reply from you in three weeks, it is awful. "
    assert "sour_at_us" not in kinds(far, "complaint")
    assert "sour_at_us" in kinds(near, "complaint")
    assert "said_to_us" in kinds(TALK * 8 + "You took my fence down. " * 2 + "Disgraceful. ", "complaint")


def test_an_insult_alone_or_a_danger_alone_speaks_against_a_complaint() -> None:
    assert "only_abuse" in kinds("Your manager is a useless idiot", "complaint")
    assert "only_abuse" not in kinds("Still no answer after three weeks, your manager is a useless idiot", "complaint")
    assert "danger" in kinds("He is hitting her again and nobody answers the door", "complaint")
    assert "danger" not in kinds("You promised, and he is hitting her again and nobody came", "complaint")


def test_a_fault_told_in_passing_is_less_of_a_request() -> None:
    assert "danger" in kinds("The boiler is broken and I want to kill myself", "service_request")
    assert "asks" in kinds("The boiler is broken, what time does the office open?", "service_request")
    asked = kinds("Please can you send somebody, the boiler is broken and I want to kill myself", "service_request")
    assert "danger" not in asked


def test_thanks_in_a_sentence_of_its_own_before_a_question_is_thanks() -> None:
    first = evidence("The heating works again, thanks. How do I set the timer for the weekend?", words())["thanks"][0]
    last = evidence("How do I set the timer for the weekend on the new heating, thanks", words())["thanks"][0]
    assert first > last + 1.0
