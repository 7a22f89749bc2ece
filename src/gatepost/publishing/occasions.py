"""Bank holidays and days worth a post: those that come along and the policy's own."""

from __future__ import annotations

import tomllib
from datetime import date
from functools import cache
from pathlib import Path

from gatepost.policy.days import Marked, Occasion, marked
from gatepost.policy.pack import Pack


@cache
def shipped_days() -> tuple[Occasion, ...]:
    with (Path(__file__).parent / "days.toml").open("rb") as file:
        return tuple(Occasion(**day) for day in tomllib.load(file)["day"])


def marked_days(pack: Pack, first: date, last: date) -> dict[date, list[Marked]]:
    """What each day from `first` to `last` is, where it is something."""
    found: dict[date, list[Marked]] = {}
    for one in marked([*shipped_days(), *pack.days], pack.hours.nation, first, last):
        found.setdefault(one.date, []).append(one)
    return found
