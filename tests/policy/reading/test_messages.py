"""How well the readers do on invented messages kept here, and on the shared housing messages where they are at hand."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import pytest

from gatepost.policy.model import LABELS
from gatepost.policy.reading import Words, load_words, read
from tests.shared import shared

HERE = Path(__file__).parent
PACK = HERE.parents[2] / "packs" / "bhp" / "words.toml"
OWN_FLOORS = {
    "complaint": 0.80, "personal_details": 0.97, "staff_abuse": 0.85, "offensive": 0.85,
    "hate": 0.45, "media_query": 0.95,
    "service_request": 0.85, "question": 0.87, "thanks": 0.83, "spam": 0.95, "sar_request": 0.95,
    "foi_request": 0.95, "safeguarding": 0.95,
}  # fmt: skip
HOUSING_FLOORS = {
    "complaint": 0.75, "personal_details": 0.90, "staff_abuse": 0.70, "offensive": 0.70,
    "hate": 0.0, "media_query": 0.85,
    "service_request": 0.75, "question": 0.75, "thanks": 0.70, "spam": 0.90, "sar_request": 0.85,
    "foi_request": 0.85, "safeguarding": 0.85,
}  # fmt: skip


@cache
def words() -> Words:
    return load_words(PACK.read_text(encoding="utf-8"))


def measure(path: Path) -> tuple[dict[str, float], float, float]:
    """F1 by label, the share of feelings told right, and the share of personal spans found at least by half."""
    counts = {label: [0, 0, 0] for label in LABELS}
    feelings = found = spans = rows = 0
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        reading = read(row["text"], words())
        rows += 1
        feelings += reading.sentiment == row["sentiment"]
        for label in LABELS:
            wanted, got = bool(row["labels"].get(label)), reading.labels[label] >= 0.5
            counts[label][0] += wanted and got
            counts[label][1] += got and not wanted
            counts[label][2] += wanted and not got
        for span in row["spans"]:
            if span["weak"]:
                continue
            spans += 1
            half = (span["end"] - span["start"]) / 2
            found += any(
                s.label == "personal_details" and min(s.end, span["end"]) - max(s.start, span["start"]) >= half
                for s in reading.spans
            )
    scores = {label: 2 * hit / max(2 * hit + false + missed, 1) for label, (hit, false, missed) in counts.items()}
    return scores, feelings / rows, found / max(spans, 1)


@pytest.mark.parametrize(
    ("name", "floors", "feeling", "spans"),
    [("own", OWN_FLOORS, 0.85, 0.93), ("housing", HOUSING_FLOORS, 0.65, 0.85)],
)
def test_floors(name: str, floors: dict[str, float], feeling: float, spans: float) -> None:
    path = HERE / "messages.jsonl" if name == "own" else shared("data/housing.jsonl")
    scores, feelings, found = measure(path)
    for label, score in scores.items():
        print(f"{name} {label:18} F1 {score:.2f}")
    print(f"{name} feelings {feelings:.2f} spans {found:.2f}")
    below = {label: round(score, 3) for label, score in scores.items() if score < floors[label]}
    assert not below
    assert feelings >= feeling
    assert found >= spans


def test_the_messages_are_many_and_differ() -> None:
    texts = [json.loads(line)["text"] for line in (HERE / "messages.jsonl").read_text(encoding="utf-8").splitlines()]
    assert len(set(texts)) == len(texts) >= 250


@pytest.mark.parametrize(
    "text",
    [
        "Swap wanted: Scunthorpe to Penistone",
        "Cockermouth Road is closed on Sunday",
        "Mr Dick Cox runs the raffle with Fanny Hancock",
        "The ballcock and the stopcock were both replaced",
        "Thanks to Miss Dickinson of the Essex team",
        "My cockapoo loves the new grass, Middlesex Court residents",
    ],
)
def test_innocent_names_raise_no_alarm(text: str) -> None:
    labels = read(text, words()).labels
    assert labels["offensive"] < 0.5
    assert labels["staff_abuse"] < 0.5
