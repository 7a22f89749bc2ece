"""Starts the practice town as a process of its own: for the supervisor, for exercises and for tests."""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any

PATIENCE = 30.0  # seconds until a town that says nothing is given up


class TownWouldNotStart(Exception):
    """The town's process ended or stayed silent; the message holds what it said."""


@dataclass(slots=True)
class Town:
    """A running town. `http` and `smtp` are ports on 127.0.0.1."""

    http: int
    smtp: int
    data: Path
    process: subprocess.Popen[bytes] = field(repr=False)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.http}"

    def alive(self) -> bool:
        return self.process.poll() is None

    def stop(self, patience: float = 5.0) -> None:
        """Asks it to stop, and makes it stop when it does not. Stopping a stopped town is fine."""
        if self.alive():
            self.process.terminate()
            try:
                self.process.wait(patience)
            except subprocess.TimeoutExpired:
                self.kill()
        self._close()

    def kill(self) -> None:
        """Ends it at once, as a crash would; what it had committed is there when it is started again."""
        self.process.kill()
        self.process.wait()
        self._close()

    def _close(self) -> None:
        if self.process.stdout is not None:
            self.process.stdout.close()

    def __enter__(self) -> Town:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def start(
    data: Path, *, seed: int = 1, port: int = 0, smtp_port: int = 0, pace: float = 6.0, quiet: bool = False
) -> Town:
    """Starts a town in the folder `data` and waits until it answers.

    `pace` is messages a minute (0: silence), `quiet` leaves out a new town's first messages. The town ends when this
    process ends. Raises TownWouldNotStart.
    """
    data.mkdir(parents=True, exist_ok=True)
    command = [
        sys.executable,
        "-m",
        "gatepost.sandbox",
        "--data",
        str(data),
        "--seed",
        str(seed),
        "--pace",
        str(pace),
    ]
    command += ["--port", str(port), "--smtp-port", str(smtp_port), "--parent", str(os.getpid())]
    command += ["--quiet-start"] if quiet else []
    with (data / "town.log").open("ab") as log:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, stdin=subprocess.DEVNULL)
    line = _first_line(process)
    try:
        ready: dict[str, Any] = json.loads(line)
        return Town(int(ready["http"]), int(ready["smtp"]), data, process)
    except (ValueError, KeyError, TypeError) as error:
        process.kill()
        process.wait()
        with contextlib.suppress(OSError):
            line = (data / "town.log").read_bytes()[-2_000:] or line
        said = line.decode("utf-8", "replace").strip() or f"nothing within {PATIENCE:.0f} seconds"
        raise TownWouldNotStart(f"The practice town would not start. It said: {said}") from error


def _first_line(process: subprocess.Popen[bytes]) -> bytes:
    """The process's first line of output; empty when it ends or PATIENCE runs out first."""
    if process.stdout is None:
        return b""
    got = b""
    until = time.monotonic() + PATIENCE
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        while b"\n" not in got and selector.select(max(0.0, until - time.monotonic())):
            chunk = os.read(process.stdout.fileno(), 4096)
            if not chunk:
                break
            got += chunk
    return got.partition(b"\n")[0]
