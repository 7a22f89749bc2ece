"""The ASGI shell of the web process: live events and the health check natively, every page by Django in threads.

Django's views run four to twelve times faster in threads than under ASGI; a live stream, which waits nearly all its
life, must not hold one of those threads. So each gets what suits it, in one process.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import time
from collections.abc import Awaitable, Callable, MutableMapping
from http.cookies import CookieError, SimpleCookie
from typing import Any

import psycopg
from a2wsgi import WSGIMiddleware

from gatepost.web.body import Body, BodyRefused
from gatepost.web.live import BACK, END, Hub, TooManyStreams, person_of_session

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

KEEP_ALIVE = 15.0  # seconds of silence before a comment keeps proxies from closing the stream
LOOK_AGAIN = 30.0  # seconds between looks whether the session still holds
BODY_LIMIT = 64 * 1024 * 1024  # bytes of one request; pages have lower limits of their own
FILM_LIMIT = 544 * 1024 * 1024  # where a form may carry a film of 512 MB, from somebody who has signed in
SEND_PATIENCE = 60.0  # seconds for a reader to take one piece of an answer
STOPPING = signal.SIGUSR1  # sent to the web process just before it is stopped
RETRY = b"retry: 3000\n\n"


class Shell:
    """The ASGI application. `pages` is Django's WSGI application, `url` gives the database's address, `cookie` is the
    name of the session's cookie and `knows` tells, in a thread, whether its value belongs to somebody signed in."""

    def __init__(
        self,
        pages: Any,
        url: Callable[[], str],
        cookie: str,
        knows: Callable[[str], bool | None] = person_of_session,
        door: Any = None,
    ) -> None:
        self.door = door
        self.knows = knows
        self.pages = WSGIMiddleware(pages, workers=4, send_queue_size=10)
        self.url = url
        self.cookie = cookie
        self.hub: Hub | None = None
        self.stopping = False
        self._health: tuple[float, bool] = (-10.0, False)
        self._asking = asyncio.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
        elif scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1000})
        elif scope["path"] == "/live":
            await self._live(scope, receive, send)
        elif scope["method"] == "POST" and self.door is not None and (channel := hook_of(scope["path"])):
            await self.door.take(scope, receive, channel, lambda status, words: answer(send, scope, status, words))
        elif scope["path"] == "/healthz":
            await self._healthz(scope, send)
        else:
            await self._page(scope, receive, send)

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                # The server waits for open answers when it stops, and a live stream is one that never ends by itself.
                # So whoever is about to stop the server says so first.
                with contextlib.suppress(NotImplementedError, RuntimeError, ValueError):
                    asyncio.get_running_loop().add_signal_handler(STOPPING, self.end_streams)
                await send({"type": "lifespan.startup.complete"})
            elif message["type"] == "lifespan.shutdown":
                if self.hub is not None:
                    await self.hub.close()
                if self.door is not None:
                    await asyncio.to_thread(self.door.close)
                await send({"type": "lifespan.shutdown.complete"})
                return

    def end_streams(self) -> None:
        """End every live stream and begin no other."""
        self.stopping = True
        if self.hub is not None:
            self.hub.end()

    # --- pages ---------------------------------------------------------------------------------------------------

    async def _page(self, scope: Scope, receive: Receive, send: Send) -> None:
        gone = False

        async def guarded_send(message: Message) -> None:
            # A reader who has gone must not leave Django's thread waiting for room in the queue for ever.
            nonlocal gone
            if gone:
                return
            try:
                await asyncio.wait_for(send(message), SEND_PATIENCE)
            except Exception:
                gone = True

        declared = header(scope, b"content-length")
        body = Body()
        try:
            most = FILM_LIMIT if scope["path"].startswith(("/write/", "/media/")) else BODY_LIMIT
            if declared.isdecimal() and int(declared) > most:
                limit = f"This is larger than {most // 2**20} MB, the most the desk takes at once. Send less."
                raise BodyRefused(413, limit)
            await body.take(receive, most=most, signed_in=lambda: self._known(scope))
            await self.pages(scope, body.receive, guarded_send)  # type: ignore[arg-type]  # a2wsgi has its own names
        except BodyRefused as refused:
            if refused.status:
                await answer(send, scope, refused.status, refused.sentence)
        finally:
            body.close()

    async def _known(self, scope: Scope) -> bool:
        key = cookie_value(header(scope, b"cookie"), self.cookie)
        return bool(key) and await asyncio.to_thread(self.knows, key) is True

    # --- live events ---------------------------------------------------------------------------------------------

    async def _live(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] != "GET":
            await answer(send, scope, 405, "Live events are read with GET.")
            return
        if self.stopping:
            await answer(send, scope, 503, "The desk is stopping.")
            return
        key = cookie_value(header(scope, b"cookie"), self.cookie)
        known = await asyncio.to_thread(self.knows, key) if key else False
        if known is None:
            await answer(send, scope, 503, "The database does not answer. Live events come back by themselves.")
            return
        if not known:
            await answer(send, scope, 401, "Live events are for people who have signed in.")
            return
        if self.hub is None:
            self.hub = Hub(self.url)
        try:
            queue = self.hub.join()
        except TooManyStreams:
            await answer(send, scope, 503, "Too many pages are open at once. Reload this page now and then instead.")
            return
        try:
            await self._stream(scope, receive, send, queue, key)
        finally:
            self.hub.leave(queue)

    async def _stream(self, scope: Scope, receive: Receive, send: Send, queue: asyncio.Queue[bytes], key: str) -> None:
        assert self.hub is not None  # noqa: S101  (made by _live; tells mypy so)
        headers = [
            (b"content-type", b"text/event-stream; charset=utf-8"),
            (b"cache-control", b"no-store"),
            (b"x-accel-buffering", b"no"),
            (b"x-content-type-options", b"nosniff"),
        ]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await self.hub.listening(5.0)
        # A browser that comes back says which event it saw last: it may have missed some since.
        await push(send, RETRY + (BACK if header(scope, b"last-event-id") else b"event: here\ndata: {}\n\n"))
        leaving = asyncio.ensure_future(until_gone(receive))
        looked = time.monotonic()
        number = 0
        try:
            while not leaving.done():
                getting = asyncio.ensure_future(queue.get())
                await asyncio.wait({getting, leaving}, timeout=KEEP_ALIVE, return_when="FIRST_COMPLETED")
                if getting.done() and getting.result() == END:
                    break
                if getting.done():
                    number += 1
                    await push(send, b"id: %d\n" % number + getting.result())
                else:
                    getting.cancel()
                    await push(send, b": keep-alive\n\n")
                if time.monotonic() - looked > LOOK_AGAIN:
                    looked = time.monotonic()
                    if await asyncio.to_thread(self.knows, key) is False:
                        await push(send, b"event: signed-out\ndata: {}\n\n")
                        break
        finally:
            leaving.cancel()
        with contextlib.suppress(Exception):  # the reader may have gone
            await send({"type": "http.response.body", "body": b"", "more_body": False})

    # --- health --------------------------------------------------------------------------------------------------

    async def _healthz(self, scope: Scope, send: Send) -> None:
        async with self._asking:  # asked at most once a second, however many ask
            if time.monotonic() - self._health[0] > 1.0:
                self._health = (time.monotonic(), await answers(self.url()))
        if self._health[1]:
            await answer(send, scope, 200, "The desk runs and its database answers.")
        else:
            await answer(send, scope, 503, "The database does not answer; nothing committed is lost.")


