"""Print how many messages a second the readers read on one core, one at a time, and how long a long message takes.

python benchmarks/triage_speed.py [--seconds 5] [--messages tests/policy/reading/messages.jsonl]
"""

from __future__ import annotations

import argparse
import json
import resource
import time
from pathlib import Path

from gatepost.policy.reading import load_words, read

ROOT = Path(__file__).parents[1]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--messages", type=Path, default=ROOT / "tests/policy/reading/messages.jsonl")
    options = parser.parse_args()
    began = time.process_time()
    words = load_words((ROOT / "packs/bhp/words.toml").read_text(encoding="utf-8"))
    print(f"words loaded in            {time.process_time() - began:8.3f} CPU-s")
    texts = [json.loads(line)["text"] for line in options.messages.read_text(encoding="utf-8").splitlines()]
    taken: list[float] = []
    began = time.process_time()
    while time.process_time() - began < options.seconds:
        for text in texts:
            start = time.perf_counter()
            read(text, words)
            taken.append(time.perf_counter() - start)
    spent = time.process_time() - began
    taken.sort()
    print(f"one at a time              {len(taken) / spent:8.0f} messages/CPU-s ({len(texts)} different messages)")
    print(
        f"median, 99th percentile    {taken[len(taken) // 2] * 1e3:8.3f} ms "
        f"{taken[len(taken) * 99 // 100] * 1e3:.3f} ms"
    )
    long = (" ".join(texts) * (10_000 // len(" ".join(texts)) + 1))[:10_000]
    start = time.perf_counter()
    read(long, words)
    print(f"10,000 characters          {(time.perf_counter() - start) * 1e3:8.1f} ms")
    print(f"peak memory                {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:8.0f} MB")


if __name__ == "__main__":
    main()
