"""Messages that resemble each other share a fold, the same one on every run."""

from __future__ import annotations

import os
import subprocess
import sys

from training.alike import groups, unlike

TEXTS = [
    "the lift in Rowan House is out again",
    "the lift in Rowan House is out again today",
    "is the lift in Rowan House out again today",
    "who won the raffle",
    "who won the raffle?",
    "a flask of tea",
]


def test_messages_that_resemble_each_other_share_a_group() -> None:
    assert groups(TEXTS) == [0, 0, 0, 3, 3, 5]


def test_the_groups_do_not_depend_on_the_order_of_sets() -> None:
    ask = f"from training.alike import groups; print(groups({TEXTS!r}))"
    said = {
        subprocess.run(
            [sys.executable, "-c", ask],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert said == {"[0, 0, 0, 3, 3, 5]\n"}


def test_what_resembles_a_message_held_back_is_not_trained_on() -> None:
    rows = [{"text": text} for text in TEXTS]
    assert unlike(rows, ["Who won the raffle"]) == [rows[0], rows[1], rows[2], rows[5]]
