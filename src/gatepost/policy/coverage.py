"""Which clauses are put into practice, by what, and how far: told honestly, never better than the weakest
part.
"""

from __future__ import annotations

from dataclasses import dataclass

from gatepost.policy.model import Binding, Coverage, Status
from gatepost.policy.pack import Pack


def coverage(pack: Pack) -> list[Coverage]:
    """One row a clause, in the order of the document."""
    by_clause: dict[str, list[Binding]] = {}
    for binding in pack.bindings:
        by_clause.setdefault(binding.clause, []).append(binding)
    return [
        Coverage(
            clause=clause.id,
            kind=clause.kind,
            status=_status([binding.status for binding in by_clause.get(clause.id, [])]),
            by=tuple(binding.by for binding in by_clause.get(clause.id, []) if binding.status != "none"),
            reason=" ".join(binding.reason for binding in by_clause.get(clause.id, []) if binding.reason),
        )
        for clause in pack.clauses
    ]


@dataclass(frozen=True, slots=True)
class NotEnforced:
    """Words of the policy that nothing holds: a clause as a whole, or what it says beside the fields of its kind."""

    clause: str
    what: str  # "" for the clause as a whole, else the name it is kept under
    text: str


def not_enforced(pack: Pack) -> list[NotEnforced]:
    """Everything kept as text alone, in the order of the document; informative clauses have nothing to enforce."""
    bare = {row.clause for row in coverage(pack) if row.status == "none" and row.kind != "informative"}
    found: list[NotEnforced] = []
    for clause in pack.clauses:
        if clause.id in bare:
            found.append(NotEnforced(clause.id, "", clause.text))
        found += [NotEnforced(clause.id, name, text) for name, text in clause.kept.items()]
    return found


def _status(parts: list[Status]) -> Status:
    if not parts or all(part == "none" for part in parts):
        return "none"
    return "live" if all(part == "live" for part in parts) else "partial"
