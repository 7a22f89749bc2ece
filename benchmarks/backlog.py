"""A backlog of 10,000 messages' calls, doubled, shuffled and partly taken off again: all there once, in order.

python -m benchmarks.backlog [--messages 10000]

Exits 1 when anything is missing, twice there, out of order or not known to be gone.
"""

from __future__ import annotations

import argparse
import subprocess

from benchmarks._own_desk import own_desk, with_django


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--messages", type=int, default=10_000)
    options = parser.parse_args()
    with own_desk() as environment:
        subprocess.run(with_django("fill_backlog", str(options.messages)), env=environment, check=True)


if __name__ == "__main__":
    main()
