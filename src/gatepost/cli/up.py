"""`gatepost up` and `gatepost demo`: the whole desk in one supervised tree of processes."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

from gatepost.binaries import plain
from gatepost.cli.lock import DeskLock, DeskRuns
from gatepost.cli.ports import PortTaken, free_port, town_ports
from gatepost.cli.prepare import EXPLAINED
from gatepost.cli.supervise import Part, PartFailed, Stop, Tree, ending, heed_signals, python
from gatepost.embedded import Embedded, EmbeddedError
from gatepost.processes import die_with_parent

GRACE = 5  # seconds an open page or stream gets when the web process stops


class NotReady(Exception):
    """The desk cannot start; the message is one sentence for people, empty when it has been printed already."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `gatepost up` and `gatepost demo`."""
    parser.add_argument("--port", type=int, default=8000, help="port of the desk (default 8000; 0 takes a free one)")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default 127.0.0.1)")
    parser.add_argument("--data", type=Path, default=None, help="data folder (default $GATEPOST_DATA, else ./data)")
    parser.add_argument("--no-town", action="store_true", help="do not start the practice town")


def _say(line: str) -> None:
    print(line, flush=True)


def up(arguments: argparse.Namespace) -> int:
    """Run the desk until Ctrl-C or SIGTERM. Returns the exit code: 0 after a clean stop, 1 when it cannot start."""
    data = (arguments.data or Path(os.environ.get("GATEPOST_DATA") or "data")).resolve()
    desk = Desk(data, arguments.host, arguments.port, _say, town=not arguments.no_town)
    heed_signals()
    try:
        desk.run()
    except Stop:
        _say("Stopping…")
        return 0
    except (DeskRuns, PortTaken, EmbeddedError, PartFailed, NotReady) as error:
        if str(error):
            print(error, file=sys.stderr, flush=True)
        return 1
    except OSError as error:
        print(plain(error, data), file=sys.stderr, flush=True)
        return 1
    finally:
        desk.stop()
    return 0


def demo(arguments: argparse.Namespace) -> int:
    """`gatepost demo`: the same on a new folder that is thrown away afterwards, always with the practice town."""
    folder = Path(tempfile.mkdtemp(prefix="gatepost-demo-"))
    arguments.data, arguments.no_town = folder / "data", False
    try:
        return up(arguments)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        print("The demonstration and everything in it has been removed.", flush=True)


