"""Desks as processes, for the tests of `gatepost up`."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import IO

# The same options as the command line has, without needing any other command to exist.
RUN = """
import argparse, sys
from gatepost.cli.up import add_arguments, demo, up
parser = argparse.ArgumentParser()
add_arguments(parser)
parser.add_argument("--demo", action="store_true")
arguments = parser.parse_args()
sys.exit(demo(arguments) if arguments.demo else up(arguments))
"""


def start(
    data: Path, *options: str, errors: IO[str] | int = subprocess.PIPE, **environment: str
) -> subprocess.Popen[str]:
    """`gatepost up` on `data`, with its own database unless DATABASE_URL is given."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("GATEPOST_", "DATABASE_URL"))}
    return subprocess.Popen(
        [sys.executable, "-c", RUN, "--data", str(data), *options],
        stdout=subprocess.PIPE,
        stderr=errors,
        text=True,
        env={**kept, **environment},
    )


def refused(data: Path, *options: str, **environment: str) -> str:
    """The one sentence of a desk that does not start; it must leave with exit code 1."""
    desk = start(data, *options, **environment)
    out, err = desk.communicate(timeout=60)
    assert desk.returncode == 1, (out, err)
    assert "Traceback" not in err
    return err.strip()
