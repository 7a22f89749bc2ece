"""The way in for networks' calls: proven over their raw bytes, kept before they are answered, read later by the queue.

Networks call in bursts and give up on who is slow. So a call does not go through a page's thread: its channel's
connector is kept for a few seconds, and calls that arrive while others are being kept go into the database together.
"Taken" is said only after the commit.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Collection, MutableMapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext, suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import DatabaseError, InterfaceError, close_old_connections, connection, transaction
from django.utils import timezone

from gatepost import jobs
from gatepost.channels.models import Channel
from gatepost.networks.client import BadAccount
from gatepost.networks.protocol import Account, Network, Receives
from gatepost.networks.registry import connect
from gatepost.vault import VaultError
from gatepost.web.body import Body, BodyRefused

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Answer = Callable[[int, str], Awaitable[None]]

BODY_LIMIT = 1024 * 1024  # bytes of one call
LISTENS = ("live", "paused")  # a paused channel is read when it is resumed
KNOWN_FOR = 5.0  # seconds a channel's connector is kept: a change takes hold within these
ASKED_AGAIN = 1.0  # seconds after which a wrong signature lets us look whether the secret was changed
ASK_EVERY = 0.5  # seconds between two askings for the same channel to be read
LOOKED_AT = 20.0  # seconds between looks whether the connection still holds
TOGETHER = 500  # calls of one commit
WAITING = 64 * 1024 * 1024  # bytes that may wait for a commit

logger = logging.getLogger("gatepost.hooks")


@dataclass(frozen=True, slots=True)
class Listener:
    """What answers for a channel's address: its connector, or a status and words for everybody who calls."""

    network: Receives | None
    status: int = 0
    words: str = ""
    since: float = 0.0


@dataclass(frozen=True, slots=True)
class Call:
    channel: int
    body: bytes
    at: datetime


# One statement for all of a commit, whatever their number: there and back once.
_INSERT = """INSERT INTO inbox_delivery (channel_id, body, at)
             SELECT * FROM unnest(%s::bigint[], %s::bytea[], %s::timestamptz[])"""


@dataclass(slots=True)
class _Waiting:
    call: Call
    kept: asyncio.Future[None] = field(repr=False)


def connector_of(account: Account) -> Network:
    """What asks whether an address is ours is answered by the account's connector. Raises BadAccount."""
    return connect(account)


def listener(channel: int) -> Listener:
    """Who listens at a channel's address now. Blocking. Raises what the database raises."""
    found = Channel.objects.filter(pk=channel, state__in=LISTENS).first()
    if found is None:
        return Listener(None, 404, "No channel of this desk listens here.")
    try:
        network = connect(found.account())
    except (VaultError, BadAccount):
        return Listener(None, 503, "This desk cannot open the channel's credentials now.")
    if not isinstance(network, Receives):
        return Listener(None, 404, "This network does not call; it is read.")
    return Listener(network)


def keep(calls: Sequence[Call], asked: Collection[int] = ()) -> None:
    """Keeps calls, and asks for their channels to be read unless that was `asked` for just now. In one transaction.
    Blocking."""
    channels = {one.channel for one in calls} - set(asked)
    columns = ([one.channel for one in calls], [one.body for one in calls], [one.at for one in calls])
    with transaction.atomic() if channels else nullcontext(), connection.cursor() as cursor:
        cursor.execute(_INSERT, columns)
        for channel in channels:
            ask(channel)


def ask(channel: int) -> None:
    """Asks for a channel to be read."""
    jobs.enqueue(jobs.Job.READ_CHANNEL, channel=channel, once=f"read:{channel}", lock=f"read:{channel}")


def unproven(channel: int) -> tuple[int, str]:
    logger.warning("A call to the webhook of channel %d had no valid signature. Nothing was kept.", channel)
    return 403, "The signature is missing or wrong. Nothing was kept."


