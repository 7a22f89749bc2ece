"""Acts that policies name, with what became of them. A short list: what it does not know, lint does not
judge.

Data: statutes.toml; legislation.gov.uk is where to check an Act before relying on it.
"""

from __future__ import annotations

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
            **row,
        )
        for key, row in data.items()
    }


_NAMED = re.compile(r"((?:[A-Z][\w'’]*,? (?:(?:and|of|from) )*(?:\([A-Z]\w+\) )?){1,8}Acts?),? (?:of )?(\d{4})\b")


@dataclass(frozen=True, slots=True)
class Remark:
    """`start`, `end`: where the Act is named, in code points."""

    start: int
    end: int
    message: str
    mend: str


def remarks(text: str) -> Iterator[Remark]:
    """Acts named in `text` that are repealed, misdated, or to be read with another."""
    for found in _NAMED.finditer(text):
        year = int(found[2])
        same = [one for one in statutes().values() if found[1].endswith(one.name)]
        if not same:
            continue
        name = same[0].name
        start = found.end() - len(found[0]) + len(found[1]) - len(name)
        named = next((one for one in same if one.year == year), None)
        if named is None:
            years = " or ".join(str(one.year) for one in same)
            message = f"There is no {name} of {year} on our list: the Act is of {years}"
            yield Remark(start, found.end(), message, f"Correct the year to {years}, if that Act is meant.")
        elif named.state:
            message = f"The {name} {year} {named.state}"
            yield Remark(start, found.end(), message, f"Name {named.instead}.")
