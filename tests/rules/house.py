"""What the rules look at: the files that are kept, their syntax trees and the order of the house."""

from __future__ import annotations

import ast
import configparser
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SRC = ROOT / "src" / "gatepost"


@cache
def tracked() -> tuple[Path, ...]:
    """Every file that is kept, without what is only lying about; without git, every file there is."""
    if (ROOT / ".git").exists():
        told = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout.decode()
        found = [ROOT / name for name in told.split("\0") if name]
    else:
        hidden = {".venv", "data", "node_modules", "__pycache__"}
        found = [path for path in ROOT.rglob("*") if not hidden & set(path.relative_to(ROOT).parts)]
    return tuple(path for path in found if path.is_file())


def ours(*endings: str) -> list[Path]:
    """The kept files of src/gatepost with one of these endings, without migrations, which are generated."""
    return [
        path
        for path in tracked()
        if path.is_relative_to(SRC) and path.suffix in endings and "migrations" not in path.parts
    ]


def name_of(path: Path) -> str:
    """`gate.sending` for src/gatepost/gate/sending.py."""
    parts = path.relative_to(SRC).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def trees() -> dict[str, ast.Module]:
    """The syntax tree of every module of ours."""
    return {name_of(path): ast.parse(path.read_text("utf-8"), str(path)) for path in ours(".py")}


def room(module: str) -> str:
    return module.partition(".")[0]


def calls(tree: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    """Every call with the last word of what is called: `delete` for row.links.delete()."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Attribute):
                yield node.func.attr, node
            elif isinstance(node.func, ast.Name):
                yield node.func.id, node


def ladder() -> list[set[str]]:
    """The rows of the import ladder, top first, from .importlinter."""
    read = configparser.ConfigParser()
    read.read(ROOT / ".importlinter")
    rows = read["importlinter:contract:ladder"]["layers"].strip().splitlines()
    return [{word.strip(" ()") for word in row.split("|")} for row in rows]
