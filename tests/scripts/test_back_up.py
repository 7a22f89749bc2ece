"""A desk is backed up, restored into another folder, and is whole there."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from gatepost.embedded import Embedded

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.skipif(not (ROOT / ".venv").exists(), reason="the scripts use .venv; run make setup")


def run(*command: str, data: Path) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    environment |= {"GATEPOST_DATA": str(data), "DJANGO_SETTINGS_MODULE": "gatepost.settings"}
    return subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)


def test_what_was_backed_up_is_whole_again(tmp_path: Path) -> None:
    data, copy, again = tmp_path / "data", tmp_path / "copy", tmp_path / "again"
    with Embedded(data):  # the desk is up while it is backed up
        made = run(sys.executable, "-m", "gatepost.cli.prepare", data=data)
        assert made.returncode == 0, made.stderr
        (data / "media").mkdir()
        (data / "media" / "picture").write_bytes(b"picture")
        told = run("scripts/back-up", str(copy), data=data)
        assert told.returncode == 0, told.stderr
        before = run(sys.executable, "-m", "gatepost.cli.main", "ledger", "verify", data=data).stdout
    assert copy.stat().st_mode & 0o077 == 0
    assert run("scripts/back-up", str(copy), data=data).returncode == 1, "never over an older copy"

    told = run("scripts/restore", str(copy), str(again), data=data)
    assert told.returncode == 0, told.stderr
    after = run(sys.executable, "-m", "gatepost.cli.main", "ledger", "verify", data=again)
    assert after.returncode == 0
    assert "unbroken" in after.stdout
    assert after.stdout.split()[0] == before.split()[0], "as many lines as before"
    assert (again / "secret.key").read_bytes() == (data / "secret.key").read_bytes()
    assert (again / "media" / "picture").read_bytes() == b"picture"
    assert run("scripts/restore", str(copy), str(again), data=data).returncode == 1, "never over a desk"


def test_a_folder_without_a_copy_is_said(tmp_path: Path) -> None:
    told = run("scripts/restore", str(tmp_path), str(tmp_path / "again"), data=tmp_path)
    assert told.returncode == 1
    assert "no database.dump" in told.stderr
    told = run("scripts/back-up", str(tmp_path / "copy"), data=tmp_path / "nothing")
    assert told.returncode == 1
    assert "There is no desk" in told.stderr
