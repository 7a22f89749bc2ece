"""What a text says: labels with probabilities, the words that gave rise to them, feeling, language, topics.

    words = load_words(toml_text)
    reading = read("Still no hot water, day 6", words)

Pure: the same text, words and lessons (`learnt`: what the desk taught the readers) give the same reading for ever. Each
reader returns weighted evidence (`Sign`); a small trained model that ships with the package (`trained`) weighs it
together with the words themselves.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..model import LABELS, Reading
from .evidence import Sign
from .learnt import Learnt
from .plain_english import Jargon, Plain, Sentence, plain
from .together import read_together, readings_together
from .tone import tone
from .words import Words, load_words

__all__ = [
    "Jargon", "Learnt", "Plain", "Sentence", "Words", "evidence", "load_words", "plain", "read", "read_many", "tone",
]  # fmt: skip


def read(text: str, words: Words, learnt: Learnt | None = None) -> Reading:
    """Read one text of any Unicode at all; never raises. What stands after 200,000 code points is not read."""
    return read_together([text], words, learnt=learnt)[0].reading


def read_many(texts: Sequence[str], words: Words, learnt: Learnt | None = None) -> list[Reading]:
    """Read many texts, in order: the same readings as one by one, only quicker."""
    return readings_together(texts, words, learnt)


def evidence(text: str, words: Words) -> dict[str, tuple[float, tuple[Sign, ...]]]:
    """For every label its log-odds and the weighted signs behind them: for explaining, and for other judges."""
    read = read_together([text], words)[0]
    return {label: (odds, tuple(read.found.get(label, ()))) for label, odds in zip(LABELS, read.odds, strict=True)}
