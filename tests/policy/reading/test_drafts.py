from __future__ import annotations

import pytest

from gatepost.policy.reading import plain, tone
from gatepost.policy.reading.plain_english import syllable_count
from tests.policy.reading.test_messages import words


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Calm down, we said Friday.", "hostile"),
        ("As we have already told you, the part is on order.", "defensive"),
        ("It is not our fault that the lift broke.", "defensive"),
        ("Good luck with that!", "sarcastic"),
        ("PLEASE STOP WRITING TO US", "hostile"),
    ],
)
def test_a_bad_tone_is_marked(text: str, kind: str) -> None:
    spans = tone(text, words())
    assert kind in {span.kind for span in spans}
    assert all(span.label == "tone" for span in spans)


@pytest.mark.parametrize(
    "text",
    [
        "We apologise if you are having any issues with our services.",
        "Thank you for your communication. A member of staff will contact you shortly.",
        "We are sorry that our engineer was rude to you.",
        "The office is closed on Monday. Please ring us on Tuesday.",
    ],
)
def test_a_civil_answer_passes(text: str) -> None:
    assert tone(text, words()) == []


def test_jargon_is_marked_with_what_to_say() -> None:
    text = "We will utilise operatives in order to decant you."
    found = {text[j.start : j.end]: j.instead for j in plain(text, words()).jargon}
    assert found["utilise"] == "use"
    assert found["in order to"] == "to"
    assert "operatives" in found


def test_sentences_are_counted() -> None:
    long = "The " + "word " * 30 + "ends."
    weighed = plain(f"Short one. {long}", words())
    assert [sentence.words for sentence in weighed.sentences] == [2, 32]
    assert len(weighed.long_sentences) == 1
    assert weighed.words == 34


def test_reading_ease_falls_with_long_words() -> None:
    easy = plain("We will mend your door on Friday.", words())
    hard = plain("Responsibility for rehabilitation necessitates intergovernmental administration.", words())
    assert easy.ease > 60 > hard.ease
    assert hard.grade > easy.grade
    assert hard.long_words


def test_an_empty_draft_is_plain() -> None:
    assert plain("", words()).words == 0


@pytest.mark.parametrize(
    ("word", "count"), [("cat", 1), ("table", 2), ("mended", 2), ("fixed", 1), ("home", 1), ("hmm", 1)]
)
def test_syllables(word: str, count: int) -> None:
    assert syllable_count(word) == count
