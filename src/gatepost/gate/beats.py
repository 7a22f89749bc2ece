"""Signs of life of the workers, and what waits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Max, Min

from gatepost.gate.models import Act, Beat

SILENT_AFTER = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Pulse:
    """Is somebody sending? `next_due` is when the next signed-off act leaves."""

    alive: bool
    last: datetime | None
    waiting: int
    next_due: datetime | None


def beat(worker: str, *, started: datetime, at: datetime, sent: int) -> None:
    Beat.objects.update_or_create(worker=worker, defaults={"started_at": started, "at": at, "sent": sent})
    Beat.objects.filter(at__lt=at - timedelta(days=1)).delete()


def pulse(at: datetime) -> Pulse:
    last = Beat.objects.aggregate(last=Max("at"))["last"]
    waiting = Act.objects.filter(state="signed_off")
    due = waiting.aggregate(due=Min("due_at"))["due"]
    alive = last is not None and at - last < SILENT_AFTER
    return Pulse(alive=alive, last=last, waiting=waiting[:1000].count(), next_due=due)
