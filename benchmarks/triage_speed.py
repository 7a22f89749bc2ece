"""How many messages a second one core triages, beside the chain of libraries one would otherwise put together.

python -m benchmarks.triage_speed [--rivals VENV] [--messages N] [--replay N]

Prints, for the desk (all readers and the decision, shipped policy) and for the chain (Presidio's patterns,
alt-profanity-check, VADER), in one run and each in a process of its own: messages per CPU-second one at a time and in
batches, the median and 99th percentile of one message, CPU-seconds to import, peak memory, and the ratios. Texts:
public tweets where the shared folder lies beside the checkout, and the project's own messages.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from training.public import folder

ROOT = Path(__file__).resolve().parents[1]
SIZES = (64, 256, 2000)
AT = datetime(2026, 11, 30, 10, 30, tzinfo=UTC)
FEW = 600  # texts given to the chain one by one: it is slow
SOME = 4000  # and in batches
HINT = """The chain is not here, so only the desk is measured. To install it into an environment that is thrown away:
    python3 -m venv /tmp/rivals
    /tmp/rivals/bin/pip install --require-hashes -r requirements/rivals.txt
    python -m benchmarks.triage_speed --rivals /tmp/rivals"""


def own() -> list[str]:
    """The project's own messages, in the order of their files."""
    files = [ROOT / "tests/policy/reading/messages.jsonl", *sorted((ROOT / "training/messages").glob("*.jsonl"))]
    return [json.loads(line)["text"] for file in files for line in file.read_text(encoding="utf-8").splitlines()]


def tweets() -> list[str]:
    """Public tweets from the shared data, or nothing."""
    data = folder()
    if data is None:
        return []
    with gzip.open(data / "davidson.csv.gz", "rt", encoding="utf-8", newline="") as file:
        return [row["text"] for row in csv.DictReader(file)]


def figures(messages: Sequence[str]) -> dict[str, Any]:
    """The desk's side: run in a process of its own."""
    began = time.process_time()
    from gatepost.policy.decide import decide, decide_many
    from gatepost.policy.model import Inbound
    from gatepost.policy.pack import load

    imported = time.process_time() - began
    pack = load(ROOT / "packs" / "bhp")
    inbound = [Inbound(str(place), text) for place, text in enumerate(messages)]
    decide(inbound[0], pack, AT)
    told: dict[str, Any] = {"import": imported, "loaded": time.process_time() - began - imported, "batch": {}}
    for size in SIZES:  # the first pass meets every word for the first time
        start = time.process_time()
        for place in range(0, len(inbound), size):
            decide_many(inbound[place : place + size], pack, AT)
        told["batch"][str(size)] = len(inbound) / (time.process_time() - start)
    taken: list[float] = []
    start = time.process_time()
    for message in inbound[:SOME]:
        moment = time.perf_counter()
        decide(message, pack, AT)
        taken.append(time.perf_counter() - moment)
    told["single"], told["taken"] = len(taken) / (time.process_time() - start), taken
    told["peak"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return told


def desk(messages: list[str]) -> dict[str, Any]:
    made = subprocess.run(
        [sys.executable, "-m", "benchmarks.triage_speed", "--side"],
        input=json.dumps(messages),
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    return dict(json.loads(made.stdout))


def chain(python: Path, messages: list[str]) -> dict[str, Any]:
    asked = json.dumps({"texts": messages[:SOME], "sizes": SIZES, "single": FEW})
    made = subprocess.run(
        [python, ROOT / "benchmarks/_rivals_side.py"], input=asked, capture_output=True, text=True, check=False
    )
    if made.returncode:
        sys.exit(f"The chain failed:\n{made.stderr[-2000:]}")
    return dict(json.loads(made.stdout))


def row(name: str, told: dict[str, Any]) -> str:
    taken = sorted(told["taken"])
    middle, far = (taken[len(taken) * part // 100] * 1000 for part in (50, 99))
    batches = "".join(f"{told['batch'][str(size)]:10,.0f}" for size in SIZES)
    return (
        f"  {name:8}{told['single']:10,.0f}{batches}{middle:10.2f}{far:10.2f}{told['import']:10.2f}{told['peak']:10.0f}"
    )


def compare(name: str, messages: list[str], python: Path | None) -> None:
    print(f"\n{name}: {len(messages):,} messages, {sum(map(len, messages)) / len(messages):.0f} characters in the mean")
    head = ["one", *(f"by {size}" for size in SIZES), "p50 ms", "p99 ms", "import s", "peak MB"]
    print(f"  {'':8}" + "".join(f"{word:>10}" for word in head))
    ours = desk(messages)
    print(row("desk", ours))
    if python is None:
        return
    theirs = chain(python, messages)
    print(row("chain", theirs))
    ratios = [ours["single"] / theirs["single"]]
    ratios += [ours["batch"][str(size)] / theirs["batch"][str(size)] for size in SIZES]
    print(f"  {'times':8}" + "".join(f"{ratio:10.1f}" for ratio in ratios))


def replayed(count: int) -> None:
    """How long trying another policy on so many past messages takes, over all cores."""
    from gatepost.policy.model import Inbound
    from gatepost.policy.pack import load, load_files
    from gatepost.policy.replay import Past, replay

    old = load(ROOT / "packs" / "bhp")
    new = load_files({**old.files, "words.toml": old.files["words.toml"] + "\n# other words\n"})
    source = tweets() or own()
    past = (Past(Inbound(str(place), source[place % len(source)]), AT) for place in range(count))
    began = time.perf_counter()
    result = replay(past, old, new)
    taken = time.perf_counter() - began
    cores = len(os.sched_getaffinity(0))
    print(
        f"\nreplay: {result.messages:,} messages under two policies in {taken:.1f} s over {cores} cores, start included"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rivals", type=Path, help="the environment that holds the chain")
    parser.add_argument("--messages", type=int, default=20_000, help="at most so many of each kind")
    parser.add_argument("--replay", type=int, default=0, help="also time the replay of so many messages")
    parser.add_argument("--side", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.side:
        json.dump(figures(json.load(sys.stdin)), sys.stdout)
        return
    python = options.rivals / "bin/python" if options.rivals else None
    if python is None or not python.exists():
        python = None
        print(HINT)
    for name, found in (("public tweets", tweets()), ("our own messages", own())):
        if found:
            compare(name, found[: options.messages], python)
    if options.replay:
        replayed(options.replay)


if __name__ == "__main__":
    main()
