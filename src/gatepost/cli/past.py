"""Past messages from a file: JSON lines as `gatepost triage` takes them, or Parquet where that is installed."""

from __future__ import annotations

import importlib
import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from gatepost.cli.triage import Asked, BadLine, _asked, _chunks
from gatepost.policy.replay import Past

_PROBLEMS = 20  # bad lines told one by one
_COLUMNS = ("id", "text", "network", "author", "private", "author_kind", "audience", "at")
_NO_PARQUET = (
    "{file} is a Parquet file, and the package that reads those, pyarrow, is not installed here. "
    "Install it (pip install 'gatepost[parquet]'), or export JSON lines instead."
)


class CannotRead(Exception):
    """The file cannot be read; the text says why and what to do."""


class File:
    """The messages of a file since a moment. Can be gone through again; `bad` counts lines that are no message."""

    def __init__(self, path: Path, zone: ZoneInfo, now: datetime, since: datetime) -> None:
        self.path, self._zone, self._now, self._since = path, zone, now, since
        self.bad = 0
        self.problems: list[str] = []

    def __iter__(self) -> Iterator[Past]:
        """Raises CannotRead."""
        self.bad, self.problems = 0, []
        for asked in self._rows():
            if asked.at >= self._since:
                yield Past(asked.message, asked.at)

    def texts(self, wanted: set[str]) -> dict[str, str]:
        """The words of the messages with these ids."""
        bad, problems = self.bad, self.problems
        found = {one.message.id: one.message.text for one in self if one.message.id in wanted}
        self.bad, self.problems = bad, problems
        return found

    def _rows(self) -> Iterator[Asked]:
        number = 0
        for line in _lines(self.path):
            number += 1
            try:
                asked = _asked(line, self._zone, self._now)
            except BadLine as error:
                self.bad += 1
                if len(self.problems) < _PROBLEMS:
                    self.problems.append(f"line {number}: {error}")
                continue
            if asked is not None:
                yield asked


def _lines(path: Path) -> Iterator[bytes]:
    try:
        with path.open("rb") as source:
            if source.read(4) == b"PAR1":
                yield from _parquet(path)
                return
            source.seek(0)
            for lines in _chunks(source):
                yield from lines
    except OSError as error:
        raise CannotRead(
            f"{path} cannot be read: {error.strerror}. Give the path of a JSONL or Parquet file."
        ) from error


def _parquet(path: Path) -> Iterator[bytes]:
    """Each row as the JSON line it would be."""
    try:
        parquet: Any = importlib.import_module("pyarrow.parquet")
    except ImportError as error:
        raise CannotRead(_NO_PARQUET.format(file=path)) from error
    table = parquet.ParquetFile(path)
    columns = [name for name in _COLUMNS if name in table.schema_arrow.names]
    for batch in table.iter_batches(batch_size=512, columns=columns):
        for row in batch.to_pylist():
            yield json.dumps(row, default=_plain).encode()


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
