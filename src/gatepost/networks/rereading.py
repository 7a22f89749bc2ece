"""Asking a network for messages that the desk has already: what they say now, and which are gone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from .protocol import Incoming


@dataclass(frozen=True, slots=True)
class Again:
    """`messages`: those that are there, as they are now. `gone`: those that the network says it does not have, or not
    for us. Of the rest nothing is known."""

    messages: tuple[Incoming, ...] = ()
    gone: tuple[str, ...] = ()


@runtime_checkable
class Rereads(Protocol):
    """Networks that can be asked about single messages of others."""

    def again(self, refs: Sequence[str]) -> Again:
        """At most as many as `reread` in limits.toml says. Raises ReadFailed."""
        ...
