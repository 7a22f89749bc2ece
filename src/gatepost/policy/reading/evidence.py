"""Weighted evidence and how it becomes a probability."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

from .cues import Hit
from .page import Page

_SECOND = 0.35  # what a second sign of the same kind adds: two ways of saying one thing are not two things
_MOST = 9.0


class Sign(NamedTuple):
    """One piece of evidence: `weight` in log-odds, `start`/`end` in code points of the original text, and the words."""

    weight: float
    kind: str
    start: int = 0
    end: int = 0
    said: str = ""


sign_of = partial(tuple.__new__, Sign)  # from all of its fields, without what a named tuple does on the way


def signs(page: Page, label: str) -> list[Sign]:
    """Every cue of `label` on the page as evidence."""
    hits = page.hits.get(label)
    if hits is None:
        return []
    return [sign(page, hit) for hit in hits]


def sign(page: Page, hit: Hit) -> Sign:
    """A cue on the page as evidence."""
    cue, first, after = hit
    return sign_of((cue.weight, cue.kind, *page.span(first, after), said(page, first, after)))


def said(page: Page, first: int, after: int) -> str:
    """Words `first` to `after` (not included) as one string."""
    return page.forms[first] if after - first == 1 else " ".join(page.forms[first:after])


def total(evidence: Sequence[Sign]) -> float:
    """The log-odds of all signs: the best of each kind in full, the next best in part. Words that come again add
    nothing, however often they come."""
    if len(evidence) == 1:
        return evidence[0].weight
    best: dict[str, float] = {}
    second: dict[str, float] = {}
    places: dict[str, int] = {}
    words: dict[str, str] = {}
    for weight, kind, start, _, said in evidence:
        before = best.get(kind)
        if before is None:
            best[kind], places[kind], words[kind] = weight, start, said
        elif abs(weight) > abs(before):
            best[kind], second[kind] = weight, before
            if places[kind] == start or (said and said == words[kind]):
                second.pop(kind)
            places[kind], words[kind] = start, said
        elif start != places[kind] and abs(weight) > abs(second.get(kind, 0.0)) and not (said and said == words[kind]):
            second[kind] = weight
    return sum(best.values()) + _SECOND * sum(second.values())


def logistic(log_odds: float) -> float:
    """A probability in 0..1."""
    return 1.0 / (1.0 + math.exp(-max(-_MOST, min(_MOST, log_odds))))


def topics(hits: Sequence[Hit]) -> tuple[str, ...]:
    """What these cues of topics are about, in their order. One within a cue that weighs below 0 is not meant: "next
    door" is about no door."""
    against = [hit for hit in hits if hit.cue.weight < 0]
    if not against:
        return tuple(dict.fromkeys([hit.cue.kind for hit in hits]))
    kinds = [
        hit.cue.kind
        for hit in hits
        if hit.cue.weight > 0 and not any(other.first <= hit.first < other.after for other in against)
    ]
    return tuple(dict.fromkeys(kinds))
