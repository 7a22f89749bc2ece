"""A last moment for a whole request.

The time limits of the client are for one read each: a server that sends a byte of its headers every few seconds stays
within them for hours. When the last moment comes the connection is closed from this side, and the request ends as one
that broke off.
"""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self


class Deadline:
    """`with Deadline(8.0) as limit: client.stream(…, extensions=limit.extensions)`. `past`: it was cut off.

    `of_answer`: the seconds count from when the request was sent whole, so that a large upload takes its time.

    Sees the connection through httpx's `trace` extension: the plain socket first, then the one with TLS around it.
    """

    def __init__(self, seconds: float, *, of_answer: bool = False) -> None:
        self.past = False
        self.extensions: dict[str, Any] = {"trace": self._seen}
        self._of_answer = of_answer
        self._stream: Any = None
        self._timer = threading.Timer(max(seconds, 0.0), self._cut)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        if not self._of_answer:
            self._timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._timer.cancel()

    def _seen(self, event: str, told: Mapping[str, Any]) -> None:
        if event in ("connection.connect_tcp.complete", "connection.start_tls.complete"):
            self._stream = told["return_value"]
            if self.past:
                self._shut()
        elif event == "http11.receive_response_headers.started" and self._of_answer:
            self._timer.start()

    def _cut(self) -> None:
        self.past = True
        self._shut()

    def _shut(self) -> None:
        if self._stream is not None:
            with contextlib.suppress(OSError):
                self._stream.get_extra_info("socket").shutdown(socket.SHUT_RDWR)
