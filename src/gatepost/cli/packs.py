"""The pack a command works on."""

from __future__ import annotations

import argparse
import errno
import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from gatepost.cli.streams import said
from gatepost.policy.pack import Pack, load
from gatepost.policy.problems import PackError
from gatepost.shipped import PackMissing, pack_folder

WRONG = (PackError, PackMissing)


def add_pack(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--pack",
        type=Path,
        default=None,
        metavar="DIR",
        help="the policy pack's folder (default: $GATEPOST_PACK, else bhp)",
    )


def pack_of(arguments: argparse.Namespace) -> Pack:
    """Raises one of WRONG."""
    return pack_at(arguments.pack)


def pack_at(folder: Path | None) -> Pack:
    """The pack in a folder; in none, the one a command takes by itself. Raises one of WRONG."""
    try:
        return load(pack_folder(folder))
    except OSError as error:
        raise PackMissing(said(error)) from error


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Nobody else changes the folder by a command meanwhile: whoever comes second waits. Raises OSError."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(opened, fcntl.LOCK_EX)
        yield
    finally:
        os.close(opened)


def rewrite(folder: Path, files: Mapping[str, str]) -> None:
    """Puts other words into files of a pack: all are written beside the old ones before the first takes its place, so
    that nothing is half written. Raises OSError."""
    pairs = [((folder / name).resolve(), text) for name, text in files.items()]
    for old, _ in pairs:
        if not os.access(old, os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(old))
    with tempfile.TemporaryDirectory(prefix=".gatepost-", dir=folder) as beside:
        for number, (old, text) in enumerate(pairs):
            new = Path(beside, str(number))
            new.write_text(text, encoding="utf-8", newline="\n")
            shutil.copymode(old, new)
        for number, (old, _) in enumerate(pairs):
            shutil.move(Path(beside, str(number)), old)
