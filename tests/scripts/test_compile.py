"""Compiling the readers: what is missing is told with its mend, and a failure stops nothing."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from gatepost.policy import compiled

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("compile_readers", ROOT / "scripts" / "compile.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "load_list", lambda: compiled)
    monkeypatch.setattr(compiled, "folder", lambda: tmp_path / "compiled" / "digest")
    monkeypatch.delenv(compiled.PLAIN, raising=False)
    return module


def test_without_a_compiler_it_says_how_to_get_one(
    script: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(script.shutil, "which", lambda name: None)
    script.main()
    told = capsys.readouterr().err
    assert "there is no C compiler here" in told
    assert "apt-get install build-essential python3-dev" in told


def test_what_fails_is_shown_and_leaves_nothing_half_built(
    script: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr(script, "lacks", lambda: "")
    monkeypatch.setattr(script, "tools", lambda: None)
    monkeypatch.setattr(script, "BUILD", "raise SystemExit('the disk is full')")
    script.main()
    told = capsys.readouterr().err
    assert "the disk is full" in told
    assert "run as plain Python" in told
    assert list((tmp_path / "compiled").iterdir()) == []


def test_nothing_is_built_twice_or_when_plain_python_is_asked_for(
    script: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(compiled.PLAIN, "1")
    script.main()
    monkeypatch.delenv(compiled.PLAIN)
    compiled.folder().mkdir(parents=True)
    script.main()
    assert capsys.readouterr().err == ""
