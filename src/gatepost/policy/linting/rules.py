"""Rules at odds with each other, rules that can change nothing, and referrals that reach nobody.

Every rule that holds adds its part (decide.py). So a rule is without effect where a stronger one, which holds whenever
it does, already gives or forbids all it would add.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator

import re2

from gatepost.policy.conditions import days_back, inner
from gatepost.policy.linting.finding import LintFinding
from gatepost.policy.linting.logic import Formula, formula, implies, never
from gatepost.policy.model import Moderation
from gatepost.policy.naming import networks
from gatepost.policy.pack import Pack, Rule
from gatepost.policy.retention import in_days, schedule
from gatepost.policy.schema import Then, When

_STRENGTH: dict[Moderation, int] = {"none": 0, "hide": 1, "remove": 2}
_OPTIONS = re2.Options()
_OPTIONS.case_sensitive = False
_REFERS = re2.compile(
    r"\brefer(?:red|s)?\b[^.]{0,60}\bto\b|\b(?:pass(?:ed)?|forward(?:ed)?)\b[^.]{0,30}\bto\b", options=_OPTIONS
)


def findings(pack: Pack) -> Iterator[LintFinding]:
    conditions = [(rule, formula(rule.when, pack.thresholds)) for rule in pack.rules]
    for place, (rule, condition) in enumerate(conditions):
        if problem := _with_itself(rule.then):
            yield _say(pack, rule, "contradiction", f"The rule {rule.id!r} contradicts itself: it would {problem}")
        if rule.then.hand_over and not rule.then.refer:
            message = f"The rule {rule.id!r} hands the conversation over and refers it to nobody"
            yield _say(pack, rule, "referral", message, "Add refer = […], with a department in departments.toml.")
        yield from _networks(pack, rule)
        yield from _erased(pack, rule)
        if never(condition):
            message = f"The rule {rule.id!r} can never hold: what it asks for excludes itself"
            yield _say(pack, rule, "unreachable", message, "Correct its condition, or take it out.")
            continue
        before = conditions[:place]
        effect = [*_against(pack, rule, condition, before), *_without_effect(pack, rule, condition, before)]
        yield from effect
        if rule.then == Then() and not effect:
            message = f"The rule {rule.id!r} does nothing but cite {rule.clause}"
            mend = "Say in then what follows, or take it out."
            line = pack.lines["rules.toml", rule.id]
            yield LintFinding("unreachable", "look", "rules.toml", line, rule.clause, message, mend)
    yield from _referrals(pack)


def _say(pack: Pack, rule: Rule, code: str, message: str, mend: str = "Decide which it is to be.") -> LintFinding:
    return LintFinding(code, "mend", "rules.toml", pack.lines["rules.toml", rule.id], rule.clause, message, mend)


def _networks(pack: Pack, rule: Rule) -> Iterator[LintFinding]:
    """A rule that waits for a network by a name under which nothing ever comes. Any other may be one's own."""
    known = networks()
    called = {other: name for name, (_, others) in known.items() for other in others}
    for name in sorted(_networks_in(rule.when)):
        low = name.lower()
        meant = called.get(low) or next(iter(difflib.get_close_matches(low, tuple(known), n=1, cutoff=0.75)), "")
        if low not in known and meant:
            message = f"The rule {rule.id!r} waits for the network {name!r}, under which nothing comes in"
            yield _say(pack, rule, "network", message, f"Write {meant!r}.")


def _networks_in(when: When) -> frozenset[str]:
    return frozenset(when.network or ()).union(*(_networks_in(one) for one in inner(when)))


def _erased(pack: Pack, rule: Rule) -> Iterator[LintFinding]:
    """A rule that counts messages longer than these are kept."""
    kept, back = schedule(pack).of("messages"), days_back(rule.when)
    if kept is not None and in_days(kept) < back:
        message = (
            f"The rule {rule.id!r} counts messages of {back} days, and {kept.clause} keeps messages for {kept.said}"
        )
        mend = "What is erased is not counted. Count fewer days, or keep messages longer."
        line = pack.lines["rules.toml", rule.id]
        yield LintFinding("history", "look", "rules.toml", line, rule.clause, message, mend)


def _with_itself(then: Then) -> str:
    if then.offer and not then.answer:
        return "offer a wording and forbid an answer"
    return "offer a wording and withhold every wording" if then.offer and then.withhold else ""


