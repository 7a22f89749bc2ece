"""`gatepost policy replay`: over a file without a desk, and over the desk's own rows."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from gatepost.cli import past
from gatepost.cli.main import main
from gatepost.cli.policy_replay import BadSince, _Progress, since_of
from gatepost.inbox.masking import hidden
from gatepost.policy.pack import load

BHP = Path(__file__).parents[2] / "packs" / "bhp"
NOW = datetime(2026, 3, 31, 12, 0, tzinfo=UTC)
ROWS = [
    {"id": "m1", "text": "The lift is broken again, third week, nobody cares. Disgraceful service.", "network": "x"},
    {"id": "m2", "text": "Lovely day at the fair.", "at": datetime.now(UTC).isoformat()},
    {"id": "old", "text": "Disgraceful service, third week, nobody cares.", "at": "2001-01-01T09:00:00Z"},
    {"id": "m3", "text": "Disgraceful! Still no repair after six weeks. Ring me on 07700 900123."},
]


@pytest.fixture
def new(tmp_path: Path) -> Path:
    """The shipped pack with complaints referred at once."""
    made = tmp_path / "new"
    made.mkdir()
    for file in BHP.iterdir():
        (made / file.name).write_text(file.read_text(encoding="utf-8"), encoding="utf-8")
    rules = (made / "rules.toml").read_text(encoding="utf-8")
    was = 'then = { offer = ["complaint_phone", "complaint_referred"], clocks'
    assert was in rules
    (made / "rules.toml").write_text(
        rules.replace(was, 'then = { refer = ["complaints"], offer = ["complaint_referred"], clocks'), encoding="utf-8"
    )
    return made


@pytest.fixture
def export(tmp_path: Path) -> Path:
    made = tmp_path / "export.jsonl"
    made.write_text("".join(json.dumps(row) + "\n" for row in ROWS), encoding="utf-8")
    return made


def said(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    code = main(["policy", "replay", *words])
    out, err = capsys.readouterr()
    return code, out, err


def test_over_a_file(new: Path, export: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = said(capsys, "--pack", str(new), "--against", str(BHP), "--from", str(export), "--since", "2y")
    assert (code, err) == (0, "")
    assert out.startswith("2 of 3 messages would be decided otherwise (66.7%).\n")
    assert "There are no posts" not in out
    assert "the wordings offered; for example m1 and m3" in out
    assert "complaints: now" in out
    assert "complaint phone: no longer" in out
    assert "usage.7; for example m1 and m3" in out
    assert "07700" not in out
    assert "Disgraceful" not in out


def test_text_is_shown_when_asked_for_and_masked(new: Path, export: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["--pack", str(new), "--against", str(BHP), "--from", str(export), "--show-text"]
    _, out, _ = said(capsys, *words)
    assert "m3: Disgraceful! Still no repair after six weeks. Ring me on (phone number hidden)." in out
    _, out, _ = said(capsys, *words, "--json", "--examples", "1")
    found = json.loads(out)
    assert (found["messages"], found["changed_messages"]) == (3, 2)
    assert found["examples"]["refer"] == ["m1"]
    assert list(found["texts"]) == ["m1"]


def test_bad_lines_are_told_and_the_rest_is_run(new: Path, export: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with export.open("a", encoding="utf-8") as opened:
        opened.write("nonsense\n" * 22)
    code, out, err = said(capsys, "--pack", str(new), "--against", str(BHP), "--from", str(export))
    assert code == 1
    assert "2 of 3 messages" in out
    assert "line 5: it is not JSON" in err
    assert "… and 2 more lines that could not be read." in err


def test_what_a_line_may_say_of_its_writer(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = tmp_path / "rows.jsonl"
    said_of = {"author_kind": "journalist", "audience": ["residents", "staff"], "private": True}
    rows.write_text(json.dumps({"id": "a", "text": "Hello", **said_of}) + "\n", encoding="utf-8")
    (only,) = past.File(rows, UTC, NOW, NOW)  # type: ignore[arg-type]  # any tzinfo will do
    assert (only.message.author_kind, only.message.private) == ("journalist", True)
    assert only.message.audiences == ("residents", "staff")
    rows.write_text(json.dumps({"id": "a", "text": "Hello", "audience": "residents"}) + "\n", encoding="utf-8")
    (only,) = past.File(rows, UTC, NOW, NOW)  # type: ignore[arg-type]  # any tzinfo will do
    assert only.message.audiences == ("residents",)
    rows.write_text('{"id": "a", "text": "x", "audience": {"a": 1}}\n', encoding="utf-8")
    code, _, err = said(capsys, "--pack", str(BHP), "--against", str(BHP), "--from", str(rows))
    assert (code, "“audience” is neither a string nor a list of strings" in err) == (1, True)
    rows.write_text('{"id": "a", "text": "x", "private": "yes"}\n', encoding="utf-8")
    code, _, err = said(capsys, "--pack", str(BHP), "--against", str(BHP), "--from", str(rows))
    assert (code, "“private” is neither true nor false" in err) == (1, True)


def test_nothing_changes(export: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = said(capsys, "--pack", str(BHP), "--against", str(BHP), "--from", str(export))
    assert out == "0 of 3 messages would be decided otherwise (0.0%).\n"
    _, out, _ = said(capsys, "--pack", str(BHP), "--against", str(BHP), "--from", str(export), "--since", "9999-01-01")
    assert out == "There are no messages in this time.\n"


def test_what_cannot_be_done_is_said(export: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for words, says in (
        (["--pack", str(tmp_path / "no"), "--from", str(export)], "There is no policy pack in"),
        (["--pack", str(BHP), "--from", str(tmp_path / "no.jsonl")], "no.jsonl cannot be read: No such file"),
        (["--pack", str(BHP), "--from", str(export), "--since", "soon"], "'soon' is not a length of time"),
    ):
        code, out, err = said(capsys, *words)
        assert (code, out) == (1, "")
        assert says in err


def test_what_an_author_wrote_before_counts_as_it_would_have(
    new: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Three in ninety days, of one author on one network; the first lie before the time that is looked at."""
    rules = new / "rules.toml"
    rule = '[[rule]]\nid = "often"\nclause = "usage.4"\npriority = 5\nthen = { second_look = true }\n'
    rule += "when = { history = { messages = 3, days = 90 } }\n\n[[rule]]"
    rules.write_text(rules.read_text(encoding="utf-8").replace("[[rule]]", rule, 1), encoding="utf-8")
    now = datetime.now(UTC)
    days = [("a", "x", 89), ("b", "x", 88), ("a", "facebook", 80), ("", "x", 70), ("", "x", 69), ("", "x", 2)]
    days += [("a", "x", 40), ("a", "x", 1), ("b", "x", 0)]
    rows = [
        {"id": f"r{place}", "text": "Hello.", "author": who, "network": network}
        | {"at": (now - timedelta(days=ago)).isoformat()}
        for place, (who, network, ago) in enumerate(days)
    ]
    rows += [{"id": f"undated{place}", "text": "Hello.", "author": "a", "network": "x"} for place in range(3)]
    file = tmp_path / "export.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    words = ["--pack", str(new), "--against", str(BHP), "--from", str(file), "--since", "10d", "--show-text"]
    code, out, err = said(capsys, *words)
    assert code == 0
    assert "1 of 6 messages would be decided otherwise" in out
    assert "for example r7" in out
    assert err == ""
    file.write_text("".join(json.dumps(row) + "\n" for row in reversed(rows)), encoding="utf-8")
    _, out, err = said(capsys, *words)
    assert out.startswith("0 of 6 messages")
    assert "Sort the file by “at”, the oldest first" in err


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("30d", datetime(2026, 3, 1, 12, tzinfo=UTC)),
        ("2w", datetime(2026, 3, 17, 12, tzinfo=UTC)),
        ("1m", datetime(2026, 2, 28, 12, tzinfo=UTC)),
        ("4m", datetime(2025, 11, 30, 12, tzinfo=UTC)),
        ("1y", datetime(2025, 3, 31, 12, tzinfo=UTC)),
        ("2026-01-31", datetime(2026, 1, 31, tzinfo=UTC)),
    ],
)
def test_since(text: str, expected: datetime) -> None:
    assert since_of(text, NOW) == expected


@pytest.mark.parametrize("text", ["", "m", "0d", "-1d", "9999y", "99999999999999d", "½m", "tomorrow"])
def test_since_that_is_none(text: str) -> None:
    with pytest.raises(BadSince):
        since_of(text, NOW)


def test_long_work_says_how_far_it_is(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    moments = iter([0.0, 1.0, 3.0, 3.0])
    monkeypatch.setattr("gatepost.cli.policy_replay.time.monotonic", lambda: next(moments))
    progress = _Progress(sys.stderr)
    progress(512)
    progress(1024)
    assert capsys.readouterr().err == "1,024 done …\n"


def test_hidden_cuts_what_is_long() -> None:
    assert hidden("word " * 100, load(BHP)).endswith(" …")


@pytest.mark.parametrize("given", ["0", "-3", "65", "²", "many", "99999999999999999999"])
def test_workers_that_are_no_number_of_them(given: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["policy", "replay", "--pack", str(BHP), "--workers", given])
    assert "is not a number of processes. Give one from 1 to 64." in capsys.readouterr().err
