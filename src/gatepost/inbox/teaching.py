"""The desk's own corrections, as the readers learn from them. Texts are read here and go nowhere."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count

from gatepost.inbox.models import Correction, Message
from gatepost.ledger.actions import Actor
from gatepost.policy.model import LABELS
from gatepost.policy.reading.learning import MOST, MOST_BESIDE, Example, Lesson, learn
from gatepost.rulebook import readers
from gatepost.rulebook.actions import in_force
from gatepost.rulebook.models import ReaderModel

DEALT_WITH = ("answered", "referred", "done")
TEXT_LIMIT = 20_000  # code points of one message: what readers learn from stands in its first words


def corrections() -> list[Example]:
    """What people corrected, of each label the latest, the oldest first."""
    found: list[Example] = []
    for label in LABELS:
        rows = Correction.objects.filter(label=label).order_by("-at", "-pk").values_list("message__text", "holds")
        found += [Example(text[:TEXT_LIMIT], label, holds) for text, holds in rows[:MOST]][::-1]
    return found


def counts() -> dict[str, int]:
    """How many corrections there are of each label that has any."""
    rows = Correction.objects.values_list("label").annotate(Count("pk")).order_by("label")
    return dict(rows)


def beside() -> list[str]:
    """The latest messages that people dealt with and did not correct: they let the reading stand."""
    rows = Message.objects.filter(corrections=None, state__in=DEALT_WITH).order_by("-received_at", "-pk")
    return [text[:TEXT_LIMIT] for text in rows.values_list("text", flat=True)[:MOST_BESIDE] if text.strip()]


def train(*, by: Actor, at: datetime) -> tuple[Lesson, ReaderModel | None]:
    """Learns from the corrections of this desk and keeps the outcome as a candidate. Raises NoPolicy."""
    lesson = learn(corrections(), in_force(at).words, beside=beside())
    return lesson, readers.keep_lesson(lesson, by=by, at=at)
