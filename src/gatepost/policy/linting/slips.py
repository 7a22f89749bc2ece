"""Probable slips of the pen in the document and the wordings. Data: slips.toml."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files

from gatepost.policy.linting.finding import Grade, LintFinding
from gatepost.policy.pack import Pack

_WORD = re.compile(r"[^\W\d_]+")
_TWICE = re.compile(r"\b([^\W\d_]{2,})\s+\1\b")
_MAY_STAND_TWICE = frozenset({"had", "that", "very", "so", "no", "is", "bye", "well", "ha", "there"})
# Nobody owns a preposition: "go our through" was meant as "go out through".
_OWNED = re.compile(r"\b(our|your|their|my) (through|to|of|for|with|by|from|at|into|until|and|or|the|be|is|are)\b")


@cache
def misspelt() -> Mapping[str, str]:
    words: Mapping[str, str] = tomllib.loads(
        files("gatepost.policy.linting").joinpath("slips.toml").read_text("utf-8")
    )["words"]
    return words


def findings(pack: Pack) -> Iterator[LintFinding]:
    """One finding for each slip in each text, however often it stands there."""
    texts = [("policy.md", one.id, one.id, one.text) for one in pack.clauses]
    texts += [("wordings.toml", one.id, one.clause, one.text) for one in pack.wordings.values()]
    for file, key, clause, text in texts:
        for grade, message, mend in dict.fromkeys(_slips(text)):
            yield LintFinding("typing", grade, file, pack.lines[file, key], clause, message, mend)


def _slips(text: str) -> Iterator[tuple[Grade, str, str]]:
    known = misspelt()
    for word in _WORD.findall(text):
        if instead := known.get(word.lower()):
            yield "mend", f"{word!r} is probably a typing error for {instead!r}", "Correct it."
    for found in _TWICE.finditer(text):
        if found[1].lower() not in _MAY_STAND_TWICE:
            yield "mend", f"{found[1]!r} stands twice in a row", "Take one out."
    for found in _OWNED.finditer(text):
        yield "look", f"{found[0]!r} is probably a typing error: a word is missing or wrong", "Read the sentence again."
