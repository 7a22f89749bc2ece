"""The town goes when whoever started it goes."""

from __future__ import annotations

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1  # <sys/prctl.h>


def die_with(parent: int) -> bool:
    """Asks Linux to send SIGTERM when the process `parent` ends (elsewhere: nothing). False when it is gone."""
    if not sys.platform.startswith("linux"):
        return True
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    # It may have ended between being started and the call above: then nobody would ever send the signal.
    return os.getppid() == parent
