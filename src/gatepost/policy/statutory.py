"""Times set by law, by codes and by networks, each with its version and source. Data: statutory.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Literal

from gatepost.policy.model import Extension, Unit

Seen = Literal["source", "second hand", "unchecked"]


@dataclass(frozen=True, slots=True)
class LegalTime:
    """One row. `nation` decides the bank holidays ("UK": those of any nation, "": those of the pack); `nations` where
    the rule applies, empty for the whole kingdom; `starts_on` and `until` when the version is in force; `seen` how its
    figure was checked."""

    id: str
    name: str
    amount: int
    unit: Unit
    starts: str
    code: str
    version: str
    applies: str
    seen: Seen
    source: str
    nation: str = ""
    nations: tuple[str, ...] = ()
    starts_on: date | None = None
    until: date | None = None
    successor: str = ""
    extension: Extension | None = None
    stops: str = ""
    midnight: bool = False

    @property
    def said(self) -> str:
        """Code and version as one phrase."""
        return f"{self.code} ({self.version})"


@cache
def legal_times() -> Mapping[str, LegalTime]:
    """By id, in the order of the file."""
    data = tomllib.loads(files("gatepost.policy").joinpath("statutory.toml").read_text("utf-8"))
    found: dict[str, LegalTime] = {}
    for key, row in data.items():
        longer = row.pop("extension", None)
        found[key] = LegalTime(
            id=key,
            starts_on=row.pop("from", None),
            nations=tuple(row.pop("nations", ())),
            extension=Extension(**longer) if longer else None,
            **row,
        )
    return found
