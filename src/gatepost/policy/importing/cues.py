"""The data the import goes by, in the .toml files beside this one. Patterns are RE2, so none can hang it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import re2

from gatepost.policy.model import Kind


@dataclass(frozen=True, slots=True)
class Section:
    """`slug`: the short name clause ids get here."""

    slug: str
    heading: Any  # compiled re2 pattern, or None
    lead: Any


@dataclass(frozen=True, slots=True)
class Stated:
    """What a clause states as data: `field` gets `value`, or the first group of the pattern where there is none."""

    field: str
    pattern: Any
    value: bool | None


@dataclass(frozen=True, slots=True)
class Sort:
    """How clauses of one kind look. `outside`: not one of the 36 kinds (an aim, a benefit, a risk, a measure …)."""

    id: str
    heading: Any
    cues: tuple[tuple[Any, float], ...]
    binds: tuple[str, ...]
    states: tuple[Stated, ...]
    outside: bool
    duty: Kind | None


@dataclass(frozen=True, slots=True)
class Situation:
    """A case the policy speaks of, as the readers know it, with what follows and messages that must show it."""

    id: str
    title: str
    cue: Any
    priority: int
    when: Mapping[str, Any]
    label: str
    then: Mapping[str, Any]
    department: str
    examples: tuple[str, ...]
    clock_only: bool = False  # so general that only an answer time makes a rule of it


def pattern(text: str) -> Any:
    """Compiled, without regard to case."""
    options = re2.Options()
    options.case_sensitive = False
    options.log_errors = False
    return re2.compile(text, options=options)


def _data(name: str) -> dict[str, Any]:
    return tomllib.loads(files("gatepost.policy.importing").joinpath(name).read_text("utf-8"))


def _maybe(one: Mapping[str, Any], key: str) -> Any:
    return pattern(one[key]) if key in one else None


@cache
def sections() -> tuple[Section, ...]:
    return tuple(
        Section(one["slug"], _maybe(one, "heading"), _maybe(one, "lead")) for one in _data("sections.toml")["section"]
    )


@cache
def sorts() -> Mapping[str, Sort]:
    """By id: the 36 kinds and those outside them."""
    found = {}
    for key, one in _data("recognise.toml").items():
        cues = tuple((pattern(text), float(weight)) for text, weight in one.get("cues", []))
        states = tuple(
            Stated(stated["field"], pattern(stated["pattern"]), stated.get("value")) for stated in one.get("states", [])
        )
        binds = tuple(one.get("binds", []))
        found[key] = Sort(key, _maybe(one, "heading"), cues, binds, states, one.get("outside", False), one.get("duty"))
    return found


@cache
def situations() -> tuple[Situation, ...]:
    return tuple(
        Situation(
            one["id"], one["title"], pattern(one["cue"]), one["priority"], one["when"], one["label"],
            one.get("then", {}), one.get("department", ""), tuple(one["examples"]),
            one.get("clock_only", False),
        )
        for one in _data("situations.toml")["situation"]
    )  # fmt: skip


@cache
def vocabulary() -> Mapping[str, frozenset[str]]:
    """Lists of words, in small letters, by name."""
    return {key: frozenset(words) for key, words in _data("names.toml").items()}
