"""`gatepost train`, as somebody at the keyboard sees it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from gatepost.cli.main import main
from gatepost.inbox.corrections import correct_label
from gatepost.inbox.models import Message
from gatepost.policy.reading.learnt import opened
from gatepost.rulebook.models import ReaderModel, ReaderUse
from tests import factories
from tests.cli.commands import run
from tests.policy.reading.test_learning import MOANS, REAL

Said = pytest.CaptureFixture[str]


def said(capsys: Said, *words: str) -> tuple[int, str, str]:
    capsys.readouterr()
    code = main(["train", *words])
    return code, *capsys.readouterr()


@pytest.mark.django_db
def test_train_accept_status_undo(capsys: Said, tmp_path: Path) -> None:
    officer = factories.officer()
    channel = factories.channel(by=officer)
    code, out, _ = said(capsys)
    assert (code, out.startswith("Nobody has corrected a reading yet.")) == (0, True)
    for text in [*MOANS, *REAL]:
        message = factories.message(text, channel=channel)
        if text in MOANS:
            correct_label(message, "complaint", holds=False, by=officer, at=message.received_at)
    Message.objects.filter(text__in=REAL).update(state="done")
    code, out, _ = said(capsys)
    digest = ReaderModel.objects.get().digest
    assert code == 0
    assert "0 → 24" in out
    assert f"gatepost train accept {digest[:12]} --as EMAIL" in out
    assert not ReaderUse.objects.exists()
    code, out, _ = said(capsys, "status")
    assert "Corrections: complaint 24." in out
    assert out.endswith("The readers are as shipped.\n")
    assert said(capsys, "accept", digest[:12], "--as", officer.email)[0] == 0
    assert "in use" in said(capsys, "status")[1]
    code, _, err = said(capsys, "accept", digest, "--as", officer.email)
    assert (code, err) == (1, "This is in use already.\n")
    assert said(capsys, "undo", "--as", "nobody@example.org")[0] == 1
    assert said(capsys, "undo", "--as", factories.person().email)[0] == 1
    assert said(capsys, "undo", "--as", officer.email)[0] == 0
    file = tmp_path / "out.bin"
    code, out, _ = said(capsys, "--out", str(file))
    assert opened(file.read_bytes(), "x").digest == digest
    code, _, err = said(capsys, "--out", str(file))
    assert (code, "is there already" in err) == (1, True)


def test_from_a_file_without_a_desk(tmp_path: Path) -> None:
    source, out = tmp_path / "in.jsonl", tmp_path / "out.bin"
    lines = [{"text": text, "label": "complaint", "holds": text in REAL} for text in [*MOANS, *REAL]]
    source.write_text("\n".join(map(json.dumps, lines)) + "\n\n")
    done = run("train", "--from", str(source), "--out", str(out))
    assert done.returncode == 0, done.stderr
    assert "16 → " in done.stdout
    assert opened(out.read_bytes(), "x").labels == ("complaint",)
    done = run("train", "--from", str(source))
    assert (done.returncode, "--out FILE" in done.stderr) == (1, True)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("{", "line 2: it is not JSON"),
        ("[1]", "line 2: “text” or “holds” is missing"),
        ('{"text": "x", "label": "spam", "holds": 1}', "line 2: “text” or “holds” is missing"),
        ('{"text": "x", "label": "grumble", "holds": true}', "line 2: there is no such label"),
        ('{"text": "x", "label": [], "holds": true}', "line 2: there is no such label"),
        ('"' + "x" * 200_001 + '"', "line 2: at most"),
    ],
)
def test_a_bad_line_is_named(line: str, says: str, tmp_path: Path, capsys: Said) -> None:
    source = tmp_path / "in.jsonl"
    source.write_text('{"text": "x", "label": "spam", "holds": true}\n' + line)
    code, _, err = said(capsys, "--from", str(source), "--out", str(tmp_path / "out"))
    assert (code, says in err) == (1, True), err
    assert not (tmp_path / "out").exists()


def test_a_file_that_is_not_there_and_too_few(tmp_path: Path, capsys: Said) -> None:
    code, _, err = said(capsys, "--from", str(tmp_path / "none"), "--out", str(tmp_path / "out"))
    assert (code, "cannot be read" in err) == (1, True)
    source = tmp_path / "in.jsonl"
    source.write_text("\n")
    code, _, err = said(capsys, "--from", str(source), "--out", str(tmp_path / "out"))
    assert (code, "in.jsonl holds no corrections. Write one a line: {" in err) == (1, True)
    source.write_text('{"text": "x", "label": "spam", "holds": true}\n')
    code, out, _ = said(capsys, "--from", str(source), "--out", str(tmp_path / "out"))
    assert (code, "too few corrections: 10 are needed" in out) == (0, True)
    assert "Nothing was learnt." in out
