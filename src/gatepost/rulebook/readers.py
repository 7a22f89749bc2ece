"""What a training made is kept, put to use by somebody who signs off, and given up again."""

from __future__ import annotations

import logging
from datetime import datetime
from functools import lru_cache

from django.db import transaction
from django.db.models import Q

from gatepost.jobs import Job, enqueue
from gatepost.ledger.actions import Actor, record
from gatepost.people.authority import require_sign_off
from gatepost.people.models import User
from gatepost.policy.reading import Learnt
from gatepost.policy.reading.learning import Lesson
from gatepost.policy.reading.learnt import LearntError, opened
from gatepost.policy.reading.trained import shipped
from gatepost.rulebook.models import ReaderModel, ReaderTraining, ReaderUse

log = logging.getLogger("gatepost.rulebook")
_CLAUSES = ("desk:inbox",)


class ReadersError(Exception):
    """The readers cannot be changed so: the text says why and what to do."""


@transaction.atomic
def keep_lesson(lesson: Lesson, *, by: Actor, at: datetime) -> ReaderModel | None:
    """Keeps what was learnt as a candidate; None when nothing was. The same lesson is kept once."""
    corrections = sum(one.corrections for one in lesson.report)
    detail = {"digest": lesson.digest, "corrections": corrections, "learnt": _learnt(lesson)}
    record("readers.trained", f"readers:{lesson.digest[:12] or 'none'}", by=by, at=at, clauses=_CLAUSES, detail=detail)
    if not lesson.data:
        return None
    return ReaderModel.objects.get_or_create(
        digest=lesson.digest,
        defaults={
            "base": lesson.base,
            "data": lesson.data,
            "report": lesson.figures(),
            "made_by": by.actor,
            "made_at": at,
        },
    )[0]


def _learnt(lesson: Lesson) -> list[str]:
    return [one.label for one in lesson.report if not one.why]


@transaction.atomic
def ask(*, by: User, at: datetime) -> ReaderTraining:
    """Has a job let the readers learn from the corrections of the desk. Changes nothing by itself.

    Asking while one is waiting or being made gives that one. Raises NotAllowed.
    """
    require_sign_off(by, at)
    running = ReaderTraining.objects.select_for_update().filter(ended_at=None).order_by("-pk").first()
    if running is not None:
        return running
    made = ReaderTraining.objects.create(by=by.actor, at=at)
    record("readers.train_asked", f"training:{made.pk}", by=by, at=at, clauses=_CLAUSES, detail={})
    enqueue(Job.TRAIN_READERS, lock="train_readers", training=made.pk)
    return made


def candidate(digest: str) -> ReaderModel:
    """What was learnt, by the beginning of its digest; the latest for "". Raises ReadersError."""
    found = list(ReaderModel.objects.filter(digest__startswith=digest.lower()).order_by("-made_at", "digest")[:2])
    if not found:
        says = f"No training begins with {digest[:64]}." if digest else "Nothing has been learnt yet."
        raise ReadersError(f"{says} See what there is: gatepost train status. Or train: gatepost train.")
    if digest and len(found) > 1:
        raise ReadersError(f"More than one training begins with {digest[:64]}. Give more of it.")
    return found[0]


def fits(model: ReaderModel) -> bool:
    """Whether it corrects the readers of this release."""
    return model.base == shipped().digest


@transaction.atomic
def accept(model: ReaderModel, *, by: User, at: datetime) -> ReaderUse:
    """From now on messages are read with what was learnt. Older decisions stay. Raises NotAllowed, ReadersError."""
    require_sign_off(by, at)
    if not fits(model):
        raise ReadersError("This was learnt on top of the readers of another release. Train again: gatepost train.")
    try:
        opened(bytes(model.data), f"The training {model.digest[:12]}")
    except LearntError as error:
        raise ReadersError(str(error)) from error
    before = ReaderUse.objects.select_for_update().filter(active=True).first()
    if before is not None and before.model_id == model.digest:
        raise ReadersError("This is in use already.")
    _end(before, by=by, at=at)
    use = ReaderUse.objects.create(model=model, accepted_by=by.actor, accepted_at=at)
    detail = {
        "digest": model.digest,
        "instead_of": before.model_id if before else "",
        "figures": [one for one in model.report if not one["why"]],
    }
    record("readers.accepted", f"readers:{model.digest[:12]}", by=by, at=at, clauses=_CLAUSES, detail=detail)
    return use


@transaction.atomic
def undo(*, by: User, at: datetime) -> ReaderUse:
    """Back to the readers as shipped. What was learnt is kept and can be used again. Raises as accept does."""
    require_sign_off(by, at)
    use = ReaderUse.objects.select_for_update().filter(active=True).first()
    if use is None:
        raise ReadersError("The readers are as shipped: there is nothing to undo.")
    _end(use, by=by, at=at)
    detail = {"digest": use.model_id}
    record("readers.undone", f"readers:{use.model_id[:12]}", by=by, at=at, clauses=_CLAUSES, detail=detail)
    return use


def _end(use: ReaderUse | None, *, by: User, at: datetime) -> None:
    if use is not None:
        use.active, use.ended_by, use.ended_at = False, by.actor, at
        use.save(update_fields=["active", "ended_by", "ended_at"])


@lru_cache(maxsize=4)
def _opened(digest: str) -> Learnt:
    return opened(bytes(ReaderModel.objects.get(pk=digest).data), f"The training {digest[:12]}")


def used(at: datetime) -> ReaderUse | None:
    """What was put to use at a moment; None for the readers as shipped."""
    begun = ReaderUse.objects.filter(accepted_at__lte=at).filter(Q(ended_at=None) | Q(ended_at__gt=at))
    return begun.select_related("model").defer("model__data").order_by("-accepted_at", "-pk").first()


def in_use(at: datetime) -> Learnt | None:
    """What the readers have learnt, as in use at a moment; None for the readers as shipped.

    What another release learnt, or cannot be read, is left alone: messages must be taken in whatever was taught.
    """
    use = used(at)
    if use is None or not fits(use.model):
        return None
    try:
        return _opened(use.model_id)
    except LearntError as error:
        log.error("what the readers have learnt cannot be used: %s", error)
        return None
