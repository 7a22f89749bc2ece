"""What a text says: labels with probabilities, the words that gave rise to them, feeling, language, topics.

    words = load_words(toml_text)
    reading = read("Still no hot water, day 6", words)

Pure: the same text and words give the same reading for ever. Each reader returns weighted evidence (`Sign`); a small
trained model that ships with the package (`trained`) weighs it together with the words themselves.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..model import LABELS, Reading, Span
from . import safeguarding as _safeguarding
from .by_cues import by_cues
from .evidence import Sign, logistic
from .language import language
from .page import Page, open_page
from .plain_english import Jargon, Plain, Sentence, plain
from .tone import sentiment, tone
from .trained import Trained, base, shipped
from .words import Words, load_words

SHOWN = 0.35  # a label this likely carries its spans, so that a pack may set its threshold below one half
_MOST_SPANS = 200
# Labels for which a clear case by the cues stands, less this much, even where the trained judge doubts it: what an
# administrator calls a complaint or abuse is one, and work asked for outright is asked for.
_STAND = ("complaint", "service_request", "offensive", "staff_abuse")
_DOUBT = 0.5
_MOST_WORDS = 3  # shown of a label that only the trained judge found

__all__ = ["Jargon", "Plain", "Sentence", "Words", "evidence", "load_words", "plain", "read", "read_many", "tone"]


def read(text: str, words: Words) -> Reading:
    """Read one text of any Unicode at all; never raises. What stands after 200,000 code points is not read."""
    return _read(text, words)[0]


def read_many(texts: Sequence[str], words: Words) -> list[Reading]:
    """Read many texts, in order."""
    return [_read(text, words)[0] for text in texts]


def evidence(text: str, words: Words) -> dict[str, tuple[float, tuple[Sign, ...]]]:
    """For every label its log-odds and the weighted signs behind them: for explaining, and for other judges."""
    return _read(text, words)[1]


def _read(text: str, words: Words) -> tuple[Reading, dict[str, tuple[float, tuple[Sign, ...]]]]:
    page = open_page(text, words)
    odds, found = by_cues(page, words)
    told = {label: logistic(odds[label]) for label in LABELS}
    feeling = sentiment(page, told)
    model = shipped()
    scores, length = model.scores(page)
    weighed = base(odds, scores, feeling)
    odds.update(_settled(odds, model.joined(weighed)))
    feeling = model.feeling(weighed) if page.forms else feeling
    labels = {label: round(logistic(odds[label]), 4) for label in LABELS}
    for label in model.join:
        if labels[label] >= SHOWN and not any(sign.weight > 0 and sign.end > sign.start for sign in found[label]):
            found[label] += _heaviest(model, page, label, length)
    reading = Reading(
        labels=labels,
        spans=_spans(labels, found, len(text)),
        sentiment=feeling,
        language=language(page),
        urgent=_safeguarding.urgent(page, odds["safeguarding"]),
        topics=tuple(dict.fromkeys(hit.cue.kind for hit in page.of("topic"))),
    )
    return reading, {label: (odds[label], tuple(found[label])) for label in LABELS}


def _settled(cues: Mapping[str, float], joined: dict[str, float]) -> dict[str, float]:
    for label in _STAND:
        if label in joined:
            joined[label] = max(joined[label], cues[label] - _DOUBT)
    return joined


def _heaviest(model: Trained, page: Page, label: str, length: float) -> list[Sign]:
    """The words that weighed most with the trained judge, as signs."""
    weighed = model.weighed(page, label, length)
    return [
        Sign(round(weight, 3), "weighed", *page.span(place, place + 1))
        for weight, place in weighed[:_MOST_WORDS]
        if weight > 0
    ]


def _spans(labels: dict[str, float], found: dict[str, list[Sign]], length: int) -> tuple[Span, ...]:
    """The places behind every label likely enough; a label whose signs have no place gets the whole text."""
    spans: set[tuple[int, int, str, str]] = set()
    for label, signs in found.items():
        if labels[label] < SHOWN:
            continue
        placed = [sign for sign in signs if sign.end > sign.start and sign.weight > 0]
        if not placed and length:
            spans.add((0, length, label, "whole"))
        for sign in placed[:_MOST_SPANS]:
            if label == "personal_details" and sign.kind == "flat" and labels[label] < 0.5:
                continue
            spans.add((sign.start, sign.end, label, sign.kind))
    return tuple(Span(*row) for row in sorted(spans))
