"""A landlord offers whoever is dissatisfied the choice to complain: the Housing Ombudsman's code (2024), 1.3."""

from __future__ import annotations

from collections.abc import Iterator

from gatepost.policy.linting.finding import LintFinding
from gatepost.policy.pack import Pack
from gatepost.policy.schema import When

LANDLORDS = ("social_landlord", "almo")
_LABEL = "complaint"


def findings(pack: Pack) -> Iterator[LintFinding]:
    if pack.kind not in LANDLORDS:
        return
    sure = pack.thresholds[_LABEL]
    if not any(rule.then.offer and _short_of_it(rule.when, sure) for rule in pack.rules):
        message = "No rule offers whoever is dissatisfied the choice to complain, unless they complain in so many words"
        mend = (
            f"Add one for what may be a complaint (label complaint, at_least below {sure:g}) with a wording that asks."
        )
        yield LintFinding("choice", "look", "rules.toml", 0, "", message, mend)


def _short_of_it(when: When, sure: float) -> bool:
    """Whether the condition holds for somebody who is dissatisfied and not yet read as complaining."""
    if when.label == _LABEL and when.at_least is not None and when.at_least < sure:
        return True
    inner = [*(when.all_of or []), *(when.any_of or [])]
    return when.sentiment == "negative" or any(_short_of_it(one, sure) for one in inner)
