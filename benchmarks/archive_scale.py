"""The archive with 100,000 published items: its list, searches, an item's page, and copies as ZIP and WARC.

    python -m benchmarks.archive_scale
    options: --begin N (default 2000), --items N (default 100000), --rounds N (default 20), --whole (everything, too)

A database of its own. Items are made by the archive's own functions from facts of the shape it keeps, some with a
picture, each with two looks of the network; the others are copies of these in SQL with a number and a time of their
own, back over three years. Told are the fastest rounds of the desk's pages with few and with many items and how much
they grew, and of a copy of one month how long it took, its first byte, and by how much memory grew on the way.
"""

from __future__ import annotations

import argparse
import subprocess
import sys

from benchmarks._own_desk import own_desk, with_django


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--begin", type=int, default=2_000)
    parser.add_argument("--items", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--whole", action="store_true", help="a copy of everything as well")
    given = parser.parse_args()
    with own_desk() as environment:
        figures = [str(given.begin), str(given.items), str(given.rounds), str(int(given.whole))]
        return subprocess.run(with_django("fill_archive", *figures), env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
