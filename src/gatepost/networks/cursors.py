"""Where reading stopped: a mark, and the refs seen close to it.

Networks show messages late and give several the same second, so the next read begins a little before the mark
and leaves out what was seen there. A cursor is JSON text, opaque to whoever keeps it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

from .protocol import ReadFailed


@dataclass(frozen=True, slots=True)
class Cursor:
    """`mark` is the network's own measure (seconds, an id); `seen` the refs at or after the overlap's
    beginning."""

    mark: int = 0
    seen: frozenset[str] = frozenset()

    def written(self) -> str:
        return json.dumps({"mark": self.mark, "seen": sorted(self.seen)}, separators=(",", ":"))

    def moved(self, read: Iterable[tuple[int, str]], overlap: int) -> Cursor:
        """The cursor after reading messages, given as (measure, ref); `overlap` is in the same measure.

        `read` must hold everything the network showed from `mark - overlap` on, the seen ones too.
        """
        pairs = list(read)
        mark = max([self.mark, *(measure for measure, _ in pairs)])
        return Cursor(mark, frozenset(ref for measure, ref in pairs if measure >= mark - overlap))


def cursor_of(written: str) -> Cursor:
    """Reads a cursor ("" is the beginning). Raises ReadFailed for text that is none."""
    if not written:
        return Cursor()
    try:
        read = json.loads(written)
        mark, seen = read["mark"], read["seen"]
        if type(mark) is int and isinstance(seen, list) and all(isinstance(ref, str) for ref in seen):
            return Cursor(mark, frozenset(seen))
    except (ValueError, KeyError, TypeError, RecursionError):
        pass
    raise damaged()


def damaged() -> ReadFailed:
    """For a cursor that is none; the caller raises it."""
    return ReadFailed(
        "The place where reading stopped is damaged. Close this channel and connect the account anew: it is then read "
        "from the start.",
        None,
    )
