"""Memory of the whole desk at rest, process by process.

    python -m benchmarks.memory                    starts a desk on a new folder, waits, measures, stops it
    python -m benchmarks.memory --pid N            measures the process N and its descendants
    options: --rest SECONDS (default 20), --limit MB (default 600: above it the exit code is 1)

PSS shares the memory that several processes use among them, so that the sum is what the machine really gives; RSS
counts it in each of them anew. Reads /proc, so Linux only.
"""

from __future__ import annotations

import argparse
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path


def tree(root: int) -> list[int]:
    """`root` and its descendants."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except (OSError, IndexError):
                continue
    found = [root]
    for pid in found:
        found.extend(child for child, parent in parents.items() if parent == pid)
    return found


def megabytes(pid: int) -> tuple[float, float] | None:
    """PSS and RSS of a process in MB; None when it has gone."""
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return None
    kilobytes = {name: int(value) for name, value in re.findall(r"^(Pss|Rss):\s+(\d+) kB", text, re.MULTILINE)}
    return kilobytes.get("Pss", 0) / 1024, kilobytes.get("Rss", 0) / 1024


def name(pid: int) -> str:
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().decode("utf-8", "replace").split("\0")
    except OSError:
        return "?"
    return " ".join(word for word in words if word)[:70]


def measure(root: int) -> tuple[float, float]:
    """Print a line for each process; the sums of PSS and RSS in MB."""
    pss = rss = 0.0
    print(f"{'PSS MB':>8} {'RSS MB':>8}  process")
    for pid in tree(root):
        if found := megabytes(pid):
            pss, rss = pss + found[0], rss + found[1]
            print(f"{found[0]:8.1f} {found[1]:8.1f}  {name(pid)}")
    print(f"{pss:8.1f} {rss:8.1f}  all")
    return pss, rss


def started(folder: Path) -> subprocess.Popen[str]:
    command = [str(Path(sys.executable).with_name("gatepost")), "up", "--port", "0", "--data", str(folder)]
    environment = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
    desk = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
    assert desk.stdout is not None
    for line in desk.stdout:
        if "The desk is ready" in line:
            return desk
    raise SystemExit("The desk did not start: see above.")


def main() -> int:
    parser = argparse.ArgumentParser(description="Memory of the whole desk at rest.")
    parser.add_argument("--pid", type=int)
    parser.add_argument("--rest", type=float, default=20)
    parser.add_argument("--limit", type=float, default=600)
    arguments = parser.parse_args()
    if arguments.pid:
        _, rss = measure(arguments.pid)
    else:
        with tempfile.TemporaryDirectory(prefix="gatepost-memory-") as folder:
            desk = started(Path(folder) / "data")
            try:
                time.sleep(arguments.rest)
                _, rss = measure(desk.pid)
            finally:
                desk.send_signal(signal.SIGTERM)
                desk.wait(60)
    print(f"limit {arguments.limit:.0f} MB: {'within' if rss <= arguments.limit else 'ABOVE'} (by RSS)")
    return 0 if rss <= arguments.limit else 1


if __name__ == "__main__":
    sys.exit(main())
