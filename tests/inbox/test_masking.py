"""Nothing of a personal detail is left in what is shown masked, however its findings overlap."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gatepost.inbox.masking import masked, pieces, spans_of
from gatepost.policy.model import Span

from .scene import ABUSE, DETAILS, Desk

TEXT = "".join(chr(0x4E00 + n) for n in range(60))  # every character once, so that each can be looked for

spans = st.lists(
    st.builds(
        Span,
        start=st.integers(-3, 62),
        end=st.integers(-3, 65),
        label=st.sampled_from(["personal_details", "personal_details", "complaint", "offensive"]),
        kind=st.sampled_from(["phone", "email", "address"]),
    ),
    max_size=8,
)


@given(spans)
def test_no_character_of_a_detail_is_shown_and_none_of_the_rest_is_lost(found: list[Span]) -> None:
    secret = {n for s in found if s.label == "personal_details" for n in range(max(s.start, 0), min(s.end, 60))}
    shown = "".join(piece.text for piece in pieces(TEXT, found, mask=True))
    assert shown == "".join(letter for n, letter in enumerate(TEXT) if n not in secret)
    left = masked(TEXT, found)
    assert {letter for letter in left if letter in TEXT} == {TEXT[n] for n in range(60) if n not in secret}
    assert "".join(piece.text for piece in pieces(TEXT, found, mask=False)) == TEXT


def test_overlapping_details_are_one() -> None:
    found = [Span(0, 6, "personal_details", "address"), Span(4, 10, "personal_details", "phone")]
    assert masked("0123456789x", found) == "(address hidden)x"


def test_masked_pieces_hold_no_words() -> None:
    text = "Ring 01632 960123 now, you fool"
    found = [Span(5, 17, "personal_details", "phone"), Span(5, 31, "offensive", "insult")]
    parts = pieces(text, found, mask=True)
    assert [piece.text for piece in parts if piece.masked] == [""]
    assert "01632" not in repr(parts)


def test_details_read_by_the_policy_are_masked(desk: Desk) -> None:
    message = desk.message(f"{DETAILS} {ABUSE}")
    words = masked(message.text, spans_of(message.decision.spans))
    assert "960123" not in words
    assert "casey@" not in words
    assert "my heating is broken" in words
