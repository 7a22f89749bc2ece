"""Takes a request's body in whole before a page's thread sees it.

There are few threads. A reader who sends a byte a minute would hold one for as long as they like, and four such
readers the whole desk, without ever signing in.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, MutableMapping
from tempfile import SpooledTemporaryFile
from typing import Any

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]

KEPT_IN_MEMORY = 256 * 1024  # bytes; the rest of a larger body waits in a file
OPEN_LIMIT = 2 * 1024 * 1024  # bytes from somebody who has not signed in: a form, a webhook, an action
SECONDS = 30.0  # for any body, however small
SLOWEST = 50_000  # bytes a second of a larger one
PIECE = 64 * 1024


class BodyRefused(Exception):
    """The body does not reach a page. `status` is the answer (0: nobody waits for one), `sentence` says why."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status, self.sentence = status, sentence


class Body:
    """One whole body. Its `receive` hands it to a page, as the server would have done."""

    def __init__(self) -> None:
        self.size = 0
        self._file: SpooledTemporaryFile[bytes] = SpooledTemporaryFile(KEPT_IN_MEMORY)  # noqa: SIM115  (closed by close)
        self._left = 0

    def close(self) -> None:
        self._file.close()

    async def take(
        self, receive: Receive, *, most: int, signed_in: Callable[[], Awaitable[bool]], seconds: float | None = None
    ) -> None:
        """Reads to the end. `signed_in` is asked once, when the body outgrows OPEN_LIMIT. Raises BodyRefused."""
        seconds = SECONDS if seconds is None else seconds
        began, more, asked = time.monotonic(), True, False
        while more:
            left = began + seconds + self.size / SLOWEST - time.monotonic()
            try:
                message = await asyncio.wait_for(receive(), max(left, 0.001))
            except TimeoutError as error:
                raise BodyRefused(408, "The request did not arrive in time. Nothing has been done with it.") from error
            if message["type"] == "http.disconnect":
                raise BodyRefused(0, "the reader went away before the whole request had arrived")
            more = bool(message.get("more_body", False))
            self.size += self._file.write(message.get("body", b""))
            if self.size > most:
                limit = f"This is larger than {most // 2**20} MB, the most the desk takes at once. Send less."
                raise BodyRefused(413, limit)
            if self.size > OPEN_LIMIT and not asked:
                asked = True
                if not await signed_in():
                    raise BodyRefused(413, "Only people who have signed in may send this much. Send less.")
        self._file.seek(0)
        self._left = self.size

    def whole(self) -> bytes:
        """All of it, once it has been taken in."""
        return self._file.read()

    async def receive(self) -> Message:
        piece = self._file.read(PIECE)
        self._left -= len(piece)
        return {"type": "http.request", "body": piece, "more_body": self._left > 0}
