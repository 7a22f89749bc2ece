"""Times in which other rules hold: before an election, in mourning."""

from __future__ import annotations

from collections.abc import Iterator

from gatepost.policy.checks.base import Draft, matches
from gatepost.policy.model import Finding
from gatepost.policy.shape import Phrase


def sensitive_period(draft: Draft) -> Iterator[Finding]:
    """What leaves in one of the pack's periods: frozen kinds of post, banned words, and a question for the rest.

    An answer to somebody is held only to the banned words: facts may be given at any time.
    """
    out = draft.out
    leaves = max(draft.at, out.leaves or draft.at)
    for period in draft.pack.periods_at(leaves):
        until = f"until {period.ends.day} {period.ends:%B %Y}"
        for pattern, why, instead in period.banned:
            for start, end in matches(Phrase(pattern=pattern, why=why), draft.text):
                says = f"{period.title}, {until}: this may not be said ({why})."
                mend = instead or "Take it out, or wait until the period is over."
                yield Finding("sensitive_period", "stop", period.clause, says, mend, start=start, end=end)
        if out.kind != "post" or out.post_kind in period.allowed:
            continue
        if out.post_kind in period.frozen:
            says = f"{period.title}, {until}: posts of this kind do not go out."
            yield Finding("sensitive_period", "stop", period.clause, says, "Plan it for a day after that.")
        else:
            says = f"{period.title}, {until}. {period.asks}"
            mend = "Answer the question, or plan it for a day after that."
            yield Finding("sensitive_period", period.severity, period.clause, says, mend)
