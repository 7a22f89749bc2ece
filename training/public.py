"""Openly licensed public texts, read from the shared folder beside the checkout when it is there.

Each set becomes rows of one public head: (text, answer). The sources and licences are in MODEL_CARD.md. Tests such as
HateCheck and share-alike text are not read here.
"""

from __future__ import annotations

import csv
import gzip
import os
import random
from collections.abc import Iterator
from pathlib import Path

HEADS = ("rude", "spam_texts", "glad", "sour")
_MOST = 6000  # of each set and answer
_GLAD = {"gratitude", "admiration", "joy", "love", "excitement", "relief", "approval", "optimism", "pride", "caring"}
_SOUR = {"anger", "annoyance", "disappointment", "disapproval", "disgust", "sadness", "grief", "remorse", "fear"}


def folder() -> Path | None:
    """The folder of public data, or None."""
    named = os.environ.get("GATEPOST_SHARED")
    place = (Path(named) if named else Path(__file__).resolve().parents[2] / "shared") / "data"
    return place if place.is_dir() else None


def rows(data: Path) -> dict[str, list[tuple[str, bool]]]:
    """The texts of every public head with their answers, the same ones on every run."""
    found: dict[str, list[tuple[str, bool]]] = {head: [] for head in HEADS}
    rude = found["rude"]
    _keep(rude, "davidson", ((row["text"], row["label"] != "neither") for row in _table(data, "davidson")), 5000)
    _keep(rude, "hatemoji", ((row["text"], row["label"] == "1") for row in _table(data, "hatemoji_build")))
    _keep(rude, "toxic", ((row["text"], True) for row in _table(data, "toxic_spans") if row["n_nottoxic"] == "0"), 3000)
    _keep(
        rude,
        "surge",
        ((row["text"], row["toxic"].lower().startswith(("t", "1"))) for row in _table(data, "surge_toxicity")),
    )
    _keep(rude, "convabuse", ((row["text"], row["abusive"] == "1") for row in _table(data, "convabuse")))
    spam = ((row["text"], row["spam"] in ("1", "spam")) for row in _table(data, "sms_spam"))
    _keep(found["spam_texts"], "sms", spam)
    felt = [(row["text"], set(row["emotions"].replace("|", ",").split(","))) for row in _table(data, "goemotions")]
    calm = [(text, False) for text, emotions in felt if not emotions & {"anger", "annoyance", "disgust", "disapproval"}]
    _keep(rude, "goemotions", calm, 8000)
    _keep(found["glad"], "glad", ((text, bool(emotions & _GLAD)) for text, emotions in felt))
    _keep(found["sour"], "sour", ((text, bool(emotions & _SOUR)) for text, emotions in felt))
    return found


def _keep(
    into: list[tuple[str, bool]],
    name: str,
    found: Iterator[tuple[str, bool]] | list[tuple[str, bool]],
    most: int = _MOST,
) -> None:
    listed = sorted(set(found))
    for answer in (False, True):
        some = [row for row in listed if row[1] is answer]
        into += random.Random(name).sample(some, min(most, len(some)))


def _table(data: Path, name: str) -> Iterator[dict[str, str]]:
    with gzip.open(data / f"{name}.csv.gz", "rt", encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)
