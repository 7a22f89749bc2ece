"""What a piece tells by the short way it tells by the long one, and what comes often outlives what came once."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gatepost.policy.reading import telling, vocabulary
from gatepost.policy.reading.crowd import Crowd
from gatepost.policy.reading.page import open_page
from gatepost.policy.reading.personal_data import TOLD_BY
from gatepost.policy.reading.vocabulary import Vocabulary
from tests.policy.reading.test_crowd import PIECES
from tests.policy.reading.test_messages import words
from tests.policy.reading.test_together import KNOWN

WRITTEN = sorted({piece for text in (*KNOWN, *PIECES, *TOLD_BY) for piece in text.split(" ")})
MADE = st.lists(st.sampled_from([*WRITTEN, *"().,-_@&'#0aZ"]), min_size=1, max_size=3).map("".join)
MESSAGES = ["the lift is broken", "the lift is stuck again", "who is zzyzx zzyzy"]


@settings(max_examples=300, deadline=None)
@given(MADE)
def test_a_piece_of_ascii_tells_what_any_piece_tells(piece: str) -> None:
    if piece.isascii() and " " not in piece:
        assert telling.of_piece(piece, piece.lower()) == telling.of_any(piece, piece.lower())


def test_a_name_behind_a_comma_and_a_postcode_ask_the_reader_of_personal_details() -> None:
    for piece in ("Alice,Smith", "SE154QX"):
        told = telling.of_piece(piece, piece.lower())
        assert told == telling.of_any(piece, piece.lower())
        assert told & telling.PERSONAL


def test_every_piece_ever_written_tells_the_same_both_ways() -> None:
    for piece in WRITTEN:
        if piece.isascii():
            assert telling.of_piece(piece, piece.lower()) == telling.of_any(piece, piece.lower()), piece


def test_what_comes_often_is_remembered_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    known = Vocabulary(words().book, words().tokens)
    Crowd(MESSAGES, words(), known)
    known.forget()
    assert set(known.pieces) == {"the", "lift", "is"}
    assert known.forms == ["the", "lift", "is"]
    assert [known.told.array[number] for number in known.pieces.values()] == [
        telling.of_piece(piece, piece) for piece in known.pieces
    ]
    crowd = Crowd(MESSAGES, words(), known)
    assert [crowd.page(place).forms for place in range(3)] == [open_page(text, words()).forms for text in MESSAGES]
    monkeypatch.setattr(vocabulary, "_MOST", 4)
    known.forget()
    assert set(known.pieces) == {"the", "is"}
    monkeypatch.setattr(vocabulary, "_LONGEST_KEPT", 2)
    Crowd(MESSAGES, words(), known)
    known.forget()
    assert set(known.pieces) == {"is"}


def test_a_table_that_is_not_asked_for_is_let_go() -> None:
    known = Vocabulary(words().book, words().tokens)
    Crowd(MESSAGES, words(), known)
    old, new = np.zeros((1 << 16, 2), dtype=np.int8), np.ones((1 << 16, 2), dtype=np.int8)
    known.summed(old)
    Crowd(["the bins are full"], words(), known)
    wanted = known.summed(new).sums[known.words["the"]].tolist()
    known.forget()
    assert list(known.sums) == [id(new)]
    assert known.summed(new).sums[known.words["the"]].tolist() == wanted
