"""The town goes when whoever started it goes.

Linux could send a signal for this (PR_SET_PDEATHSIG), but it does so when the *thread* that started the process ends,
and a town started from a worker thread would die at random. Asking twice a second works everywhere and costs nothing.
"""

from __future__ import annotations

import asyncio
import os

EVERY = 0.5  # seconds


async def gone(parent: int) -> None:
    """Returns when the process `parent` is no longer our parent: it has ended, and we were given to another."""
    while os.getppid() == parent:
        await asyncio.sleep(EVERY)
