"""`gatepost data …`: what would be deleted, the file for somebody who asks, and the papers on data protection."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from gatepost.cli.database import EXPECTED, database, sorry


def add_to(commands: Any) -> None:
    parser = commands.add_parser("data", help="people's data: what is due to go, a file for one who asks, the papers")
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    due = verbs.add_parser("preview", help="what the policy's periods would delete now; deletes nothing")
    due.set_defaults(run=preview)
    out = verbs.add_parser("export", help="the file for an open request, as a ZIP")
    out.add_argument("request", type=int, metavar="REQUEST", help="the number of the request")
    out.add_argument("file", type=Path, metavar="FILE", help="a new file")
    out.add_argument("--as", dest="email", required=True, metavar="EMAIL", help="the officer in whose name it is made")
    out.set_defaults(run=export)
    for kind, words in (("processing", "the record of processing"), ("dpia", "the impact assessment, to be completed")):
        paper = verbs.add_parser(kind, help=f"{words}, as Markdown")
        paper.add_argument("file", type=Path, nargs="?", metavar="FILE", help="a new file (default: standard output)")
        paper.set_defaults(run=write_paper, kind=kind)


def preview(arguments: argparse.Namespace) -> int:
    try:
        with database():
            from django.utils import timezone

            from gatepost.inbox.personal.retention import preview as look

            told = look(at=timezone.now())
    except EXPECTED as error:
        return sorry(error)
    for one in told.due:
        stays = f", {one.still_open} as old and still open" if one.still_open else ""
        stays += f", {one.on_hold} under a legal hold" if one.on_hold else ""
        print(f"{one.count:>8}  {one.keeping.title}, kept {one.keeping.said} ({one.keeping.clause}){stays}")
    for left in told.schedule.not_read:
        print(f"       -  {left.text} ({left.clause}): {left.why}")
    if not told.due:
        print("The policy names no period: nothing is deleted by its time.")
    elif told.agreed:
        print("These periods are agreed to and carried out.")
    else:
        print("Nobody has agreed to these periods: nothing is deleted. Agree under People's data.")
    return 0


def export(arguments: argparse.Namespace) -> int:
    """Exit 0 when the file is there, 1 when the call is wrong, 2 when the desk says no."""
    if arguments.file.exists():
        print(f"{arguments.file} is there already. Name a new file; nothing is overwritten.", file=sys.stderr)
        return 1
    try:
        with database():
            return _export(arguments)
    except EXPECTED as error:
        return sorry(error)


def _export(arguments: argparse.Namespace) -> int:
    from django.utils import timezone

    from gatepost.calls.refusals import REFUSALS
    from gatepost.inbox.personal.bundle import hand_over
    from gatepost.inbox.personal_models import PersonRequest
    from gatepost.people.models import User

    person = User.objects.filter(email=arguments.email.lower(), is_active=True).first()
    request = PersonRequest.objects.filter(pk=arguments.request).first()
    if person is None or request is None:
        print("There is no such person on the desk, or no such request.", file=sys.stderr)
        return 1
    try:
        body = hand_over(request, by=person, at=timezone.now())
    except REFUSALS as error:
        print(error, file=sys.stderr)
        return 2
    try:
        with arguments.file.open("xb") as out:
            arguments.file.chmod(0o600)
            out.write(body)
    except OSError as error:
        print(f"{arguments.file} could not be written: {error.strerror}.", file=sys.stderr)
        return 2
    print(f"{arguments.file}: {len(body):,} bytes. Read it before you pass it on; the desk keeps no copy.")
    return 0


def write_paper(arguments: argparse.Namespace) -> int:
    if arguments.file is not None and arguments.file.exists():
        print(f"{arguments.file} is there already. Name a new file; nothing is overwritten.", file=sys.stderr)
        return 1
    try:
        with database():
            from django.utils import timezone

            from gatepost.inbox.personal.processing import as_markdown, paper

            text = as_markdown(paper(arguments.kind, at=timezone.now()))
    except EXPECTED as error:
        return sorry(error)
    if arguments.file is None:
        print(text, end="")
        return 0
    try:
        arguments.file.write_text(text, "utf-8")
    except OSError as error:
        print(f"{arguments.file} could not be written: {error.strerror}.", file=sys.stderr)
        return 2
    print(f"{arguments.file} is written. What only people can judge says “To write”.")
    return 0
