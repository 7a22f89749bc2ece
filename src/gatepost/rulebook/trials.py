"""How far a trial is, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from gatepost.ledger.actions import Actor, record
from gatepost.rulebook.models import Trial


def starts(trial: Trial, *, total: int, by: Actor, at: datetime) -> bool:
    """Marks a trial as begun; False when it has ended already. A worker that died may begin it again."""
    found = Trial.objects.filter(pk=trial.pk, ended_at=None)
    return bool(found.update(started_at=at, total=total, done=0))


def reached(trial: Trial, done: int, *, by: Actor, at: datetime) -> None:
    Trial.objects.filter(pk=trial.pk, ended_at=None).update(done=done)


@transaction.atomic
def ends(trial: Trial, *, result: Mapping[str, Any] | None = None, failed: str = "", by: Actor, at: datetime) -> None:
    """Keeps the result, or why there is none."""
    found = Trial.objects.filter(pk=trial.pk, ended_at=None)
    if found.update(ended_at=at, result=dict(result) if result is not None else None, failed=failed):
        detail = {"digest": trial.digest, "failed": bool(failed)}
        record("trial.ended", f"trial:{trial.pk}", by=by, at=at, detail=detail)
