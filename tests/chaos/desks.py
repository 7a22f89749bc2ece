"""A desk of real processes: database, practice town, worker and web, each of which can be taken away."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx

from gatepost.embedded import Embedded
from gatepost.sandbox import town as towns


class Desk:
    def __init__(self, data: Path, stack: ExitStack, acts: int) -> None:
        self.data, self.stack = data, stack
        self.server = Embedded(data)
        stack.callback(self.server.stop)
        self.server.start()
        self.town = stack.enter_context(towns.start(data / "town", pace=0, quiet=True))
        with socket.socket() as trial:
            trial.bind(("127.0.0.1", 0))
            self.port = int(trial.getsockname()[1])
        self.environment = {
            **{k: v for k, v in os.environ.items() if not k.startswith("GATEPOST_")},
            "DATABASE_URL": self.server.url,
            "GATEPOST_DATA": str(data),
            "DJANGO_SETTINGS_MODULE": "gatepost.settings",
            "GATEPOST_LEASE_SECONDS": "8",
            "GATEPOST_TOWN_URL": self.town.url,
        }
        self.python("-m", "gatepost.cli.prepare")
        self.python("-m", "benchmarks._with_django", "benchmarks.fill_gate", str(acts), "plain", self.town.url)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def python(self, *words: str) -> str:
        done = subprocess.run(
            [sys.executable, *words], env=self.environment, check=True, capture_output=True, text=True, timeout=120
        )
        return done.stdout

    def begin(self, *words: str) -> subprocess.Popen[bytes]:
        process = subprocess.Popen([sys.executable, *words], env=self.environment, stdout=subprocess.DEVNULL)
        self.stack.callback(process.wait)
        self.stack.callback(process.kill)
        return process

    def worker(self) -> subprocess.Popen[bytes]:
        return self.begin("-m", "gatepost.cli.main", "worker")

    def web(self) -> subprocess.Popen[bytes]:
        words = (
            f"-m granian --interface asgi --host 127.0.0.1 --port {self.port} --workers 1 --no-ws --log-level warning"
        )
        process = self.begin(*words.split(), "gatepost.web.shell:application")
        assert until(lambda: self.status("/healthz") == 200)
        return process

    def get(self, path: str, **headers: str) -> httpx.Response:
        cookies = {"gatepost_session": "x" * 32}  # somebody's browser: the session is looked up in the database
        return httpx.get(self.url + path, timeout=30, trust_env=False, cookies=cookies, headers=headers)

    def status(self, path: str) -> int:
        try:
            return self.get(path).status_code
        except httpx.TransportError:
            return 0


@contextmanager
def running(data: Path, acts: int) -> Iterator[Desk]:
    with ExitStack() as stack:
        yield Desk(data, stack, acts)


def until(what: Callable[[], bool], seconds: float = 60) -> bool:
    end = time.monotonic() + seconds
    while not what() and time.monotonic() < end:
        time.sleep(0.1)
    return what()
