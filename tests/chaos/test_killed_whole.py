"""`gatepost up` with every one of its processes killed at once: a second start goes on where it was."""

from __future__ import annotations

import contextlib
import os
import signal
from pathlib import Path

import pytest

from gatepost.processes import alive
from tests.cli.commands import run
from tests.engine.test_whole_desk import Running, healthy

from .desks import until


@pytest.mark.slow
@pytest.mark.xdist_group("whole desk")
def test_a_second_start_goes_on(tmp_path: Path) -> None:
    data = tmp_path / "data"
    desk = Running(data)
    family = list(desk.family())
    assert len(family) > 5
    before = run("ledger", "verify", data=data)
    assert before.returncode == 0
    for pid in family:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    desk.process.communicate()
    assert until(lambda: not any(alive(pid) for pid in family), 20)
    again = Running(data)
    try:
        assert healthy(again)
        after = run("ledger", "verify", data=data)
        assert after.returncode == 0
        assert count(after.stdout) >= count(before.stdout) > 0
        assert "ILL   policy" not in run("doctor", data=data).stdout
    finally:
        assert again.end() == 0


def count(says: str) -> int:
    return int(says.split()[0])
