"""The process tree of the desk: starts its parts in order, starts again what dies, stops everything in order."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import FrameType

from gatepost.embedded import Embedded, EmbeddedError
from gatepost.processes import die_with_parent

PAUSES = (0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 30.0)  # seconds before the next start of a part that keeps dying
STEADY = 60.0  # seconds after which a part counts as well again


class Stop(BaseException):
    """Somebody asked the desk to stop. Not an Exception, so that nothing on the way catches it by mistake."""


class PartFailed(Exception):
    """A part of the desk does not start; the message is one sentence for people."""


def heed_signals() -> None:
    """Turn Ctrl-C, SIGTERM and a closed terminal into Stop, once; later ones do not disturb the stopping."""

    def stop(number: int, _: FrameType | None) -> None:
        for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(name, signal.SIG_IGN)
        raise Stop(signal.Signals(number).name)

    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, stop)


@dataclass
class Part:
    """One process of the desk. `patience` is the seconds it gets to stop by itself; a `quiet` part's standard output
    is not for people (its errors still are). `warning` is a signal its whole group gets just before it is stopped;
    those of its processes that do not handle it ignore it.
    """

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    patience: float = 10.0
    quiet: bool = False
    warning: signal.Signals | None = None
    process: subprocess.Popen[bytes] | None = None
    failures: int = 0
    started: float = 0.0
    due: float | None = field(default=None)

    def start(self) -> None:
        parent, warning = os.getpid(), self.warning

        def before() -> None:
            die_with_parent(parent)
            if warning is not None:
                signal.signal(warning, signal.SIG_IGN)

        self.process = subprocess.Popen(
            list(self.command),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL if self.quiet else None,
            env=dict(self.environment),
            start_new_session=True,  # Ctrl-C in the terminal is for the supervisor, which stops the parts in order
            preexec_fn=before,  # noqa: PLW1509  (makes two system calls, takes no lock)
        )
        self.started, self.due = time.monotonic(), None

    def wait(self, now: float) -> float:
        """Note one more failure and when the next start is due; gives the seconds until then."""
        pause = PAUSES[min(self.failures, len(PAUSES) - 1)]
        self.failures, self.due = self.failures + 1, now + pause
        return pause

    def running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def stop(self) -> None:
        """End the process, and whatever of its group is left afterwards."""
        if self.process is None:
            return
        if self.warning is not None and self.running():
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, self.warning)
        with contextlib.suppress(ProcessLookupError):
            self.process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(self.patience)
        self.sweep()
        self.process.wait()

    def sweep(self) -> None:
        """Kill what is left of the group, e.g. a web worker whose own parent was killed and that holds the port."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)


class Tree:
    """The parts of a running desk. `say` prints one line for people."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self.say = say
        self.database: Embedded | None = None
        self.parts: list[Part] = []
        self._database_failures = 0
        self._database_due = 0.0

    def add(self, part: Part) -> Part:
        part.start()
        self.parts.append(part)
        return part

    def drop(self, part: Part) -> None:
        """Stop one part and look after it no longer."""
        part.stop()
        self.parts.remove(part)

    def await_ready(self, part: Part, ready: Callable[[], bool], seconds: float = 60.0) -> None:
        """Wait until `ready` says so. Raises PartFailed when the part ends or the time is over."""
        until = time.monotonic() + seconds
        while not ready():
            if not part.running():
                code = part.process.returncode if part.process else None
                raise PartFailed(
                    f"The {part.name} did not start ({ending(code)}): what it said stands above; mend that and "
                    "start again."
                )
            if time.monotonic() > until:
                raise PartFailed(
                    f"The {part.name} did not answer within {seconds:.0f} seconds: look at what it said above, and "
                    "whether this machine is overloaded, then start again."
                )
            time.sleep(0.05)

    def watch(self) -> None:
        """Look after everything until Stop."""
        while True:
            self.look()
            time.sleep(0.2)

    def look(self) -> None:
        """One round: start again what has died and is due."""
        self._look_after_database()
        now = time.monotonic()
        for part in self.parts:
            if part.running():
                if part.failures and now - part.started > STEADY:
                    part.failures = 0
            elif part.due is None:
                part.sweep()
                code = part.process.returncode if part.process else None
                self.say(f"The {part.name} stopped ({ending(code)}); it is started again in {part.wait(now):g} s.")
            elif now >= part.due:
                try:
                    part.start()
                except (OSError, subprocess.SubprocessError) as error:  # no memory or no process left: others may end
                    self.say(f"The {part.name} could not be started ({error}); tried again in {part.wait(now):g} s.")

    def _look_after_database(self) -> None:
        if self.database is None or self.database.running() or time.monotonic() < self._database_due:
            return
        self.say("The database stopped; it is started again. Nothing committed is lost.")
        try:
            self.database.restart()
            self._database_failures = 0
        except EmbeddedError as error:
            pause = PAUSES[min(self._database_failures, len(PAUSES) - 1)]
            self._database_failures += 1
            self._database_due = time.monotonic() + pause
            self.say(f"{error} (tried again in {pause:g} s)")

    def stop(self) -> None:
        """Stop the parts, last started first, then the database."""
        for part in reversed(self.parts):
            part.stop()
        self.parts.clear()
        if self.database is not None:
            self.database.stop()


def ending(code: int | None) -> str:
    """How a process ended, in words."""
    if code is None:
        return "not started"
    if code < 0:
        return f"killed by {signal.Signals(-code).name}"
    return f"exit code {code}"


def python(*arguments: str) -> list[str]:
    """A command of this installation's Python."""
    return [sys.executable, *arguments]
