"""A Parquet file as JSON lines: `python -m gatepost.cli.parquet FILE`, a process of its own.

A damaged file can bring the reader down in a way that no `except` holds, with the process. So nothing else lives in it,
and its memory is bounded. The first line is the list of the file's columns; then each row, with the columns that are
used. past.py reads it.
"""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from arro3.io import read_parquet

COLUMNS = ("id", "text", "network", "author", "private", "author_kind", "audience", "at")
MEMORY = 4 * 1024**3  # bytes of address space: a few hundred rows at a time need a fraction
_ROWS = 512  # at a time


def lines(path: Path) -> Iterator[str]:
    batches = read_parquet(path, batch_size=_ROWS)
    yield json.dumps(list(batches.schema.names))
    for batch in batches:
        used = [name for name in COLUMNS if name in batch.column_names]
        for row in zip(*(batch.column(name).to_pylist() for name in used), strict=True):
            yield json.dumps(
                {name: value for name, value in zip(used, row, strict=True) if value is not None}, default=_plain
            )


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def main(path: Path) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    for line in lines(path):
        sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
