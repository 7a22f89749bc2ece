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
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from gatepost.embedded import Embedded


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--messages", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=60)
    parser.add_argument("--limit", type=float, default=50.0)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="gatepost-pages-") as folder:
        Path(folder).chmod(0o755)
        data = Path(folder) / "data"
        with Embedded(data) as server:
            environment = {
                **{name: value for name, value in os.environ.items() if not name.startswith("GATEPOST_")},
                "DATABASE_URL": server.url,
                "GATEPOST_DATA": str(data),
                "DJANGO_SETTINGS_MODULE": "gatepost.settings",
                "GATEPOST_LOG": "ERROR",
            }
            prepare = [sys.executable, "-m", "gatepost.cli.prepare"]
            subprocess.run(prepare, env=environment, check=True, stdout=subprocess.DEVNULL)
            figures = [str(given.messages), str(given.rounds), str(given.limit)]
            measure = [sys.executable, "-m", "benchmarks.fill_pages", *figures]
            return subprocess.run(measure, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
