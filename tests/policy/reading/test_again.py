"""The same words again are not more evidence: a text says no more forty times than once."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pytest

from gatepost.policy.reading import Words, evidence, load_words, read, read_many, trained
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


def test_in_a_long_text_the_cues_hold_a_label_up_less_but_for_danger() -> None:
    model = trained.shipped()
    short, even, twice = model.below(np.array([9.0, 32.0, 64.0]))
    assert short.tolist() == even.tolist() == np.floor(model.doubts).tolist()
    further = dict(zip(model.join, (twice - even).tolist(), strict=True))
    assert further.pop("safeguarding") == 0
    assert set(further.values()) == {5.0 * trained.ONE}


DAYS = (
    "The train was late again, so I read my book on the platform. My bank has shut the branch on the corner and "
    "it is an hour by bus to the next. The kettle broke on Monday and the new one has a whistle. Our choir has a "
    "new song for Easter. I waited in for a parcel and it came at six. The school play was lovely and nobody "
    "forgot a line. Three weeks until the fair, and the cake stall still needs a cloth. My brother never returns "
    "a ladder. The dentist told me to come back in a month. We had soup, and the dog had the bread. The roadworks "
    "by the station are still there, with no one in them. My aunt has paid for a cruise. A heron stood in the "
    "canal all morning. The film was too long by an hour. Someone has knitted a hat for the post box."
)
LETTER = (
    "I am writing to make a formal complaint. On the third of March I reported that the boiler in my flat had "
    "stopped. You promised an engineer for the Friday and nobody came. I rang on the Monday, waited forty "
    "minutes, and was told that the job had been closed. I have now been without heating or hot water for five "
    "weeks. I have taken two days off work for appointments that your contractor did not keep, and I have bought "
    "three heaters at my own cost. My children sleep in their coats. I have written twice to your office and have "
    "had no reply to either letter. This is not good enough. I expect a written apology, a date for the repair, "
    "and to be told what you will do about the money."
)


def test_a_long_everyday_text_is_no_complaint_and_a_long_letter_of_complaint_is_one() -> None:
    assert read(DAYS, words()).labels["complaint"] < 0.5
    assert read(LETTER, words()).labels["complaint"] >= 0.5
