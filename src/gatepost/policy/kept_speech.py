"""The guard for lawful speech: criticism stays. It asks before a person takes away what the policy has no rule against.

The policy's own decision about the message is the measure, with what people have corrected since.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from gatepost.policy.model import Moderation
from gatepost.policy.pack import Pack

REMOVABLE = frozenset({"offensive", "hate", "staff_abuse", "spam"})
HIDEABLE = REMOVABLE | {"personal_details"}


@dataclass(frozen=True, slots=True)
class Guarded:
    """Why somebody should think again: "danger", "criticism", or "nothing" found that the policy takes away."""

    why: str
    says: str
    clause: str


def guarded(
    kind: str, *, decided: Iterable[str], moderate: Moderation, sentiment: str, private: bool, pack: Pack
) -> Guarded | None:
    """What stands against hiding or removing ("hide", "remove") a message; None when the policy provides for it.
    `decided`: its labels, as corrected. `moderate`: the most the policy's rules do about it."""
    labels = set(decided)
    if kind not in ("hide", "remove") or private:
        return None
    if moderate == "remove" or (labels & REMOVABLE and "safeguarding" not in labels):
        return None
    if kind == "hide" and (moderate == "hide" or labels & HIDEABLE):
        return None
    clause = clause_of(pack)
    if "safeguarding" in labels:
        says = "Somebody may be in danger, and what they wrote may be needed. The policy does not take it away."
        return Guarded("danger", says, clause)
    if "complaint" in labels or sentiment == "negative":
        return Guarded("criticism", "This looks like criticism, which the policy keeps.", clause)
    if moderate == "hide":
        return Guarded("nothing", "The policy hides this and does not remove it. Hiding can be undone.", clause)
    return Guarded("nothing", "Nothing was found in this that the policy takes away.", clause)


def clause_of(pack: Pack) -> str:
    """The clause that keeps lawful speech; without one, the clause that lets messages be removed, for it sets the
    bounds; "" where the policy says nothing of either."""
    if found := pack.clause_about("lawful_speech"):
        return found.id
    for wanted in ("remove", "hide"):
        for rule in pack.rules:
            if rule.then.moderate == wanted:
                return rule.clause
    return pack.governing("desk:moderation")
