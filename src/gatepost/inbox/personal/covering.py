"""Details of people in what staff and departments write, left out where it is shown, mailed or told."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils import timezone

from gatepost.inbox.masking import masked
from gatepost.policy.model import Span
from gatepost.policy.reading import evidence
from gatepost.policy.reading.words import Words
from gatepost.rulebook.actions import NoPolicy, in_force

PLAIN_KINDS = ("name", "third_person")  # names stay: without them a note says nothing


def _words() -> Words | None:
    """The words of the policy in force; None while there is no policy."""
    try:
        return in_force(timezone.now()).words
    except NoPolicy:
        return None


def _details(text: str, words: Words | None) -> list[Span]:
    if words is None:
        return []
    signs = evidence(text, words)["personal_details"][1]
    return [
        Span(sign.start, sign.end, "personal_details", sign.kind)
        for sign in signs
        if sign.end > sign.start and sign.kind not in PLAIN_KINDS
    ]


def details_in(text: str) -> list[Span]:
    """Where numbers, addresses and other details of people stand in a text, names apart."""
    return _details(text, _words()) if text.strip() else []


def covered(text: str) -> str:
    """What somebody at the desk or of a department wrote, with the details of people left out by name."""
    return masked(text, details_in(text))


def covered_all(texts: Iterable[str]) -> dict[str, str]:
    """Many texts at once, each by itself: the policy is asked for once."""
    wanted = {text for text in texts if text.strip()}
    words = _words() if wanted else None
    return {text: masked(text, _details(text, words)) for text in wanted}
