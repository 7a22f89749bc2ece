"""The list, a saved filter, a conversation and a search with 10,000 and with 1,000,000 messages.

    python -m benchmarks.million_messages
    options: --begin N (default 10000), --messages N (default 1000000), --rounds N (default 40)

A database of its own. The first messages come in through intake and the policy; the others are copies of these in SQL,
each with a conversation, a decision, a number of its own and a time further back, all but one in two hundred of them
done. Each question is asked as the desk asks it (its own functions, rows made into objects) and then as bare SQL: the
very statements, sent by psycopg and fetched. Told are the fastest rounds, the desk's over the bare one's in the same
run, and how much the desk's grew. Pages are told beside them. Exits 1 when a ratio is over 2.0 or a growth over 1.5.
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
    parser.add_argument("--begin", type=int, default=10_000)
    parser.add_argument("--messages", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=40)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="gatepost-million-") as folder:
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
            figures = [str(given.begin), str(given.messages), str(given.rounds)]
            return subprocess.run(
                [sys.executable, "-m", "benchmarks.fill_million", *figures], env=environment, check=False
            ).returncode


if __name__ == "__main__":
    sys.exit(main())
