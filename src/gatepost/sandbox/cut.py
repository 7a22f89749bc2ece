"""Cuts the connection a request came in on, so that the caller gets no answer at all.

An ASGI app can only answer or fail (and a failure is answered with a 500). A practice town must also be able to
fall silent, as a network does when a line breaks after it took a post: so the socket itself is shut.
"""

from __future__ import annotations

import contextlib
import os
import socket
import stat
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
            # Only sockets are duplicated: closing a copy of the database's file would drop SQLite's locks on it.
            if not stat.S_ISSOCK(os.fstat(int(name)).st_mode):
                continue
            with socket.socket(fileno=os.dup(int(name))) as copy:
                other = copy.getpeername()
                if isinstance(other, tuple) and (other[0], int(other[1])) == peer:
                    copy.shutdown(socket.SHUT_RDWR)
                    return True
    return False
