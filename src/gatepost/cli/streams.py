"""Standard input, output and error as a command may find them: closed, full, or of a locale without curly quotes."""

from __future__ import annotations

import errno
import io
import os
import sys

_STREAMS = (("stdin", "r"), ("stdout", "w"), ("stderr", "w"))
_OUTPUT = frozenset((errno.ENOSPC, errno.EIO, errno.EBADF, errno.EDQUOT, errno.EFBIG))


def ready() -> None:
    """Whatever is closed reads as empty and swallows what is written, so that no file opened later takes its place.
    What a locale has no character for is written as an escape, not refused."""
    for name, mode in _STREAMS:
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, os.fdopen(os.open(os.devnull, os.O_RDWR), mode, encoding="utf-8"))
        elif mode == "w" and isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def give_up_output() -> None:
    """What still waits to be written goes nowhere, and Python says nothing of it at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def said(error: OSError) -> str:
    """What the system refused, in a sentence: the thing, and the mend."""
    why = error.strerror or str(error) or "it could not be read or written"
    if error.filename:
        return f"{error.filename}: {why}. Check the path and who may read and write there."
    if error.errno in _OUTPUT:
        return f"The output cannot be written: {why}. Make room, or write it to another place."
    return f"The system refused: {why}."


def words_of(given: str, most: int) -> str:
    """The words given on the command line; for "-" those on standard input, at most so many bytes of them. Bytes that
    are no UTF-8 become the sign for that."""
    if given == "-":
        return sys.stdin.buffer.read(most).decode("utf-8", "replace")
    return given.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
