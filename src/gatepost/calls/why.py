"""Why a message was read as it was, by name: what the screens say of it is told to programs too."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel

from gatepost.calls import asked
from gatepost.calls.desk import Row
from gatepost.calls.doing import found_message
from gatepost.inbox.masking import kind_words, spans_of
from gatepost.people.models import User
from gatepost.policy.hazards import in_words, told_to_us
from gatepost.policy.reasons import reasons
from gatepost.rulebook.actions import in_force

PERSONAL = "personal_details"


class ReasonOut(BaseModel):
    """`words`: the first few that it rests on, as they are written; never those of personal details."""

    kind: str
    says: str
    words: list[str] = []


class ReadAsOut(BaseModel):
    """A label that was decided, how likely it is, and why."""

    label: str
    probability: float
    reasons: list[ReasonOut]


class WhyOut(BaseModel):
    """`language` is an ISO 639-1 code, or "und". `hazards` are those of a home, in words."""

    read_as: list[ReadAsOut]
    hazards: list[str]
    urgent: bool
    topics: list[str]
    sentiment: str
    language: str


def message_why(wish: asked.MessageGet, *, by: User, at: datetime) -> WhyOut:
    """The reading that stands now."""
    message = found_message(wish.message, by, at)
    kept = message.decision
    spans = spans_of(kept.spans)
    hidden = [span for span in spans if span.label == PERSONAL]
    kinds = list(dict.fromkeys(span.kind for span in hidden))
    read_as = [
        ReadAsOut(
            label=label,
            probability=kept.labels.get(label, 0.0),
            reasons=[ReasonOut(kind=kind, says=kind_words(kind)) for kind in kinds]
            if label == PERSONAL
            else [
                ReasonOut(kind=why.kind, says=why.says, words=list(why.words))
                for why in reasons(message.text, label, spans, hide=hidden)
            ],
        )
        for label in kept.decided
    ]
    told = told_to_us(message.text, in_force(at).words, kept.decided, urgent=message.urgent)
    return WhyOut(
        read_as=read_as,
        hazards=in_words(told),
        urgent=message.urgent,
        topics=kept.topics,
        sentiment=kept.sentiment,
        language=kept.language,
    )


WHY: dict[str, Row] = {
    "message.why": (asked.MessageGet, message_why, WhyOut, "Why a message was read as it was, and its hazards"),
}
