"""One text, or a few, read by their cues page by page."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..model import Sentiment
from . import safeguarding
from .by_cues import by_cues
from .evidence import topics
from .known import COLUMN, Found
from .language import language
from .memory import Floats, Memory, Summed, Sums, Table
from .page import Page, open_page
from .tone import sentiment
from .trained import marks
from .words import Words


class Alone:
    """See `known.Known`. `memories`: for each table one that nobody else uses."""

    def __init__(self, texts: Sequence[str], words: Words, memories: Sequence[Memory]) -> None:
        self.memories = memories
        self.pages: list[Page] = [open_page(text, words) for text in texts]
        self.marks = [marks(page) for page in self.pages]
        self.found: list[Found] = []
        self.feelings: list[Sentiment] = []
        rows: list[list[float]] = []
        for page in self.pages:
            odds, found = by_cues(page, words)
            rows.append([odds[label] for label in COLUMN])
            self.found.append(found)
            self.feelings.append(sentiment(page, odds, 0.0))
        self.odds: Floats = np.array(rows)

    def summed(self, table: Table) -> tuple[Sums, Summed]:
        memory = next(one for one in self.memories if one.sums.table is table)
        return memory.sums, memory.summed([page.forms for page in self.pages], self.marks)

    def span(self, text: int, word: int) -> tuple[int, int]:
        return self.pages[text].span(word, word + 1)

    def languages(self) -> list[str]:
        return [language(page) for page in self.pages]

    def urgent(self, danger: Sequence[float]) -> list[bool]:
        return [safeguarding.urgent(page, one) for page, one in zip(self.pages, danger, strict=True)]

    def topics(self) -> list[tuple[str, ...]]:
        return [topics(page.of("topic")) for page in self.pages]

    def wordless(self) -> Sequence[int]:
        return [place for place, page in enumerate(self.pages) if not page.forms]
