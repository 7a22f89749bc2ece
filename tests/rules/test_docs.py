"""What the pages point at is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from gatepost.cli.main import parser
from tests.rules.house import ROOT, tracked

PAGES = [path for path in tracked() if path.suffix == ".md" and "packs" not in path.parts]
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
FILE = re.compile(r"`((?:src|tests|docs|packs|scripts|look|benchmarks)/[\w./-]+?)`")
# Names that the reader is to choose.
CHOSEN = {"src/gatepost/networks/yournetwork.py", "packs/ours"}


def missing(page: Path, text: str) -> list[str]:
    """Links of a page that lead nowhere, and files it names that are not there."""
    links = [link for link in LINK.findall(text) if "://" not in link and not (page.parent / link).exists()]
    return links + [name for name in FILE.findall(text) if name not in CHOSEN and not (ROOT / name).exists()]


def test_every_link_and_every_file_named_is_there() -> None:
    assert len(PAGES) > 20
    assert {str(page): found for page in PAGES if (found := missing(page, page.read_text("utf-8")))} == {}


def test_a_breach_is_seen() -> None:
    assert missing(ROOT / "README.md", "[x](nowhere.md) and `src/gatepost/nowhere.py`") == [
        "nowhere.md",
        "src/gatepost/nowhere.py",
    ]


@pytest.mark.parametrize("page", [page for page in PAGES if page.name == "README.md" or "howto" in page.parts], ids=str)
def test_every_command_shown_is_one(page: Path) -> None:
    """`gatepost WORD …` in an example begins with a command there is."""
    known = next(action.choices for action in parser()._actions if action.choices)
    shown = re.findall(
        r"^ {4,}(?:[A-Z_]+=\S+ )*(?:\.venv/bin/)?gatepost ([a-z]+)", page.read_text("utf-8"), re.MULTILINE
    )
    assert [word for word in shown if word not in known] == []


def test_every_benchmark_says_how_to_repeat_it() -> None:
    page = (ROOT / "benchmarks" / "README.md").read_text("utf-8")
    files = [path.name for path in tracked() if path.parent == ROOT / "benchmarks" and path.suffix == ".py"]
    shown = [name for name in files if not name.startswith(("_", "fill_"))]
    assert len(shown) >= 3
    assert [name for name in shown if f"`{name}`" not in page] == []


def test_decisions_and_migrations_have_numbers_of_their_own() -> None:
    decisions = [path for path in tracked() if path.parent == ROOT / "docs" / "adr"]
    steps = [path for path in tracked() if path.parent.name == "migrations" and path.name[:4].isdigit()]
    assert len(decisions) > 10
    assert len(steps) > 20
    numbers = [(path.parent, path.name[:4]) for path in (*decisions, *steps)]
    assert [f"{folder.name}/{number}" for folder, number in numbers if numbers.count((folder, number)) > 1] == []
    wrong = [path.name for path in decisions if f"# {int(path.name[:4])}." not in path.read_text("utf-8")[:12]]
    assert wrong == []
