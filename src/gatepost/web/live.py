"""Live events: what the database notifies on channel "gatepost", sent to every signed-in browser.

One connection listens for the whole process. Each stream has a bounded queue; a reader who falls behind, and everybody
after the database was away, is told `event: back`: something may have been missed, so look again.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import re
from collections.abc import Callable
from typing import Any

import psycopg

CHANNEL = "gatepost"
QUEUE_LIMIT = 100  # events a slow reader may lie behind
STREAM_LIMIT = 1000  # streams of one process, at 17 to 48 kB each
PAUSES = (0.2, 0.5, 1.0, 2.0, 5.0)  # seconds between attempts to reach the database again

logger = logging.getLogger(__name__)

BACK = b"event: back\ndata: {}\n\n"
END = b""  # in a queue: this stream is over


class TooManyStreams(Exception):
    """STREAM_LIMIT streams are open."""


def event_bytes(payload: str) -> bytes | None:
    """One server-sent event from one notification, e.g. '{"verb": "message.arrived", "id": "7"}' gives the event
    `message-arrived` with the JSON as its data. None when the payload is not a JSON object with a verb."""
    try:
        fact = json.loads(payload)
    except ValueError:
        return None
    if not isinstance(fact, dict) or not isinstance(fact.get("verb"), str):
        return None
    name = re.sub(r"[^a-z0-9_-]", "-", fact["verb"].lower()[:80])
    if not name:
        return None
    return f"event: {name}\ndata: {json.dumps(fact)}\n\n".encode()


class Hub:
    """Fans notifications out to streams. All its methods belong to one event loop.

    `url` is asked for the database's address at every attempt to connect.
    """

    def __init__(self, url: Callable[[], str]) -> None:
        self._url = url
        self._queues: set[asyncio.Queue[bytes]] = set()
        self._task: asyncio.Task[None] | None = None
        self._listening = asyncio.Event()

    def join(self) -> asyncio.Queue[bytes]:
        """A queue of events as bytes ready to send. Raises TooManyStreams."""
        if len(self._queues) >= STREAM_LIMIT:
            raise TooManyStreams
        queue: asyncio.Queue[bytes] = asyncio.Queue(QUEUE_LIMIT)
        self._queues.add(queue)
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._listen())
        return queue

    def leave(self, queue: asyncio.Queue[bytes]) -> None:
        self._queues.discard(queue)

    async def listening(self, seconds: float) -> bool:
        """Wait until the database is being listened to; False after `seconds`."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._listening.wait(), seconds)
        return self._listening.is_set()

    async def close(self) -> None:
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    def tell(self, event: bytes) -> None:
        """Put one event into every queue; a full queue is emptied and its reader told to look again."""
        for queue in self._queues:
            try:
                queue.put_nowait(event)
            except asyncio.QueueFull:
                while not queue.empty():
                    queue.get_nowait()
                queue.put_nowait(BACK)

    def end(self) -> None:
        """End every stream, e.g. before the server stops; browsers come back by themselves."""
        for queue in self._queues:
            while not queue.empty():
                queue.get_nowait()
            queue.put_nowait(END)

    async def _listen(self) -> None:
        failures, was_here = 0, False
        while True:
            try:
                connection = await psycopg.AsyncConnection.connect(
                    self._url(), autocommit=True, connect_timeout=5, application_name="gatepost live"
                )
                async with connection:
                    await connection.execute(f"LISTEN {CHANNEL}")
                    failures = 0
                    self._listening.set()
                    if was_here:
                        self.tell(BACK)
                    was_here = True
                    async for notice in connection.notifies():
                        if (event := event_bytes(notice.payload)) is not None:
                            self.tell(event)
            except (psycopg.Error, OSError) as error:
                if failures == 0:
                    logger.warning("Live events wait for the database: %s", type(error).__name__)
            self._listening.clear()
            await asyncio.sleep(PAUSES[min(failures, len(PAUSES) - 1)])
            failures += 1


def person_of_session(key: str) -> bool | None:
    """Whether `key` is the session of somebody who may use the desk; None when the database cannot be asked.

    Blocking; closes its database connection, for it runs in a thread that is seldom used.
    """
    from django.conf import settings
    from django.contrib.auth import get_user
    from django.db import DatabaseError, InterfaceError, connections
    from django.http import HttpRequest
    from django.utils.module_loading import import_string

    store: Any = import_string(settings.SESSION_ENGINE + ".SessionStore")
    request = HttpRequest()
    request.session = store(session_key=key)
    try:
        user = get_user(request)
        return bool(user.is_authenticated and user.is_active)
    except (DatabaseError, InterfaceError):
        return None
    finally:
        connections.close_all()
