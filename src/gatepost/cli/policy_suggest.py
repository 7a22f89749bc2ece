"""`gatepost policy suggest`: clauses that most policies have and this one lacks; one of them put into the pack."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from gatepost.cli.packs import WRONG, alone, pack_at, rewrite
from gatepost.policy.editing import CannotChange, apply
from gatepost.policy.editing.changes import TakeUp
from gatepost.policy.linting.usual import lacking, usual
from gatepost.shipped import pack_folder


def add_to(verbs: Any) -> None:
    parser = verbs.add_parser("suggest", help="clauses that most policies have and this one lacks; puts one in")
    parser.add_argument("suggestion", nargs="?", default="", help="which one is put in; left out: all are told")
    parser.add_argument("--pack", type=Path, required=True, metavar="DIR", help="the policy pack's folder")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """What the system refuses is told by the command itself."""
    try:
        if arguments.suggestion:
            with alone(pack_folder(arguments.pack)):
                return _put_in(arguments.suggestion, arguments.pack)
        rows = lacking(pack_at(arguments.pack))
    except (*WRONG, CannotChange) as error:
        print(error, file=sys.stderr)
        return 1
    for one in rows:
        print(f"{one.id}: {one.title}\n    {one.suggestion}")
    print("Put one in with its name: gatepost policy suggest NAME --pack DIR" if rows else "It lacks none.")
    return 0


def _put_in(name: str, folder: Path) -> int:
    """Raises one of WRONG, CannotChange, OSError."""
    pack = pack_at(folder)
    wanted = next((one for one in usual() if one.id == name), None)
    if wanted is not None and wanted not in lacking(pack):
        print(f"The policy speaks of {wanted.title} already. Nothing was changed.", file=sys.stderr)
        return 1
    made = apply(pack.files, TakeUp(suggestion=name))
    if made.pack is None:
        print("\n".join(map(str, made.problems)), file=sys.stderr)
        return 1
    changed = {name: text for name, text in made.files.items() if text != pack.files[name]}
    rewrite(folder, changed)
    new = next(one for one in made.pack.clauses if one.id not in {old.id for old in pack.clauses})
    print(f"{new.id} stands in {' and '.join(sorted(changed))}: “{new.text}”")
    print("Make the words your own. Until a rule, a wording or a figure names the clause, nothing enforces it.")
    return 0
