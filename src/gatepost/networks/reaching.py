"""What networks tell of private messages after they took them: delivered, read.

A network tells of it by a watermark: everything it took for this person up to that moment. Some name messages as well.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol, runtime_checkable

How = Literal["delivered", "read"]
MESSAGE = re.compile(r"t_([0-9]{1,40}):([A-Za-z0-9_.:=$+/-]{1,240})")


@dataclass(frozen=True, slots=True)
class Reached:
    """`person` has, or has read, all that was sent to them up to `up_to` (the network's clock). `refs`: messages that
    it names; they are no later than that."""

    person: str
    how: How
    up_to: datetime
    refs: tuple[str, ...] = ()


@runtime_checkable
class TellsReached(Protocol):
    """Networks whose calls tell that private messages were delivered or read. Check the signature first. The same may
    be told twice, late, and in any order."""

    def reached_in(self, body: bytes) -> tuple[Reached, ...]: ...


def ref_of(person: str, message: str) -> str:
    """The ref of a private message; its bare id where the network did not say to whom it went."""
    return f"t_{person}:{message}" if person and message else message


def person_of(ref: str) -> str:
    """To or from whom a private message is; "" for what is none."""
    found = MESSAGE.fullmatch(ref)
    return found[1] if found else ""
