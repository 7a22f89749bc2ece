"""What may be answered at all, and with which words: abuse, approved wordings."""

from __future__ import annotations

from collections.abc import Iterator

from gatepost.policy.checks.base import Draft, clause
from gatepost.policy.model import Decision, Finding


def aim(draft: Draft) -> Iterator[Finding]:
    """A post serves one of the aims of the policy, or it has no place here."""
    if draft.out.kind == "post" and draft.out.aim is not None and draft.out.aim not in draft.aims:
        says = f"There is no aim {draft.out.aim!r} in the policy." if draft.out.aim else "The post names no aim."
        mend = "Say which aim of the policy it serves."
        yield Finding("aim", "stop", clause(draft, "aim"), says, mend)


def not_answered(draft: Draft) -> Iterator[Finding]:
    """The policy says of some messages that they are not answered, and of others that no approved wording
    fits.
    """
    decision = draft.answered
    if decision is None:
        return
    if not decision.answer:
        clauses = [one.clause for one in decision.evidence if _forbids(draft, one.rule)]
        yield Finding(
            "not_answered",
            "stop",
            clauses[0],
            "The policy does not answer this message. It is referred instead.",
            "Discard the reply. See the decision for the person or department it goes to.",
        )
    elif (used := _wording_of(draft)) and used not in decision.offers and _withheld(draft, decision):
        yield Finding(
            "not_answered",
            "stop",
            decision.clauses[0] if decision.clauses else "",
            "An approved wording would be cold here: this message needs a person's own words.",
            "Pass it to the department now; write your own words if an answer is needed.",
        )


def _forbids(draft: Draft, rule_id: str) -> bool:
    return any(rule.id == rule_id and not rule.then.answer for rule in draft.pack.rules)


def _wording_of(draft: Draft) -> str:
    """The approved wording this is: the one it names, else the one that was pasted or typed."""
    words = draft.text.split()
    pasted = (one.id for one in draft.pack.wordings.values() if one.text.split() == words)
    return draft.out.wording or next(pasted, "")


def _withheld(draft: Draft, decision: Decision) -> bool:
    """No wording but what is offered may go: a rule says so, or somebody may be in danger, whatever the rules say."""
    fired = {one.rule for one in decision.evidence}
    return "safeguarding" in decision.decided or any(
        rule.then.withhold for rule in draft.pack.rules if rule.id in fired
    )


def wording(draft: Draft) -> Iterator[Finding]:
    """An approved wording carries its sign-off only as it stands."""
    name = draft.out.wording
    if not name:
        return
    known = draft.pack.wordings.get(name)
    if known is None:
        yield Finding(
            "wording",
            "stop",
            clause(draft, "wording"),
            f"The policy has no approved wording {name!r}; it may have been taken out.",
            "Choose one of the wordings in force.",
        )
    elif not draft.unchanged_wording:
        start, end = _changed(known.text, draft.out.text)
        yield Finding(
            "wording",
            "ask",
            known.clause,
            f"This departs from the approved wording “{known.title}”, so its standing sign-off does not cover it.",
            "Put the approved words back, or send it for sign-off.",
            start=start,
            end=end,
        )


def _changed(approved: str, text: str) -> tuple[int, int]:
    """The part of `text` that differs, at least one character wide where there is one."""
    start = 0
    while start < min(len(approved), len(text)) and approved[start] == text[start]:
        start += 1
    same_end = 0
    most = min(len(approved), len(text)) - start
    while same_end < most and approved[-1 - same_end] == text[-1 - same_end]:
        same_end += 1
    end = len(text) - same_end
    return (start, end) if end > start else (max(start - 1, 0), max(start, end))
