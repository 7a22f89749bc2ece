"""pg_dump and pg_restore of the PostgreSQL that comes with the desk: `python -m scripts.pg dump|restore DATA FILE`."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from gatepost.binaries import wheel_bin
from gatepost.embedded import AlreadyRunning, Embedded, EmbeddedError, url_of


def dump(url: str, file: Path) -> int:
    command = [str(wheel_bin() / "pg_dump"), "--format=custom", "--no-owner", "--no-privileges", "--dbname", url]
    with file.open("xb") as out:
        return subprocess.run(command, stdout=out, check=False).returncode


def restore(url: str, file: Path) -> int:
    options = ["--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction"]
    with file.open("rb") as dumped:
        return subprocess.run(
            [str(wheel_bin() / "pg_restore"), *options, "--dbname", url], stdin=dumped, check=False
        ).returncode


def main(what: str, folder: str, name: str) -> int:
    data, file = Path(folder).resolve(), Path(name)
    given = os.environ.get("DATABASE_URL", "").strip()
    act = {"dump": dump, "restore": restore}[what]
    if given:
        return act(given, file)
    if what == "dump" and url_of(data) is None:
        print(f"There is no desk in {data}. Set GATEPOST_DATA or DATABASE_URL.", file=sys.stderr)
        return 1
    server = Embedded(data)
    try:
        url = server.start()
    except AlreadyRunning:  # the desk is up: its server answers
        return act(str(url_of(data)), file)
    except EmbeddedError as error:
        print(error, file=sys.stderr)
        return 1
    try:
        return act(url, file)
    finally:
        server.stop()


if __name__ == "__main__":
    if len(sys.argv) != 4 or sys.argv[1] not in ("dump", "restore"):
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
