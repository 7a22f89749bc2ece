"""`gatepost policy import`: a written policy into the folder of a draft pack."""

from __future__ import annotations

import argparse
import contextlib
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from gatepost.cli.packs import WRONG
from gatepost.policy.importing.drafting import REPORT, DraftPack, draft
from gatepost.policy.importing.paper import MOST_BYTES, ImportProblem
from gatepost.rulebook.guarded import guarded
from gatepost.shipped import pack_folder


def add_to(verbs: Any) -> None:
    parser = verbs.add_parser("import", help="a written policy (docx, odt, pdf, html, md, txt) into a draft pack")
    parser.add_argument("file", type=Path, help="the policy as it is written")
    parser.add_argument("--into", type=Path, default=None, metavar="DIR", help="a new folder (default: FILE's name)")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    file: Path = arguments.file
    folder = arguments.into or Path(f"{file.stem}-pack")
    try:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            print(f"{folder} is there already and not empty. Name a new folder with --into.", file=sys.stderr)
            return 1
        words = (pack_folder() / "words.toml").read_text("utf-8")
        with file.open("rb") as opened:
            data = opened.read(MOST_BYTES + 1)
        made = draft(guarded(file.name, data), words)
        write(made, folder)
    except ImportProblem as problem:
        print(problem, file=sys.stderr)
        return 1
    except OSError as error:
        where = error.filename or file
        print(f"{where}: {error.strerror}. Check the path and who may read and write there.", file=sys.stderr)
        return 1
    except WRONG as error:
        print(error, file=sys.stderr)
        return 1
    print("\n".join(told(made, folder)))
    return 0


def told(made: DraftPack, folder: Path) -> list[str]:
    """What came out, in a few lines."""
    pack = made.pack
    known = sum(sentence.became == "clause" for sentence in made.sentences)
    unknown = sum(sentence.became == "not understood" for sentence in made.sentences)
    things = {
        "clauses": pack.clauses, "wordings": pack.wordings, "roles": pack.roles, "departments": pack.departments,
        "clocks": pack.clocks, "rules": pack.rules, "laws": pack.laws, "examples": made.examples,
    }  # fmt: skip
    said = f"{len(made.sentences)} sentences, {known} understood, {unknown} not understood and kept as text."
    by_hand = [f"  {one.says}" for one in made.by_hand]
    return [
        f"{pack.title}: {said}",
        ", ".join(f"{len(held)} {name}" for name, held in things.items()) + ".",
        *made.remarks,
        *(["To do by hand:", *by_hand] if by_hand else []),
        f"The draft is in {folder}. Read {folder / REPORT} first: it says what became of every sentence.",
        f"Then: gatepost policy lint --pack {folder}, gatepost policy test --pack {folder}.",
    ]


def write(made: DraftPack, folder: Path) -> None:
    """All files or none. Raises OSError."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    new = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        for name, text in made.files.items():
            (new / name).write_text(text, encoding="utf-8", newline="\n")
        new.chmod(0o755)
        with contextlib.suppress(FileNotFoundError):
            folder.rmdir()
        new.rename(folder)
    except OSError:
        shutil.rmtree(new, ignore_errors=True)
        raise
