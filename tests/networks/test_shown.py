"""What networks make of a text: links, names, where it folds, how a picture is cut."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatepost.networks import shown
from gatepost.networks.limits import all_networks, limits

TEXT = "See https://www.example.org/news/estate-office-open-on-saturday #OpenDay with @millrace today."


def kinds(text: str, network: str) -> list[tuple[str, str]]:
    return [(piece.kind, piece.shown) for piece in shown.pieces(text, network) if piece.kind != "words"]


def test_each_network_links_and_shortens_in_its_own_way() -> None:
    whole = "https://www.example.org/news/estate-office-open-on-saturday"
    assert kinds(TEXT, "x") == [
        ("link", "example.org/news/estate-of…"),
        ("hashtag", "#OpenDay"),
        ("mention", "@millrace"),
    ]
    assert kinds(TEXT, "facebook") == [("link", whole), ("hashtag", "#OpenDay")]
    assert kinds(TEXT, "wordpress") == [("link", whole)]
    assert ("mention", "@millrace@example.social") in kinds("Hello @millrace@example.social", "mastodon")


@pytest.mark.parametrize("text", ["ring 020#4", "#1", "a&#39;b", "mail jo@example.org", "5 @ 3", "x#tag"])
def test_what_is_no_link(text: str) -> None:
    assert kinds(text, "x") == []


def test_a_full_stop_after_an_address_is_not_part_of_it() -> None:
    assert kinds("Look at https://example.org/a.", "facebook") == [("link", "https://example.org/a")]


@given(st.text(max_size=300), st.sampled_from(sorted(all_networks())))
def test_pieces_cover_any_text(text: str, network: str) -> None:
    assert "".join(text[piece.start : piece.end] for piece in shown.pieces(text, network)) == text
    place = shown.fold_at(text, network)
    assert place is None or 0 <= place < len(text)


def test_where_it_folds() -> None:
    words = "The estate office is open. " * 30
    place = shown.fold_at(words, "linkedin")
    assert place is not None
    assert place <= limits("linkedin").fold
    assert words[place - 1] == " "
    assert shown.fold_at(words, "x") is None
    assert shown.fold_at("short", "instagram") is None
    assert shown.fold_at("one\ntwo\nthree\nfour", "linkedin") == len("one\ntwo\nthree\n")
    assert shown.fold_at("a" * 130, "instagram") == 95  # a word without an end is cut all the same


def test_how_pictures_are_cut() -> None:
    assert shown.crop("mastodon", 1) == (16, 9)
    assert shown.crop("bluesky", 1) is None
    assert shown.crop("bluesky", 3) == (1, 1)
