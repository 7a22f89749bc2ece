"""How far two people who label the same messages agree: `python -m training.agreement`.

`second_labels.jsonl` holds what a second reader said of 600 messages drawn by chance, 300 of them held back. They saw
the texts and the conventions and nothing else. For each label: how often each of the two gave it, the share of
messages on which they agree, and Cohen's kappa (agreement beyond chance; 1 is complete).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from gatepost.policy.model import LABELS

HERE = Path(__file__).parent
Pair = tuple[frozenset[str], frozenset[str]]


def pairs() -> list[Pair]:
    """What the first and the second said of each message that both labelled."""
    first: dict[tuple[str, str], frozenset[str]] = {}
    for path in (*HERE.glob("held_back*.jsonl"), *(HERE / "messages").glob("*.jsonl")):
        for row in _rows(path):
            first[path.name, row["id"]] = frozenset(label for label, holds in row["labels"].items() if holds)
    return [(first[row["file"], row["id"]], frozenset(row["labels"])) for row in _rows(HERE / "second_labels.jsonl")]


def _rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def kappa(said: Sequence[Pair], label: str) -> tuple[int, int, float, float]:
    """(times the first gave the label, times the second did, share of agreement, Cohen's kappa)."""
    one, two = sum(label in a for a, _ in said), sum(label in b for _, b in said)
    agree = sum((label in a) is (label in b) for a, b in said) / len(said)
    p, q = one / len(said), two / len(said)
    chance = p * q + (1 - p) * (1 - q)
    return one, two, agree, 1.0 if chance == 1 else (agree - chance) / (1 - chance)


def main() -> None:
    said = pairs()
    for label in LABELS:
        one, two, agree, beyond = kappa(said, label)
        print(f"{label:18} {one:4} {two:4}  {agree:.3f}  {beyond:.2f}")
    print(f"all labels of a message alike: {sum(a == b for a, b in said) / len(said):.3f} of {len(said)}")


if __name__ == "__main__":
    main()