async def answers(url: str) -> bool:
    """Whether the database at `url` answers a query within three seconds."""
    try:
        async with asyncio.timeout(3):
            async with await psycopg.AsyncConnection.connect(url, autocommit=True, connect_timeout=3) as db:
                await db.execute("SELECT 1")
                return True
    except (psycopg.Error, OSError, TimeoutError):
        return False


async def push(send: Send, data: bytes) -> None:
    await asyncio.wait_for(send({"type": "http.response.body", "body": data, "more_body": True}), SEND_PATIENCE)


async def until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def answer(send: Send, scope: Scope, status: int, sentence: str) -> None:
    body = (sentence + "\n").encode()
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", b"%d" % len(body)),
        (b"cache-control", b"no-store"),
        (b"x-content-type-options", b"nosniff"),
    ]
    if status == 503:
        headers.append((b"retry-after", b"5"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})


def hook_of(path: str) -> int:
    """The number of the channel in "/hooks/12/"; 0 for any other path."""
    number = path.removeprefix("/hooks/").removesuffix("/")
    usable = path.startswith("/hooks/") and number.isascii() and number.isdigit() and len(number) < 10
    return int(number) if usable else 0


def header(scope: Scope, name: bytes) -> str:
    """The first header of that name (lower case), or ""."""
    return next((value.decode("latin-1") for key, value in scope["headers"] if key.lower() == name), "")


def cookie_value(cookies: str, name: str) -> str:
    """One cookie of a Cookie header, or "" when it is not there or the header makes no sense."""
    try:
        morsel = SimpleCookie(cookies[:8192]).get(name)
    except CookieError:
        return ""
    return morsel.value[:128] if morsel else ""


def build() -> Shell:
    """The shell around this installation's Django."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gatepost.settings")
    from django.conf import settings
    from django.core.wsgi import get_wsgi_application

    pages = get_wsgi_application()
    from gatepost.web.hooks.door import Door  # rows can be imported only now

    return Shell(pages, settings_url, settings.SESSION_COOKIE_NAME, door=Door())


def settings_url() -> str:
    """The database's address as Django's settings have it, for connections of our own."""
    from django.db import connection

    given = connection.get_connection_params()
    names = ("host", "port", "user", "password", "dbname", "sslmode", "sslrootcert", "sslcert", "sslkey")
    return psycopg.conninfo.make_conninfo(**{name: given[name] for name in names if given.get(name)})


def __getattr__(name: str) -> Shell:
    """`application` is made when a server asks for it, so that reading this file starts nothing."""
    if name == "application":
        globals()["application"] = shell = build()
        return shell
    raise AttributeError(name)
