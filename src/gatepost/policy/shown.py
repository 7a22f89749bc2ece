"""What a pack's examples show: for each clause with a rule or check, one that makes it speak and one that must not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gatepost.policy.examples import ExampleResult
from gatepost.policy.pack import Pack


@dataclass(frozen=True, slots=True)
class Shown:
    """`fires`, `silent`: ids of examples. `name` is a clause, or "rule:…", "check:…"."""

    name: str
    fires: tuple[str, ...]
    silent: tuple[str, ...]

    @property
    def whole(self) -> bool:
        return bool(self.fires and self.silent)


def by_clause(pack: Pack, results: Sequence[ExampleResult]) -> list[Shown]:
    """One row for each clause that a rule or check puts into practice, in the order of the document.

    An example is silent on a clause that it names and that nothing in its outcome rests on.
    """
    bound = _bound(pack)
    return [_shown(clause, results, {clause, *names}, {clause}) for clause, names in bound.items()]


def by_thing(pack: Pack, results: Sequence[ExampleResult]) -> list[Shown]:
    """One row for each rule and each check bound to a clause, in the order of the pack."""
    about: dict[str, set[str]] = {}
    for clause, names in _bound(pack).items():
        for name in names:
            about.setdefault(name, set()).add(clause)
    return [_shown(name, results, {name}, clauses) for name, clauses in about.items()]


def _bound(pack: Pack) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {clause.id: [] for clause in pack.clauses}
    for rule in pack.rules:
        found[rule.clause].append(f"rule:{rule.id}")
    for binding in pack.bindings:
        if binding.by.startswith(("rule:", "check:")) and binding.by not in found[binding.clause]:
            found[binding.clause].append(binding.by)
    return {clause: names for clause, names in found.items() if names}


def _shown(name: str, results: Sequence[ExampleResult], speaks: set[str], about: set[str]) -> Shown:
    fires = tuple(one.id for one in results if speaks & one.spoke)
    silent = tuple(one.id for one in results if not speaks & one.spoke and about & set(one.clauses))
    return Shown(name, fires, silent)
