"""Clauses of two packs, and what puts each into practice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from gatepost.policy import plainly
from gatepost.policy.diff.change import Change, Facet, between, compared, facet, keys, moved
from gatepost.policy.kinds import clause_kinds
from gatepost.policy.naming import Names
from gatepost.policy.pack import Pack
from gatepost.policy.parts import Parts
from gatepost.policy.titles import CLAUSE_KINDS, STATUS


def _about(kind: str) -> str:
    known = clause_kinds().get(kind)
    return f"“{known.title if known else kind}”"


def _stated(what: str, was: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[str]:
    """What a clause states as data, key by key."""
    for key in keys(was, now):
        old, new = (plainly.said(one[key]) if key in one else "" for one in (was, now))
        if old != new:
            yield between(f"{what}, {key.replace('_', ' ')}", old, new)


_CLAUSE = (
    facet("heading", "the heading it stands under"),
    facet("kind", "how it is put into practice", lambda kind: f"“{CLAUSE_KINDS[kind]}”"),
    facet("gloss", "note on what is meant"),
    facet("about", "what it is about", _about),
)
_BINDING = (facet("status", "how far", lambda status: STATUS[status]), facet("reason", "because"))


def clauses(old: Pack, new: Pack) -> Iterator[Change]:
    before, after = {one.id: one for one in old.clauses}, {one.id: one for one in new.clauses}
    for key in keys(before, after):
        title = f"clause {key}"
        if key not in before:
            yield Change("clause", key, key, "added", title, (f"“{after[key].text}”",), False)
        elif key not in after:
            yield Change("clause", key, key, "removed", title, (f"“{before[key].text}”",), False)
        else:
            one, other = before[key], after[key]
            details = (
                *plainly.word_changes(one.text, other.text),
                *compared(_CLAUSE, one, other)[0],
                *_stated("it states", one.says, other.says),
                *_stated("kept as text", one.kept, other.kept),
            )
            if details:
                yield Change("clause", key, key, "changed", title, details, False)
    if moved(before, after):
        says = ("they stand in another order, and so do the wordings offered",)
        yield Change("clause", "order", "", "changed", "the order of the clauses", says, True)


def bindings(old: Parts, new: Parts, names: Names) -> Iterator[Change]:
    before = {(one.clause, one.by): one for one in old.clauses.bindings}
    after = {(one.clause, one.by): one for one in new.clauses.bindings}
    for key in dict.fromkeys([*after, *before]):
        clause, by = key
        one, other = before.get(key), after.get(key)
        title = f"what puts {clause} into practice, {plainly.binder(by, names)},"
        if one is None or other is None:
            yield Change("binding", by, clause, "added" if one is None else "removed", title, (), False)
        elif details := compared(_BINDING, one, other)[0]:
            yield Change("binding", by, clause, "changed", title, details, False)


def clause_facet(names: Names) -> Facet:
    """The clause that an entry belongs to."""
    return facet("clause", "the clause it belongs to", lambda key: names.quoted("clause", key), new=False)
