"""Past messages from Parquet files: written here, and by the two programs that write most of them."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from arro3.core import Array, DataType, Table
from arro3.io import write_parquet

from gatepost.cli import parquet, past
from gatepost.cli.main import main

BHP = Path(__file__).parents[2] / "packs" / "bhp"
DATA = Path(__file__).parent / "parquet_files"
NOON = datetime(2026, 3, 31, 12, tzinfo=UTC)
LONDON = ZoneInfo("Europe/London")


def rows(path: Path) -> past.File:
    return past.File(path, LONDON, NOON, datetime(2026, 1, 1, tzinfo=UTC))


def written(path: Path, many: int, compression: str = "zstd(3)", **more: Array) -> Path:
    text = DataType.string()
    columns = {
        "id": Array([f"p{place}" for place in range(many)], text),
        "text": Array(["My lift is broken again"] * many, text),
        "secret": Array(["x" * 200] * many, text),
        **more,
    }
    write_parquet(Table.from_pydict(columns), path, compression=compression)
    return path


@pytest.mark.parametrize("compression", ["uncompressed", "snappy", "gzip(6)", "brotli(3)", "lz4", "zstd(3)"])
def test_every_compression_is_read(tmp_path: Path, compression: str) -> None:
    lines = list(parquet.lines(written(tmp_path / "a.parquet", 2, compression)))
    assert lines == [
        '["id", "text", "secret"]',
        '{"id": "p0", "text": "My lift is broken again"}',
        '{"id": "p1", "text": "My lift is broken again"}',
    ]


def test_a_file_of_more_rows_than_are_read_at_once(tmp_path: Path) -> None:
    found = rows(written(tmp_path / "a.parquet", 1_100))
    assert [one.message.id for one in found] == [f"p{place}" for place in range(1_100)]
    assert found.texts({"p3"}) == {"p3": "My lift is broken again"}  # gone through a second time


@pytest.mark.parametrize("name", ["arrow_zstd.parquet", "arrow_gzip.parquet"])
def test_what_arrow_wrote(name: str) -> None:
    """Dictionary pages, times with a zone, flags, and a column that is not ours."""
    found = list(rows(DATA / name))
    assert [one.message.id for one in found] == [f"p{place}" for place in range(6)]
    assert [one.at for one in found] == [NOON - timedelta(hours=place) for place in range(6)]
    assert [(one.message.network, one.message.private) for one in found[:2]] == [("x", True), ("x", False)]


def test_what_duckdb_wrote() -> None:
    (only,) = rows(DATA / "duckdb.parquet")
    assert (only.message.id, only.message.text, only.at) == ("d1", "Hello", NOON)


def test_what_is_empty_is_left_out_and_a_row_that_is_no_message_is_told(tmp_path: Path) -> None:
    network = Array(["x", None, "facebook"], DataType.string())
    numbers = Array([1, 2, 3], DataType.int64())
    path = written(tmp_path / "a.parquet", 3, network=network, author=numbers)
    found = rows(path)
    assert list(found) == []
    assert (found.bad, found.problems[0]) == (
        3, "line 1: “author” is not a string; leave it out or put it in quotation marks.",
    )  # fmt: skip


@pytest.mark.parametrize("kept", [4, -20, 0])
def test_a_damaged_file_is_said_to_be_one(tmp_path: Path, capsys: pytest.CaptureFixture[str], kept: int) -> None:
    path = tmp_path / "a.parquet"
    whole, down = (DATA / "arrow_zstd.parquet").read_bytes(), DATA / "brings_the_reader_down.parquet"
    path.write_bytes(whole[:kept] if kept else down.read_bytes())
    assert main(["policy", "replay", "--pack", str(BHP), "--from", str(path)]) == 1
    said = capsys.readouterr().err
    assert "it is damaged, or not whole. Export it once more." in said
    assert "panic" not in said


def test_a_file_without_the_words_says_what_it_has(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    write_parquet(
        Table.from_pydict({"id": Array(["1"], DataType.string()), "body": Array(["x"], DataType.string())}), path
    )
    with pytest.raises(past.CannotRead, match=r"has no column “text”\. It has: id and body\."):
        list(rows(path))


def test_the_process_of_its_own_writes_each_row_as_a_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    limits: list[object] = []
    monkeypatch.setattr("resource.setrlimit", lambda *given: limits.append(given))
    parquet.main(DATA / "duckdb.parquet")
    assert capsys.readouterr().out.splitlines()[1] == (
        '{"id": "d1", "text": "Hello", "at": "2026-03-31T12:00:00+00:00"}'
    )
    assert limits
