"""A command whose reader has gone (`… | head`) ends quietly."""

import subprocess
import sys
from pathlib import Path

import pytest

from gatepost.cli import output

BHP = str(Path(__file__).parents[2] / "packs" / "bhp")


@pytest.mark.parametrize(
    "words",
    [
        ["--help"],
        ["policy", "lint", "--pack", BHP],
        ["policy", "replay", "--pack", BHP, "--against", BHP, "--from", "EXPORT", "--workers", "1"],
    ],
)
def test_nobody_reads_on(tmp_path: Path, words: list[str]) -> None:
    export = tmp_path / "export.jsonl"
    export.write_text('{"id": "1", "text": "The lift is broken again"}\n')
    command = [str(export) if word == "EXPORT" else word for word in words]
    with subprocess.Popen(
        [sys.executable, "-m", "gatepost.cli.main", *command], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()  # as head does, only sooner
        said = process.stderr.read()
    assert "pipe" not in said.lower()
    assert "Traceback" not in said
    assert process.returncode == 0


def test_what_a_command_prints_goes_where_it_went(capsys: pytest.CaptureFixture[str]) -> None:
    with output.watched():
        print("told")
        assert sys.stdout.encoding
    assert capsys.readouterr().out == "told\n"
