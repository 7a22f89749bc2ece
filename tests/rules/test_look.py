"""The style sheets and the pages say the same: no class without a rule, no rule that nothing uses."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from tests.rules.house import ours

# A class as it stands in a page, a script or Python. One that ends in "-" is put together: "gp-tag--{{ voice }}".
NAMED = re.compile(r"(?<![\w-])gp-[\w-]+")
SELECTED = re.compile(r"\.(gp-[\w-]+)")


def named(pages: Iterable[str]) -> set[str]:
    return {name for page in pages for name in NAMED.findall(page)}


def selected(sheets: Iterable[str]) -> set[str]:
    """The classes that rules are for."""
    plain = (re.sub(r"/\*.*?\*/", "", sheet, flags=re.DOTALL) for sheet in sheets)
    return {name for sheet in plain for rule in re.findall(r"([^{};]+)\{", sheet) for name in SELECTED.findall(rule)}


def without_a_rule(pages: Iterable[str], sheets: Iterable[str]) -> list[str]:
    rules = selected(sheets)
    # What is put together has a rule for one of what it can become.
    return sorted(
        name
        for name in named(pages)
        if not (any(rule.startswith(name) for rule in rules) if name.endswith("-") else name in rules)
    )


def without_a_user(pages: Iterable[str], sheets: Iterable[str]) -> list[str]:
    names = named(pages)
    begun = tuple(name for name in names if name.endswith("-"))
    return sorted(name for name in selected(sheets) if name not in names and not name.startswith(begun))


def texts(*endings: str) -> list[str]:
    files: list[Path] = ours(*endings)
    return [path.read_text("utf-8") for path in files]


def test_every_class_has_a_rule() -> None:
    assert without_a_rule(texts(".html", ".py", ".js"), texts(".css")) == []


def test_every_rule_has_a_user() -> None:
    assert without_a_user(texts(".html", ".py", ".js"), texts(".css")) == []


def test_a_breach_is_seen() -> None:
    pages = ['<p class="gp-a gp-b gp-c--{{ how }} gp-d--{{ how }} my-gp-x">']
    sheets = [
        "/* .gp-b {} */ .gp-a, .gp-a:hover { x: y } @media (x) { .gp-c--late { x: url(.gp-b) } .gp-e > a { x: y } }"
    ]
    assert without_a_rule(pages, sheets) == ["gp-b", "gp-d--"]
    assert without_a_user(pages, sheets) == ["gp-e"]
