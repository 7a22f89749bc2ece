"""Why a text was read as it was, in words: a reason for every kind of evidence, and the words behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gatepost.policy.hazards import longest
from gatepost.policy.model import Span

MOST_WORDS = 3  # quoted of one reason
_LONGEST = 60  # code points of one quotation

_ABUSE = {
    "obscene": "obscene words are aimed at somebody",
    "insult": "somebody is insulted",
    "threat": "somebody is threatened",
    "slur": "a slur is used",
    "sign": "a gesture or an obscene phrase is aimed at somebody",
    "hate": "a group of people is reviled",
}
_HATE = {
    "slur": "a slur for a group of people is used",
    "likened": "a group of people is likened to something foul",
    "driven_out": "a group of people is told to go",
    "threatened": "a group of people is threatened",
    "despised": "a group of people is despised",
    "worthless": "a group of people is denied its worth",
    "spoken_of_after": "a group of people is mocked",
}
SAID: dict[str, dict[str, str]] = {
    "complaint": {
        "explicit": "it says that it is a complaint",
        "chase": "it chases what was asked for or promised before",
        "long": "it has gone on for long",
        "lapse": "it tells of something we did wrong or did not do",
        "blame": "it blames us",
        "cost": "it says what it has cost the writer",
        "fault": "something is wrong",
        "sarcasm": "it is sarcastic",
        "other_tongue": "it complains in another language",
        "said_to_us": "it tells us what we did",
        "sour_at_us": "it is angry with us",
        "tells": "it tells of one of our services",
        "shouting": "it is written in capitals",
    },
    "staff_abuse": _ABUSE,
    "offensive": _ABUSE | {kind: says for kind, says in _HATE.items() if kind != "slur"},
    "hate": _HATE,
    "media_query": {
        "journalist": "somebody writes for the media",
        "unannounced": "a newsroom or a programme is named",
    },
    "service_request": {
        "fault": "something is broken or in the way",
        "ask": "something is asked to be done",
        "help": "help is asked for",
    },
    "question": {
        "question": "it asks",
        "form": "it has the form of a question",
        "mark": "it ends in a question mark",
    },
    "thanks": {"thanks": "it thanks", "praise": "it praises"},
    "spam": {
        "spam": "it is written as advertisements and frauds are",
        "offer": "it offers money or goods",
        "link": "it leads to another place",
        "money": "it speaks of money",
    },
    "sar_request": {"sar": "the writer asks for data we hold about them"},
    "foi_request": {"foi": "it asks for information we hold"},
    "safeguarding": {
        "self_harm": "somebody may harm themselves",
        "domestic_abuse": "somebody may be hurt or threatened by another person",
        "child": "a child may be at risk",
        "health": "somebody's health or safety may be at risk",
    },
}
_ANY = {
    "weighed": "these words weighed most",
    "outside": "an outside reader found it",
    "whole": "the message as a whole reads so",
}
_LAST = ("weighed", "outside", "whole")


@dataclass(frozen=True, slots=True)
class Reason:
    """`says`: "it chases what was asked for before". `words`: those it rests on, in order, as they are written."""

    kind: str
    says: str
    words: tuple[str, ...]


def said(label: str, kind: str) -> str:
    """Why a piece of evidence speaks for a label. A kind that only a pack has is told by its own name."""
    return SAID.get(label, {}).get(kind) or _ANY.get(kind) or f"it has words of the kind “{kind.replace('_', ' ')}”"


def reasons(text: str, label: str, spans: Sequence[Span], *, hide: Sequence[Span] = ()) -> list[Reason]:
    """The reasons for a label, those of its own cues first, each with the first few different words it rests on. Words
    that meet a span of `hide` (personal details) are not quoted."""
    kinds: dict[str, dict[str, str]] = {}
    for span in longest(one for one in spans if one.label == label):
        words = kinds.setdefault(span.kind, {})
        quoted = " ".join(text[span.start : span.end].split())
        covered = any(one.start < span.end and span.start < one.end for one in hide)
        if quoted and span.kind != "whole" and len(quoted) <= _LONGEST and len(words) < MOST_WORDS and not covered:
            words.setdefault(quoted.lower(), quoted)
    order = [*SAID.get(label, {}), *(kind for kind in kinds if kind not in _LAST), *_LAST]
    return [
        Reason(kind, said(label, kind), tuple(kinds[kind].values())) for kind in dict.fromkeys(order) if kind in kinds
    ]
