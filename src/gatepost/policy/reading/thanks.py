"""Thanks and praise, told from politeness at the end of a request and from sarcasm."""

from __future__ import annotations

from .evidence import Sign, signs, total
from .page import Page

BIAS = -2.0


def thanks(page: Page) -> list[Sign]:
    """Evidence of thanks or praise."""
    found = [
        Sign(hit.cue.weight, hit.cue.kind, *page.span(hit.first, hit.after))
        for hit in page.of("thanks")
        if not (hit.cue.kind == "praise" and page.negated(hit.first, 2))
    ]
    if not found:
        return found
    asks = bool(page.of("service_request") or page.of("question") or page.of("fault") or page.of("media_query"))
    asks = asks or bool(page.of("sar_request") or page.of("foi_request"))
    if page.of("polite") and len(page.forms) > 4 and not any(sign.kind == "praise" for sign in found):
        found.append(Sign(-3.0 if asks or len(page.forms) > 9 else -1.5, "politeness"))
    if any(hit.cue.kind == "sarcasm" for hit in page.of("complaint")):
        found.append(Sign(-3.0, "sarcasm"))
    if page.of("spam"):
        found.append(Sign(-2.0, "spam"))
    return found


def log_odds(found: list[Sign]) -> float:
    return BIAS + total(found)


__all__ = ["log_odds", "signs", "thanks"]
