"""The tone of our own drafts (hostile, defensive, sarcastic) and the feeling of a message."""

from __future__ import annotations

import re

from ..model import Sentiment, Span
from .page import Page, open_page
from .words import Words

_SHOUT = re.compile(r"\b[A-Z]{3,}(?:[\s,]+[A-Z]{2,}){2,}\b")
_MARKS = re.compile(r"[!?]{3,}")


def tone(text: str, words: Words) -> list[Span]:
    """Places in a draft of ours with a tone to avoid: label "tone", kind hostile, defensive or sarcastic."""
    page = open_page(text, words)
    quiet = ("sorry", "apologise", "apologies")
    found: list[Span] = []
    for hit in page.of("tone"):
        first, _ = page.sentence(hit.first)
        # "we are sorry that staff were rude" speaks of somebody's experience, it is not hostile
        owning = any(form in quiet for form in page.forms[first : hit.first])
        if owning and hit.after - hit.first == 1 and hit.cue.kind == "hostile":
            continue
        if page.negated(hit.first, 2) and hit.cue.kind == "hostile" and hit.after - hit.first == 1:
            continue
        found.append(Span(*page.span(hit.first, hit.after), "tone", hit.cue.kind))
    for pattern in (_SHOUT, _MARKS):
        found += [Span(*match.span(), "tone", "hostile") for match in pattern.finditer(text)]
    return _widest(found)


def _widest(spans: list[Span]) -> list[Span]:
    kept: list[Span] = []
    for span in sorted(spans, key=lambda s: (s.start, -s.end)):
        if not kept or span.start >= kept[-1].end:
            kept.append(span)
    return kept


def sentiment(page: Page, labels: dict[str, float], half: float = 0.5) -> Sentiment:
    """The feeling of a message, from its words, its negations and what it was found to say.

    A label counts from `half` on: 0.5 for probabilities, 0 for log-odds.
    """
    good = 0.0
    for hit in page.of("praise"):
        good += hit.cue.weight
    bad = 0.0
    for hit in page.of("sour"):  # one after another, as `crowd.feelings` adds them
        bad += hit.cue.weight
    if labels["complaint"] >= half:
        bad += 3.0
    if labels["thanks"] >= half:
        good += 2.0
    if labels["safeguarding"] >= half or labels["staff_abuse"] >= half or labels["offensive"] >= half:
        bad += 2.5
    if labels["spam"] >= half or labels["media_query"] >= half:
        return "neutral"
    if labels["question"] >= half or labels["service_request"] >= half:
        bad -= 0.6
        good -= 0.6
    if labels["thanks"] >= half and labels["complaint"] < half and bad - good < 3.0:
        return "positive"
    if bad >= 1.0 and bad >= good:
        return "negative"
    return "positive" if good >= 1.0 else "neutral"
