"""How long 500 open desks wait until they hear of a message that has come in.

    python -m benchmarks.open_desks
    options: --desks N (default 500), --messages N (default 20), --limit SECONDS (default 2, for the slowest of all)

One web process as it ships, a database of its own, one live stream for each desk, each with a session of its own.
Messages go through intake and the policy one after another; the time runs from the commit until the event is with a
desk. Beside it stands the same for a single desk in the same run. Exits 1 when a desk hears later than the limit, or
not at all.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from typing import IO

from benchmarks._own_desk import own_desk, with_django
from benchmarks.intake_speed import free_port, served

EVENT = b"event: message-arrived"
PATIENCE = 30.0  # seconds for one event to be everywhere


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--desks", type=int, default=500)
    parser.add_argument("--messages", type=int, default=20)
    parser.add_argument("--limit", type=float, default=2.0)
    given = parser.parse_args()
    with own_desk() as environment:
        return measured(environment, given)


def measured(environment: dict[str, str], given: argparse.Namespace) -> int:
    port = free_port()
    web = served(environment, port, "gatepost.web.shell:application")
    fill = with_django("fill_desks", str(given.desks))
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    speaker = subprocess.Popen(fill, env=environment, text=True, **pipes)
    try:
        assert speaker.stdin is not None
        assert speaker.stdout is not None
        keys = speaker.stdout.readline().split()
        late = 0
        for desks in (keys[:1], keys):
            waits, unheard = asyncio.run(heard(port, desks, speaker.stdin, speaker.stdout, given.messages))
            told = " | ".join(f"{1000 * at(waits, part):,.0f} ms" for part in (0.5, 0.99, 1.0))
            print(f"| {len(desks)} open desks, {given.messages} messages | {told} | {unheard} not heard |", flush=True)
            late = unheard + sum(wait > given.limit for wait in waits)
        return 1 if late else 0
    finally:
        speaker.kill()
        speaker.wait()
        with contextlib.suppress(ProcessLookupError):
            os.killpg(web.pid, signal.SIGKILL)
        web.wait()


def at(waits: Sequence[float], part: float) -> float:
    ordered = sorted(waits)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))] if ordered else float("inf")


async def heard(port: int, keys: Sequence[str], say: IO[str], told: IO[str], messages: int) -> tuple[list[float], int]:
    """Seconds from commit to event of every desk and message; how many events did not come."""
    desks = [await Desk.opened(port, key) for key in keys]
    readers = [asyncio.create_task(desk.listen()) for desk in desks]
    waits: list[float] = []
    for number in range(messages):
        say.write("\n")
        say.flush()
        committed = float(await asyncio.to_thread(told.readline))
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and any(len(desk.moments) <= number for desk in desks):
            await asyncio.sleep(0.02)
        waits += [desk.moments[number] - committed for desk in desks if len(desk.moments) > number]
    for reader in readers:
        reader.cancel()
    for desk in desks:
        desk.writer.close()
    return waits, messages * len(desks) - len(waits)


class Desk:
    """One stream of live events."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer
        self.moments: list[float] = []  # when each message was heard of, in seconds since 1970

    @classmethod
    async def opened(cls, port: int, key: str) -> Desk:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        asked = f"GET /live HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: gatepost_session={key}\r\n\r\n"
        writer.write(asked.encode())
        head = await reader.readuntil(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 200"):
            raise SystemExit(f"a stream was refused: {head[:60]!r}")
        await reader.readuntil(b"\n\n")  # the first words: it is listening
        return cls(reader, writer)

    async def listen(self) -> None:
        while line := await self.reader.readline():
            if line.startswith(EVENT):
                self.moments.append(time.time())


if __name__ == "__main__":
    sys.exit(main())
