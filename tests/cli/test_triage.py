"""`gatepost triage`: the contract that scripts rely on."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from gatepost.policy.model import LABELS

from .commands import COMMAND, environment, lines, run

KEYS = {
    "id", "labels", "decided", "spans", "sentiment", "language", "offers", "refer", "moderate", "urgent", "clocks",
    "clauses", "answer", "steps", "mask", "second_look", "hand_over",
}  # fmt: skip
COMPLAINT = "I want to complain. Third time I have reported it and nobody came."


def decided(*messages: dict[str, Any]) -> list[dict[str, Any]]:
    done = run("triage", given=lines(*messages))
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_each_decision_has_exactly_the_fields_of_the_contract() -> None:
    (told,) = decided({"id": "a", "text": COMPLAINT, "network": "x", "author": "@casey", "at": "2026-11-24T09:30:00Z"})
    assert set(told) == KEYS
    assert set(told["labels"]) == set(LABELS)
    assert all(0 <= value <= 1 for value in told["labels"].values())
    assert "complaint" in told["decided"]
    assert told["sentiment"] in {"positive", "neutral", "negative"}
    assert told["moderate"] in {"none", "hide", "remove"}
    assert told["language"] == "en"
    assert told["urgent"] is False
    assert "complaint_phone" in told["offers"]
    assert "usage.7" in told["clauses"]
    assert all(set(clock) == {"id", "due"} and datetime.fromisoformat(clock["due"]) for clock in told["clocks"])
    assert {clock["id"]: clock["due"] for clock in told["clocks"]}["complaint_ack"].startswith("2026-12-01")


def test_offsets_are_code_points() -> None:
    text = "👩‍👩‍👧 é\u0301 Ring me on 01632 960123 😀 or casey@example.org"
    (told,) = decided({"id": "a", "text": text})
    found = {text[span["start"] : span["end"]] for span in told["spans"] if span["label"] == "personal_details"}
    assert found == {"01632 960123", "casey@example.org"}
    assert all(set(span) == {"start", "end", "label", "kind"} for span in told["spans"])


def test_bad_lines_are_named_and_the_rest_runs_in_order() -> None:
    good = [{"id": str(n), "text": f"When do you open? {n}"} for n in range(4)]
    bad = [
        "not json",
        "[1]",
        '"text"',
        '{"id": 1, "text": "x"}',
        '{"id": "x"}',
        '{"id": "x", "text": "x", "at": "yesterday"}',
        '{"id": "x", "text": "x", "at": "9999-12-31T23:59:59Z"}',
        '{"id": "x", "text": "I want to complain", "at": "0001-01-01T00:00:00+14:00"}',
        '{"id": "x", "text": "x", "network": 5}',
        '{"id": "x", "text": ' + "[" * 100_000,
        '{"id": "x", "text": "x"',
        '{"id": "x", "n": ' + "9" * 10_000 + ', "text": "x"}',
    ]
    given = (
        lines(good[0]).encode()
        + "\n".join(bad).encode()
        + b'\n{"id": "\xff", "text": "x"}\n\n'
        + lines(*good[1:]).encode()
    )
    done = run("triage", given=given.rstrip(b"\n"))
    assert done.returncode == 1
    out = [json.loads(line) for line in done.stdout.splitlines()]
    errors = done.stderr.splitlines()
    numbers = [int(line.split(":")[0].removeprefix("line ")) for line in errors]
    # The line with the long number is fine where it is not looked at.
    fine = [one["id"] for one in out if one["id"] == "x"]
    assert [one["id"] for one in out if one["id"] != "x"] == ["0", "1", "2", "3"]
    assert len(errors) + len(fine) == len(bad) + 1
    assert numbers == sorted(numbers)
    assert numbers[0] == 2
    assert numbers[-1] == len(bad) + 2
    assert all(". " in line or ";" in line for line in errors)


@pytest.mark.parametrize(
    "text",
    ["", "\x00\x01\x07", "\u202eabc\u202c", "\ud800 half", "x" * 100_000, "a" * 3_000 + "@" * 3_000, "👍" * 5_000],
    ids=["empty", "control", "rtl", "surrogate", "100kB", "at signs", "emoji"],
)
def test_strange_texts_get_a_decision(text: str) -> None:
    (told,) = decided({"id": "é\ud800", "text": text})
    assert told["id"] == "é\ud800"
    assert all(0 <= span["start"] < span["end"] <= len(text) for span in told["spans"])


def test_a_byte_order_mark_and_windows_line_ends() -> None:
    done = run("triage", given=b'\xef\xbb\xbf{"id": "a", "text": "x"}\r\n{"id": "b", "text": "x"}\r\n')
    assert (done.returncode, [json.loads(line)["id"] for line in done.stdout.splitlines()]) == (0, ["a", "b"])


def test_a_line_too_long_is_refused_and_the_next_is_read() -> None:
    given = b'{"id": "a", "text": "' + b"x" * (5 * 1024 * 1024) + b'"}\n' + b'{"id": "b", "text": "x"}\n'
    done = run("triage", given=given)
    assert done.returncode == 1
    assert done.stderr.startswith("line 1: it is longer than 4 MB")
    assert [json.loads(line)["id"] for line in done.stdout.splitlines()] == ["b"]


def test_what_an_author_wrote_before_is_counted() -> None:
    """Four complaints in a week are handed over (`chasing`); without an author or a time nobody can say."""
    words = {"text": "This is a complaint: still no repair, disgraceful service.", "network": "x"}
    days = [{"at": f"2026-11-2{day}T09:00:00+00:00"} for day in range(4)]
    told = decided(
        *({"id": f"a{place}", "author": "ann"} | words | day for place, day in enumerate(days)),
        *({"id": f"n{place}"} | words | day for place, day in enumerate(days)),
        *({"id": f"t{place}", "author": "tom"} | words for place in range(4)),
    )
    assert [one["id"] for one in told if one["hand_over"]] == ["a3"]
    assert "ann" not in json.dumps(told)


def test_no_input_and_a_broken_pack(tmp_path: Path) -> None:
    assert run("triage").stdout == ""
    done = run("triage", "--pack", str(tmp_path / "nowhere"), given=lines({"id": "a", "text": "x"}))
    assert (done.returncode, done.stdout) == (1, "")
    assert "nowhere" in done.stderr


def test_whoever_writes_a_line_and_waits_gets_its_answer() -> None:
    process = subprocess.Popen(
        [*COMMAND, "triage"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment(), text=True
    )
    assert process.stdin is not None
    assert process.stdout is not None
    for number in range(5):
        process.stdin.write(lines({"id": str(number), "text": COMPLAINT}))
        process.stdin.flush()
        assert json.loads(process.stdout.readline())["id"] == str(number)
    process.stdin.close()
    assert process.stdout.read() == ""
    assert process.wait(20) == 0


def test_a_reader_that_goes_away_is_no_error() -> None:
    command = ["bash", "-o", "pipefail", "-c", f"{sys.executable} -m gatepost.cli.main triage | head -1"]
    given = lines(*[{"id": str(n), "text": "x"} for n in range(3000)])
    done = subprocess.run(command, input=given, capture_output=True, text=True, env=environment(), check=False)
    assert done.stderr == ""
    assert done.returncode == 0


def peak(count: int, folder: Path) -> int:
    """Largest resident memory, in kB, of one run over `count` lines."""
    source = folder / f"{count}.jsonl"
    with source.open("w") as file:
        for number in range(count):
            file.write(f'{{"id": "{number}", "text": "ok {number}"}}\n')
    with source.open("rb") as given, (folder / "out").open("wb") as out:
        process = subprocess.Popen([*COMMAND, "triage"], stdin=given, stdout=out, env=environment())
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    assert sum(1 for _ in (folder / "out").open("rb")) == count
    return used.ru_maxrss


@pytest.mark.slow
def test_memory_does_not_grow_with_the_input(tmp_path: Path) -> None:
    """Every line holds a word never seen before, the worst for whatever remembers words."""
    assert peak(60_000, tmp_path) < 1.1 * peak(10_000, tmp_path)
