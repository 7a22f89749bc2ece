"""Every setting read from the environment is on the page, and every setting on the page is read."""

from __future__ import annotations

import re

from tests.rules.house import ROOT, tracked

PAGE = ROOT / "docs" / "howto" / "settings.md"
NAME = re.compile(r"\b(?:GATEPOST_[A-Z_]+|DATABASE_URL)\b")


def in_code() -> set[str]:
    rooms = ("src", "scripts", "tests", "benchmarks", "Makefile")
    files = [path for path in tracked() if path.relative_to(ROOT).parts[0] in rooms and path.suffix in ("", ".py")]
    words = {word for path in files for word in NAME.findall(path.read_text("utf-8"))}
    return {f"{word}<NAME>" if word.endswith("_") else word for word in words if word != "GATEPOST_"}


def on_the_page() -> set[str]:
    return {
        word.strip("`")
        for word in re.findall(r"^\| `((?:GATEPOST|DATABASE)_[A-Z_<>]+)`", PAGE.read_text("utf-8"), re.M)
    }


def test_every_setting_is_on_the_page_and_none_that_is_not_read() -> None:
    code, page = in_code(), on_the_page()
    families = tuple(name.removesuffix("<NAME>") for name in page if name.endswith("<NAME>"))
    assert sorted(name for name in code - page if not name.startswith(families)) == []
    assert sorted(page - code) == []
    assert len(page) > 15
