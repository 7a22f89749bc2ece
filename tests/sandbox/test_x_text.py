"""How X counts and rewrites."""

from __future__ import annotations

import pytest

from gatepost.sandbox.x_text import names, shown, weight


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", 0),
        ("hello", 5),
        ("café", 4),
        ("cafe\u0301", 4),
        ("日本", 4),
        ("👍", 2),
        ("👍🏽", 2),
        ("👨‍👩‍👧‍👦", 2),
        ("🇬🇧🇬🇧", 4),
        ("see https://example.org/a/very/long/path/indeed/it/is?x=1", 27),
        ("a “quote” — dash", 16),
        ("ગુજરાતી", 7),
    ],
)
def test_weights(text: str, expected: int) -> None:
    assert weight(text) == expected


def test_full_stops_after_a_link_are_not_part_of_it() -> None:
    text, entities = shown("See https://example.org/a. <Now>", [])
    assert entities["urls"][0]["expanded_url"] == "https://example.org/a"
    assert text.endswith(". &lt;Now&gt;")


@pytest.mark.parametrize(
    ("text", "expected"),
    [("hi @BHP_practice!", True), ("hi @bhp_PRACTICE", True), ("a@BHP_practice", False), ("@BHP", False)],
)
def test_mentions(text: str, expected: bool) -> None:
    assert names(text, "BHP_practice") is expected
