"""What is known of some texts before they are weighed: by their cues, one by one (`alone`) or all at once (`crowd`)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from ..model import LABELS, Sentiment
from .by_cues import NOTHING
from .evidence import Sign
from .memory import Floats, Summed, Sums, Table

Found = dict[str, list[Sign]]
COLUMN = {label: place for place, label in enumerate(LABELS)}
NOTHING_FOUND = [NOTHING[label] for label in LABELS]


class Known(Protocol):
    """`odds`: for each text the log-odds of every label by LABELS, from the cues alone. `found`: the signs behind them;
    a label without any is missing. `feelings`: what the cues make of each text's feeling.
    """

    odds: Floats
    found: list[Found]
    feelings: list[Sentiment]

    def summed(self, table: Table) -> tuple[Sums, Summed]:
        """What the words of each text and its cues add up to over a table."""
        ...

    def span(self, text: int, word: int) -> tuple[int, int]:
        """Where a word of a text stands in it, in code points."""
        ...

    def languages(self) -> list[str]: ...

    def urgent(self, danger: Sequence[float]) -> list[bool]:
        """Whether somebody should look at each text at once. `danger`: the log-odds that a person may be in danger."""
        ...

    def topics(self) -> list[tuple[str, ...]]: ...

    def wordless(self) -> Sequence[int]:
        """The texts without a single word."""
        ...
