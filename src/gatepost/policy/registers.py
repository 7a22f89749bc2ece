"""The registers of a pack: what is measured, what can go wrong, laws, and times in which other rules hold."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from gatepost.policy.model import Direction, Every, Severity


@dataclass(frozen=True, slots=True)
class Measure:
    id: str
    title: str
    clause: str
    unit: str = ""
    target: str = ""
    period: Every = ""
    direction: Direction = "neither"  # which way is better; a figure that only tells something has neither
    threshold: float | None = None  # from where on somebody should look, in `unit`
    source: str = ""  # where the figure comes from


@dataclass(frozen=True, slots=True)
class Risk:
    id: str
    title: str
    clause: str
    indicator: str = ""
    unit: str = ""
    target: str = ""
    period: Every = ""
    threshold: float | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class Period:
    """Days, first and last included, in which other rules hold: the time before an election, mourning."""

    id: str
    title: str
    clause: str
    starts: date
    ends: date
    asks: str
    severity: Severity
    frozen: tuple[str, ...] = ()  # kinds of post that may not go out
    allowed: tuple[str, ...] = ()  # kinds of post of which nothing is asked
    banned: tuple[tuple[str, str, str], ...] = ()  # (pattern, why, what to write instead)


@dataclass(frozen=True, slots=True)
class Crisis:
    """Who declares one, who may sign off while it lasts (ids of roles), and the wordings prepared for it."""

    clause: str
    declares: tuple[str, ...] = ()
    approvers: tuple[str, ...] = ()
    statements: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Law:
    id: str
    name: str  # as the document names it
    clause: str
    in_force: str = ""  # what is in force today
    note: str = ""
    acts: tuple[str, ...] = ()  # ids in statutes.toml of what is in force today
    starts: date | None = None  # first and last day in force, of what the list of statutes does not know
    until: date | None = None
    successor: str = ""
    nations: tuple[str, ...] = ()  # where it applies; empty: the whole kingdom