def _against(pack: Pack, rule: Rule, condition: Formula, before: list[tuple[Rule, Formula]]) -> Iterator[LintFinding]:
    """Rules with the same condition and priority, of which one undoes the other."""
    for other, known in before:
        if other.priority != rule.priority or not (implies(condition, known) and implies(known, condition)):
            continue
        if problem := _opposite(rule.then, other.then) or _opposite(other.then, rule.then):
            says = f"The rules {other.id!r} and {rule.id!r} hold for the same messages and are at odds: {problem}"
            yield _say(pack, rule, "contradiction", says)


def _opposite(one: Then, other: Then) -> str:
    if one.offer and not other.answer:
        return "one offers a wording, the other forbids an answer"
    if one.offer and other.withhold:
        return "one offers a wording, the other withholds every wording"
    if one.moderate == "hide" and other.moderate == "remove":
        return "one hides, the other removes"
    return ""


def _without_effect(
    pack: Pack, rule: Rule, condition: Formula, before: list[tuple[Rule, Formula]]
) -> Iterator[LintFinding]:
    stronger = [other for other, known in before if implies(condition, known)]
    if not stronger:
        return
    named = ", ".join(repr(other.id) for other in stronger)
    holds = "holds whenever it does" if len(stronger) == 1 else "hold whenever it does"
    decides = "decides" if len(stronger) == 1 else "decide"
    thens = [other.then for other in stronger]
    humane = {name for name in rule.then.offer if pack.wordings[name].humane}
    if not _adds(rule.then, thens, humane):
        message = f"The rule {rule.id!r} can change nothing: {named} {holds} and {decides} all it would"
        yield _say(pack, rule, "unreachable", message, "Take it out, or give it a condition or an outcome of its own.")
    elif set(rule.then.offer) - humane and _silent(thens) and _opposite_free(rule, stronger):
        message = f"What the rule {rule.id!r} offers never is: {named} {holds}, and no wording may be offered then"
        yield _say(pack, rule, "unreachable", message, "Take the offer out, or narrow the stronger condition.")


def _opposite_free(rule: Rule, stronger: list[Rule]) -> bool:
    """Where the stronger rule has the same priority, the contradiction is told already."""
    return any(other.priority > rule.priority for other in stronger if _silent([other.then]))


def _silent(thens: list[Then]) -> bool:
    return any(then.withhold or not then.answer for then in thens)


def _adds(then: Then, stronger: list[Then], humane: set[str]) -> bool:
    """Something of `then` is neither given nor forbidden by the stronger rules together. `humane`: what it offers to
    people in danger, which is offered although other wordings are withheld."""
    offered = {name for one in stronger for name in one.offer}
    referred = {name for one in stronger for name in one.refer}
    started = {name for one in stronger for name in one.clocks}
    advised = {words for one in stronger for words in one.advice}
    return (
        not offered.issuperset(humane if _silent(stronger) else then.offer)
        or not referred.issuperset(then.refer)
        or not started.issuperset(then.clocks)
        or not advised.issuperset(then.advice)
        or all(_STRENGTH[one.moderate] < _STRENGTH[then.moderate] for one in stronger)
        or (then.mask and not any(one.mask for one in stronger))
        or (then.urgent and not any(one.urgent for one in stronger))
        or (not then.answer and all(one.answer for one in stronger))
        or (then.withhold and not _silent(stronger))
        or (then.second_look and not any(one.second_look for one in stronger))
        or (then.hand_over and not any(one.hand_over for one in stronger))
    )


def _referrals(pack: Pack) -> Iterator[LintFinding]:
    for department in pack.departments.values():
        if department.role and not pack.roles[department.role].holder:
            message = f"What is referred to {department.name} goes to the role {department.role!r}, which nobody holds"
            line = pack.lines["departments.toml", department.id]
            mend = "Name its holder in roles.toml, or refer to a team."
            yield LintFinding("referral", "mend", "departments.toml", line, department.clause, message, mend)
    refers = {binding.clause for binding in pack.bindings if binding.by.startswith("department:")}
    refers |= {rule.clause for rule in pack.rules if rule.then.refer}
    refers |= {wording.clause for wording in pack.wordings.values() if wording.refers_to}
    bound = {(one.clause, one.by.removeprefix("rule:")) for one in pack.bindings if one.by.startswith("rule:")}
    referring = {rule.id for rule in pack.rules if rule.then.refer}
    refers |= {clause for clause, rule in bound if rule in referring}
    for clause in pack.clauses:
        if clause.id not in refers and clause.kind != "informative" and _REFERS.search(clause.text):
            message = (
                f"{clause.id} says that something is referred, and no rule or wording of it refers to a department"
            )
            mend = "Add refer = […] to its rule, with a department in departments.toml."
            yield LintFinding(
                "referral", "mend", "policy.md", pack.lines["policy.md", clause.id], clause.id, message, mend
            )
