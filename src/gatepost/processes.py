"""Small tools for processes that must not outlive the process that started them."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from pathlib import Path

_PR_SET_PDEATHSIG = 1  # linux/prctl.h
_prctl = ctypes.CDLL(None).prctl if sys.platform == "linux" else None


def die_with_parent(parent: int, how: signal.Signals = signal.SIGTERM) -> None:
    """Ask Linux to send `how` to this process when the thread that started it ends. To be called in the child between
    fork and exec, with the parent's process id. Elsewhere than on Linux it does nothing."""
    if _prctl is None:
        return
    _prctl(_PR_SET_PDEATHSIG, int(how))
    if os.getppid() != parent:  # it died before the request was made
        os._exit(1)


def alive(pid: int) -> bool:
    """Whether a process of that id exists and is no zombie."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    try:
        return Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()[0] != b"Z"
    except (OSError, IndexError):
        return True
