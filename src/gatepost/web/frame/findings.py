"""What the policy finds in a draft, as screens show it: the words for how grave it is, and the marks in the text."""

from __future__ import annotations

from dataclasses import dataclass

ANSWER = "answer."  # fields of a form that answer a check: answer.<check>
WORDS = {"stop": "Stop", "ask": "Ask", "note": "Note"}  # the gravest first
RANKS = {severity: rank for rank, severity in enumerate(WORDS)}


@dataclass(frozen=True, slots=True)
class Mark:
    """A run of the text in the copy that lies under its box. `voice`: how grave what was found in it is, "" for
    nothing; `number`: of the finding, 0 for none."""

    text: str
    voice: str = ""
    number: int = 0
