"""What people said of the readers: corrections of one message, and what may still be said of it."""

from __future__ import annotations

from dataclasses import dataclass

from gatepost.inbox.deciding_anew import standing
from gatepost.inbox.models import Correction, Message
from gatepost.policy.model import LABELS
from gatepost.web.inbox.words import in_order, word_of


@dataclass(frozen=True, slots=True)
class Correcting:
    """`said`: each correction with its words. `options`: (value, words), what the message has now first."""

    said: tuple[tuple[Correction, str], ...]
    held: tuple[str, ...]  # labels it has now
    options: tuple[tuple[str, str], ...]


def correcting(message: Message) -> Correcting:
    said = list(message.corrections.select_related("by").order_by("at", "pk"))
    now = dict.fromkeys(message.decision.decided, True) | standing(message, said)
    held = [word.id for word in in_order([label for label in LABELS if now.get(label)])]
    options = [(f"{label} no", f"is not “{word_of(label).title}”") for label in held]
    options += [(f"{label} yes", f"is “{word_of(label).title}”") for label in LABELS if not now.get(label)]
    words = [f"{'this is' if one.holds else 'this is not'} “{word_of(one.label).title}”" for one in said]
    return Correcting(tuple(zip(said, words, strict=True)), tuple(held), tuple(options))
