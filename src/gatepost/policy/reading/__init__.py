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
from . import safeguarding
from .evidence import Sign
from .learnt import Learnt
from .page import open_page
from .plain_english import Jargon, Plain, Sentence, plain
from .together import Read, read_together, readings_together
from .tone import tone
from .windows import WINDOW, read_in_windows, windows_of
from .words import Words, load_words

__all__ = [
    "Jargon", "Learnt", "Plain", "Sentence", "Words", "evidence", "evidence_of_many", "load_words", "plain", "read",
    "read_many", "tone", "urgent_words",
]  # fmt: skip


def read(text: str, words: Words, learnt: Learnt | None = None) -> Reading:
    """Read one text of any Unicode at all; never raises. What stands after `windows.MOST_READ` is not read."""
    return read_many([text], words, learnt)[0]


def urgent_words(text: str, words: Words) -> bool:
    """Whether its words ask for somebody at once, whoever may be in danger or not."""
    return any(safeguarding.urgent(open_page(part, words), -1.0) for _, part in windows_of(text))


def read_many(texts: Sequence[str], words: Words, learnt: Learnt | None = None) -> list[Reading]:
    """Read many texts, in order: the same readings as one by one, only quicker."""
    if all(len(text) <= WINDOW for text in texts):
        return readings_together(texts, words, learnt)
    return read_in_windows(texts, lambda some: readings_together(some, words, learnt))


def evidence(text: str, words: Words) -> dict[str, tuple[float, tuple[Sign, ...]]]:
    """For every label its log-odds and the weighted signs behind them: for explaining, and for other judges."""
    return evidence_of_many([text], words)[0]


def evidence_of_many(texts: Sequence[str], words: Words) -> list[dict[str, tuple[float, tuple[Sign, ...]]]]:
    """The same of many texts, in order."""
    cut = [windows_of(text) for text in texts]
    done = iter(read_together([part for windows in cut for _, part in windows], words))
    return [_evidence([(start, next(done)) for start, _ in windows]) for windows in cut]


def _evidence(parts: Sequence[tuple[int, Read]]) -> dict[str, tuple[float, tuple[Sign, ...]]]:
    found: dict[str, tuple[float, tuple[Sign, ...]]] = {}
    for place, label in enumerate(LABELS):
        signs = {
            sign._replace(start=start + sign.start, end=start + sign.end) if sign.end > sign.start else sign: None
            for start, read in parts
            for sign in read.found.get(label, ())
        }
        odds = max(read.odds[place] for _, read in parts)
        found[label] = odds, tuple(signs) if len(parts) > 1 else tuple(parts[0][1].found.get(label, ()))
    return found
