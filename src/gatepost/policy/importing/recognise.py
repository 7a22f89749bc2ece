"""Of what kind a clause is, how sure that is, and what it states as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from gatepost.policy.importing.by_hand import UNKNOWN
from gatepost.policy.importing.cues import Sort, sorts
from gatepost.policy.importing.numbers import spans, week, whole
from gatepost.policy.importing.sentences import QUOTE
from gatepost.policy.kinds import clause_kinds
from gatepost.policy.model import Kind, Value

SURE_ENOUGH = 0.4  # below it, a kind is not claimed
HEADING = 1.2
HEADING_OF_ITEMS = 1.6
HEADING_OUTSIDE = 3.0  # a list under “Risks” is a list of risks, whatever its words
LEAD = 0.6
HALF_SURE = 1.2  # the weight at which it is as likely as not


@dataclass(frozen=True, slots=True)
class Recognised:
    """`sort`: an id of recognise.toml, empty when nothing fits. `own`: its words gave it, not the heading."""

    sort: str
    confidence: float
    own: bool = False
    says: Mapping[str, Value] = field(default_factory=dict)

    @property
    def about(self) -> str:
        """One of the 36 kinds, or empty."""
        return "" if not self.sort or sorts()[self.sort].outside else self.sort

    @property
    def duty(self) -> Kind:
        if not self.sort:
            return UNKNOWN
        return sorts()[self.sort].duty or clause_kinds()[self.sort].duty


@lru_cache(maxsize=1_024)  # a paragraph of one sentence is asked about twice
def recognise(text: str, heading: str = "", lead: str = "", *, item: bool = False) -> Recognised:
    """The likeliest kind of a clause from its words, its heading and what leads into its list."""
    # What is quoted is what is to be said, not what is ruled.
    ruled = QUOTE.sub("“…”", text)
    within = _headed(heading) if heading else frozenset()
    led = _weighed(lead) if lead and item else {}
    weights = {
        key: (own, _around(sort, key in within, led.get(key, 0.0), item))
        for (key, own), sort in zip(_weighed(ruled).items(), sorts().values(), strict=True)
    }
    order = sorted(weights, key=lambda key: -sum(weights[key]))
    best, second = order[0], order[1]
    own, around = weights[best]
    score = own + around
    if not score:
        return Recognised("", 0.0)
    margin = 1 - 0.4 * sum(weights[second]) / score
    confidence = round(min(0.97, score / (score + HALF_SURE) * margin * 1.15), 2)
    if confidence < SURE_ENOUGH:
        return Recognised("", confidence)
    return Recognised(best, confidence, own >= 1.5, _says(sorts()[best], text))


@lru_cache(maxsize=256)  # what leads into a list is asked about for each of its items
def _weighed(text: str) -> dict[str, float]:
    """What the words weigh for each kind."""
    # Encoded once: the pattern library would do it again for each of some hundred and fifty patterns.
    plain = text.encode("utf-8", "replace")
    return {key: sum(weight for cue, weight in sort.cues if cue.search(plain)) for key, sort in sorts().items()}


@lru_cache(maxsize=256)
def _headed(heading: str) -> frozenset[str]:
    """The kinds whose sections are called so."""
    return frozenset(key for key, sort in sorts().items() if sort.heading is not None and sort.heading.search(heading))


def _around(sort: Sort, headed: bool, led: float, item: bool) -> float:
    """What the heading and the words that lead into the list weigh."""
    if not headed:
        return LEAD * led
    return LEAD * led + ((HEADING_OUTSIDE if sort.outside else HEADING_OF_ITEMS) if item else HEADING)


def _says(sort: Sort, text: str) -> dict[str, Value]:
    found: dict[str, Value] = {}
    fields = {} if sort.outside else clause_kinds()[sort.id].says
    for stated in sort.states:
        match = None if stated.field in found else stated.pattern.search(text)
        if match is None:
            continue
        value = _value(fields[stated.field], stated.value, match)
        if value is not None:
            found[stated.field] = value
    span = next(spans(text), None) if {"amount", "unit"} <= set(fields) else None
    if span is not None:
        found |= {"amount": span.amount, "unit": span.unit.replace("_", " ")}
    opening = week(text) if {"days", "opens"} <= set(fields) else {}
    if opening:
        opens, closes = next(iter(opening.values()))
        found |= {"days": list(opening), "opens": opens, "closes": closes}
    return found


def _value(kind: str, given: bool | None, match: Any) -> Value | None:
    if given is not None:
        return given
    said = (match.group(1) or "").strip(" ,")[:300]
    if not said:
        return None
    if kind == "number":
        return whole(said)
    return [said] if kind == "list" else said
