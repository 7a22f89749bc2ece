"""Do periods.toml and the rest of the pack agree?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from gatepost.policy.conditions import periods_in
from gatepost.policy.crosscheck import Place, bad_patterns, say, unknown
from gatepost.policy.parts import Parts
from gatepost.policy.problems import Problem

FILE = "periods.toml"


def problems(parts: Parts) -> Iterator[Problem]:
    clauses = [clause.id for clause in parts.clauses.clauses]
    kinds = [kind.id for kind in parts.pack.post_kinds]
    ids = Counter(period.id for period in parts.periods.period)
    for place, period in enumerate(parts.periods.period):
        at: Place = ("period", place)
        if ids[period.id] > 1:
            yield say(parts, FILE, (*at, "id"), f"Two periods are called {period.id!r}", "Give each its own name.")
        if period.ends < period.starts:
            says = f"The period ends on {period.ends:%-d %B %Y}, before it begins"
            yield say(parts, FILE, (*at, "ends"), says, "Put the earlier day into starts.")
        yield from unknown(parts, FILE, (*at, "clause"), "clause", period.clause, clauses)
        for key in ("frozen", "allowed"):
            for kind in getattr(period, key):
                yield from unknown(parts, FILE, (*at, key), "kind of post", kind, kinds)
        for kind in sorted(set(period.frozen) & set(period.allowed)):
            yield say(parts, FILE, (*at, "allowed"), f"{kind!r} is frozen and allowed", "Decide which it is to be.")
        yield from bad_patterns(parts, FILE, (*at, "banned"), period.banned)
    for place, rule in enumerate(parts.rules.rule):
        for name in sorted(periods_in(rule.when)):
            yield from unknown(parts, "rules.toml", ("rule", place, "when", "period"), "period", name, ids)
    crisis = parts.periods.crisis
    if crisis is None:
        return
    yield from unknown(parts, FILE, ("crisis", "clause"), "clause", crisis.clause, clauses)
    for key in ("declares", "approvers"):
        for role in getattr(crisis, key):
            yield from unknown(parts, FILE, ("crisis", key), "role", role, parts.roles.role)
    for wording in crisis.statements:
        yield from unknown(parts, FILE, ("crisis", "statements"), "wording", wording, parts.wordings.wording)
