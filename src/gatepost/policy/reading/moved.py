"""Which words count otherwise since the readers learnt: what was taught, told in words that still stand in messages.

The file of what was learnt holds weights of hashed pieces and no words. The words here come from messages at hand, and
only those that several of them share, so that no name or number of one person is shown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from .learnt import Learnt
from .memory import MOST_WORDS
from .page import open_page
from .trained import grams
from .words import Words

LEAST_MESSAGES = 3
SHORTEST = 3  # letters
_LEAST = 0.05  # log-odds a word brings by itself: less is not worth telling


@dataclass(frozen=True, slots=True)
class Moved:
    """A word, in how many of the messages it stands, and what it alone adds to a label's log-odds now."""

    word: str
    messages: int
    weight: float


def shared_words(texts: Iterable[str], words: Words) -> Counter[str]:
    """Words of letters alone that at least LEAST_MESSAGES of the texts hold, with how many do."""
    found: Counter[str] = Counter()
    for text in texts:
        forms = open_page(text, words).forms[:MOST_WORDS]
        found.update({form for form in forms if len(form) >= SHORTEST and form.isalpha()})
    return Counter({form: count for form, count in found.items() if count >= LEAST_MESSAGES})


def moved(learnt: Learnt, shared: Counter[str], most: int = 12) -> dict[str, Sequence[Moved]]:
    """For each label learnt, the words that moved it most, the heaviest first, whichever way they pull."""
    rows: dict[str, list[Moved]] = {label: [] for label in learnt.labels}
    for word, messages in shared.items():
        pieces = grams(word)
        told = learnt.table[pieces].sum(axis=0, dtype=np.int64) * learnt.scales / np.sqrt(len(pieces))
        for label, weight in zip(learnt.labels, told.tolist(), strict=True):
            if abs(weight) >= _LEAST:
                rows[label].append(Moved(word, messages, weight))
    return {label: sorted(found, key=lambda one: (-abs(one.weight), one.word))[:most] for label, found in rows.items()}
