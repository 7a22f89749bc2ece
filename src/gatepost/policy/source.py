"""One TOML file of a pack, with the line of every key.

`tomllib` forgets where a key stood, and an error without its line is of little help to the person who writes
a pack.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from typing import Any

from gatepost.policy.problems import Problem

_HEADER = re.compile(r"^\s*(\[\[?)\s*([^\[\]]+?)\s*\]\]?\s*(#.*)?$")
_KEY = re.compile(r"""^\s*((?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*'))*)\s*=""")
_PART = re.compile(r"""[A-Za-z0-9_-]+|"[^"]*"|'[^']*'""")
_TOML_PLACE = re.compile(r"\s*\(at (?:line (\d+), column \d+|end of document)\)")

_LOOKED_AT = 2_000  # characters of a line: no key is longer

Path = tuple[str | int, ...]


class Source:
    """A file's parsed `data` and the lines of its keys. Problems of the syntax itself are in `problems`."""

    def __init__(self, file: str, text: str) -> None:
        self.file = file
        self.text = text
        self.data: dict[str, Any] = {}
        self.problems: list[Problem] = []
        try:
            self.data = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            self.problems.append(_syntax(file, text, str(error)))
        except RecursionError:
            self.problems.append(
                Problem(file, 0, "", "The file nests too deep to be read", "Use fewer levels of brackets.")
            )
        self._lines = {} if self.problems else _lines(text)

    def line(self, path: Sequence[str | int]) -> int:
        """The line of the key at `path`, or of the nearest thing that holds it; 0 when there is none."""
        for length in range(len(path), 0, -1):
            found = self._lines.get(tuple(path[:length]))
            if found:
                return found
        return 0


def _syntax(file: str, text: str, message: str) -> Problem:
    place = _TOML_PLACE.search(message)
    line = text.count("\n") + 1
    if place and place[1]:
        line = int(place[1])
    says = _TOML_PLACE.sub("", message)
    return Problem(
        file,
        line,
        "",
        f"This is not TOML: {says}",
        "Mend the line, or the quotes and brackets just above it.",
    )


def _lines(text: str) -> dict[Path, int]:
    """Key path -> line. Inline tables are found by the line of the key that holds them."""
    lines: dict[Path, int] = {}
    counts: dict[Path, int] = {}
    table: Path = ()
    closing = ""
    depth = 0
    for number, line in enumerate(text.split("\n"), start=1):
        if closing:
            closing = "" if closing in line else closing
            continue
        if not depth:
            start = line[:_LOOKED_AT]
            header = _HEADER.match(start)
            key = None if header else _KEY.match(start)
            if header:
                table = _resolve(_parts(header[2]), counts)
                if header[1] == "[[":
                    index = counts.get(table, 0)
                    counts[table] = index + 1
                    lines.setdefault(table, number)
                    table = (*table, index)
                for length in range(1, len(table) + 1):
                    lines.setdefault(table[:length], number)
                continue
            if key:
                path = (*table, *_parts(key[1]))
                for length in range(len(table) + 1, len(path) + 1):
                    lines.setdefault(path[:length], number)
        depth, closing = _nesting(line, depth)
    return lines


def _parts(dotted: str) -> list[str]:
    return [part.strip("\"'") for part in _PART.findall(dotted)]


def _resolve(parts: list[str], counts: dict[Path, int]) -> Path:
    """A header such as [rule.then] below [[rule]] belongs to the last rule so far."""
    path: Path = ()
    for place, part in enumerate(parts):
        path = (*path, part)
        if place < len(parts) - 1 and path in counts:
            path = (*path, counts[path] - 1)
    return path


def _nesting(line: str, depth: int) -> tuple[int, str]:
    """Open brackets after this line, and the quotes of a multi-line string left open by it."""
    place = 0
    while place < len(line):
        three = line[place : place + 3]
        mark = line[place]
        if three in ('"""', "'''"):
            end = line.find(three, place + 3)
            if end < 0:
                return depth, three
            place = end + 3
            continue
        if mark == "#":
            break
        if mark in "\"'":
            place += 1
            while place < len(line) and line[place] != mark:
                place += 2 if mark == '"' and line[place] == "\\" else 1
        elif mark in "[{":
            depth += 1
        elif mark in "]}":
            depth = max(depth - 1, 0)
        place += 1
    return depth, ""
