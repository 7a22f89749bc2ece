"""The desk's database for a single command: the running desk's, DATABASE_URL's, or the embedded one started for it."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gatepost.embedded import AlreadyRunning, Embedded, EmbeddedError, url_of


class NoDesk(Exception):
    """There is no desk here; the message says how to make or find one."""


def django_ready() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gatepost.settings")
    import django

    django.setup()


def data_folder() -> Path:
    return Path(os.environ.get("GATEPOST_DATA") or "data").resolve()


@contextmanager
def database() -> Iterator[None]:
    """Django set up on the desk's database. Raises NoDesk, EmbeddedError."""
    if os.environ.get("DATABASE_URL", "").strip():
        django_ready()
        yield
        return
    data = data_folder()
    if url_of(data) is None:
        raise NoDesk(f"There is no desk in {data}. Start one with: gatepost up. Or set GATEPOST_DATA or DATABASE_URL.")
    server = Embedded(data)
    try:
        server.start()
    except AlreadyRunning:  # the desk is up: its server answers
        django_ready()
        yield
        return
    try:
        django_ready()
        yield
    finally:
        server.stop()


def sorry(error: Exception) -> int:
    """Says what is wrong in one sentence. Returns the exit code 1."""
    print(str(error), file=sys.stderr)
    return 1


EXPECTED = (NoDesk, EmbeddedError)
