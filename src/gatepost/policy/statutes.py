"""Acts that policies name, with what became of them. A short list: what it does not know, lint does not
judge.

Data: statutes.toml; legislation.gov.uk is where to check an Act before relying on it.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Statute:
    """`state`: what a reader of a policy must know of the Act of that year; empty when it is in force as
    named.
    """

    id: str
    name: str
    year: int
    seen: str  # how it was checked: "source", "second hand", "unchecked"
    state: str = ""
    instead: str = ""
    starts_on: date | None = None
    until: date | None = None
    nations: tuple[str, ...] = ()  # empty: the whole kingdom
    successors: tuple[str, ...] = ()
    also: tuple[int, ...] = ()  # years of other Acts by the same name
    short: str = ""

    def in_force(self, day: date) -> bool | None:
        """Whether the Act is in force on `day`; None when neither date is known."""
        if self.starts_on is None and self.until is None:
            return None
        return (self.starts_on is None or self.starts_on <= day) and (self.until is None or day <= self.until)


@cache
def statutes() -> Mapping[str, Statute]:
    """By id, in the order of the file."""
    data = tomllib.loads(files("gatepost.policy").joinpath("statutes.toml").read_text("utf-8"))
    return {
        key: Statute(
            id=key,
            starts_on=row.pop("from", None),
            nations=tuple(row.pop("nations", ())),
            successors=tuple(row.pop("successors", ())),
            also=tuple(row.pop("also", ())),
            **row,
        )
        for key, row in data.items()
    }


_YEAR = r",? (?:of )?\(?(\d{4})\b"
_NAMED = re.compile(
    r"((?:(?:[A-Z][\w'’-]*|etc\.),? (?:(?:and|of|from|for|at|the) )*(?:\([A-Z][^()\n]{1,60}\) )?){1,10}"
    r"(?:Acts?|Regulations?))" + _YEAR
)
_SHORT = re.compile(r"\b(DPA|FOIA|HRA|DDA|RIPA|RRA|CMA|PECR|EIR)" + _YEAR)
# What may stand before the name of an Act with a capital of its own. After any other word it may be another Act's name.
_BEFORE = re.compile(
    r"(?:.*(?:, |\bthe |\bActs? and |\bRegulations and ))?(?:(?:The|Under|See|In|By|And|Also|Both|UK) )*"
)
_ALIKE = 0.92


@dataclass(frozen=True, slots=True)
class Remark:
    """`start`, `end`: where the Act is named, in code points."""

    start: int
    end: int
    message: str
    mend: str


def remarks(text: str) -> Iterator[Remark]:
    """Acts and regulations named in `text` that are repealed, misdated, misnamed, or to be read with another."""
    for found in sorted((*_NAMED.finditer(text), *_SHORT.finditer(text)), key=lambda one: one.start()):
        year = int(found[2])
        same = [one for one in statutes().values() if _is_called(one, found[1])]
        longest = max((len(one.name) for one in same), default=0)
        same = [one for one in same if len(one.name) == longest]
        if not same:
            yield from _alike(found, year)
            continue
        name, said = same[0].name, min(len(found[1]), longest)
        start = found.start() + len(found[1]) - said
        named = next((one for one in same if one.year == year), None)
        if named is not None:
            if named.state:
                yield Remark(start, found.end(), f"The {name} {year} {named.state}", f"Name {named.instead}.")
        elif not any(year in one.also for one in same) and _BEFORE.fullmatch(found[1][: len(found[1]) - said]):
            years = " or ".join(str(one.year) for one in same)
            verb, what = ("are", "Regulations") if name.endswith("Regulations") else ("is", "Act")
            there = "There are no" if name.endswith("Regulations") else "There is no"
            message = f"{there} {name} of {year} on our list: the {what} {verb} of {years}"
            mend = f"Correct the year to {years}, if {'those are' if verb == 'are' else 'that Act is'} meant."
            yield Remark(start, found.end(), message, mend)


def _is_called(one: Statute, words: str) -> bool:
    return words == one.short or words.endswith(one.name)


def _alike(found: re.Match[str], year: int) -> Iterator[Remark]:
    """A name that is nearly that of an Act of the same year: "Human Right Act 1998"."""
    words = found[1].removeprefix("The ")
    names = [one.name for one in statutes().values() if one.year == year]
    for name in difflib.get_close_matches(words, names, n=1, cutoff=_ALIKE):
        start = found.start() + len(found[1]) - len(words)
        message = f"{words!r} is probably a typing error for the {name} {year}"
        yield Remark(start, found.end(), message, "Correct the name.")
