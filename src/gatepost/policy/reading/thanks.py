"""Thanks and praise, told from politeness at the end of a request and from sarcasm."""

from __future__ import annotations

from .cues import Hit
from .evidence import Sign, sign, total
from .normal import listed
from .page import Page

BIAS = -2.0
_ASKS = ("service_request", "question", "fault", "media_query", "sar_request", "foi_request")
_REACH = listed("text ring call mobile tel phone email")


def thanks(page: Page) -> list[Sign]:
    """Evidence of thanks or praise."""
    vetoes = [hit for hit in page.of("thanks") if hit.cue.kind == "not_praise"]
    found = [
        sign(page, hit)
        for hit in page.of("thanks")
        if hit.cue.kind != "not_praise" and not (hit.cue.kind == "praise" and _unmeant(page, hit, vetoes))
    ]
    if not found:
        return found
    asks = any(page.of(label) for label in _ASKS) or any(form in _REACH for form in page.forms)
    if page.of("polite") and len(page.forms) > 4 and not any(one.kind == "praise" for one in found):
        found.append(Sign(-3.0 if asks and not _said_first(page) else -0.6, "politeness"))
    if any(hit.cue.kind == "sarcasm" for hit in page.of("complaint")):
        found.append(Sign(-3.4, "sarcasm"))
    if page.of("spam"):
        found.append(Sign(-2.0, "spam"))
    return found


def _said_first(page: Page) -> bool:
    """Whether thanks has a sentence of its own before anything is asked: "Heating's on again, ta! Do I pay?"."""
    asked = min([hit.first for label in _ASKS for hit in page.of(label)], default=0)
    return any(page.sentence(hit.first)[1] < asked for hit in page.of("thanks") if hit.cue.kind == "thanks")


def _unmeant(page: Page, hit: Hit, vetoes: list[Hit]) -> bool:
    """Whether praise is denied or belongs to another phrase: "not great", "good enough", "good morning"."""
    return page.negated(hit.first, 2) or any(v.first < hit.after and hit.first < v.after for v in vetoes)


def log_odds(found: list[Sign]) -> float:
    return BIAS + total(found)
