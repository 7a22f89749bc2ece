"""How two decisions of one message differ, field by field, and which clauses are behind it. No words of the message."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from gatepost.policy.model import Decision, Finding
from gatepost.policy.pack import Pack, Rule

# What a decision is compared by; "due" is a clock that runs in both and ends at another time.
FIELDS = (
    "decided",
    "offers",
    "refer",
    "moderate",
    "steps",
    "mask",
    "answer",
    "urgent",
    "clocks",
    "due",
    "second_look",
    "hand_over",
    "addressed",
    "advice",
)


def decisions(before: Decision, after: Decision) -> dict[str, tuple[str, ...]]:
    """field -> what changed, each a short phrase: {"offers": ("+sorry",), "moderate": ("hide to remove",)}."""
    found: dict[str, tuple[str, ...]] = {}
    for field in ("decided", "offers", "refer"):
        if changed := _sets(getattr(before, field), getattr(after, field)):
            found[field] = changed
    if before.moderate != after.moderate:
        found["moderate"] = (f"{before.moderate} to {after.moderate}",)
    elif before.steps != after.steps:
        found["steps"] = ("hidden first" if "hide" in after.steps else "at once",)
    for field in ("mask", "answer", "urgent", "second_look", "hand_over"):
        if getattr(before, field) != getattr(after, field):
            found[field] = ("now" if getattr(after, field) else "no longer",)
    was, now = ({due.id: due.due for due in decision.clocks} for decision in (before, after))
    if changed := _sets(tuple(was), tuple(now)):
        found["clocks"] = changed
    moved = tuple(
        f"{key} {'later' if now[key] > due else 'sooner'}" for key, due in was.items() if now.get(key, due) != due
    )
    if moved:
        found["due"] = moved
    if _to(before) != _to(after) and before.refer == after.refer:
        found["addressed"] = ("other people",)
    if before.advice != after.advice:
        found["advice"] = ("other advice",)
    return found


def _to(decision: Decision) -> list[tuple[str, str]]:
    return [(one.name, one.email) for one in decision.addressed]


def findings(before: Sequence[Finding], after: Sequence[Finding]) -> dict[str, tuple[str, ...]]:
    """severity -> what changed: {"stop": ("+banned",)}. A check counts by how often it speaks."""
    found: dict[str, tuple[str, ...]] = {}
    for severity in ("stop", "ask", "note"):
        was, now = (Counter(one.check for one in some if one.severity == severity) for some in (before, after))
        changed = (*(f"+{name}" for name in (now - was)), *(f"-{name}" for name in (was - now)))
        if changed:
            found[severity] = changed
    return found


def _sets(before: Sequence[str], after: Sequence[str]) -> tuple[str, ...]:
    come = tuple(f"+{name}" for name in after if name not in before)
    gone = tuple(f"-{name}" for name in before if name not in after)
    return (*come, *gone) or (("other order",) if before != after else ())


def changed_rules(old: Pack, new: Pack) -> frozenset[str]:
    """Rules in both packs that do something else, or under another clause. What they look for shows by itself."""
    before: Mapping[str, Rule] = {rule.id: rule for rule in old.rules}
    return frozenset(
        rule.id
        for rule in new.rules
        if rule.id in before and (before[rule.id].then, before[rule.id].clause) != (rule.then, rule.clause)
    )


def clauses_behind(before: Decision, after: Decision, rules: frozenset[str]) -> tuple[str, ...]:
    """The clauses that made the difference: of rules that fired under one pack alone, or do something else now, and
    of clocks that end at another time; failing these, what either decision cites. Sorted."""
    fired, fires = ({one.rule: one.clause for one in decision.evidence} for decision in (before, after))
    found = set(_behind(fired, fires, rules))
    was, now = ({due.id: due for due in decision.clocks} for decision in (before, after))
    found |= {now[key].clause for key, due in was.items() if key in now and now[key].due != due.due}
    return tuple(sorted(found or {*before.clauses, *after.clauses}))


def _behind(fired: Mapping[str, str], fires: Mapping[str, str], rules: frozenset[str]) -> Iterator[str]:
    for rule in {*fired, *fires}:
        if rule in fired and rule in fires and rule not in rules:
            continue
        yield from (some[rule] for some in (fired, fires) if rule in some)


def clauses_of(before: Sequence[Finding], after: Sequence[Finding]) -> tuple[str, ...]:
    """The clauses of findings that stand on one side alone. Sorted."""
    was, now = (Counter((one.check, one.severity, one.clause) for one in some) for some in (before, after))
    return tuple(sorted({clause for _, _, clause in ((was - now) + (now - was))}))
