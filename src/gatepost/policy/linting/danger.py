"""Somebody in danger: found by a rule, before every other, and never with a cold wording."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gatepost.policy.linting.finding import LintFinding
from gatepost.policy.pack import Pack, Rule
from gatepost.policy.schema import When

_HELP = re.compile(r"\b116 ?123\b|\b999\b")
_LABEL = "safeguarding"


def findings(pack: Pack) -> Iterator[LintFinding]:
    ours = [rule for rule in pack.rules if _looks_for(rule.when)]
    if not ours:
        message = "No rule looks for somebody in danger (label safeguarding)"
        mend = "Add one that refers the message to a person at once, with the highest priority."
        yield LintFinding("danger", "look", "rules.toml", 0, "", message, mend)
    else:
        first = max(rule.priority for rule in ours)
        for rule in pack.rules:
            if rule.priority > first:
                message = f"The rule {rule.id!r} comes before the one for somebody in danger"
                yield _say(pack, rule, message, f"Give it a priority below {first}.")
    for rule in ours:
        for name in rule.then.offer:
            if not pack.wordings[name].humane:
                message = f"The wording {name!r} is never offered by the rule {rule.id!r}: somebody is in danger then"
                mend = "Take the offer out, or write a wording for people in danger and mark it humane = true."
                yield _say(pack, rule, message, mend)
    for wording in pack.wordings.values():
        if wording.humane and not _HELP.search(wording.text):
            message = f"The wording {wording.id!r} is for people in danger and names nobody they can turn to"
            line = pack.lines["wordings.toml", wording.id]
            mend = "Add Samaritans, 116 123, or 999."
            yield LintFinding("danger", "mend", "wordings.toml", line, wording.clause, message, mend)


def _looks_for(when: When) -> bool:
    inner = [*(when.all_of or []), *(when.any_of or [])]
    return when.label == _LABEL or any(_looks_for(one) for one in inner)


def _say(pack: Pack, rule: Rule, message: str, mend: str) -> LintFinding:
    return LintFinding("danger", "mend", "rules.toml", pack.lines["rules.toml", rule.id], rule.clause, message, mend)
