"""policy.md: the document as people read it, each clause marked with its id in square brackets.

    ## Usage Guidelines:
    - [usage.4] Staff should not enter into negative dialogue …

A clause runs to the next mark, heading or unindented paragraph. What carries no mark is part of the document,
not a clause.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_HEADING = re.compile(r"^#{1,6}\s")
_MARK = re.compile(r"^\s*(?:[-*]\s+)?\[([a-z][a-z0-9_]*(?:\.[0-9]+)+)\]\s*(.*)$")


@dataclass(frozen=True, slots=True)
class Passage:
    """One clause as it stands in the document; `line` counts from 1."""

    id: str
    heading: str
    text: str
    line: int


def passages(text: str) -> list[Passage]:
    """The marked clauses in their order. The same id may come out twice; the caller says so."""
    found: list[Passage] = []
    heading = ""
    held: tuple[str, str, int] | None = None
    words: list[str] = []

    def close() -> None:
        nonlocal held
        if held:
            found.append(Passage(held[0], held[1], "\n".join(words).strip(), held[2]))
        held = None
        words.clear()

    blank = False
    for number, line in enumerate(text.split("\n"), start=1):
        title = _HEADING.match(line)
        mark = _MARK.match(line)
        if title:
            close()
            heading = line.strip("# \t").rstrip(":").rstrip("# \t:")
        elif mark:
            close()
            held = (mark[1], heading, number)
            words.append(mark[2])
        elif not line.strip():
            blank = True
            continue
        elif held and (line.startswith((" ", "\t")) or not blank):
            words.append(line.strip())
        else:
            close()
        blank = False
    close()
    return found
