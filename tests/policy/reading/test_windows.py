"""A long text is read to its end, window by window, and nothing is lost where two windows meet."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from gatepost.policy.pack import load
from gatepost.policy.reading import evidence, evidence_of_many, read, read_many
from gatepost.policy.reading.windows import MOST_READ, OVERLAP, WINDOW, said_of_pieces, windows_of

WORDS = load(Path(__file__).resolve().parents[3] / "packs" / "bhp").words
PHONE = "07700 900123"
DETAILS = f" ring me on {PHONE} please "


@pytest.mark.parametrize("text", ["", "a", "a b " * 25_000, "x" * 250_001, "a b\n" * 60_000, "é" * (MOST_READ + 5)])
def test_windows_cover_a_text_and_overlap(text: str) -> None:
    windows = windows_of(text)
    assert windows[0][0] == 0
    assert all(len(words) <= WINDOW and text[start : start + len(words)] == words for start, words in windows)
    assert windows[-1][0] + len(windows[-1][1]) == min(len(text), MOST_READ)
    for (start, words), (following, _) in itertools.pairwise(windows):
        assert OVERLAP // 2 <= start + len(words) - following <= OVERLAP


@pytest.mark.parametrize("place", [0, WINDOW - 20, WINDOW - OVERLAP, 2 * WINDOW - 990, 250_000])
def test_a_telephone_number_is_found_wherever_it_stands(place: int) -> None:
    filling = "the lift is slow " * 20_000
    text = f"{filling[:place]}{DETAILS}{filling[: 300_000 - place]}"
    at = text.index(PHONE)
    spans = [(one.start, one.end) for one in read(text, WORDS).spans if one.label == "personal_details"]
    assert any(start <= at and at + len(PHONE) <= end for start, end in spans)
    signs = evidence(text, WORDS)["personal_details"][1]
    assert any(sign.start <= at and at + len(PHONE) <= sign.end for sign in signs)


def test_a_window_gives_its_labels_topics_and_urgency_to_the_whole() -> None:
    filling = "thank you for the lovely garden " * 4_000
    calm = read(filling, WORDS)
    angry = "I want to kill myself and I want to make a complaint about the damp, you useless idiots. "
    text = filling + angry * 5
    whole = read(text, WORDS)
    assert whole.urgent
    assert not calm.urgent
    assert whole.sentiment == "negative"
    assert whole.language == "en"
    windows = [read(part, WORDS) for _, part in windows_of(text)]
    assert whole.labels == {label: max(one.labels[label] for one in windows) for label in calm.labels}
    assert whole.labels["safeguarding"] > 2 * calm.labels["safeguarding"]
    assert read_many(["short", text], WORDS) == [read("short", WORDS), whole]


def test_the_evidence_of_many_is_that_of_each() -> None:
    long = f"{'the lift is slow ' * 7_000}{DETAILS}"
    texts = [long, "", f"Ring me on {PHONE}", "I live at 12 Damson Court", "Thank you!", "a@example.org", long[5:], "x"]
    assert evidence_of_many(texts, WORDS) == [evidence(text, WORDS) for text in texts]
    assert evidence_of_many([], WORDS) == []


def test_every_detail_is_marked_however_many_there_are() -> None:
    reading = read(f"{PHONE}, call it. " * 1_000, WORDS)
    assert sum(one.label == "personal_details" for one in reading.spans) >= 1_000


def test_what_was_read_is_said() -> None:
    assert said_of_pieces("a" * WINDOW) == ""
    assert said_of_pieces("a " * WINDOW).startswith("All 200,000 characters")
    assert said_of_pieces("a" * (MOST_READ + 1)).startswith("Only the first 1,048,576 characters")
