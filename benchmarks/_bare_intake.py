"""The least an intake can do: an ASGI handler that puts one row into the database and answers."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from psycopg_pool import AsyncConnectionPool

Message = MutableMapping[str, Any]
_pool: AsyncConnectionPool | None = None


async def application(
    scope: Message, receive: Callable[[], Awaitable[Message]], send: Callable[[Message], Awaitable[None]]
) -> None:
    global _pool
    if scope["type"] == "lifespan":
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                _pool = AsyncConnectionPool(os.environ["DATABASE_URL"], min_size=8, max_size=8, open=False)
                await _pool.open(wait=True)
                await send({"type": "lifespan.startup.complete"})
            else:
                assert _pool is not None
                await _pool.close()
                await send({"type": "lifespan.shutdown.complete"})
                return
    body = b""
    more = True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    if scope["method"] == "POST":
        assert _pool is not None
        async with _pool.connection() as connection:
            await connection.execute("INSERT INTO bare_intake (body, at) VALUES (%s, now())", [body])
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"7")]})
    await send({"type": "http.response.body", "body": b"Taken.\n"})
