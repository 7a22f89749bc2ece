"""What each network allows, from limits.toml, where every figure has its source and date."""

from __future__ import annotations

import functools
import tomllib
from dataclasses import MISSING, fields
from importlib import resources
from typing import Any

from .protocol import Limits


class NoLimits(LookupError):
    """No limits are written down for a network; the message names those that are."""


@functools.cache
def _table() -> dict[str, dict[str, Any]]:
    return tomllib.loads((resources.files(__package__) / "limits.toml").read_text("utf-8"))


def limits(network: str) -> Limits:
    """The limits of `network` ("facebook", "x" …). Raises NoLimits."""
    section = _section(network)
    named = (one.name for one in fields(Limits) if one.name in section or one.default is MISSING)
    values: dict[str, Any] = {name: section[name]["value"] for name in named}
    values["image_types"] = tuple(values["image_types"])
    return Limits(**values)


def all_networks() -> tuple[str, ...]:
    """Every network whose limits are written down, with a connector or without."""
    return tuple(_table())


def listens_only() -> tuple[str, ...]:
    """Networks that are read and to which nothing is sent from here."""
    return tuple(name for name, section in _table().items() if not section["posts"]["value"])


def figure(network: str, name: str) -> Any:
    """One figure that not every network has; None where it has none. Raises NoLimits for an unknown network."""
    entry = _section(network).get(name)
    return entry["value"] if isinstance(entry, dict) else None


def source(network: str, name: str) -> tuple[str, str]:
    """Where the figure `name` of `network` comes from, and the ISO date on which it was read. Raises
    NoLimits."""
    entry = _section(network).get(name)
    if not isinstance(entry, dict):
        raise NoLimits(f"There is no figure “{name}” for {network} in limits.toml.")
    return str(entry["source"]), entry["date"].isoformat()


def network_title(network: str) -> str:
    """The network's name as people write it. Raises NoLimits."""
    return str(_section(network)["title"])


def _section(network: str) -> dict[str, Any]:
    table = _table()
    if network not in table:
        raise NoLimits(f"There are no limits for the network “{network[:40]}”. There are: {', '.join(table)}.")
    return table[network]
