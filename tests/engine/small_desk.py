"""A small desk for the shell's tests: real shell, real server, real database; the pages are five lines of WSGI."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from gatepost.web.shell import Shell


def pages(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterator[bytes]:
    if environ["PATH_INFO"] == "/large":
        start_response("200 OK", [("content-type", "text/plain")])
        return (b"x" * 100_000 for _ in range(400))
    if environ["PATH_INFO"] == "/echo":
        body = environ["wsgi.input"].read()
        Path(os.environ["SMALL_DESK_NOTE"]).write_text(f"{len(body)}")
        start_response("200 OK", [("content-type", "text/plain")])
        return iter([b"%d bytes" % len(body)])
    start_response("200 OK", [("content-type", "text/plain")])
    return iter([f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']} {threading.current_thread().name}".encode()])


application = Shell(
    pages,
    lambda: os.environ["DATABASE_URL"],
    "gatepost_session",
    lambda key: {"good": True, "away": None}.get(key, False),
)
