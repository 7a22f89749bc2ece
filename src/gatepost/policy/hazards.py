"""Which hazards of a home a message tells of, and whom they hurt sooner: damp, mould, gas, a child, illness.

    hazards("Mould in the bedroom and my son has asthma", words)  # mould, child, illness, each with its place

For people who look at one message: deciding does not wait for it. The phrases are data, in `hazards.toml`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from gatepost.policy.model import Span
from gatepost.policy.reading import Words
from gatepost.policy.reading.cues import Book, Cue, book, plain_word, variants
from gatepost.policy.reading.page import open_page
from gatepost.policy.reading.windows import windows_of

LABEL = "hazard"  # of the spans
ABOUT_A_HOME = frozenset(("complaint", "service_request", "safeguarding"))


@dataclass(frozen=True, slots=True)
class Known:
    """`said`: how each kind is told to people. `people`: the kinds that are hazards to nobody by themselves. `besides`:
    the kinds of phrases that only sound like one."""

    book: Book
    said: Mapping[str, str]
    people: frozenset[str]
    besides: frozenset[str]


@lru_cache(maxsize=1)
def known() -> Known:
    """The phrases that ship with the package, read once."""
    data = tomllib.loads(resources.files("gatepost.policy").joinpath("hazards.toml").read_text(encoding="utf-8"))
    lists = {name: frozenset(plain_word(word) for word in words) for name, words in data["lists"].items()}
    rows = [
        variant
        for kind, phrases in (data["home"] | data["people"] | data["besides"]).items()
        for phrase in phrases
        for variant in variants(Cue(LABEL, kind, 1.0, phrase, True), lists)
    ]
    return Known(book(rows), data["said"], frozenset(data["people"]), frozenset(data["besides"]))


def hazards(text: str, words: Words) -> tuple[Span, ...]:
    """Where hazards are told, in order, none within another of its kind; `kind` names each. Nothing where it is over, a
    joke or a "no mould here". People are told of only beside a hazard."""
    found: set[Span] = set()
    for start, part in windows_of(text):
        page = open_page(part, words)
        if page.of("joke") or page.of("resolved"):
            continue
        hits = known().book.hits(page.forms)
        taken = {place for hit in hits if hit.cue.kind in known().besides for place in range(hit.first, hit.after)}
        for hit in hits:
            told = hit.cue.kind in known().people or not page.negated(hit.first)
            if told and taken.isdisjoint(range(hit.first, hit.after)):
                first, end = page.span(hit.first, hit.after)
                found.add(Span(start + first, start + end, LABEL, hit.cue.kind))
    if all(span.kind in known().people for span in found):
        return ()
    return longest(found)


def told_to_us(text: str, words: Words, decided: Collection[str], *, urgent: bool) -> tuple[Span, ...]:
    """The same where the message is urgent, or asks, complains or worries about something: not in talk of the news."""
    return hazards(text, words) if urgent or not ABOUT_A_HOME.isdisjoint(decided) else ()


def longest(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The spans in order, without those that lie within another of the same label and kind."""
    kept: list[Span] = []
    ends: dict[tuple[str, str], int] = {}
    for span in sorted(spans, key=lambda one: (one.start, -one.end, one.label, one.kind)):
        key = span.label, span.kind
        if span.end > ends.get(key, -1):
            ends[key] = span.end
            kept.append(span)
    return tuple(kept)


def in_words(found: Iterable[Span]) -> list[str]:
    """The kinds as people say them, those of the home first, each once."""
    told = {span.kind for span in found}
    return [said for kind, said in known().said.items() if kind in told]
