"""Two workers on two hosts share the work, and one of them is killed: does the other finish it, once each?

    sudo python -m benchmarks.two_hosts --acts 200

The hosts are network namespaces with host names, addresses and data folders of their own, joined by virtual cables to
the machine with the database, which they reach by TCP and a password. Needs root and iproute2; everything is removed.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import secrets
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from psycopg import sql

from benchmarks._wanted import text_of
from benchmarks.exactly_once import FAULTS, UNSETTLED, end, post, python, states_of
from gatepost.embedded import Embedded
from gatepost.sandbox import town as towns
from gatepost.sandbox.town import Town

PATIENCE = 600.0
NET = f"10.77.{os.getpid() % 250}"


class NoNamespaces(Exception):
    """This machine does not let us make hosts of network namespaces; the message says why."""


@dataclass
class Shared:
    """What became of the acts. `by_host`: receipts by the host whose worker kept them."""

    acts: int
    states: dict[str, int]
    by_host: dict[str, int]
    seconds: float
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)

    def lines(self) -> list[str]:
        return [
            f"acts       {self.acts}, over two channels",
            f"states     {self.states}",
            f"sent by    {self.by_host}  (host-a was killed on the way)",
            f"lost       {len(self.lost)}",
            f"doubled    {len(self.doubled)}",
            f"seconds    {self.seconds:.1f}",
        ]


@dataclass
class Host:
    name: str
    space: str
    address: str
    data: Path

    def run(self, environment: dict[str, str], *arguments: str) -> subprocess.Popen[bytes]:
        """A Python module on this host: in its namespace, under its name."""
        inside = ["unshare", "--uts", "sh", "-c", 'hostname "$0"; exec "$@"', self.name, sys.executable, "-m"]
        return subprocess.Popen(["ip", "netns", "exec", self.space, *inside, *arguments], env=environment)


def _ip(*arguments: str) -> None:
    try:
        subprocess.run(["ip", *arguments], check=True, capture_output=True, text=True)
    except (OSError, subprocess.CalledProcessError) as error:
        why = (getattr(error, "stderr", "") or str(error)).strip()
        raise NoNamespaces(f"No hosts can be made of network namespaces here: {why}") from error


@contextlib.contextmanager
def hosts(folder: Path) -> Iterator[list[Host]]:
    """Two namespaces and the machine itself on one bridge. Raises NoNamespaces."""
    tag = f"gp{os.getpid() % 100_000}"
    made = [Host(f"host-{one}", f"{tag}{one}", f"{NET}.{n}", folder / f"host-{one}") for n, one in ((2, "a"), (3, "b"))]
    with contextlib.ExitStack() as stack:
        _ip("link", "add", f"{tag}br", "type", "bridge")
        stack.callback(lambda: subprocess.run(["ip", "link", "del", f"{tag}br"], check=False))
        _ip("addr", "add", f"{NET}.1/24", "dev", f"{tag}br")
        _ip("link", "set", f"{tag}br", "up")
        for host in made:
            _ip("netns", "add", host.space)
            stack.callback(lambda name=host.space: subprocess.run(["ip", "netns", "del", name], check=False))
            _ip("link", "add", f"{host.space}0", "type", "veth", "peer", "name", "eth0", "netns", host.space)
            _ip("link", "set", f"{host.space}0", "master", f"{tag}br", "up")
            _ip("-n", host.space, "addr", "add", f"{host.address}/24", "dev", "eth0")
            _ip("-n", host.space, "link", "set", "eth0", "up")
            _ip("-n", host.space, "link", "set", "lo", "up")
        yield made


def run(*, acts: int) -> Shared:
    """Sends `acts` posts from two hosts; the first is killed when a third has left. Raises NoNamespaces."""
    with tempfile.TemporaryDirectory(prefix="gatepost-hosts-") as name, contextlib.ExitStack() as stack:
        folder = Path(name)
        folder.chmod(0o755)
        both = stack.enter_context(hosts(folder))
        data = folder / "data"
        server = stack.enter_context(Embedded(data, settings={"listen_addresses": f"{NET}.1"}))
        url = _open_to_hosts(server)
        town = stack.enter_context(towns.start(folder / "town", pace=0, quiet=True))
        for network in ("facebook", "x"):
            slow = {"network": network, "kind": "slow", "at": "publish", "probability": 0.8, "seconds": 0.2}
            post(f"{town.url}/_town/faults", slow)
            for kind, probability in FAULTS:
                fault = {"network": network, "kind": kind, "at": "publish", "probability": probability}
                post(f"{town.url}/_town/faults", fault)
        post(f"{town.url}/_town/rules", {"duplicates_refused": False})
        environment = {
            **os.environ,
            "DATABASE_URL": server.url,
            "GATEPOST_DATA": str(data),
            "DJANGO_SETTINGS_MODULE": "gatepost.settings",
            "GATEPOST_LEASE_SECONDS": "8",
            "GATEPOST_TOWN_URL": town.url,
            "GATEPOST_POLL_SECONDS": "3600",
        }
        python(environment, "gatepost.cli.prepare")
        python(environment, "benchmarks._with_django", "benchmarks.fill_gate", str(acts), "plain", town.url)
        return _race(server, town, both, {**environment, "DATABASE_URL": url}, stack, acts)


def _open_to_hosts(server: Embedded) -> str:
    """Lets the two hosts in, by a password of this run. Nobody else can reach the address."""
    word = secrets.token_urlsafe(24)
    with (server.cluster / "pg_hba.conf").open("a", encoding="utf-8") as rules:
        rules.write(f"host gatepost gatepost {NET}.0/24 scram-sha-256\n")
    with psycopg.connect(server.url.replace("//gatepost@", "//postgres@"), autocommit=True) as connection:
        connection.execute(sql.SQL("ALTER ROLE gatepost PASSWORD {}").format(word))
        connection.execute("SELECT pg_reload_conf()")
    return f"postgresql://gatepost:{word}@{NET}.1:5432/gatepost"


def _race(
    server: Embedded, town: Town, both: list[Host], environment: dict[str, str], stack: contextlib.ExitStack, acts: int
) -> Shared:
    here = [sys.executable, "-m", "benchmarks._relay", f"{NET}.1:{town.http}", f"127.0.0.1:{town.http}"]
    stack.callback(end, subprocess.Popen(here, env=environment))
    running = []
    for host in both:
        host.data.mkdir()
        for key in ("credentials.key", "secret.key"):
            shutil.copy(Path(environment["GATEPOST_DATA"]) / key, host.data / key)
        own = {**environment, "GATEPOST_DATA": str(host.data)}
        there = host.run(own, "benchmarks._relay", f"127.0.0.1:{town.http}", f"{NET}.1:{town.http}")
        stack.callback(end, there)
        running.append(host.run(own, "gatepost.cli.main", "worker"))
        stack.callback(end, running[-1])
    began, killed = time.monotonic(), False
    while time.monotonic() - began < PATIENCE:
        states = states_of(server.url)
        if not any(states.get(state) for state in UNSETTLED):
            break
        share = _by_host(server.url)
        if not killed and states.get("sent", 0) >= acts // 3 and len(share) == 2:
            end(running[0])
            killed = True
        time.sleep(0.2)
    taken = Counter(_texts(town))
    texts = [text_of(number) for number in range(acts)]
    return Shared(
        acts=acts,
        states=states_of(server.url),
        by_host=_by_host(server.url),
        seconds=time.monotonic() - began,
        lost=[text for text in texts if not taken[text]],
        doubled=[text for text in texts if taken[text] > 1],
    )


def _by_host(database: str) -> dict[str, int]:
    asked = "SELECT split_part(worker, ':', 1), count(*) FROM gate_attempt WHERE outcome = 'receipt' GROUP BY 1"
    with psycopg.connect(database) as connection:
        return {str(host): int(count) for host, count in connection.execute(asked).fetchall()}


def _texts(town: Town) -> list[str]:
    with contextlib.closing(sqlite3.connect(town.data / "town.sqlite3")) as kept:
        return [str(text) for (text,) in kept.execute("SELECT text FROM items WHERE author = ''")]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--acts", type=int, default=200)
    try:
        outcome = run(acts=parser.parse_args().acts)
    except NoNamespaces as error:
        print(error)
        return 0
    print("\n".join(outcome.lines()))
    return 1 if outcome.lost or outcome.doubled else 0


if __name__ == "__main__":
    sys.exit(main())
