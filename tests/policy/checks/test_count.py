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


# Lengths that X's own test vectors state (twitter-text, conformance/validate.yml), those that hold for weighted text.
@pytest.mark.parametrize(
    ("text", "weighted"),
    [
        ("This is a test.", 15),
        ("http://test.com", 23),
        ("https://test.com", 23),
        ("test.com", 23),
        ("Test https://test.com test https://test.com test.com test", 86),
        ("の" * 140, 280),
        ("\U0001f431" * 140, 280),
        ("A lié géts halfway", 18),
    ],
)
def test_vectors_of_x(text: str, weighted: int) -> None:
    assert count(text, "weighted", 280) == (weighted, None)


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("hello", 5),
        ("see https://www.example.org/a/very/long/path?x=1.", 4 + 23 + 1),
        ("see example.org/x", 17),  # without https:// it is counted as written
        ("@millrace@example.social hello", 9 + 6),
        ("@a.b@example.social", 4),
        ("https://example.social/@millrace@example.org", 23),
        ("jo@example.org", 14),
        ("👩‍👩‍👧!", 2),
    ],
)
def test_mastodon_counts_addresses_and_names_short(text: str, units: int) -> None:
    assert count(text, "mastodon", 500)[0] == units


@pytest.mark.parametrize(
    ("text", "units"), [("hello", 5), ("café", 4), ("👍", 4), ("👍🏽", 8), ("a👩‍👩‍👧b", 20), ("日本", 2)]
)
def test_threads_counts_emoji_by_their_bytes(text: str, units: int) -> None:
    assert count(text, "threads", 500)[0] == units


def test_a_name_inside_an_address_counts_with_the_address() -> None:
    assert count("https://town.example/?to=@ada@town.example x", "mastodon", 500) == (25, None)


def test_where_it_is_over() -> None:
    assert count("abcdef", "characters", 4) == (6, 4)
    assert count("ab日本", "weighted", 4) == (6, 3)
    assert count("abc", "graphemes", 3) == (3, None)


@given(st.text(), st.sampled_from(["characters", "weighted", "graphemes", "mastodon", "threads"]))
def test_any_text_can_be_counted(text: str, counted: Counted) -> None:
    used, over = count(text, counted, 3)
    assert used >= 0
    assert (over is not None) == (used > 3)
    assert over is None or 0 <= over < len(text)


@given(st.text())
def test_graphemes_cover_the_text(text: str) -> None:
    places = list(graphemes(text))
    assert "".join(text[start:end] for start, end in places) == text
