"""The kinds of clause that policies have, and what a clause of each kind can state as data. Data: kinds.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Literal, cast, get_args

from gatepost.policy.model import Kind, Value
from gatepost.policy.validate import nearest

Says = Literal["flag", "number", "text", "list", "date"]

_TYPES: dict[Says, type] = {"flag": bool, "number": int, "text": str, "list": list, "date": date}
_WORDS = {
    "flag": "true or false",
    "number": "a whole number",
    "text": "text in quotes",
    "list": "a list of texts",
    "date": "a date without quotes, such as 2027-03-22",
}


@dataclass(frozen=True, slots=True)
class ClauseKind:
    """`number` as the kinds are usually counted, 1 to 36; `duty`: what such a clause usually asks of the desk."""

    id: str
    number: int
    group: str
    title: str
    duty: Kind
    says: Mapping[str, Says]
    rows: Mapping[str, Mapping[str, Says]]  # tables it can state, with their columns


@cache
def clause_kinds() -> Mapping[str, ClauseKind]:
    """By id, in their order."""
    data = tomllib.loads(files("gatepost.policy").joinpath("kinds.toml").read_text("utf-8"))
    kinds: dict[str, ClauseKind] = {}
    for key, one in data.items():
        says = cast(Mapping[str, Says], one["says"])
        rows = cast(Mapping[str, Mapping[str, Says]], one.get("rows", {}))
        used = {*says.values(), *(sort for columns in rows.values() for sort in columns.values())}
        if one["duty"] not in get_args(Kind) or not used <= set(_TYPES):
            raise ValueError(f"kinds.toml: {key} has a duty or a field that is not known")
        kinds[key] = ClauseKind(key, one["number"], one["group"], one["title"], one["duty"], says, rows)
    return kinds


def problems_of(about: str, says: Mapping[str, Value]) -> Iterator[tuple[str, str, str]]:
    """(key, message, mend) for what a clause states of itself and cannot."""
    known = clause_kinds()
    if not about:
        if says:
            yield "says", "It states something and does not say of what kind it is", "Add about = …"
        return
    if about not in known:
        yield "about", f"There is no kind of clause {about!r}", nearest(about, tuple(known))
        return
    kind = known[about]
    for key, value in says.items():
        if key in kind.rows:
            yield from _rows_problems(key, value, kind.rows[key])
        elif key not in kind.says:
            mend = f"{nearest(key, (*kind.says, *kind.rows))} What has no field of its own goes into kept, as text."
            yield "says", f"A clause about {about} has no {key!r}", mend
        elif not _fits(value, kind.says[key]):
            yield "says", f"{key} must be {_WORDS[kind.says[key]]}", f"Write {key} = …"


def _rows_problems(key: str, value: Value, columns: Mapping[str, Says]) -> Iterator[tuple[str, str, str]]:
    rows = value if isinstance(value, list) else []
    if not rows or not all(isinstance(row, dict) for row in rows):
        yield "says", f"{key} must be a list of rows", f"Write {key} = [ {{ {next(iter(columns))} = … }} ]"
        return
    for place, row in enumerate(rows, start=1):
        for column, cell in cast(Mapping[str, Value], row).items():
            if column not in columns:
                yield "says", f"Row {place} of {key} has no {column!r}", nearest(column, tuple(columns))
            elif not _fits(cell, columns[column]):
                yield "says", f"{column} in row {place} of {key} must be {_WORDS[columns[column]]}", "Correct it."


def _fits(value: Value, sort: Says) -> bool:
    if sort == "list":
        return isinstance(value, list) and all(isinstance(one, str) for one in value)
    return isinstance(value, _TYPES[sort]) and not (sort == "number" and isinstance(value, bool))
