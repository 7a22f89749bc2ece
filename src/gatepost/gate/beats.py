"""Signs of life of the workers, and what waits."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Count, Max, Min, Q

from gatepost import jobs
from gatepost.gate.holds import covered
from gatepost.gate.models import Act, Attempt, Beat
from gatepost.ledger.actions import Actor, record

SILENT_AFTER = timedelta(seconds=60)
GONE_AFTER = timedelta(seconds=20)  # of a worker whose connection is still open, but who says nothing
LINE = 0x6761_7465  # first half of the advisory lock that each worker holds; the second is made of its name


@dataclass(frozen=True, slots=True)
class Pulse:
    """Is somebody sending? `swept` is when it was last asked what is due, `queue` what is due and has not left,
    `waiting` what is signed off, `next_due` when the next of it leaves. What a hold keeps back counts in none."""

    alive: bool
    last: datetime | None
    swept: datetime | None
    queue: int
    waiting: int
    next_due: datetime | None
    workers: int


def beat(worker: str, *, started: datetime, at: datetime, sent: int, swept: datetime | None = None) -> None:
    values = {"started_at": started, "at": at, "sent": sent, "swept_at": swept}
    Beat.objects.update_or_create(worker=worker, defaults=values)
    # What it has claimed and not begun stays its own as long as it lives.
    lease = at + timedelta(seconds=settings.LEASE_SECONDS)
    Attempt.objects.filter(worker=worker, outcome="", begun_at=None, lease_until__lt=lease).update(lease_until=lease)


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
    return silent(busy, at)


def silent(workers: Iterable[str], at: datetime) -> list[str]:
    """Those of these workers who have gone."""
    known = dict(Beat.objects.filter(worker__in=list(workers)).values_list("worker", "at"))
    return [worker for worker, last in known.items() if at - last > GONE_AFTER or not _on_line(worker)]


def _on_line(worker: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, hashtext(%s))", [LINE, worker])
        return not cursor.fetchone()[0]


def farewell(worker: str) -> None:
    """A worker that was told to stop says so: its silence is no alarm."""
    Beat.objects.filter(worker=worker).delete()


@transaction.atomic
def alarm(*, by: Actor, at: datetime) -> list[str]:
    """Workers that fell silent without a farewell, each told of once: a line in the record and an e-mail. Any worker
    that lives finds the others; one that starts after all were dead finds them too."""
    silent = Beat.objects.select_for_update(skip_locked=True).filter(at__lt=at - SILENT_AFTER)
    told = list(silent)
    names = [one.worker for one in told]
    for one in told:
        record("worker.silent", f"worker:{one.worker}", by=by, at=at, detail={"last": one.at.isoformat()})
        jobs.enqueue(jobs.Job.WORKER_SILENT, worker=one.worker, since=one.at.isoformat())
    Beat.objects.filter(worker__in=names).delete()
    return names


def pulse(at: datetime) -> Pulse:
    alive = Count("pk", filter=Q(at__gte=at - SILENT_AFTER))
    living = Beat.objects.aggregate(last=Max("at"), swept=Max("swept_at"), alive=alive)
    last = living["last"]
    going = Act.objects.filter(state="signed_off").exclude(covered(at=at))
    due = going.filter(due_at__lte=at)
    return Pulse(
        alive=last is not None and at - last < SILENT_AFTER,
        last=last,
        swept=living["swept"],
        queue=due[:1000].count(),
        waiting=going[:1000].count(),
        next_due=going.filter(due_at__gt=at).aggregate(due=Min("due_at"))["due"],
        workers=living["alive"],
    )