class Desk:
    """One run of the desk on the folder `data`."""

    def __init__(self, data: Path, host: str, port: int, say: Callable[[str], None], *, town: bool) -> None:
        self.data, self.host, self.port, self.say, self.town = data, host, port, say, town
        self.lock = DeskLock(data)
        self.tree = Tree(say)

    @property
    def address(self) -> str:
        host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(self.host, self.host)  # noqa: S104  (compared, not bound)
        return f"http://{f'[{host}]' if ':' in host.strip('[]') and host[0] != '[' else host}:{self.port}"

    def run(self) -> None:
        """Start everything, then watch over it until Stop."""
        self.lock.take()
        self.port = free_port(self.host, self.port)
        given = os.environ.get("DATABASE_URL", "").strip()
        first = not given and not (self.data / "postgres").exists()
        self.say("Starting. The first time takes about half a minute: the database is made." if first else "Starting…")
        environment = self._environment(given or self._start_database())
        ready = self._prepare(environment)
        if self.town and ready["town"]:
            self._start_town(environment)
        # Acts on their way are finished and kept before the worker ends. Stopping goes backwards: people first, so that
        # nothing new is asked for, then the worker, then the town that it talks to.
        self.tree.add(Part("worker", python("-m", "gatepost.cli.main", "worker"), environment, patience=15))
        self._start_web(environment)
        self.lock.tell(self.address)
        self._greet(environment, ready["link"])
        self.tree.watch()

    def stop(self) -> None:
        # From here on a second Ctrl-C must not leave half of the desk running.
        for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(name, signal.SIG_IGN)
        self.tree.stop()
        self.lock.release()

    # --- the steps of a start ------------------------------------------------------------------------------------

    def _start_database(self) -> str:
        self.tree.database = Embedded(self.data, say=self.say)
        return self.tree.database.start()

    def _environment(self, database_url: str) -> dict[str, str]:
        environment = {
            **os.environ,
            "GATEPOST_DATA": str(self.data),
            "DATABASE_URL": database_url,
            "DJANGO_SETTINGS_MODULE": "gatepost.settings",
            "MALLOC_ARENA_MAX": "2",  # glibc keeps an arena for each thread otherwise; this saves about a third
            "PYTHONUNBUFFERED": "1",
        }
        environment.setdefault("GATEPOST_URL", self.address)
        return environment

    def _prepare(self, environment: dict[str, str]) -> dict[str, Any]:
        parent = os.getpid()
        done = subprocess.run(
            python("-m", "gatepost.cli.prepare"),
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
            check=False,
            start_new_session=True,
            preexec_fn=lambda: die_with_parent(parent),
        )
        if done.returncode == EXPLAINED:
            raise NotReady
        if done.returncode != 0:
            raise NotReady(
                f"The desk could not prepare its database ({ending(done.returncode)}): this is a mistake in the desk "
                "itself; what it said stands above."
            )
        answer: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
        return answer

    def _start_town(self, environment: dict[str, str]) -> None:
        folder = self.data / "town"
        folder.mkdir(mode=0o700, exist_ok=True)
        http, smtp = town_ports(self.data / "town.json", (self.port + 1, self.port + 2))
        command = python("-m", "gatepost.sandbox", "--port", str(http), "--smtp-port", str(smtp))
        # Its first line, its ports as JSON, is for programs; people are told the address below.
        part = self.tree.add(Part("practice town", [*command, "--data", str(folder)], environment, quiet=True))
        try:
            self.tree.await_ready(part, lambda: answers(f"http://127.0.0.1:{http}/_town/state"))
        except PartFailed as error:  # the desk itself does not need it
            self.say(f"{error} The desk goes on without it.")
            self.tree.drop(part)
            return
        environment["GATEPOST_TOWN_URL"] = f"http://127.0.0.1:{http}"
        if "GATEPOST_SMTP_HOST" not in environment:
            environment["GATEPOST_SMTP_HOST"], environment["GATEPOST_SMTP_PORT"] = "127.0.0.1", str(smtp)

    def _start_web(self, environment: dict[str, str]) -> None:
        options = {
            "--interface": "asgi",
            "--host": self.host.strip("[]"),
            "--port": str(self.port),
            "--workers": "1",
            "--workers-kill-timeout": str(GRACE),
            "--log-level": "warning",
            "--static-path-route": "/static",
            "--static-path-mount": str(self.data / "static"),
            "--static-path-expires": "600",
        }
        command = python("-m", "granian", *(word for pair in options.items() for word in pair), "--no-ws")
        command += ["gatepost.web.shell:application"]
        part = Part("web process", command, environment, patience=GRACE + 5, warning=signal.SIGUSR1)
        self.tree.add(part)
        self.tree.await_ready(part, lambda: answers(f"{self.address}/healthz"))

    def _greet(self, environment: dict[str, str], link: str | None) -> None:
        self.say(f"\nThe desk is ready at {self.address}/")
        if link:
            self.say(f"Sign in as the first administrator (once, within 24 hours): {self.address}{link}")
        if town := environment.get("GATEPOST_TOWN_URL"):
            self.say(f"The practice town, where residents write: {town}/")
        self.say(f"Everything is kept in {self.data}")
        if "GATEPOST_HOSTS" not in environment and self.host not in {"127.0.0.1", "localhost", "::1", "[::1]"}:
            self.say(
                "Others on the network are let in only under names listed in GATEPOST_HOSTS, e.g. desk.example.org"
            )
        self.say("Ctrl-C stops it; the same command goes on where it was.\n")


def answers(url: str) -> bool:
    """Whether a server answers there at all with something that is not a failure of its own."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # a proxy has no business with this machine
    try:
        with opener.open(url, timeout=5) as response:
            return bool(response.status < 500)
    except urllib.error.HTTPError as error:
        return error.code < 500
    except OSError:
        return False
