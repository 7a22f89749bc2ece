"""Longer messages are made of the short ones of a fold, and say what the one among them says."""

from __future__ import annotations

import numpy as np
from training.longer import EACH, ONE_AMONG, SIZES, longer

from gatepost.policy.model import LABELS

NOTHING = dict.fromkeys(LABELS, False)
ROWS = [
    {
        "text": f"fold {number % 2} says {number}",
        "labels": {**NOTHING, "thanks": number % 3 == 0},
        "sentiment": "positive" if number % 3 == 0 else "neutral",
        "lang": "en",
    }
    for number in range(900)
]
FOLDS = [
    (np.arange(1, 900, 2), np.arange(0, 900, 2)),
    (np.arange(0, 900, 2), np.arange(1, 900, 2)),
]


def test_each_is_made_of_messages_of_its_own_fold_and_left_out_with_them() -> None:
    made, folds = longer(ROWS, FOLDS)
    assert len(made) == 2 * (EACH * len(SIZES) + ONE_AMONG)
    for number, (inside, outside) in enumerate(folds):
        assert sorted([*inside, *outside]) == list(range(len(ROWS) + len(made)))
        mine = [made[at - len(ROWS)]["text"] for at in outside if at >= len(ROWS)]
        assert mine
        assert all(f"fold {number} says" in text and f"fold {1 - number} says" not in text for text in mine)


def test_its_labels_are_those_of_the_message_that_says_something() -> None:
    made, _ = longer(ROWS, FOLDS)
    for row in made:
        said = [int(part.rsplit(" ", 1)[1]) for part in row["text"].rstrip(".").split(". ")]
        telling = [number for number in said if number % 3 == 0]
        assert len(telling) <= 1
        assert row["labels"]["thanks"] is bool(telling)
        assert row["sentiment"] == ("positive" if telling else "neutral")


def test_the_same_messages_make_the_same_longer_ones() -> None:
    assert longer(ROWS, FOLDS)[0] == longer(ROWS, FOLDS)[0]
