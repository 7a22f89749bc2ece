"""Kills workers at random while acts are going out, restarts the database, and counts what the networks got.

    python -m benchmarks.exactly_once --acts 500 --kills 20 --faults
    python -m benchmarks.exactly_once --acts 10000 --kills 100 --towns 4 --workers 3 --restarts 2 --faults --mixed

Everything is real: a database of its own, practice towns over HTTP (two networks each), the shipped worker as
processes of their own, `kill -9`. All acts are due at the same moment. Prints lost (a signed act that never arrived),
doubled (one that arrived twice), unconfirmed (still waiting for a person), and how late the acts arrived by the towns'
clock, beside how late they would be if the towns, with the same faults, took bare posts as fast as they can.
`--mixed`: one act in five is a thread of three (on Facebook a post and two comments of its own), one in five has a
picture; lost, doubled and late are then told of each part, with those that stand in the wrong place or without theirs.
Exits 1 when anything was lost, doubled, misplaced, without its picture, or left unconfirmed.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg

from benchmarks._ceiling import Place, posts_a_second
from benchmarks._wanted import Found, found_in
from gatepost.embedded import Embedded
from gatepost.sandbox import town as towns
from gatepost.sandbox.town import Town

LEASE = 8  # seconds, when not said otherwise: long enough for a send, short enough to wait for
PATIENCE = 1800.0  # seconds, when not said otherwise
UNSETTLED = ("signed_off", "sending", "unconfirmed")
FAULTS = (("lost_after", 0.05), ("lost_before", 0.05), ("error_500_after", 0.03))


@dataclass
class Outcome:
    """What became of `acts` acts."""

    acts: int
    kills: int
    restarts: int
    seconds: float
    states: dict[str, int]
    found: Found = field(default_factory=Found)
    looked_up: int = 0
    given_back: int = 0
    ceiling: float = 0.0  # bare posts a second

    def lines(self) -> list[str]:
        told = [
            f"acts         {self.acts} of {self.found.pieces} parts, all due at the same moment",
            f"kills        {self.kills}",
            f"restarts     {self.restarts}  (of the database)",
            f"states       {self.states}",
            f"looked up    {self.looked_up}  (acts that lost sight and were settled by looking)",
            f"given back   {self.given_back}  (claims that had not begun when their worker died)",
            f"lost         {len(self.found.lost)}{self._unfinished}",
            f"doubled      {len(self.found.doubled)}",
            f"misplaced    {len(self.found.misplaced)}  (under another post than they were to be)",
            f"no picture   {len(self.found.bare)}  (or another than they were to have)",
            f"unconfirmed  {self.states.get('unconfirmed', 0)}",
            f"seconds      {self.seconds:.1f}",
        ]
        late, pieces = self.found.late, self.found.pieces
        if self.ceiling and late:
            p50, p99 = percentile(late, 0.5), percentile(late, 0.99)
            bare50, bare99 = 0.5 * pieces / self.ceiling, 0.99 * pieces / self.ceiling
            told += [
                f"ceiling      {self.ceiling:.0f} bare posts a second: {bare50:.1f} s and {bare99:.1f} s late at best",
                f"late p50     {p50:.1f} s  ({p50 / bare50:.1f} times the ceiling)",
                f"late p99     {p99:.1f} s  ({p99 / bare99:.1f} times the ceiling)",
            ]
        return told

    @property
    def _unfinished(self) -> str:
        """A run that was stopped has not sent everything: what is missing then is not lost."""
        waiting = sum(self.states.get(state, 0) for state in UNSETTLED)
        return f"  (stopped before the end: {waiting} acts were still to go or to be looked for)" if waiting else ""

    @property
    def wrong(self) -> bool:
        lists = (self.found.lost, self.found.doubled, self.found.misplaced, self.found.bare)
        return any(lists) or bool(self.states.get("unconfirmed"))


def percentile(ordered: Sequence[float], part: float) -> float:
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))]


def run(
    *,
    acts: int,
    kills: int,
    seed: int = 1,
    faults: bool = False,
    town_count: int = 1,
    workers: int = 1,
    restarts: int = 0,
    ceiling: bool = False,
    patience: float = PATIENCE,
    mixed: bool = False,
    lease: int = LEASE,
) -> Outcome:
    """Sends `acts` posts over two channels of each town, a worker killed `kills` times, the database restarted
    `restarts` times. `faults`: the networks also cut lines and answer 500. `mixed`: threads and pictures among them."""
    with tempfile.TemporaryDirectory(prefix="gatepost-once-") as name, contextlib.ExitStack() as stack:
        folder = Path(name)
        folder.chmod(0o755)
        data = folder / "data"
        server = stack.enter_context(Embedded(data, settings={"max_connections": "120"}))
        bare = _bare(folder, town_count, faults) if ceiling else 0.0
        places = [stack.enter_context(_town(folder / f"town{n}", faults)) for n in range(town_count)]
        environment = {
            **os.environ,
            "DATABASE_URL": server.url,
            "GATEPOST_DATA": str(data),
            "DJANGO_SETTINGS_MODULE": "gatepost.settings",
            "GATEPOST_LEASE_SECONDS": str(lease),
            "GATEPOST_TOWN_URL": places[0].url,
            "GATEPOST_POLL_SECONDS": "3600",  # nobody says anything: the time is for sending
        }
        python(environment, "gatepost.cli.prepare")
        kind = "mixed" if mixed else "plain"
        fill = ("benchmarks._with_django", "benchmarks.fill_gate", str(acts), kind)
        python(environment, *fill, *(town.url for town in places))
        race = Race(server, environment, workers, kills, restarts, random.Random(seed), patience=patience)
        outcome = race.run(acts)
        folders = [town.data for town in places]
        outcome.found = found_in(folders, acts, race.due.timestamp(), mixed=mixed)
        outcome.ceiling = bare
        return outcome


@dataclass
class Race:
    server: Embedded
    environment: dict[str, str]
    workers: int
    kills: int
    restarts: int
    chance: random.Random
    due: datetime = field(default_factory=lambda: datetime.now(UTC))
    patience: float = PATIENCE

    def run(self, acts: int) -> Outcome:
        self.due = datetime.now(UTC)
        with psycopg.connect(self.server.url) as connection:
            connection.execute("UPDATE gate_act SET due_at = %s", [self.due])
        began = time.monotonic()
        running = [worker(self.environment) for _ in range(self.workers)]
        killed = restarted = 0
        try:
            while time.monotonic() - began < self.patience:
                states = states_of(self.server.url)
                if not any(states.get(state) for state in UNSETTLED):
                    break
                gone = states.get("sent", 0)
                if restarted < self.restarts and gone >= acts * (restarted + 1) // (self.restarts + 1):
                    self.server.restart()
                    restarted += 1
                if killed < self.kills and gone >= acts * killed // (self.kills + 1):
                    time.sleep(self.chance.uniform(0.0, 0.6 / self.workers))
                    place = killed % self.workers
                    end(running[place])
                    killed += 1
                    running[place] = worker(self.environment)
                time.sleep(0.1 / self.workers)
        finally:
            for one in running:
                end(one)
        return Outcome(
            acts=acts,
            kills=killed,
            restarts=restarted,
            seconds=time.monotonic() - began,
            states=states_of(self.server.url),
            looked_up=_verbs(self.server.url, "act.lost_sight"),
            given_back=_verbs(self.server.url, "act.given_back"),
        )


def _town(folder: Path, faults: bool) -> Town:
    """A town whose answers take their time, so that a kill finds acts on their way."""
    town = towns.start(folder, pace=0, quiet=True)
    for network in ("facebook", "x"):
        slow = {"network": network, "kind": "slow", "at": "publish", "probability": 0.8, "seconds": 0.15}
        post(f"{town.url}/_town/faults", slow)
        for kind, probability in FAULTS if faults else ():
            fault = {"network": network, "kind": kind, "at": "publish", "probability": probability}
            post(f"{town.url}/_town/faults", fault)
    post(f"{town.url}/_town/rules", {"duplicates_refused": False})  # a doubled post would be hidden by it
    return town


def _bare(folder: Path, town_count: int, faults: bool) -> float:
    with contextlib.ExitStack() as stack:
        started = [stack.enter_context(_town(folder / f"bare{n}", faults)) for n in range(town_count)]
        places = [
            Place(network, town.http, account["id"], account["token"])
            for town in started
            for network, account in get(f"{town.url}/_town/state")["accounts"].items()
        ]
        return posts_a_second(places, posts=400 * town_count, threads=16 * town_count)


def python(environment: dict[str, str], *arguments: str) -> None:
    subprocess.run([sys.executable, "-m", *arguments], env=environment, check=True, stdout=subprocess.DEVNULL)


def worker(environment: dict[str, str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", "gatepost.cli.main", "worker"], env=environment)


def end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()


def get(url: str) -> dict[str, Any]:
    with urllib.request.urlopen(url, timeout=30) as answer:
        value: dict[str, Any] = json.load(answer)
    return value


def post(url: str, value: dict[str, Any]) -> None:
    request = urllib.request.Request(url, json.dumps(value).encode(), {"Content-Type": "application/json"})
    urllib.request.urlopen(request, timeout=30).close()


def states_of(database: str) -> dict[str, int]:
    with psycopg.connect(database) as connection:
        return {
            str(state): int(count)
            for state, count in connection.execute("SELECT state, count(*) FROM gate_act GROUP BY state").fetchall()
        }


def _verbs(database: str, verb: str) -> int:
    with psycopg.connect(database) as connection:
        row = connection.execute("SELECT count(*) FROM ledger_line WHERE verb = %s", [verb]).fetchone()
    return int(row[0]) if row else 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--acts", type=int, default=500)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--towns", type=int, default=1, help="practice towns, two channels each")
    parser.add_argument("--workers", type=int, default=1, help="workers at once; one of them is killed at a time")
    parser.add_argument("--restarts", type=int, default=0, help="how often the database is restarted on the way")
    parser.add_argument("--faults", action="store_true", help="the networks also cut lines and answer 500")
    parser.add_argument("--patience", type=float, default=PATIENCE, help="seconds after which the run is stopped")
    parser.add_argument("--lease", type=int, default=LEASE, help="seconds a worker has for what it claims")
    parser.add_argument("--mixed", action="store_true", help="one act in five a thread of three, one with a picture")
    given = parser.parse_args()
    outcome = run(
        acts=given.acts,
        kills=given.kills,
        seed=given.seed,
        faults=given.faults,
        town_count=given.towns,
        workers=given.workers,
        restarts=given.restarts,
        ceiling=True,
        patience=given.patience,
        mixed=given.mixed,
        lease=given.lease,
    )
    print("\n".join(outcome.lines()))
    return int(outcome.wrong)


if __name__ == "__main__":
    sys.exit(main())
