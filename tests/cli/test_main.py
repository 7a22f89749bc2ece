"""What the command line loads, and what it offers."""

from __future__ import annotations

import subprocess
import sys

import pytest

from gatepost.cli.main import main, parser

HEAVY = ("numpy", "pydantic", "django", "gatepost.policy", "gatepost.inbox")


@pytest.mark.parametrize("command", ["up", "demo", "worker"])
def test_the_desk_itself_is_started_without_what_other_commands_need(command: str) -> None:
    script = (
        f"import sys; from gatepost.cli.main import parser; parser({command!r}).parse_args([{command!r}]); "
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"


def test_every_command_is_offered_where_none_is_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    told = capsys.readouterr().out
    assert "start the desk" in told
    assert "policy" in told
    assert parser().parse_args(["up", "--no-town"]).no_town
