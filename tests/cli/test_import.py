"""`gatepost policy import`, as a person runs it."""

from __future__ import annotations

from pathlib import Path

import pytest

from gatepost.cli.main import main
from gatepost.policy.importing import Document, ImportProblem
from gatepost.policy.pack import load
from gatepost.rulebook import guarded as reading_apart
from gatepost.rulebook.guarded import guarded
from tests.policy.importing.council import as_docx


@pytest.fixture
def policy(tmp_path: Path) -> Path:
    file = tmp_path / "our policy.docx"
    file.write_bytes(as_docx())
    return file


def test_a_document_becomes_a_pack(policy: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    into = tmp_path / "new" / "draft"
    assert main(["policy", "import", str(policy), "--into", str(into)]) == 0
    said = capsys.readouterr().out
    assert "Social media and online conduct policy" in said
    assert str(into / "import-report.md") in said
    pack = load(into)
    assert len(pack.clauses) > 40
    assert "twinned" in (into / "import-report.md").read_text("utf-8")
    assert sorted(path.name for path in into.parent.iterdir()) == ["draft"]
    assert main(["policy", "check", str(into)]) == 0
    assert main(["policy", "test", "--pack", str(into)]) == 0


def test_beside_the_document_by_default(policy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["policy", "import", str(policy)]) == 0
    assert load(tmp_path / "our policy-pack").organisation == "Larkmoor District Council"


def test_a_folder_with_things_in_it_is_left_alone(
    policy: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "roles.toml").write_text("mine")
    assert main(["policy", "import", str(policy), "--into", str(tmp_path / "kept")]) == 1
    assert "Name a new folder" in capsys.readouterr().err
    assert (tmp_path / "kept" / "roles.toml").read_text() == "mine"


def test_what_cannot_be_read_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rich = tmp_path / "policy.rtf"
    rich.write_bytes(b"{\\rtf1 policy}")
    assert main(["policy", "import", str(rich), "--into", str(tmp_path / "draft")]) == 1
    assert "Rich Text. Save it as .docx" in capsys.readouterr().err
    assert main(["policy", "import", str(tmp_path / "none.docx"), "--into", str(tmp_path / "draft")]) == 1
    assert "No such file" in capsys.readouterr().err
    assert not (tmp_path / "draft").exists()


def test_nothing_is_left_when_it_cannot_be_written(
    policy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(self: Path, *_: object, **__: object) -> int:
        raise OSError(28, "No space left on device", str(self))

    monkeypatch.setattr(Path, "write_text", full)
    assert main(["policy", "import", str(policy), "--into", str(tmp_path / "draft")]) == 1
    assert "No space left on device" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == [policy.name]


def test_a_file_that_takes_too_long_is_given_up() -> None:
    with pytest.raises(ImportProblem, match="could not be read within 0 seconds"):
        guarded("slow.txt", b"Posts must be kind.", seconds=0.0)


def test_a_reader_that_dies_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading_apart, "_read", dies)
    with pytest.raises(ImportProblem, match="brought its reader down"):
        guarded("bad.pdf", b"%PDF-")


def test_the_document_comes_back_whole() -> None:
    found = guarded("p.txt", b"Posts must be kind.")
    assert isinstance(found, Document)
    assert found.paragraphs[0].text == "Posts must be kind."


def dies(*_: object) -> None:
    raise SystemExit(9)
