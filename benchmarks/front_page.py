"""How long the server takes for the front page and the inbox with 10,000 messages.

    python -m benchmarks.front_page
    options: --messages N (default 10000), --rounds N (default 60), --limit MS (default 50, for the front page's p50)

Everything is real but the network: a database of its own, varied messages through intake and the policy, a share of
them answered, referred and done, and the pages as the web process makes them, signed in, warm. A bare page that asks
the database `SELECT 1` is measured in the same run: the ratio to it says more than milliseconds, which are this
machine's. Exits 1 when the front page's median is above the limit.
"""

from __future__ import annotations

import argparse
import subprocess
import sys

from benchmarks._own_desk import own_desk, with_django


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--messages", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=60)
    parser.add_argument("--limit", type=float, default=50.0)
    given = parser.parse_args()
    with own_desk() as environment:
        figures = [str(given.messages), str(given.rounds), str(given.limit)]
        measure = with_django("fill_pages", *figures)
        return subprocess.run(measure, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
