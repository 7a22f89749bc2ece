"""The dispatcher: claims due acts, keeps a few under way on each channel, and keeps the answers in small batches."""

from __future__ import annotations

import logging
import threading
import time
from collections import Counter, deque
from collections.abc import Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from datetime import datetime

from django.db import InterfaceError, OperationalError, close_old_connections, connection
from django.utils import timezone

from gatepost.gate.sending import Claim, GivenBack, begin, claim, send
from gatepost.gate.settling import settle
from gatepost.networks.protocol import Answer

log = logging.getLogger("gatepost.worker")

SENDERS = 32
A_CHANNEL = 6  # under way on one channel at once: a network that hangs leaves senders for the others
LEAST, CLAIMS = 24, 200  # at once; what has not begun when a worker dies is simply given back
IN_STOCK = 60  # of one channel, claimed and waiting: no more of it is claimed until there are fewer
SETTLE_EVERY = 0.2  # seconds an answer may wait to be kept together with others
IDLE = 0.25  # seconds until the next question what is due
Result = tuple[Claim, "Answer | GivenBack"]


class Dispatcher:
    """One step begins what may begin and keeps what has come back; nothing waits for the slowest."""

    def __init__(self, worker: str, stop: threading.Event) -> None:
        self.worker, self.stop = worker, stop
        self.sent = 0
        self.swept: datetime | None = None
        self.pool = ThreadPoolExecutor(SENDERS, thread_name_prefix="send")
        self.stock: deque[Claim] = deque()
        self.running: dict[Future[Answer | GivenBack], Claim] = {}
        self.answers: list[Result] = []  # in hand, not yet kept: never dropped because the database is away
        self.ask_at = 0.0
        self.appetite = LEAST
        self.stocked_at: float | None = None

    def step(self) -> float:
        self._claim()
        self._begin()
        self._collect()
        if self.answers:
            settle(self.answers, at=timezone.now())
            self.sent += len(self.answers)
            self.answers = []
        return 0.0 if self.running or self.stock else IDLE

    def _claim(self) -> None:
        """Asks what is due, unless there is enough to do or it was asked a moment ago with nothing new."""
        if len(self.stock) > self.appetite // 4 or time.monotonic() < self.ask_at:
            return
        # As many as are sent in about two seconds: each costs a check, and a worker that dies has checked for nothing.
        quick = self.stocked_at is not None and time.monotonic() - self.stocked_at < 1
        self.appetite = min(CLAIMS, self.appetite * 2) if quick else max(LEAST, self.appetite // 2)
        now = timezone.now()
        kept = Counter(one.act.channel_id for one in self.stock)
        full = [channel for channel, count in kept.items() if count >= IN_STOCK]
        found = claim(worker=self.worker, at=now, limit=self.appetite - len(self.stock), passing=full)
        self.swept = now
        self.stock.extend(found)
        self.ask_at = 0.0 if found else time.monotonic() + IDLE
        self.stocked_at = time.monotonic() if found else None

    def _begin(self) -> None:
        free = SENDERS - len(self.running)
        busy = Counter(one.act.channel_id for one in self.running.values())
        chosen: list[Claim] = []
        for one in self.stock:
            if len(chosen) == free:
                break
            if busy[one.act.channel_id] < A_CHANNEL:
                busy[one.act.channel_id] += 1
                chosen.append(one)
        if not chosen:
            return
        looked = begin(chosen, at=timezone.now())
        taken = {one.attempt for one in chosen}
        self.stock = deque(one for one in self.stock if one.attempt not in taken)
        for one, back in looked:
            if back is not None:
                self.answers.append((one, back))
            else:
                self.running[self.pool.submit(_send, one)] = one

    def _collect(self) -> None:
        if not self.running:
            return
        done, rest = wait(self.running, timeout=IDLE, return_when=FIRST_COMPLETED)
        if done and rest:
            done |= wait(rest, timeout=SETTLE_EVERY).done
        self.answers.extend((self.running[future], _result(future)) for future in done)
        for future in done:
            del self.running[future]

    def finish(self) -> None:
        """Waits for what is under way and keeps its answers; what has not begun goes back at once."""
        back: Sequence[Result] = [(one, GivenBack("The worker was stopped before it began.")) for one in self.stock]
        self.stock.clear()
        wait(self.running, timeout=60)
        self._collect()
        self.pool.shutdown(wait=True)
        try:
            settle([*self.answers, *back], at=timezone.now())
        except (OperationalError, InterfaceError):  # the next worker's sweep and lookups settle them
            log.warning("dispatcher: the database is away; %d answers could not be kept", len(self.answers))
        connection.close()


def _send(claimed: Claim) -> Answer | GivenBack:
    try:
        return send(claimed)
    finally:
        close_old_connections()


def _result(future: Future[Answer | GivenBack]) -> Answer | GivenBack:
    failed = future.exception()
    if failed is not None:  # before the connector was called: send() turns the connector's own failures into answers
        return GivenBack(f"It was not tried: {type(failed).__name__}.")
    return future.result()
