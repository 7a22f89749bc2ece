"""Texts are counted as the networks count."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatepost.policy.checks.count import Counted, count, graphemes


@pytest.mark.parametrize(
    ("text", "characters", "weighted", "seen"),
    [
        ("", 0, 0, 0),
        ("hello", 5, 5, 5),
        ("café", 4, 4, 4),
        ("cafe\u0301", 5, 4, 4),
        ("日本", 2, 4, 2),
        ("a\u2019b", 3, 3, 3),
        ("👍", 1, 2, 1),
        ("👍🏽", 2, 2, 1),
        ("👩‍👩‍👧", 5, 2, 1),
        ("🏳️‍🌈", 4, 2, 1),
        ("🇬🇧🇫🇷", 4, 4, 2),
        ("🇬🇧🇫", 3, 4, 2),
        ("🏴\U000e0067\U000e0062\U000e0077\U000e006c\U000e0073\U000e007f", 7, 2, 1),
        ("1️⃣", 3, 2, 1),
        ("☀️", 2, 2, 1),
        ("\r\n", 2, 2, 1),
        ("a\n\u0301", 3, 3, 3),
        ("\u1112\u1161\u11ab", 3, 2, 1),
        ("\uac00\u11a8", 2, 2, 1),
        ("\uac00\u1161", 2, 4, 1),
        ("\uac01\u1161", 2, 4, 2),
        ("\u11a8\u11a8", 2, 4, 1),
        ("\u1161\u1161\u11a8", 3, 6, 1),
        ("see https://www.example.org/a/very/long/path/to/something?x=1.", 62, 28, 62),
        ("see example.org/x for more", 26, 36, 26),
        ("mail j@example.org", 18, 18, 18),
        ("mail jo.ba@example.org", 22, 22, 22),
        ("go to example.dev, now", 22, 34, 22),
        ("it ended.Then it began", 22, 22, 22),
    ],
)
def test_units(text: str, characters: int, weighted: int, seen: int) -> None:
    assert count(text, "characters", 999)[0] == characters
    assert count(text, "weighted", 999)[0] == weighted
    assert count(text, "graphemes", 999)[0] == seen


def test_where_it_is_over() -> None:
    assert count("abcdef", "characters", 4) == (6, 4)
    assert count("ab日本", "weighted", 4) == (6, 3)
    assert count("abc", "graphemes", 3) == (3, None)


@given(st.text(), st.sampled_from(["characters", "weighted", "graphemes"]))
def test_any_text_can_be_counted(text: str, counted: Counted) -> None:
    used, over = count(text, counted, 3)
    assert used >= 0
    assert (over is not None) == (used > 3)
    assert over is None or 0 <= over < len(text)


@given(st.text())
def test_graphemes_cover_the_text(text: str) -> None:
    places = list(graphemes(text))
    assert "".join(text[start:end] for start, end in places) == text
