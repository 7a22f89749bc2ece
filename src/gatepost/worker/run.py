"""`gatepost worker`: the dispatcher and its fellow loops beside the queue's worker, in one process."""

from __future__ import annotations

import asyncio
import logging
import os
import secrets
import signal
import socket
import threading
import time
from types import FrameType
from typing import Any, cast

from django.utils import timezone
from procrastinate import App
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.exceptions import ConnectorException, UniqueViolation
from procrastinate.jobs import Job, Status
from procrastinate.manager import JobManager
from psycopg.errors import RaiseException

from gatepost.worker.loops import running

log = logging.getLogger("gatepost.worker")

RESCUE_EVERY = 30.0  # seconds


def name() -> str:
    """A name no other worker has: host, process and a few random letters."""
    return f"{socket.gethostname()[:40]}:{os.getpid()}:{secrets.token_hex(3)}"


def run() -> int:
    """Runs until SIGTERM or SIGINT. Acts under way are finished and kept first. Returns the exit code."""
    stop = threading.Event()

    def end(number: int, frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    with running(name(), stop):
        queue = threading.Thread(target=_queue, args=(stop,), name="queue", daemon=True)
        queue.start()
        while not stop.wait(1.0):
            if not queue.is_alive():
                queue = threading.Thread(target=_queue, args=(stop,), name="queue", daemon=True)
                queue.start()
        queue.join(timeout=20)
    return 0


class Jobs(JobManager):
    """The queue's jobs. One that is to be tried again while another like it waits is not needed: it ends, so that its
    lock does not stay and keep that other one from its turn."""

    async def retry_job(self, job: Job, *args: Any, **more: Any) -> None:
        if job.queueing_lock:
            alike = await self.list_jobs_async(status=Status.TODO.value, queueing_lock=job.queueing_lock)
            if any(one.id != job.id for one in alike):
                await self._end(job)
                return
        try:
            await super().retry_job(job, *args, **more)
        except UniqueViolation:  # it came to wait just now
            await self._end(job)

    async def _end(self, job: Job) -> None:
        try:
            await self.finish_job(job, status=Status.FAILED, delete_job=True)
        except ConnectorException as error:
            if not isinstance(error.__cause__, RaiseException):
                raise
            log.info("queue: another worker has seen to job %s", job.id)


def queue_app() -> App:
    """The queue's own application: the same tasks over connections of its own.

    Not replace_connector(): that swaps the connector for the whole process, and what the other loops enqueue would no
    longer be part of their transactions.
    """
    connector = cast(DjangoConnector, app.connector).get_worker_connector()
    own = App(connector=connector, import_paths=app.import_paths)
    own.job_manager = Jobs(connector)
    own.tasks, own.periodic_registry = app.tasks, app.periodic_registry
    return own


async def _rescue(worker_app: App) -> None:
    """Jobs whose worker died stay "doing" for ever and block their lock: put them back; clear finished ones."""
    manager = worker_app.job_manager
    for job in list(await manager.get_stalled_jobs(seconds_since_heartbeat=30)):
        try:
            await manager.retry_job(job, retry_at=timezone.now())
        except ConnectorException as error:
            if not isinstance(error.__cause__, RaiseException):
                raise
            log.info("queue: another worker has seen to job %s", job.id)  # the queue says it is no longer stalled
    await manager.delete_old_jobs(nb_hours=24)


def _queue(stop: threading.Event) -> None:
    """The queue's worker; it ends on a lost database and is started again by run()."""

    async def work() -> None:
        worker_app = queue_app()
        async with worker_app.open_async():
            task = asyncio.create_task(
                worker_app.run_worker_async(
                    concurrency=4,
                    fetch_job_polling_interval=2.0,
                    install_signal_handlers=False,
                    delete_jobs="successful",
                    shutdown_graceful_timeout=15,
                )
            )
            rescued = 0.0
            while not stop.is_set() and not task.done():
                if time.monotonic() - rescued > RESCUE_EVERY:
                    await _rescue(worker_app)
                    rescued = time.monotonic()
                await asyncio.sleep(0.2)
            if not task.done():
                task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    try:
        asyncio.run(work())
    except Exception as error:
        if not stop.is_set():
            log.warning("queue: %s; starting again", type(error).__name__)
            time.sleep(1.0)
