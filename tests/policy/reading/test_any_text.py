"""Whatever people send, the readers answer, and every place they name lies in the text."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gatepost.policy.model import LABELS, Reading
from gatepost.policy.reading import plain, read, read_many, tone
from gatepost.policy.reading.windows import MOST_READ
from tests.policy.reading.test_messages import words

PIECES = st.sampled_from(
    [
        *("your staff are ", "f u c k", "07700 900123", "@example.org", " dot ", "b****rds", "\u200b", "\u202e"),
        *("İ", "ß", "\ud800", "🤬", "flat 3, 22 Elm Road", "#brokenlift", "'", '"', "\x00", "...", "?!"),
        *("HA0 3XX", "ｆｕｃｋ", "раki", "没有人", "ﷺ", "e\u0301"),
    ]
)
TEXTS = st.one_of(
    st.text(st.characters(), max_size=200),
    st.lists(st.one_of(PIECES, st.text(st.characters(), max_size=5)), max_size=20).map("".join),
)


def check(text: str, reading: Reading) -> None:
    assert set(reading.labels) == set(LABELS)
    assert all(0.0 <= probability <= 1.0 for probability in reading.labels.values())
    for span in reading.spans:
        assert 0 <= span.start < span.end <= len(text)
        assert span.label in LABELS
        assert span.kind
    for label, probability in reading.labels.items():
        if probability >= 0.5:
            assert any(span.label == label for span in reading.spans), label


@settings(max_examples=300, deadline=None)
@given(TEXTS)
def test_any_text_is_read(text: str) -> None:
    reading = read(text, words())
    check(text, reading)
    assert read_many([text], words()) == [reading]


@settings(max_examples=150, deadline=None)
@given(TEXTS)
def test_any_draft_is_weighed(text: str) -> None:
    for span in tone(text, words()):
        assert 0 <= span.start < span.end <= len(text)
    weighed = plain(text, words())
    for place in (*weighed.sentences, *weighed.jargon, *weighed.long_words):
        assert 0 <= place.start < place.end <= len(text)


@pytest.mark.parametrize("piece", ["0", "a ", "idiot your staff ", "x@", "f u c k ", "Aa 1 ", "f**** ", "'", "flat 1 "])
def test_a_long_message_is_read(piece: str) -> None:
    text = (piece * 10_000)[:10_000]
    check(text, read(text, words()))


def test_what_stands_after_the_most_is_not_read() -> None:
    text = " " * MOST_READ + "call me on 07700 900123"
    assert read(text, words()).labels["personal_details"] < 0.5
