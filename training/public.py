"""Openly licensed public texts, read from the shared folder beside the checkout when it is there.

Each set becomes rows of one public head: (text, answer). The sources and licences are in MODEL_CARD.md. Tests such as
HateCheck and share-alike text are not read here.
"""

from __future__ import annotations

import csv
import gzip
import os
import random
from collections.abc import Iterable, Iterator
from pathlib import Path

HEADS = ("rude", "hateful", "spam_texts", "glad", "sour")
_MOST = 6000  # of each set and answer
_ANGRY = {"anger", "annoyance", "disgust", "disapproval"}
_GLAD = {
    "gratitude",
    "admiration",
    "joy",
    "love",
    "excitement",
    "relief",
    "approval",
    "optimism",
    "pride",
    "caring",
    "amusement",
}
_SOUR = {
    "anger",
    "annoyance",
    "disappointment",
    "disapproval",
    "disgust",
    "sadness",
    "grief",
    "remorse",
    "fear",
    "embarrassment",
    "nervousness",
}
Row = tuple[str, bool]


def folder() -> Path | None:
    """The folder of public data, or None."""
    named = os.environ.get("GATEPOST_SHARED")
    place = (Path(named) if named else Path(__file__).resolve().parents[2] / "shared") / "data"
    return place if place.is_dir() else None


def rows(data: Path) -> dict[str, list[Row]]:
    """The texts of every public head with their answers, the same ones on every run."""
    felt = _felt(data)
    calm = [(text, False) for text, emotions in felt if not emotions & _ANGRY]
    rude = [
        *_kept("davidson", ((row["text"], row["label"] != "neither") for row in _table(data, "davidson")), 4000, 4500),
        *_kept("convabuse", ((row["text"], row["abusive"] == "1") for row in _table(data, "convabuse"))),
        *_kept("toxic", ((row["text"], _toxic(row)) for row in _table(data, "toxic_spans")), 3000, 3500),
        *_kept("surge", ((row["text"], row["toxic"] == "1") for row in _table(data, "surge_toxicity"))),
        *_kept("calm", calm, 4000),
    ]
    hateful = [
        *_kept("davidson hate", ((row["text"], row["label"] == "hate") for row in _table(data, "davidson")), 4000),
        *_kept("hatemoji", ((row["text"], row["label"] == "1") for row in _table(data, "hatemoji_build"))),
        *_kept("edos", ((row["text"], row["sexist"] == "1") for row in _table(data, "edos")), 2500),
        *_kept("names", ((row["text"], row["toxic"] == "1") for row in _table(data, "bias_madlibs")), 600),
        *_kept("calm hate", calm, 3000),
    ]
    praised = [(row["text"], row["positive"] == "1") for row in _table(data, "uci_sentences_yelp")]
    return {
        "rude": rude,
        "hateful": hateful,
        "spam_texts": _kept("sms", ((row["text"], row["spam"] in ("1", "spam")) for row in _table(data, "sms_spam"))),
        "glad": [*_kept("glad", ((text, bool(emotions & _GLAD)) for text, emotions in felt)), *praised],
        "sour": [
            *_kept("sour", ((text, bool(emotions & _SOUR)) for text, emotions in felt)),
            *((text, not good) for text, good in praised),
        ],
    }


def feelings(data: Path, most: int) -> list[tuple[str, str]]:
    """Public texts with one feeling: positive, neutral or negative; as many of each."""
    found: dict[str, list[str]] = {"positive": [], "neutral": [], "negative": []}
    for text, emotions in _felt(data):
        good, bad = bool(emotions & _GLAD), bool(emotions & _SOUR)
        if good != bad or emotions == {"neutral"}:
            found["positive" if good else "negative" if bad else "neutral"].append(text)
    return [
        (text, feeling)
        for feeling, texts in found.items()
        for text in random.Random(feeling).sample(sorted(set(texts)), most)
    ]


def _felt(data: Path) -> list[tuple[str, set[str]]]:
    return [(row["text"], set(row["emotions"].replace("|", ",").split(","))) for row in _table(data, "goemotions")]


def _toxic(row: dict[str, str]) -> bool:
    return int(row["n_nottoxic"]) * 2 < int(row["n_annot"])


def _kept(name: str, found: Iterable[Row], most_false: int = _MOST, most_true: int = 0) -> list[Row]:
    """Some rows of each answer, the same ones on every run."""
    listed = sorted(set(found))
    kept: list[Row] = []
    for answer, most in ((False, most_false), (True, most_true or most_false)):
        some = [row for row in listed if row[1] is answer]
        kept += random.Random(name).sample(some, min(most, len(some)))
    return kept


def _table(data: Path, name: str) -> Iterator[dict[str, str]]:
    with gzip.open(data / f"{name}.csv.gz", "rt", encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)
