"""What each network lets an organisation do about what others say, from powers.toml, each with source and date."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from importlib import resources
from typing import Literal, cast, get_args

from .limits import NoLimits, network_title

PowerKind = Literal["hide", "remove", "block", "mute", "report", "close"]
KINDS: tuple[PowerKind, ...] = get_args(PowerKind)
Can = Literal["desk", "hand", "no"]


@dataclass(frozen=True, slots=True)
class Power:
    """One thing that may be done. `can`: "desk" (through the gate), "hand" (on the network, recorded here), "no".
    `seen_by`: who still sees it then, "" when nobody. `undo`: it can be taken back. `read`: when the source was."""

    kind: PowerKind
    can: Can
    undo: bool
    seen_by: str
    says: str
    source: str
    read: date


@functools.cache
def powers(network: str) -> Mapping[PowerKind, Power]:
    """By kind, in the order of KINDS: what can be undone comes before what cannot. Raises NoLimits."""
    table = _table()
    if network not in table:
        raise NoLimits(f"powers.toml says nothing of the network “{network[:40]}”. It knows: {', '.join(table)}.")
    section = table[network]
    return {kind: _power(kind, section[kind]) for kind in KINDS}


def power(network: str, kind: PowerKind) -> Power:
    return powers(network)[kind]


def everywhere() -> list[tuple[str, str, Mapping[PowerKind, Power]]]:
    """(network, its title, its powers) of every network that is written down."""
    return [(name, network_title(name), powers(name)) for name in _table()]


@functools.cache
def _table() -> dict[str, dict[str, dict[str, object]]]:
    return tomllib.loads((resources.files(__package__) / "powers.toml").read_text("utf-8"))


def _power(kind: PowerKind, row: Mapping[str, object]) -> Power:
    if row["can"] not in get_args(Can):
        raise ValueError(f"powers.toml: {kind} has can = {row['can']!r}")
    return Power(
        kind,
        cast(Can, row["can"]),
        bool(row["undo"]),
        str(row["seen_by"]),
        str(row["says"]),
        str(row["source"]),
        cast(date, row["date"]),
    )
