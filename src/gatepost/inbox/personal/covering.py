"""Details of people in what staff and departments write, left out where it is shown, mailed or told."""

from __future__ import annotations

from django.utils import timezone

from gatepost.inbox.masking import masked
from gatepost.policy.model import Span
from gatepost.policy.reading import evidence
from gatepost.rulebook.actions import NoPolicy, in_force

PLAIN_KINDS = ("name", "third_person")  # names stay: without them a note says nothing


def details_in(text: str) -> list[Span]:
    """Where numbers, addresses and other details of people stand in a text, names apart."""
    if not text.strip():
        return []
    try:
        words = in_force(timezone.now()).words
    except NoPolicy:
        return []
    signs = evidence(text, words)["personal_details"][1]
    return [
        Span(sign.start, sign.end, "personal_details", sign.kind)
        for sign in signs
        if sign.end > sign.start and sign.kind not in PLAIN_KINDS
    ]


def covered(text: str) -> str:
    """What somebody at the desk or of a department wrote, with the details of people left out by name."""
    return masked(text, details_in(text))
