"""How many calls of a network a second the desk takes, beside a bare ASGI handler that inserts one row; and a kill.

    python -m benchmarks.intake_speed
    options: --seconds N of each turn (default 5), --turns N (default 3), --lines N connections (default 32)

Both run under granian with one worker on one database, in turns; the caller is the same. The desk proves each call's
signature, keeps it with the job that reads it, and answers after the commit. Then the desk's web process is killed with
SIGKILL in the middle of a turn: every acknowledged body must be in the database. Exits 1 when one is not, or when the
desk takes less than 70 % of what the bare handler takes.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import hashlib
import os
import signal
import socket
import statistics
import subprocess
import sys
import threading
import time
import urllib.request

import psycopg

from benchmarks._calls import call
from benchmarks._own_desk import own_desk, with_django

LEAST = 0.7


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--lines", type=int, default=32)
    given = parser.parse_args()
    with own_desk() as environment:
        made = subprocess.run(with_django("fill_calls"), env=environment, check=True, capture_output=True)
        number, page = made.stdout.decode().split()
        url = environment["DATABASE_URL"]
        with psycopg.connect(url, autocommit=True) as db:
            db.execute("CREATE TABLE bare_intake (id bigserial PRIMARY KEY, body bytea, at timestamptz)")
        return measured(environment, url, f"/hooks/{number}/", page, given)


def measured(environment: dict[str, str], url: str, path: str, page: str, given: argparse.Namespace) -> int:
    ports, processes = [free_port(), free_port()], []
    apps = ("benchmarks._bare_intake:application", "gatepost.web.shell:application")
    try:
        for port, app in zip(ports, apps, strict=True):
            processes.append(served(environment, port, app))
        rates: list[list[float]] = [[], []]
        first = 0
        for turn in range(given.turns + 1):  # the first warms up
            for place, port in enumerate(ports):
                sent = asyncio.run(call(port, path, page, seconds=given.seconds, lines=given.lines, first=first))
                first += 1_000_000
                assert not sent.refused
                assert not sent.lost
                if turn:
                    rates[place].append(sent.rate)
        bare, desk = (statistics.median(one) for one in rates)
        print(f"| bare handler | {bare:,.0f} calls a second |\n| desk | {desk:,.0f} calls a second |")
        print(f"| desk/bare | {desk / bare:.2f} |", flush=True)
        lost = killed(processes[1], ports[1], url, path, page, given, first)
        return 1 if lost or desk / bare < LEAST else 0
    finally:
        for process in processes:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def killed(
    process: subprocess.Popen[bytes], port: int, url: str, path: str, page: str, given: argparse.Namespace, first: int
) -> int:
    """Kills the desk's web process and its worker under load. Returns how many acknowledged calls are not there."""
    timer = threading.Timer(given.seconds / 2, lambda: os.killpg(process.pid, signal.SIGKILL))
    timer.start()
    sent = asyncio.run(call(port, path, page, seconds=given.seconds, lines=given.lines, first=first))
    timer.join()
    with psycopg.connect(url) as db:
        rows = db.execute("SELECT body FROM inbox_delivery").fetchall()
    there = {hashlib.sha256(bytes(body)).hexdigest() for (body,) in rows}
    lost = [one for one in sent.taken if one not in there]
    print(f"| killed under load | {len(sent.taken):,} acknowledged, {sent.lost} cut off, {len(lost)} lost |")
    return len(lost)


def served(environment: dict[str, str], port: int, app: str) -> subprocess.Popen[bytes]:
    options = f"--interface asgi --host 127.0.0.1 --port {port} --workers 1 --no-ws --log-level error"
    command = [sys.executable, "-m", "granian", *options.split(), app]
    process = subprocess.Popen(command, env=environment, start_new_session=True)
    until = time.monotonic() + 60
    while time.monotonic() < until and process.poll() is None:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5).close()
            return process
        except OSError:
            time.sleep(0.2)
    raise SystemExit(f"{app} did not start")


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


if __name__ == "__main__":
    sys.exit(main())
