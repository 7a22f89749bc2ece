"""Kills the worker at random while acts are going out, again and again, and counts what the network got.

    python -m benchmarks.exactly_once --acts 500 --kills 20 --faults

Everything is real: a database of its own, the practice town over HTTP, the shipped worker as a process of its own,
`kill -9`. Prints lost (a signed act that never arrived), doubled (one that arrived twice), unconfirmed (still waiting
for a person), and the time it took. Exits 1 when anything was lost or doubled.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from gatepost.embedded import Embedded
from gatepost.sandbox import town as towns

LEASE = 8  # seconds; long enough for a send, short enough to wait for
PATIENCE = 600.0
UNSETTLED = ("signed_off", "sending", "unconfirmed")


@dataclass
class Outcome:
    """What became of `acts` acts. `lost` and `doubled` hold the texts concerned."""

    acts: int
    kills: int
    seconds: float
    states: dict[str, int]
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    looked_up: int = 0

    def lines(self) -> list[str]:
        return [
            f"acts         {self.acts}",
            f"kills        {self.kills}",
            f"states       {self.states}",
            f"looked up    {self.looked_up}  (attempts that lost sight and were settled by looking)",
            f"lost         {len(self.lost)}",
            f"doubled      {len(self.doubled)}",
            f"unconfirmed  {self.states.get('unconfirmed', 0)}",
            f"seconds      {self.seconds:.1f}",
        ]


def text_of(number: int) -> str:
    return f"Notice {number}: the estate office is open on Saturday morning."


def run(*, acts: int, kills: int, seed: int = 1, faults: bool = False) -> Outcome:
    """Sends `acts` posts, the worker killed `kills` times. `faults`: the network also cuts lines and answers 500."""
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory(prefix="gatepost-once-") as folder:
        Path(folder).chmod(0o755)
        data = Path(folder) / "data"
        with Embedded(data) as server, towns.start(data / "town", pace=0, quiet=True) as town:
            environment = {
                **os.environ,
                "DATABASE_URL": server.url,
                "GATEPOST_DATA": str(data),
                "DJANGO_SETTINGS_MODULE": "gatepost.settings",
                "GATEPOST_LEASE_SECONDS": str(LEASE),
                "GATEPOST_TOWN_URL": town.url,
            }
            _python(environment, "gatepost.cli.prepare")
            _python(environment, "benchmarks.fill_gate", str(acts))
            # Answers that take their time, so that a kill finds acts on their way.
            slow = {"network": "facebook", "kind": "slow", "at": "publish", "probability": 0.8, "seconds": 0.15}
            _post(f"{town.url}/_town/faults", slow)
            if faults:
                for kind, probability in (("lost_after", 0.05), ("lost_before", 0.05), ("error_500_after", 0.03)):
                    fault = {"network": "facebook", "kind": kind, "at": "publish", "probability": probability}
                    _post(f"{town.url}/_town/faults", fault)
            return _kill_and_count(environment, server.url, town, acts, kills, chance)


def _kill_and_count(
    environment: dict[str, str], database: str, town: towns.Town, acts: int, kills: int, chance: random.Random
) -> Outcome:
    began = time.monotonic()
    killed = 0
    worker = _worker(environment)
    try:
        while time.monotonic() - began < PATIENCE:
            states = _states(database)
            if not any(states.get(state) for state in UNSETTLED):
                break
            if killed < kills and states.get("sent", 0) >= acts * killed // (kills + 1):
                time.sleep(chance.uniform(0.0, 0.6))
                worker.kill()
                worker.wait()
                killed += 1
                worker = _worker(environment)
            time.sleep(0.1)
    finally:
        worker.kill()
        worker.wait()
    seconds = time.monotonic() - began
    taken = Counter(
        {text_of(n): int(_get(f"{town.url}/_town/counts?text={_quoted(text_of(n))}")["count"]) for n in range(acts)}
    )
    return Outcome(
        acts=acts,
        kills=killed,
        seconds=seconds,
        states=_states(database),
        lost=[text for text, count in taken.items() if count == 0],
        doubled=[text for text, count in taken.items() if count > 1],
        looked_up=_looked_up(database),
    )


def _quoted(text: str) -> str:
    return urllib.request.quote(text)  # type: ignore[attr-defined,no-any-return]  # re-exported from urllib.parse


def _python(environment: dict[str, str], *arguments: str) -> None:
    subprocess.run([sys.executable, "-m", *arguments], env=environment, check=True, stdout=subprocess.DEVNULL)


def _worker(environment: dict[str, str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", "gatepost.cli.main", "worker"], env=environment)


def _get(url: str) -> dict[str, Any]:
    with urllib.request.urlopen(url, timeout=30) as answer:
        value: dict[str, Any] = json.load(answer)
    return value


def _post(url: str, value: dict[str, Any]) -> None:
    request = urllib.request.Request(url, json.dumps(value).encode(), {"Content-Type": "application/json"})
    urllib.request.urlopen(request, timeout=30).close()


def _states(database: str) -> dict[str, int]:
    with psycopg.connect(database) as connection:
        return {
            str(state): int(count)
            for state, count in connection.execute("SELECT state, count(*) FROM gate_act GROUP BY state").fetchall()
        }


def _looked_up(database: str) -> int:
    with psycopg.connect(database) as connection:
        row = connection.execute("SELECT count(*) FROM ledger_line WHERE verb = 'act.lost_sight'").fetchone()
    return int(row[0]) if row else 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--acts", type=int, default=500)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--faults", action="store_true", help="the network also cuts lines and answers 500")
    given = parser.parse_args()
    outcome = run(acts=given.acts, kills=given.kills, seed=given.seed, faults=given.faults)
    print("\n".join(outcome.lines()))
    return 1 if outcome.lost or outcome.doubled else 0


if __name__ == "__main__":
    sys.exit(main())
