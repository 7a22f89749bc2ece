"""The shipped command as a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

COMMAND = [sys.executable, "-m", "gatepost.cli.main"]


def environment(data: Path | None = None, **more: str) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("GATEPOST_", "DATABASE_URL", "DJANGO_"))}
    return {**kept, "GATEPOST_DATA": str(data or "/nonexistent/gatepost"), **more}


Done = subprocess.CompletedProcess[str]


def run(*words: str, given: str | bytes = b"", data: Path | None = None, **more: str) -> Done:
    """Text is decoded strictly: what is not UTF-8 fails the test."""
    raw = given.encode("utf-8", "surrogatepass") if isinstance(given, str) else given
    done = subprocess.run(
        [*COMMAND, *words], input=raw, capture_output=True, env=environment(data, **more), timeout=120, check=False
    )
    out, err = done.stdout.decode(), done.stderr.decode()
    assert "Traceback" not in err, err
    return Done(done.args, done.returncode, out, err)


def lines(*messages: dict[str, Any]) -> str:
    return "".join(json.dumps(message) + "\n" for message in messages)
