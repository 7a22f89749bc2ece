"""The kinds of clause that policies have, and what a clause of each kind can state as data. Data: kinds.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal, cast, get_args

from gatepost.policy.model import Kind
from gatepost.policy.validate import nearest

Says = Literal["flag", "number", "text", "list"]
Value = bool | int | str | list[str]

_TYPES: dict[Says, type | tuple[type, ...]] = {"flag": bool, "number": int, "text": str, "list": list}
_WORDS = {"flag": "true or false", "number": "a whole number", "text": "text in quotes", "list": "a list of texts"}


@dataclass(frozen=True, slots=True)
class ClauseKind:
    """`number` as the kinds are usually counted, 1 to 36; `duty`: what such a clause usually asks of the desk."""

    id: str
    number: int
    group: str
    title: str
    duty: Kind
    says: Mapping[str, Says]


@cache
def clause_kinds() -> Mapping[str, ClauseKind]:
    """By id, in their order."""
    data = tomllib.loads(files("gatepost.policy").joinpath("kinds.toml").read_text("utf-8"))
    kinds: dict[str, ClauseKind] = {}
    for key, one in data.items():
        if one["duty"] not in get_args(Kind) or not set(one["says"].values()) <= set(_TYPES):
            raise ValueError(f"kinds.toml: {key} has a duty or a field that is not known")
        says = cast(Mapping[str, Says], one["says"])
        kinds[key] = ClauseKind(key, one["number"], one["group"], one["title"], one["duty"], says)
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
    fields = known[about].says
    for key, value in says.items():
        if key not in fields:
            yield "says", f"A clause about {about} has no {key!r}", nearest(key, tuple(fields))
        elif not isinstance(value, _TYPES[fields[key]]) or (fields[key] == "number" and isinstance(value, bool)):
            yield "says", f"{key} must be {_WORDS[fields[key]]}", f"Write {key} = …"
