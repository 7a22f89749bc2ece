"""What a text says: labels with probabilities, the words that gave rise to them, feeling, language, topics.

    words = load_words(toml_text)
    reading = read("Still no hot water, day 6", words)

Pure: the same text and words give the same reading for ever. Each reader returns weighted evidence (`Sign`), so that
another judge, such as a trained model, can add its own beside it.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..model import LABELS, Reading, Span
from . import abuse as _abuse
from . import complaint as _complaint
from . import personal_data as _personal_data
from . import requests as _requests
from . import safeguarding as _safeguarding
from . import spam as _spam
from . import thanks as _thanks
from .evidence import Sign, logistic
from .language import language
from .page import open_page
from .plain_english import Jargon, Plain, Sentence, plain
from .tone import sentiment, tone
from .words import Words, load_words

SHOWN = 0.35  # a label this likely carries its spans, so that a pack may set its threshold below one half
_MOST_SPANS = 200

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
    found: dict[str, list[Sign]] = {}
    odds: dict[str, float] = {}
    abused = _abuse.abuse(page, words)
    found["staff_abuse"], found["offensive"] = abused.staff, abused.offensive
    odds["staff_abuse"] = _abuse.log_odds(abused.staff, -2.2)
    odds["offensive"] = _abuse.log_odds(abused.offensive, -2.3)
    found["personal_details"] = _personal_data.personal_data(page, words)
    odds["personal_details"] = _personal_data.log_odds(found["personal_details"])
    found["complaint"] = _complaint.complaint(page)
    odds["complaint"] = complains = _complaint.log_odds(found["complaint"])
    found["thanks"] = _thanks.thanks(page)
    odds["thanks"] = _thanks.log_odds(found["thanks"])
    found["spam"] = _spam.spam(page)
    odds["spam"] = _spam.log_odds(found["spam"])
    found["safeguarding"] = _safeguarding.safeguarding(page)
    odds["safeguarding"] = _safeguarding.log_odds(found["safeguarding"])
    for label, reader in (
        ("media_query", _requests.media_query),
        ("sar_request", _requests.sar_request),
        ("foi_request", _requests.foi_request),
    ):
        found[label] = reader(page)
        odds[label] = _requests.log_odds(label, found[label])
    found["service_request"] = _requests.service_request(page, complains)
    odds["service_request"] = wants = _requests.log_odds("service_request", found["service_request"])
    found["question"] = _requests.question(page, complains, wants)
    odds["question"] = _requests.log_odds("question", found["question"])
    labels = {label: round(logistic(odds[label]), 4) for label in LABELS}
    reading = Reading(
        labels=labels,
        spans=_spans(labels, found, len(text)),
        sentiment=sentiment(page, labels),
        language=language(page),
        urgent=_safeguarding.urgent(page, odds["safeguarding"]),
        topics=tuple(dict.fromkeys(hit.cue.kind for hit in page.of("topic"))),
    )
    return reading, {label: (odds[label], tuple(found[label])) for label in LABELS}


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
