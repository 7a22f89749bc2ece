"""The worker's loops: each does one thing again and again, waits for the database when it is away, and ends on stop."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.conf import settings
from django.db import InterfaceError, OperationalError, close_old_connections, connection
from django.db.models import Q
from django.utils import timezone

from gatepost import jobs
from gatepost.channels.models import Channel
from gatepost.gate.beats import beat
from gatepost.gate.looking import look, sweep
from gatepost.gate.sending import Claim, GivenBack, claim, send, settle
from gatepost.ledger.actions import System, seal
from gatepost.networks.protocol import Answer
from gatepost.rulebook.actions import begin_planned

log = logging.getLogger("gatepost.worker")

SENDERS = 8
CLAIMS = 40  # at once: what a dying worker leaves to be looked for stays small
SETTLE_EVERY = 0.25  # seconds an answer may wait to be kept together with others
Result = tuple[Claim, "Answer | GivenBack"]


def forever(name: str, step: Callable[[], float], stop: threading.Event) -> None:
    """Calls `step` until `stop`; it returns the seconds to wait. A database that is away is waited for; any other
    failure is logged by kind alone (its text may hold what people wrote) and the loop goes on."""
    while not stop.is_set():
        pause = 2.0
        try:
            close_old_connections()
            pause = step()
        except (OperationalError, InterfaceError):
            log.warning("%s: the database is away; trying again", name)
            connection.close()
        except Exception as error:
            log.error("%s: %s at %s", name, type(error).__name__, _where(error))
        stop.wait(pause)
    connection.close()


def _where(error: BaseException) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else "?"


class Dispatcher:
    """Claims due acts, sends them from a few threads, and keeps the answers in small batches."""

    def __init__(self, worker: str, stop: threading.Event) -> None:
        self.worker, self.stop = worker, stop
        self.started = timezone.now()
        self.sent = 0
        self.last_beat: datetime | None = None
        self.pool = ThreadPoolExecutor(SENDERS, thread_name_prefix="send")

    def step(self) -> float:
        now = timezone.now()
        if self.last_beat is None or now - self.last_beat > timedelta(seconds=10):
            beat(self.worker, started=self.started, at=now, sent=self.sent)
            self.last_beat = now
        claims = claim(worker=self.worker, at=now, limit=CLAIMS)
        if not claims:
            return 0.5
        futures = [self.pool.submit(_send, claimed) for claimed in claims]
        for batch in _batches(dict(zip(futures, claims, strict=True))):
            self._keep(batch)
        return 0.0

    def _keep(self, batch: list[Result]) -> None:
        """An answer in hand is never dropped because the database is away: it is kept when it is back."""
        while True:
            try:
                settle(batch, at=timezone.now())
            except (OperationalError, InterfaceError):
                log.warning("dispatcher: the database is away; %d answers wait to be kept", len(batch))
                connection.close()
                if self.stop.wait(1.0):
                    return
            else:
                self.sent += len(batch)
                return


def _send(claimed: Claim) -> Answer | GivenBack:
    try:
        return send(claimed)
    finally:
        close_old_connections()


def _batches(futures: dict[Future[Answer | GivenBack], Claim]) -> Iterator[list[Result]]:
    pending = set(futures)
    while pending:
        done, pending = wait(pending, timeout=None, return_when=FIRST_COMPLETED)
        more, pending = wait(pending, timeout=SETTLE_EVERY) if pending else (set(), pending)
        yield [_result(future, futures[future]) for future in (*done, *more)]


def _result(future: Future[Answer | GivenBack], claimed: Claim) -> Result:
    failed = future.exception()
    if failed is not None:  # before the connector was called: send() turns the connector's own failures into answers
        return claimed, GivenBack(f"It was not tried: {type(failed).__name__}.")
    return claimed, future.result()


def looking() -> float:
    at = timezone.now()
    sweep(at=at)
    look(at=at)
    return 2.0


def sealing() -> float:
    seal(at=timezone.now())
    return 5.0


def adopting() -> float:
    """Planned adoptions take hold when their time has come."""
    begin_planned(by=System("rulebook"), at=timezone.now())
    return 5.0


def polling() -> float:
    """Asks for every live channel to be read whose turn has come. The practice town is read every few seconds."""
    at = timezone.now()
    usual = at - timedelta(seconds=settings.POLL_SECONDS)
    quick = at - timedelta(seconds=min(3, settings.POLL_SECONDS))
    turn = Q(last_read_at=None) | Q(last_read_at__lte=usual) | Q(practice=True, last_read_at__lte=quick)
    ready = Q(read_after=None) | Q(read_after__lte=at)
    for channel in Channel.objects.filter(turn, ready, state="live").values_list("pk", flat=True):
        jobs.enqueue(jobs.Job.READ_CHANNEL, channel=channel, once=f"read:{channel}", lock=f"read:{channel}")
    return 1.0


@contextmanager
def running(worker: str, stop: threading.Event) -> Iterator[None]:
    """All loops, each in a thread of its own, until the block ends."""
    dispatcher = Dispatcher(worker, stop)
    steps: list[tuple[str, Callable[[], float]]] = [
        ("dispatcher", dispatcher.step),
        ("looking", looking),
        ("sealing", sealing),
        ("polling", polling),
        ("adopting", adopting),
    ]
    threads = [threading.Thread(target=forever, args=(name, step, stop), name=name) for name, step in steps]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join(timeout=60)
        dispatcher.pool.shutdown(wait=True)
