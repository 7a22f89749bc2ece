"""A desk for one benchmark: a database of its own with the tables made, on a folder that goes with it."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from gatepost.embedded import Embedded


@contextlib.contextmanager
def own_desk(keep: Path | None = None) -> Iterator[dict[str, str]]:
    """The environment of the desk's processes: DATABASE_URL and GATEPOST_DATA, and no settings of this machine's.
    `keep`: a folder in which the desk stays."""
    with tempfile.TemporaryDirectory(prefix="gatepost-bench-") as temporary:
        folder = keep or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o755)
        data = folder / "data"
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
            yield environment


def with_django(module: str, *arguments: str) -> list[str]:
    """The command that runs a `fill_` module."""
    return [sys.executable, "-m", "benchmarks._with_django", f"benchmarks.{module}", *arguments]
