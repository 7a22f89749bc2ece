"""Do the chains of approvals.toml name what exists, and can each be reached and completed?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator

from gatepost.policy.parts import Parts
from gatepost.policy.problems import Problem
from gatepost.policy.schema_approvals import ChainIn
from gatepost.policy.validate import nearest

FILE = "approvals.toml"
Place = tuple[str | int, ...]


def approvals(parts: Parts) -> Iterator[Problem]:
    """Everything at odds in approvals.toml; nothing when the pack has none."""
    roles = parts.roles.role
    kinds = [one.id for one in parts.pack.post_kinds]
    clauses = [clause.id for clause in parts.clauses.clauses]
    ids = Counter(chain.id for chain in parts.approvals.chain)
    for name in parts.approvals.waiting.escalate_to:
        yield from _unknown(parts, ("waiting", "escalate_to"), "role", name, roles)
    everything: str = ""
    for place, chain in enumerate(parts.approvals.chain):
        at: Place = ("chain", place)
        if ids[chain.id] > 1:
            yield _say(parts, (*at, "id"), f"Two chains are called {chain.id!r}", "Give each its own name.")
        if everything:
            mend = f"Put it before {everything!r}, which fits every act."
            yield _say(parts, (*at, "id"), f"No act ever comes to the chain {chain.id!r}", mend)
        everything = everything or (chain.id if _fits_all(chain) else "")
        yield from _unknown(parts, (*at, "clause"), "clause", chain.clause, clauses)
        for name in chain.post_kinds:
            yield from _unknown(parts, (*at, "post_kinds"), "kind of post", name, kinds)
        if chain.post_kinds and chain.kinds and not {"publish", "edit", "delete"} & set(chain.kinds):
            mend = 'Add "publish" to kinds, or take post_kinds out.'
            yield _say(parts, (*at, "post_kinds"), "Only what is published has a kind of post", mend)
        for number, step in enumerate(chain.step):
            where: Place = (*at, "step", number)
            for name in step.roles:
                yield from _unknown(parts, (*where, "roles"), "role", name, roles)
            if step.outside and (step.roles or step.all or step.passkey):
                mend = "Take roles, all and passkey out: whoever is outside has no role and no passkey here."
                yield _say(parts, (*where, "outside"), "Somebody outside holds no role of the policy", mend)
            if step.all and not step.roles:
                yield _say(parts, (*where, "all"), "It asks for all of no roles", "Name the roles.")
            if not step.roles and not step.outside and not any(one.signs_off for one in roles.values()):
                mend = "Name the roles, or put signs_off = true to a role in roles.toml."
                yield _say(parts, where, "Nobody can take this step: no role signs off", mend)


def _fits_all(chain: ChainIn) -> bool:
    return not (chain.kinds or chain.post_kinds or chain.networks or chain.hours) and chain.crisis is None


def _say(parts: Parts, path: Place, message: str, mend: str) -> Problem:
    key = ".".join(str(part + 1) if isinstance(part, int) else part for part in path)
    return Problem(FILE, parts.sources[FILE].line(path), key, message, mend)


def _unknown(parts: Parts, path: Place, what: str, name: str, known: Collection[str]) -> Iterator[Problem]:
    if name not in known and name not in parts.dropped:
        yield _say(parts, path, f"There is no {what} {name!r}", nearest(name, tuple(known)))
