"""The command where standard input, output or the locale is not as one would like."""

import errno
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from gatepost.cli import packs, streams
from gatepost.cli.main import main
from gatepost.cli.policy import explained
from gatepost.policy.decide import decide
from gatepost.policy.model import Inbound
from tests.cli.commands import COMMAND, environment, run
from tests.cli.test_policy_diff import folder

ASCII = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}


def shell(words: str) -> subprocess.CompletedProcess[str]:
    """The command in a shell, for what only a shell does to its streams: `"$@" policy clocks >&-`."""
    done = subprocess.run(
        ["sh", "-c", words, "sh", *COMMAND], capture_output=True, env=environment(), text=True, timeout=120, check=False
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done


def test_a_locale_without_curly_quotes_gets_escapes() -> None:
    done = run("policy", "explain", "It’s damp 😡, I want to complain", data=None, **ASCII)
    assert done.returncode == 0
    assert "\\u201ccomplaint\\u201d" in done.stdout


def test_a_closed_input_is_an_empty_one() -> None:
    for words, says in (("policy explain -", "There are no words to read."), ("check", "There is no draft to check.")):
        done = shell(f'"$@" {words} <&-')
        assert (done.returncode, done.stderr.startswith(says)) == (1, True), done.stderr


def test_a_closed_output_swallows_what_is_said() -> None:
    assert shell('"$@" policy clocks >&-').returncode == 0
    assert shell('"$@" policy check --pack /nowhere >&- 2>&-').returncode == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a device that is always full")
def test_a_full_disk_is_told_in_a_sentence() -> None:
    done = shell('"$@" policy clocks > /dev/full')
    assert done.returncode == 1
    assert done.stderr == (
        "The output cannot be written: No space left on device. Make room, or write it to another place.\n"
    )


def test_words_that_are_no_utf_8_are_read_all_the_same() -> None:
    assert run("policy", "explain", "-", given=b"caf\xe9 thank you so much").stdout.count("thank you") == 1
    assert streams.words_of("caf\udce9 \udcc3\udca9", 10) == "caf� é"
    assert run("policy", "explain", "  ").stderr.startswith("There are no words to read.")


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (OSError(errno.EACCES, "Permission denied", "/x"), "/x: Permission denied. Check the path and who may"),
        (OSError(errno.EIO, "Input/output error"), "The output cannot be written: Input/output error."),
        (OSError("no reason"), "The system refused: no reason."),
        (OSError(), "The system refused: it could not be read or written."),
    ],
)
def test_what_the_system_refuses_is_a_sentence(error: OSError, says: str) -> None:
    assert streams.said(error).startswith(says)


def test_a_pack_that_may_not_be_written_stays_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pack = folder(tmp_path / "pack")
    before = {file.name: file.read_bytes() for file in pack.iterdir()}
    monkeypatch.setattr("os.access", lambda path, mode: False)
    assert main(["policy", "suggest", "hours", "--pack", str(pack)]) == 1
    assert "clauses.toml: Permission denied. Check the path" in capsys.readouterr().err
    assert {file.name: file.read_bytes() for file in pack.iterdir()} == before


def test_two_suggestions_at_once_both_stand(tmp_path: Path) -> None:
    pack = folder(tmp_path / "pack")
    command = [sys.executable, "-m", "gatepost.cli.main", "policy", "suggest"]
    begun = [
        subprocess.Popen([*command, name, "--pack", str(pack)], env=environment(), stdout=subprocess.DEVNULL)
        for name in ("hours", "review")
    ]
    assert [one.wait(120) for one in begun] == [0, 0]
    document = (pack / "policy.md").read_text(encoding="utf-8")
    assert "[hours.1]" in document
    assert "[review.1]" in document
    assert not list(pack.glob(".*"))
    again = run("policy", "suggest", "review", "--pack", str(pack))
    assert (again.returncode, again.stderr.endswith(" already. Nothing was changed.\n")) == (1, True)


def test_a_folder_that_may_not_be_looked_into_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(given: Path) -> Path:
        raise PermissionError(errno.EACCES, "Permission denied", str(given))

    monkeypatch.setattr(packs, "pack_folder", refuse)
    assert main(["policy", "check", "/closed"]) == 1
    assert capsys.readouterr().err == "/closed: Permission denied. Check the path and who may read and write there.\n"


def test_a_file_where_the_desk_should_be_is_no_desk(tmp_path: Path) -> None:
    (tmp_path / "desk").write_text("", encoding="utf-8")
    done = run("policy", "history", data=tmp_path / "desk")
    assert (done.returncode, done.stderr.startswith("There is no desk in ")) == (1, True)


def test_what_rests_on_the_likeliest_label_is_told_as_that() -> None:
    text = "I want to complain about the lift."
    pack = packs.pack_at(None)
    decision = decide(Inbound("1", text), pack, datetime(2026, 11, 24, 9, tzinfo=UTC))
    assert decision.evidence
    says = "It is not sure enough of any label; what follows rests on the likeliest."
    assert says not in explained(decision, text, pack)
    assert says in explained(replace(decision, decided=()), text, pack)
    assert "Nothing the policy has a rule for." in explained(replace(decision, decided=(), evidence=()), text, pack)
