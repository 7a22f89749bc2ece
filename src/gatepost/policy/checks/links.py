"""Links in the text: words that say where they lead, and addresses that show it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gatepost.policy.checks.base import Draft, clause
from gatepost.policy.model import Finding, Severity

_NOWHERE = re.compile(
    r"\b(?:click|tap|press) (?:here|this link|the link|below)\b|\b(?:read|find out|see|learn) more here\b|"
    r"\bthis link\b|\blink (?:here|below)\b",
    re.IGNORECASE,
)
# Services that hide where a link leads. Our own short links are the desk's, and are not among them.
_SHORT = re.compile(
    r"\b(?:bit\.ly|tinyurl\.com|t\.co|goo\.gl|ow\.ly|buff\.ly|is\.gd|cutt\.ly|rb\.gy|rebrand\.ly|shorturl\.at|t\.ly|tiny\.cc)"
    r"/[\w-]{1,80}",
    re.IGNORECASE,
)


def link_words(draft: Draft) -> Iterator[Finding]:
    """ "Click here" tells nobody where a link leads, least of all somebody who has the links read out."""
    for found in _NOWHERE.finditer(draft.text):
        says = f"“{found[0]}” does not say where the link leads; many have the links alone read out."
        mend = "Say what is behind it, as in “See the repairs page”."
        start, end = found.span()
        yield Finding("link_words", "note", clause(draft, "link_words"), says, mend, start=start, end=end)


def short_link(draft: Draft) -> Iterator[Finding]:
    """An address of a shortening service hides where it leads, and can be turned later to lead elsewhere."""
    for field, text in (("text", draft.text), ("link", draft.out.link)):
        for found in _SHORT.finditer(text[:100_000]):
            says = "This short address hides where it leads, and whoever owns it can change that later."
            mend = "Use the whole address."
            yield Finding(
                "short_link",
                "ask",
                clause(draft, "short_link"),
                says,
                mend,
                field,
                start=found.start(),
                end=found.end(),
            )


def broken_link(draft: Draft) -> Iterator[Finding]:
    """A link that leads nowhere. What is gone stops, what was only slow is asked about."""
    for broken in draft.out.broken_links:
        start = draft.text.find(broken.url)
        mend = "Open it yourself, and put in the address that works."
        about = clause(draft, "broken_link")
        end = start + len(broken.url)
        severity: Severity = "stop" if broken.sure else "ask"
        if start >= 0:
            yield Finding("broken_link", severity, about, broken.why, mend, start=start, end=end)
        else:
            yield Finding("broken_link", severity, about, broken.why, mend, field="link")
