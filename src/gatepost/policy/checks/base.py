"""What every check is given, and how it answers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, lru_cache

import re2

from gatepost.policy.decide import decide
from gatepost.policy.model import Decision, Finding, NetworkLimits, Outbound, Reading
from gatepost.policy.pack import Pack
from gatepost.policy.reading import read
from gatepost.policy.reading.plain_english import Plain, plain
from gatepost.policy.shape import Phrase

TEXT_LIMIT = 100_000  # code points of a draft that are checked; no network takes more


@dataclass(frozen=True)
class Draft:
    """A draft on the table: itself, the pack, the time, the network's limits, and what the readers say of it."""

    out: Outbound
    pack: Pack
    at: datetime
    limits: NetworkLimits | None

    @cached_property
    def text(self) -> str:
        return self.out.text[:TEXT_LIMIT]

    @property
    def where(self) -> str:
        """The network as people call it, to begin or to go on with in a sentence; "" when none is named."""
        return self.out.called or self.out.network

    @cached_property
    def reading(self) -> Reading:
        return read(self.text, self.pack.words)

    @cached_property
    def plain(self) -> Plain:
        return plain(self.text, self.pack.words)

    @cached_property
    def answered(self) -> Decision | None:
        """What the policy says of the message this answers."""
        return decide(self.out.answering, self.pack, self.at) if self.out.answering else None

    @cached_property
    def unchanged_wording(self) -> bool:
        wording = self.pack.wordings.get(self.out.wording)
        return wording is not None and wording.text == self.out.text

    @property
    def aims(self) -> frozenset[str]:
        return frozenset(one.id for one in self.pack.aims)

    @property
    def public_reply(self) -> bool:
        return self.out.kind == "reply"


_SURROGATE = re.compile("[\ud800-\udfff]")
Check = Callable[[Draft], Iterator[Finding]]


def matches(phrase: Phrase, text: str) -> list[tuple[int, int]]:
    """Where a pack's pattern stands in `text`, in code points; without regard to case, in linear time."""
    # re2 reads UTF-8, which cannot hold a lone surrogate: one stand-in character keeps the places right.
    safe = _SURROGATE.sub("\ufffd", text)
    return [found.span() for found in compiled(phrase.pattern).finditer(safe) if found.end() > found.start()]


@lru_cache(maxsize=2_000)
def compiled(pattern: str) -> re2._Regexp:
    """Raises re2.error for a pattern that is not one; packs are checked for that when they are loaded."""
    return re2.compile(f"(?i){pattern}")


def clause(draft: Draft, check: str) -> str:
    """The clause that the pack binds a check to; "" where it binds it to none."""
    return draft.pack.governing(f"check:{check}")


def sentences(text: str) -> Iterable[tuple[int, int]]:
    """Rough places of sentences: up to ., !, ? followed by space, or a line's end. Abbreviations of titles do
    not end one.
    """
    start = 0
    for place, mark in enumerate(text):
        at_end = place + 1 == len(text)
        ends = mark == "\n" or (mark in ".!?" and (at_end or text[place + 1].isspace()))
        if mark == "." and text[max(0, place - 4) : place].rsplit(" ", 1)[-1] in _TITLES:
            ends = False
        if ends or at_end:
            if text[start : place + 1].strip():
                yield start, place + 1
            start = place + 1


_TITLES = {"Mr", "Mrs", "Ms", "Dr", "Cllr", "St", "Rev", "Prof"}
