"""What a command prints, and that its reader may go: `gatepost policy replay … | head` ends quietly."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TextIO, cast


class Gone(Exception):
    """Whoever read what we print has gone. Not an OSError: a command that answers for a file it cannot read must not
    take this for one."""


class _Watched:
    def __init__(self, to: TextIO) -> None:
        self._to = to

    def write(self, text: str) -> int:
        try:
            return self._to.write(text)
        except BrokenPipeError as error:
            raise Gone from error

    def flush(self) -> None:
        try:
            self._to.flush()
        except BrokenPipeError as error:
            raise Gone from error

    def __getattr__(self, name: str) -> Any:
        return getattr(self._to, name)


@contextmanager
def watched() -> Iterator[None]:
    """Both outputs, within: Gone is raised when one of them has lost its reader."""
    plain = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = (cast(TextIO, _Watched(one)) for one in plain)
    try:
        try:
            yield
        finally:
            sys.stdout.flush()
    finally:
        sys.stdout, sys.stderr = plain
