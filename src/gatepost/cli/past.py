"""Past messages from a file: JSON lines as `gatepost triage` takes them, or Parquet."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import IO, cast
from zoneinfo import ZoneInfo

from gatepost.cli.before import Before
from gatepost.cli.triage import Asked, BadLine, _asked, _chunks
from gatepost.policy.pack import Pack
from gatepost.policy.plainly import listed
from gatepost.policy.replay import Past

_PROBLEMS = 20  # bad lines told one by one
_DAMAGED = "{file} is a Parquet file that cannot be read to its end: it is damaged, or not whole. Export it once more."
_NO_COLUMN = (
    "{file} has no column “{name}”. It has: {columns}. Name the columns id and text, and where they are known network, "
    "author, private and at."
)


class CannotRead(Exception):
    """The file cannot be read; the text says why and what to do."""


class File:
    """The messages of a file since a moment. Can be gone through again; `bad` counts lines that are none. With each
    what its author wrote before, as far as a rule of `packs` looks back; `disordered` counts lines that stand too late
    for that."""

    def __init__(
        self, path: Path, zone: ZoneInfo, now: datetime, since: datetime, *, packs: Sequence[Pack] = ()
    ) -> None:
        self.path, self._zone, self._now, self._since, self._packs = path, zone, now, since, packs
        self.bad = self.disordered = 0
        self.problems: list[str] = []

    def __iter__(self) -> Iterator[Past]:
        """Raises CannotRead."""
        self.bad, self.disordered, self.problems = 0, 0, []
        before = Before(self._packs)
        for asked in self._rows():
            message = before.told(asked.message, asked.at) if asked.timed else asked.message
            self.disordered = before.disordered
            if asked.at >= self._since:
                yield Past(message, asked.at)

    def texts(self, wanted: set[str]) -> dict[str, str]:
        """The words of the messages with these ids."""
        kept = self.bad, self.disordered, self.problems
        found = {one.message.id: one.message.text for one in self if one.message.id in wanted}
        self.bad, self.disordered, self.problems = kept
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
    """Each row as the JSON line it would be, from a process of its own (parquet.py)."""
    command = [sys.executable, "-m", "gatepost.cli.parquet", str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as reader:
        rows = cast(IO[bytes], reader.stdout)
        columns = json.loads(rows.readline() or "null")
        for name in ("id", "text"):
            if columns is not None and name not in columns:
                raise CannotRead(_NO_COLUMN.format(file=path, name=name, columns=listed(columns)))
        for lines in _chunks(rows):
            yield from lines
    if reader.returncode:
        raise CannotRead(_DAMAGED.format(file=path))
