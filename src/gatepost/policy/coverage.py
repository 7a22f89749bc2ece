"""Which clauses are put into practice, by what, and how far: told honestly, never better than the weakest
part.
"""

from __future__ import annotations

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


def _status(parts: list[Status]) -> Status:
    if not parts or all(part == "none" for part in parts):
        return "none"
    return "live" if all(part == "live" for part in parts) else "partial"
