"""`gatepost policy diff OLD NEW`: what differs between two packs, for people."""

from __future__ import annotations

import argparse
import sys
from itertools import groupby
from pathlib import Path
from typing import Any

from gatepost.cli.packs import WRONG, pack_at
from gatepost.policy.diff import Change, diff, only_words
from gatepost.policy.naming import short
from gatepost.policy.pack import Pack

_SHOWN = 70  # characters of a clause shown beside its number


def add_to(verbs: Any) -> None:
    parser = verbs.add_parser("diff", help="what differs between two packs, clause by clause, in words")
    parser.add_argument("old", type=Path, metavar="OLD", help="the folder of the pack as it is")
    parser.add_argument("new", type=Path, metavar="NEW", help="the folder of the pack as it is to be")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    try:
        old, new = pack_at(arguments.old), pack_at(arguments.new)
    except WRONG as error:
        print(error, file=sys.stderr)
        return 1
    print("\n".join(told(diff(old, new), old, new)))
    return 0


def told(changes: list[Change], old: Pack, new: Pack) -> list[str]:
    """The changes as lines, under their clauses; the last line says whether anything the desk does would change."""
    if old.digest == new.digest:
        return ["The two packs are the same."]
    if not changes:
        return ["No difference in what it does, nor in its words: only notes or layout in its files differ."]
    lines: list[str] = []
    texts = {clause.id: clause.text for clause in (*old.clauses, *new.clauses)}
    for clause, group in groupby(changes, key=lambda change: change.clause):
        lines += [
            "",
            f"Clause {clause}: {short(texts.get(clause, ''), _SHOWN)}" if clause else "Not tied to one clause",
        ]
        lines += [f"  - {change}" for change in group]
    does = sum(change.acts for change in changes)
    lines.append("")
    if only_words(changes):
        lines.append("No difference in what it does, only in its words.")
    else:
        says = "1 change alters" if does == 1 else f"{does} changes alter"
        rest = len(changes) - does
        lines.append(f"{says} what the desk does; {rest} {'is' if rest == 1 else 'are'} of words alone.")
    return lines[1:]
