"""`gatepost data`: the preview, the file for a request, the papers."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from django.utils import timezone

from gatepost.cli.main import main
from gatepost.inbox.personal.requests import ask
from gatepost.inbox.personal.retention import agree, preview
from tests.inbox.personal.scene import HANDLE, NAME, Told, told
from tests.inbox.scene import make_desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(monkeypatch: pytest.MonkeyPatch) -> Told:
    from contextlib import nullcontext

    monkeypatch.setattr("gatepost.cli.data.database", nullcontext)  # the tests' own database is open already
    return told(make_desk())


def test_preview(scene: Told, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["data", "preview"]) == 0
    said = capsys.readouterr().out
    assert "Messages read as complaint, kept 6 years after closure (law.2)" in said
    assert "Nobody has agreed" in said
    agree(digest=preview(at=timezone.now()).schedule.digest, by=scene.desk.officer, at=timezone.now())
    assert main(["data", "preview"]) == 0
    assert "agreed to and carried out" in capsys.readouterr().out


def test_export(scene: Told, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = ask(
        kind="access",
        known_by={"account": HANDLE},
        identity="",
        received_on=timezone.now().date(),
        contacts=[scene.contact.pk],
        by=scene.desk.officer,
        at=timezone.now(),
    )
    to, officer = tmp_path / "casey.zip", scene.desk.officer.email
    assert main(["data", "export", str(made.pk), str(to), "--as", officer]) == 2
    assert "how you made sure" in capsys.readouterr().err
    type(made).objects.filter(pk=made.pk).update(identity="Passport")
    assert main(["data", "export", str(made.pk), str(to), "--as", scene.desk.staff.email]) == 2
    assert main(["data", "export", "999", str(to), "--as", officer]) == 1
    assert not to.exists()
    assert main(["data", "export", str(made.pk), str(to), "--as", officer]) == 0
    assert to.stat().st_mode & 0o077 == 0
    with zipfile.ZipFile(to) as file:
        assert NAME in file.read("data.html").decode()
    assert main(["data", "export", str(made.pk), str(to), "--as", officer]) == 1


def test_papers(scene: Told, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["data", "processing"]) == 0
    assert "# Record of processing" in capsys.readouterr().out
    to = tmp_path / "dpia.md"
    assert main(["data", "dpia", str(to)]) == 0
    assert "To write" in to.read_text("utf-8")
    assert main(["data", "dpia", str(to)]) == 1
