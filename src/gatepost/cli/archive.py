"""`gatepost archive export|verify`: a signed copy of everything published, and reading one back without a desk."""

from __future__ import annotations

import argparse
import sys
from datetime import date
from pathlib import Path
from typing import Any

from gatepost.cli.database import EXPECTED, database, sorry

TOLD_EVERY = 1000  # items


def _day(words: str) -> date:
    try:
        return date.fromisoformat(words)
    except ValueError as error:
        raise argparse.ArgumentTypeError("write the day as year-month-day, for example 2026-11-30") from error


def add_to(commands: Any) -> None:
    parser = commands.add_parser("archive", help="a signed copy of what was published, and checking one")
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    out = verbs.add_parser("export", help="write a ZIP, or a WARC file, with a signed manifest")
    out.add_argument("file", type=Path, metavar="FILE", help="a new file; .warc.gz makes a WARC, anything else a ZIP")
    out.add_argument("--from", dest="first", type=_day, metavar="DAY", help="sent on this day or later")
    out.add_argument("--to", dest="last", type=_day, metavar="DAY", help="sent on this day or earlier")
    out.add_argument("--channel", type=int, default=0, metavar="NUMBER")
    out.add_argument("--campaign", type=int, default=0, metavar="NUMBER")
    out.add_argument("--words", default="", help="words, “quoted words”, or, -not")
    out.set_defaults(run=export)
    check = verbs.add_parser(
        "verify", help="exit 0 when every file is as it was signed, 1 naming the first that is not"
    )
    check.add_argument("file", type=Path, metavar="FILE")
    check.add_argument("--key", default="", metavar="FINGERPRINT", help="the fingerprint the organisation gave you")
    check.set_defaults(run=verify)


def export(arguments: argparse.Namespace) -> int:
    to: Path = arguments.file
    if to.exists():
        print(f"{to} is there already. Name a new file; nothing is overwritten.", file=sys.stderr)
        return 1
    try:
        with database():
            from gatepost.calls.refusals import REFUSALS

            try:
                told, words = _write(to, arguments)
            except REFUSALS as error:
                return sorry(error)
    except EXPECTED as error:
        return sorry(error)
    except OSError as error:
        print(f"{to} could not be written: {error.strerror}. Nothing is kept there.", file=sys.stderr)
        return 2
    print(f"{told['items']} items in {told['files']} files: {to}")
    print(f"Signed with the key {words}")
    return 0


def _write(to: Path, arguments: argparse.Namespace) -> tuple[dict[str, Any], str]:
    from gatepost.ledger.actions import System
    from gatepost.publishing.archive import Wanted, found
    from gatepost.publishing.archive_copy import take_copy
    from gatepost.publishing.archive_files import Format

    wanted = Wanted(
        words=arguments.words,
        channel=arguments.channel,
        campaign=arguments.campaign,
        first=arguments.first,
        last=arguments.last,
    )
    wanted_count, told = found(wanted).count(), 0

    def tell(items: int) -> None:
        nonlocal told
        if items >= told + TOLD_EVERY:
            told = items
            print(f"{items:,} of {wanted_count:,} items", file=sys.stderr, flush=True)

    form: Format = "warc" if to.name.endswith(".warc.gz") else "zip"
    with to.open("xb") as out:
        try:
            return take_copy(out, wanted, form=form, by=System("command line"), tell=tell)
        except BaseException:  # half a copy is none
            to.unlink(missing_ok=True)
            raise


def verify(arguments: argparse.Namespace) -> int:
    from gatepost.publishing.archive_verify import Broken
    from gatepost.publishing.archive_verify import verify as read_back

    if not arguments.file.is_file():
        print(f"There is no file {arguments.file}.", file=sys.stderr)
        return 1
    try:
        report = read_back(arguments.file)
    except Broken as error:
        print(f"{arguments.file} is not as it was signed. {error}")
        return 1
    print(f"{report.items} items in {report.files} files, as they were signed for {report.organisation}.")
    print(f"Made at {report.made_at}")
    print(f"Signed with the key {report.fingerprint}")
    wanted = arguments.key.replace(" ", "").lower()
    if wanted and wanted != report.fingerprint.replace(" ", ""):
        print("That is not the key you named: somebody else signed it.")
        return 1
    if not wanted:
        print("Anybody can sign with a key of their own: compare this one with the organisation's (--key).")
    return 0
