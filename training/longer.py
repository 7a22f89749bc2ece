"""Longer messages, put together from short ones of one fold, so that nobody takes length itself for anything.

Real people write five sentences about the weather before they say that the gate is broken, and some write fifty about
nothing. A text of many sentences says of a label what its likeliest sentence says: an everyday text stays one.
"""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

import numpy as np

from gatepost.policy.model import LABELS

Rows = list[dict[str, Any]]

SIZES = (2, 3, 5, 8, 13, 21, 34)  # sentences of everyday talk
EACH = 15  # texts of each size and fold
ONE_AMONG = 120  # texts of a fold with one message that says something among up to six that do not
WEIGHT = 0.5  # in the join


def longer(rows: Rows, folds: list[Any]) -> tuple[Rows, list[Any]]:
    """The longer messages, and the folds with them added after `rows`: each made from messages of its own fold only."""
    made: Rows = []
    mine: list[list[int]] = []
    for number, (_, outside) in enumerate(folds):
        chance = random.Random(f"longer {number}")
        here = [rows[at] for at in outside if rows[at].get("lang", "en") == "en"]
        plain = [row for row in here if not any(row["labels"].values())]
        telling = [row for row in here if any(row["labels"].values())]
        some = [_of(chance.sample(plain, size)) for size in SIZES for _ in range(EACH)]
        for row in chance.sample(telling, ONE_AMONG):
            around = chance.sample(plain, chance.randint(1, 6))
            around.insert(chance.randint(0, len(around)), row)
            some.append(_of(around, row))
        first = len(rows) + len(made)
        mine.append(list(range(first, first + len(some))))
        made += some
    every = [place for places in mine for place in places]
    return made, [
        (np.array([*inside, *(at for at in every if at not in set(own))]), np.array([*outside, *own]))
        for (inside, outside), own in zip(folds, mine, strict=True)
    ]


def _of(parts: Rows, telling: dict[str, Any] | None = None) -> dict[str, Any]:
    """One text of these messages: its labels are those of the one that says something, its feeling that of most."""
    text = " ".join(part["text"] if part["text"][-1:] in ".?!" else f"{part['text']}." for part in parts)
    felt = Counter(part["sentiment"] for part in parts).most_common(2)
    even = len(felt) > 1 and felt[0][1] == felt[1][1]
    feeling = telling["sentiment"] if telling else "neutral" if even else felt[0][0]
    labels = telling["labels"] if telling else dict.fromkeys(LABELS, False)
    return {"text": text, "labels": labels, "sentiment": feeling}
