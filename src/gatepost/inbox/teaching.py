"""The desk's own corrections, as the readers learn from them. Texts are read here and go nowhere."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from django.db import InterfaceError, OperationalError
from django.db.models import Count

from gatepost.inbox.models import Correction, Message
from gatepost.ledger.actions import Actor
from gatepost.policy.model import LABELS
from gatepost.policy.reading.learning import MOST, MOST_BESIDE, Example, Lesson, learn
from gatepost.policy.reading.learnt import Learnt
from gatepost.policy.reading.moved import Moved, moved, shared_words
from gatepost.rulebook import readers
from gatepost.rulebook.actions import in_force
from gatepost.rulebook.models import ReaderModel, ReaderTraining

log = logging.getLogger("gatepost.inbox")
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


def train(
    *, by: Actor, at: datetime, heard: Callable[[int, int], None] = lambda done, total: None
) -> tuple[Lesson, ReaderModel | None]:
    """Learns from the corrections of this desk and keeps the outcome as a candidate. Raises NoPolicy."""
    lesson = learn(corrections(), in_force(at).words, beside=beside(), heard=heard)
    return lesson, readers.keep_lesson(lesson, by=by, at=at)


def run(training: ReaderTraining, *, by: Actor, at: datetime) -> None:
    """Does what was asked for by `readers.ask`, and tells how far it is. What goes wrong becomes its answer, but for a
    database that is away."""
    asked = ReaderTraining.objects.filter(pk=training.pk, ended_at=None)
    if not asked.update(started_at=at, done=0, total=0):
        return

    def heard(done: int, total: int) -> None:
        asked.update(done=done, total=total)

    try:
        lesson, model = train(by=by, at=at, heard=heard)
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:  # whoever waits for it gets an answer
        log.exception("training %s failed", training.pk)
        says = f"Nothing was learnt: the desk met an error ({type(error).__name__}). The readers stay as they are."
        asked.update(ended_at=at, failed=f"{says} Ask whoever looks after the desk to see its log.")
    else:
        asked.update(ended_at=at, report=lesson.figures(), model=model)


def words_moved(learnt: Learnt, at: datetime) -> Mapping[str, Sequence[Moved]]:
    """For each label learnt, the words that now count otherwise, of those that several messages at hand share."""
    texts = [*dict.fromkeys(one.text for one in corrections()), *beside()]
    return moved(learnt, shared_words(texts, in_force(at).words))