class Door:
    """Takes calls in one event loop; one thread keeps them."""

    def __init__(
        self,
        listens: Callable[[int], Listener] = listener,
        keeps: Callable[[Sequence[Call], Collection[int]], None] = keep,
        asks: Callable[[int], None] = ask,
    ) -> None:
        self._listens, self._keeps, self._asks = listens, keeps, asks
        self._asked_at: dict[int, float] = {}
        self._used = 0.0  # when the thread's connection was last looked at
        self._known: dict[int, Listener] = {}
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="hooks")
        self._waiting: list[_Waiting] = []
        self._bytes = 0
        self._busy = False
        self._later: dict[int, asyncio.TimerHandle] = {}
        self._task: asyncio.Task[None] | None = None  # held, or it may be collected while it runs

    async def take(self, scope: Scope, receive: Receive, channel: int, answer: Answer) -> None:
        """Answers one POST to a channel's address."""
        body = Body()
        try:
            await body.take(receive, most=BODY_LIMIT, signed_in=_nobody)
            status, words = await self._taken(channel, body.whole(), scope)
        except BodyRefused as refused:
            if refused.status == 0:
                return
            status, words = refused.status, "A call may have at most 1 MB." if refused.status == 413 else str(refused)
        except (DatabaseError, InterfaceError):
            status, words = 503, "The database does not answer. Call again later."
        finally:
            body.close()
        await answer(status, words)

    def close(self) -> None:
        self._thread.shutdown(wait=True)

    async def _taken(self, channel: int, data: bytes, scope: Scope) -> tuple[int, str]:
        here = await self._listener(channel, KNOWN_FOR)
        if here.network is None:
            return here.status, here.words
        headers = {key.decode("latin-1"): value.decode("latin-1") for key, value in scope["headers"]}
        if not here.network.signature_is_valid(data, headers):
            here = await self._listener(channel, ASKED_AGAIN)
            if here.network is None or not here.network.signature_is_valid(data, headers):
                return unproven(channel)
        if self._bytes + len(data) > WAITING:
            return 503, "The desk is busy. Call again later."
        await self._kept(Call(channel, data, timezone.now()))
        return 200, "Taken."

    async def _listener(self, channel: int, seconds: float) -> Listener:
        known = self._known.get(channel)
        if known is None or time.monotonic() - known.since > seconds:
            found = await asyncio.get_running_loop().run_in_executor(self._thread, self._asked, channel)
            if len(self._known) > 1000:  # somebody tries out numbers
                self._known.clear()
            known = Listener(found.network, found.status, found.words, time.monotonic())
            self._known[channel] = known
        return known

    def _asked(self, channel: int) -> Listener:
        self._fresh()
        return self._listens(channel)

    async def _kept(self, call: Call) -> None:
        """Returns once `call` is in the database."""
        one = _Waiting(call, asyncio.get_running_loop().create_future())
        self._waiting.append(one)
        self._bytes += len(call.body)
        if not self._busy:
            self._busy = True
            self._task = asyncio.get_running_loop().create_task(self._keep_waiting())
        await one.kept

    def _begin_asking(self, channel: int) -> None:
        self._later.pop(channel, None)
        with suppress(RuntimeError):  # the door is closed
            asking = asyncio.get_running_loop().run_in_executor(self._thread, self._ask_again, channel)
            asking.add_done_callback(lambda done: done.exception())

    async def _keep_waiting(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            while self._waiting:
                batch, self._waiting = self._waiting[:TOGETHER], self._waiting[TOGETHER:]
                error: Exception | None = None
                try:
                    await loop.run_in_executor(self._thread, self._commit, [one.call for one in batch])
                except Exception as fault:
                    error, self._used = fault, 0.0
                else:
                    for channel in {one.call.channel for one in batch} - set(self._later):
                        self._later[channel] = loop.call_later(ASK_EVERY, self._begin_asking, channel)
                for one in batch:
                    self._bytes -= len(one.call.body)
                    if not one.kept.done() and error is None:
                        one.kept.set_result(None)
                    elif not one.kept.done():
                        one.kept.set_exception(error or InterfaceError())
        finally:
            self._busy = False

    def _commit(self, calls: Sequence[Call]) -> None:
        self._fresh()
        now = time.monotonic()
        channels = {one.channel for one in calls}
        asked = {one for one in channels if now - self._asked_at.get(one, -ASK_EVERY) < ASK_EVERY}
        self._keeps(calls, asked)
        self._asked_at |= dict.fromkeys(channels - asked, now)

    def _ask_again(self, channel: int) -> None:
        """What came after the last asking is asked for too. Where that fails, the worker's own poll reads it."""
        self._fresh()
        self._asks(channel)

    def _fresh(self) -> None:
        """Looks at the connection now and then: at every commit it would cost as much as the commit."""
        if time.monotonic() - self._used > LOOKED_AT:
            close_old_connections()
            self._used = time.monotonic()


async def _nobody() -> bool:
    return False
