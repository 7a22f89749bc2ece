"""Cuts the connection a request came in on, so that the caller gets no answer at all.

An ASGI app can only answer or fail (and a failure is answered with a 500). A practice town must also be able to
fall silent, as a network does when a line breaks after it took a post: so the socket itself is shut.
"""

from __future__ import annotations

import contextlib
import os
import socket
from pathlib import Path

OPEN_FILES = (Path("/proc/self/fd"), Path("/dev/fd"))


def cut(peer: tuple[str, int] | None) -> bool:
    """Shuts the socket whose other end is `peer` (host, port); True when one was found."""
    if peer is None:
        return False
    folder = next((path for path in OPEN_FILES if path.is_dir()), None)
    names = [path.name for path in folder.iterdir()] if folder else []
    for name in names:
        with contextlib.suppress(OSError, ValueError):
            copy = socket.socket(fileno=os.dup(int(name)))
            try:
                other = copy.getpeername()
                if isinstance(other, tuple) and int(other[1]) == int(peer[1]) and other[0] == peer[0]:
                    copy.shutdown(socket.SHUT_RDWR)
                    return True
            finally:
                copy.close()
    return False
