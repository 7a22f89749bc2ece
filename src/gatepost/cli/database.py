"""The desk's database for a single command: the running desk's, DATABASE_URL's, or the embedded one started for it."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gatepost.cli.lock import address_of
from gatepost.embedded import AlreadyRunning, Embedded, EmbeddedError, url_of


class NoDesk(Exception):
    """There is no desk here; the message says how to make or find one."""


def django_ready() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gatepost.settings")
    import django

    try:
        django.setup()
    except ValueError as error:  # a setting cannot be what it is: the message names it
        raise NoDesk(str(error)) from error


def data_folder() -> Path:
    return Path(os.environ.get("GATEPOST_DATA") or "data").resolve()


@contextmanager
def database() -> Iterator[None]:
    """Django set up on the desk's database. Raises NoDesk, EmbeddedError."""
    if os.environ.get("DATABASE_URL", "").strip():
        django_ready()
        with _told():
            yield
        return
    data = data_folder()
    if url_of(data) is None:
        raise NoDesk(f"There is no desk in {data}. Start one with: gatepost up. Or set GATEPOST_DATA or DATABASE_URL.")
    server = Embedded(data)
    try:
        server.start()
    except AlreadyRunning:  # the desk is up: its server answers
        if address := address_of(data):  # so that a link made here leads to it
            os.environ.setdefault("GATEPOST_URL", address)
        django_ready()
        with _told():
            yield
        return
    try:
        django_ready()
        with _told():
            yield
    finally:
        server.stop()


@contextmanager
def _told() -> Iterator[None]:
    """A database that is away or has no tables, in a sentence."""
    from django.db import OperationalError, ProgrammingError

    try:
        yield
    except OperationalError as error:
        said = " ".join(str(error).split())[:200]
        raise NoDesk(f"The database cannot be used ({said}). Is it running, and is DATABASE_URL right?") from error
    except ProgrammingError as error:
        if getattr(error.__cause__, "sqlstate", "") != "42P01":
            raise
        raise NoDesk("The database has no tables of the desk yet. Make them with: gatepost up") from error


def sorry(error: Exception) -> int:
    """Says what is wrong in one sentence. Returns the exit code 1."""
    print(str(error), file=sys.stderr)
    return 1


EXPECTED = (NoDesk, EmbeddedError)
