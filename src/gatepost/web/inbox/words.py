"""Labels, kinds of details and probabilities in words, each with its voice and its sign."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gatepost.policy.model import LABELS
from gatepost.policy.titles import LANGUAGES


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the look: `voice` is "", stop, ask, ok or info; `icon` names a sign."""

    id: str
    title: str
    voice: str
    icon: str


WORDS = {
    word.id: word
    for word in (
        Word("complaint", "Complaint", "ask", "message-square"),
        Word("personal_details", "Personal details", "", "eye-off"),
        Word("staff_abuse", "Abuse to staff", "stop", "triangle-alert"),
        Word("offensive", "Offensive", "stop", "triangle-alert"),
        Word("hate", "Hate", "stop", "triangle-alert"),
        Word("media_query", "Journalist", "info", "newspaper"),
        Word("service_request", "Request", "", "message-square"),
        Word("question", "Question", "", "circle-help"),
        Word("thanks", "Kind words", "ok", "check"),
        Word("spam", "Spam", "", "circle-x"),
        Word("sar_request", "Data request", "", "file-text"),
        Word("foi_request", "Information request", "", "file-text"),
        Word("safeguarding", "Safeguarding", "stop", "triangle-alert"),
    )
}
URGENT = Word("urgent", "Urgent", "stop", "triangle-alert")

# In the list the gravest comes first, whatever order the readers found them in.
GRAVEST = (
    "safeguarding",
    "staff_abuse",
    "hate",
    "offensive",
    "complaint",
    "media_query",
    "sar_request",
    "foi_request",
    "personal_details",
    *LABELS,
)


def word_of(label: str) -> Word:
    return WORDS.get(label) or Word(label, label.replace("_", " ").capitalize(), "", "info")


def in_order(labels: Sequence[str]) -> list[Word]:
    """Words for the labels decided, the gravest first."""
    known = [label for label in dict.fromkeys(GRAVEST) if label in labels]
    return [word_of(label) for label in [*known, *(label for label in labels if label not in known)]]


def likelihood(probability: float) -> str:
    """A probability in words; the figure itself stands beside it."""
    if probability >= 0.9:
        return "Almost certain"
    if probability >= 0.75:
        return "Very likely"
    if probability >= 0.5:
        return "Likely"
    return "Possible"


def manner(sentiment: str, language: str) -> str:
    """How a message is written, in a sentence or two. The readers know English best, so another language is said."""
    tone = f"Its tone is {sentiment}." if sentiment in ("positive", "neutral", "negative") else ""
    if language in ("en", "und", ""):
        return tone
    name = LANGUAGES.get(language, language)
    foreign = f"It is in {name}, of which the desk knows few words: let somebody read it who knows the language."
    return f"{foreign} {tone}".strip()


def listed(words: list[str], last: str = "and") -> str:
    """One, two and three."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"
