"""One desk for one data folder, and where it is."""

from __future__ import annotations

import fcntl
import json
import os
from pathlib import Path


class DeskRuns(Exception):
    """A desk already runs on the data folder; the message says where."""


def address_of(data: Path) -> str:
    """Where the desk that runs on `data` answers, as it left word; "" where it did not."""
    try:
        return str(json.loads((data / "up.lock").read_bytes())["address"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""


class DeskLock:
    """Held while a desk runs on `data`. It also guards desks on a database of somebody else's (DATABASE_URL)."""

    def __init__(self, data: Path) -> None:
        self.path = data / "up.lock"
        self._file: int | None = None

    def take(self) -> None:
        """Raises DeskRuns, or OSError when the folder cannot be written."""
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            found = os.pread(file, 4096, 0)
            os.close(file)
            raise DeskRuns(self._where(found)) from None
        self._file = file
        self.tell("")

    def tell(self, address: str) -> None:
        """Leave word where the desk answers, for whoever tries to start another."""
        if self._file is not None:
            os.truncate(self._file, 0)
            os.pwrite(self._file, json.dumps({"pid": os.getpid(), "address": address}).encode(), 0)

    def release(self) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def _where(self, found: bytes) -> str:
        try:
            note = json.loads(found)
            pid, address = int(note["pid"]), str(note["address"])
        except (ValueError, KeyError, TypeError):
            pid, address = 0, ""
        where = f" at {address}" if address else " and is still starting"
        return (
            f"The desk of {self.path.parent} already runs{where} (process {pid}): use it, stop it with "
            f"`kill {pid}`, or start another on a folder of its own with --data."
        )
