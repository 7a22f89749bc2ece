"""What differs between who signs what off in two packs."""

from __future__ import annotations

from collections.abc import Iterator

from gatepost.policy.diff_calendar import Row
from gatepost.policy.parts import Parts
from gatepost.policy.schema_approvals import ChainIn


def approval_changes(old: Parts, new: Parts) -> Iterator[Row]:
    """The values of a diff.Change each: chains that came, went, changed or moved, and how long things may wait."""
    before = {one.id: one for one in old.approvals.chain}
    after = {one.id: one for one in new.approvals.chain}
    for key, now in after.items():
        was = before.get(key)
        title = f"who signs off, “{now.title}”"
        if was is None:
            yield "chain", key, now.clause, "added", title, (said(now),), True
        elif was != now:
            yield (
                "chain",
                key,
                now.clause,
                "changed",
                title,
                (f"from {said(was)} to {said(now)}",),
                said(was) != said(now),
            )
    for key, was in before.items():
        if key not in after:
            yield "chain", key, was.clause, "removed", f"who signs off, “{was.title}”", (said(was),), True
    both = [key for key in before if key in after]
    if both != [key for key in after if key in before]:
        order = (f"now in this order: {', '.join(after)}",)
        yield "chain", "order", "", "changed", "which chain of sign-off is looked at first", order, True
    waits = [parts.approvals.waiting.model_dump() for parts in (old, new)]
    if waits[0] != waits[1]:
        names = [name for name in waits[1] if waits[0][name] != waits[1][name]]
        says = tuple(f"{name.replace('_', ' ')} from {waits[0][name]} to {waits[1][name]}" for name in names)
        yield "waiting", "waiting", "", "changed", "how long a sign-off may wait", says, True


def said(chain: ChainIn) -> str:
    """for event, outside working hours: Lead (lead), then Two people (2 people, with a passkey)"""
    crisis = {None: "", True: "in a crisis", False: "outside a crisis"}[chain.crisis]
    hours = f"{chain.hours} working hours" if chain.hours else ""
    what = [*chain.kinds, *chain.post_kinds, *chain.networks, hours, crisis]
    steps = []
    for step in chain.step:
        roles = (" and " if step.all else " or ").join(step.roles)
        more = [roles, f"{step.count} people" if step.count > 1 else "", "outside the desk" if step.outside else ""]
        more += ["with a passkey" if step.passkey else ""]
        inside = ", ".join(word for word in more if word)
        steps.append(f"{step.title} ({inside})" if inside else step.title)
    fits = ", ".join(word for word in what if word) or "everything"
    return f"for {fits}: {', then '.join(steps)}" + ("" if chain.standing else "; standing sign-offs do not do")
