"""`gatepost policy …` and `gatepost check`: exit codes, and words for whatever is wrong."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from gatepost.shipped import pack_folder

from .commands import run

COMPLAINT = "I want to complain. Third time I have reported it and nobody came."


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    copy = tmp_path / "pack"
    shutil.copytree(pack_folder(), copy)
    words = copy / "wordings.toml"
    words.write_text(words.read_text(encoding="utf-8").replace("title", "titel", 1), encoding="utf-8")
    return copy


def test_the_shipped_pack_is_well() -> None:
    done = run("policy", "check")
    assert done.returncode == 0
    assert "It loads." in done.stdout
    done = run("policy", "test")
    assert done.returncode == 0, done.stdout
    assert " 0 do not." in done.stdout
    done = run("policy", "lint", "--json")
    assert done.returncode == 0
    assert {"law", "typing", "missing"} <= {one["code"] for one in json.loads(done.stdout)}


def test_a_clause_that_is_lacking_is_put_in(tmp_path: Path) -> None:
    copy = tmp_path / "pack"
    shutil.copytree(pack_folder(), copy)
    assert "(hours)" in run("policy", "lint", "--pack", str(copy)).stdout
    assert "hours: the hours in which" in run("policy", "suggest", "--pack", str(copy)).stdout
    done = run("policy", "suggest", "hours", "--pack", str(copy))
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("hours.1 stands in clauses.toml and policy.md")
    assert "[hours.1] Our pages are read" in (copy / "policy.md").read_text(encoding="utf-8")
    assert "hours:" not in run("policy", "suggest", "--pack", str(copy)).stdout
    wrong = run("policy", "suggest", "hurs", "--pack", str(copy))
    assert wrong.returncode == 1
    assert wrong.stderr.startswith("There is no suggestion “hurs”")


@pytest.mark.parametrize(
    "words",
    [
        ("policy", "check", "--pack"),
        ("policy", "check"),
        ("policy", "lint", "--pack"),
        ("policy", "test", "--pack"),
        ("policy", "explain", "x", "--pack"),
        ("policy", "coverage", "--json", "--pack"),
        ("triage", "--pack"),
    ],
)
def test_a_broken_pack_is_named_with_file_and_line(broken: Path, words: tuple[str, ...]) -> None:
    done = run(*words, str(broken))
    assert done.returncode == 1
    assert "wordings.toml:" in done.stderr
    assert "titel" in done.stderr
    assert done.stdout == ""


def test_explain_is_the_decision_for_people() -> None:
    done = run("policy", "explain", COMPLAINT)
    assert done.returncode == 0
    assert "Complaint" in done.stdout
    assert "usage.7" in done.stdout
    assert "We have referred your query" in done.stdout
    piped = run("policy", "explain", "-", given=COMPLAINT)
    assert piped.stdout.splitlines()[:2] == done.stdout.splitlines()[:2]


@pytest.mark.parametrize("text", ["ring 01632 960123 \udcff\udcfe", "\x1b[31m \u202e", "👩‍👩‍👧"])
def test_explain_takes_any_words(text: str) -> None:
    assert run("policy", "explain", text).returncode == 0


def test_coverage_has_exactly_the_keys_scripts_rely_on() -> None:
    done = run("policy", "coverage", "--json")
    assert done.returncode == 0
    rows = json.loads(done.stdout)
    assert len(rows) > 40
    for row in rows:
        assert {"clause", "kind", "status", "by", "evidence"} <= set(row)
        assert row["status"] in {"live", "partial", "none"}
        assert isinstance(row["by"], list)
        assert isinstance(row["evidence"], int)
    assert "Evidence is not counted" in done.stderr


def test_a_draft_is_checked() -> None:
    done = run("check", "--json", given=json.dumps({"text": "Casey, we rang you on 01632 960123.", "network": "x"}))
    found = json.loads(done.stdout)
    assert done.returncode == 2
    assert any(one["check"] == "personal_data" and one["severity"] == "stop" for one in found)
    film = {"mime": "video/mp4", "width": 1280, "height": 720, "seconds": 9000, "captions": True, "alt": "The hall"}
    done = run("check", "--json", given=json.dumps({"text": "The hall.", "network": "x", "images": [film]}))
    assert "The film lasts" in done.stdout  # the desk's own limits, films among them
    plain = "The estate office is open on Saturday from 9 to 12."
    assert run("check", "--json", given=json.dumps({"text": plain})).returncode == 0


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (b"", "There is no draft to check"),
        (b"nonsense", "JSON"),
        (b"[]", "the draft"),
        (b'{"text": 5}', "text:"),
        (b'{"text": "x", "colour": "red"}', "colour"),
        (b'{"text": "x", "network": "myspace"}', "myspace"),
        (b'{"text": "x", "images": [{"width": -1}]}', "images.0.width"),
        (b'{"text": "\xff"}', ""),
        (b"x" * (5 * 1024 * 1024), "longer than 4 MB"),
    ],
)
def test_a_draft_that_cannot_be_read_is_said(given: bytes, says: str) -> None:
    done = run("check", "--json", given=given)
    assert (done.returncode, done.stdout) == (1, "")
    assert says in done.stderr
