"""Networks call the desk and its web process is killed: everything it acknowledged is in the database."""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from benchmarks._own_desk import with_django
from benchmarks.intake_speed import free_port, killed, served

from gatepost.embedded import Embedded


@pytest.mark.slow
def test_nothing_acknowledged_is_lost_when_the_web_process_is_killed_under_load(
    tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str]
) -> None:
    data = Path(tmp_path_factory.mktemp("calls")) / "data"
    with Embedded(data) as server:
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("GATEPOST_")},
            "DATABASE_URL": server.url,
            "GATEPOST_DATA": str(data),
            "DJANGO_SETTINGS_MODULE": "gatepost.settings",
        }
        run = [sys.executable, "-m"]
        subprocess.run([*run, "gatepost.cli.prepare"], env=environment, check=True, stdout=subprocess.DEVNULL)
        made = subprocess.run(with_django("fill_calls"), env=environment, check=True, capture_output=True)
        number, page = made.stdout.decode().split()
        port = free_port()
        process = served(environment, port, "gatepost.web.shell:application")
        try:
            given = argparse.Namespace(seconds=4.0, lines=8)
            assert killed(process, port, server.url, f"/hooks/{number}/", page, given, 0) == 0
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        told = capsys.readouterr().out
        assert "killed under load | 0 acknowledged" not in told
