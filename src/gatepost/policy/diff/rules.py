"""Rules of two packs, and how sure the desk must be of what a message reads as."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gatepost.policy.conditions import DEFAULT_THRESHOLD, LABEL_WORDS
from gatepost.policy.diff.change import Change, compared, facet, keys, title_facet
from gatepost.policy.diff.document import clause_facet
from gatepost.policy.model import LABELS
from gatepost.policy.naming import Names
from gatepost.policy.parts import Parts
from gatepost.policy.plainly import condition, number, outcome


def rules(old: Parts, new: Parts, names: Names) -> Iterator[Change]:
    before, after = {one.id: one for one in old.rules.rule}, {one.id: one for one in new.rules.rule}
    facets = (
        facet("priority", "its priority (the highest is looked at first)"),
        clause_facet(names),
        title_facet(),
    )
    for key in keys(before, after):
        one, other = before.get(key), after.get(key)
        title = f"the rule {names.quoted('rule', key)}"
        if one is None or other is None:
            here: Any = one or other
            parts = new if one is None else old
            says = f"when {condition(here.when, parts.rules.thresholds, names)}: {'; '.join(outcome(here.then, names))}"
            yield Change("rule", key, here.clause, "added" if one is None else "removed", title, (says,), True)
            continue
        acting: list[str] = []
        if one.when != other.when:
            # With the same thresholds on both sides: a threshold that changes is a change of its own.
            was, now = (condition(rule.when, new.rules.thresholds, names) for rule in (one, other))
            acting.append(f"it held when {was}, and now when {now}")
        gone, come = outcome(one.then, names), outcome(other.then, names)
        acting += [f"no longer: {part}" for part in gone if part not in come]
        acting += [f"now: {part}" for part in come if part not in gone]
        details, acts = compared(facets, one, other)
        if acting or details:
            yield Change("rule", key, other.clause, "changed", title, (*acting, *details), bool(acting) or acts)


def thresholds(old: Parts, new: Parts) -> Iterator[Change]:
    for label in LABELS:
        was, now = (parts.rules.thresholds.get(label, DEFAULT_THRESHOLD) for parts in (old, new))
        if was != now:
            clauses = [rule.clause for rule in new.rules.rule if rule.when.label == label]
            tendency = "fewer" if now > was else "more"
            says = f"from {number(was)} to {number(now)}: {tendency} messages will be read so"
            title = f"how sure the desk must be, from 0 to 1, that a message reads as {LABEL_WORDS[label]}"
            yield Change("threshold", label, clauses[0] if clauses else "", "changed", title, (says,), True)
