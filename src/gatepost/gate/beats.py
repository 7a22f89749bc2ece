"""Signs of life of the workers, and what waits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Max, Min

from gatepost.gate.models import Act, Attempt, Beat

SILENT_AFTER = timedelta(seconds=60)
GONE_AFTER = timedelta(seconds=20)  # of a worker whose connection is still open, but who says nothing
LINE = 0x6761_7465  # first half of the advisory lock that each worker holds; the second is made of its name


@dataclass(frozen=True, slots=True)
class Pulse:
    """Is somebody sending? `next_due` is when the next signed-off act leaves."""

    alive: bool
    last: datetime | None
    waiting: int
    next_due: datetime | None


def beat(worker: str, *, started: datetime, at: datetime, sent: int, swept: datetime | None = None) -> None:
    values = {"started_at": started, "at": at, "sent": sent, "swept_at": swept}
    Beat.objects.update_or_create(worker=worker, defaults=values)
    Beat.objects.filter(at__lt=at - timedelta(days=1)).delete()


def hold_line(worker: str) -> None:
    """Takes, for this connection, the lock that says this worker is there. The server lets go of it the moment the
    connection ends, so a killed worker is known at once. Taking it again does nothing."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT CASE WHEN NOT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()"
            " AND classid = %s AND objid = hashtext(%s)::bit(32)::bigint::oid)"
            " THEN pg_try_advisory_lock(%s, hashtext(%s)) END",
            [LINE, worker, LINE, worker],
        )


def gone(at: datetime) -> list[str]:
    """Workers with attempts under way who have gone: their connection has ended, or nothing was heard of them for
    GONE_AFTER. Only workers that have given a sign of life are judged; a lease ends for all."""
    busy = Attempt.objects.filter(outcome="").order_by().values_list("worker", flat=True).distinct()
    known = dict(Beat.objects.filter(worker__in=list(busy)).values_list("worker", "at"))
    return [worker for worker, last in known.items() if at - last > GONE_AFTER or not _on_line(worker)]


def _on_line(worker: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, hashtext(%s))", [LINE, worker])
        return not cursor.fetchone()[0]


def pulse(at: datetime) -> Pulse:
    last = Beat.objects.aggregate(last=Max("at"))["last"]
    waiting = Act.objects.filter(state="signed_off")
    due = waiting.aggregate(due=Min("due_at"))["due"]
    alive = last is not None and at - last < SILENT_AFTER
    return Pulse(alive=alive, last=last, waiting=waiting[:1000].count(), next_due=due)
