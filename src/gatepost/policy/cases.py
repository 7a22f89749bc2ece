"""Matters with a course of their own: complaints, hazards, requests for information. Data: cases.toml.

Which clocks run is worked out from what has been done and when, and never kept.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

from gatepost.policy.clocks import due
from gatepost.policy.model import Clock, Extension
from gatepost.policy.pack import Pack
from gatepost.policy.statutory import legal_times

FOI_BINDS = ("council", "almo", "police", "nhs", "university")
OMBUDSMAN = "Housing Ombudsman Service, www.housing-ombudsman.org.uk, 0300 111 3000"
"""Must be given to the resident with every extension of a complaint (Complaint Handling Code)."""


@dataclass(frozen=True, slots=True)
class Step:
    """`do` says what is to be done, `done` that it was; `meets` and `begins` are ids of statutory.toml."""

    id: str
    do: str
    done: str
    after: tuple[str, ...] = ()
    meets: tuple[str, ...] = ()
    begins: tuple[str, ...] = ()
    ends: bool = False


@dataclass(frozen=True, slots=True)
class CaseKind:
    id: str
    title: str
    begins: tuple[str, ...]
    steps: tuple[Step, ...]

    def step(self, key: str) -> Step | None:
        return next((one for one in self.steps if one.id == key), None)


@dataclass(frozen=True, slots=True)
class Running:
    """A clock of a case. `extension` is there when it may still be made longer; `may_stop`: it may be stood still."""

    law: str
    name: str
    source: str
    started: datetime
    due: datetime
    met_at: datetime | None
    extended: bool
    extension: Extension | None
    may_stop: bool

    @property
    def late(self) -> bool:
        """It was met after its time."""
        return self.met_at is not None and self.met_at > self.due


@dataclass(frozen=True, slots=True)
class Regime:
    """Which rules bind us in a request for information: the kind of case, "" for none, and why."""

    kind: str
    why: str


@cache
def case_kinds() -> Mapping[str, CaseKind]:
    """By id, in the order of the file."""
    data: dict[str, Any] = tomllib.loads(files("gatepost.policy").joinpath("cases.toml").read_text("utf-8"))
    return {
        key: CaseKind(
            key,
            row["title"],
            tuple(row["begins"]),
            tuple(_step(step) for step in row["step"]),
        )
        for key, row in data.items()
    }


def _step(row: Mapping[str, Any]) -> Step:
    after, meets, begins = (tuple(row.get(name, ())) for name in ("after", "meets", "begins"))
    return Step(row["id"], row["do"], row["done"], after, meets, begins, row.get("ends", False))


def clock_of(law: str, pack: Pack) -> Clock | None:
    """The pack's own clock for a time set by law, else that of the table; None where the law does not apply there."""
    row = legal_times()[law]
    if row.nations and pack.hours.nation not in row.nations:
        return None
    own = next((clock for clock in pack.clocks.values() if clock.law == law), None)
    return own or Clock(
        id=law,
        name=row.name,
        amount=row.amount,
        unit=row.unit,
        source=row.code,
        starts=row.starts,
        version=row.version,
        nation=row.nation,
        extension=row.extension,
        stops=row.stops,
        law=law,
        midnight=row.midnight,
    )


def open_steps(kind: CaseKind, done: Collection[str]) -> tuple[Step, ...]:
    """What may be done next."""
    return tuple(one for one in kind.steps if one.id not in done and all(name in done for name in one.after))


def clocks_of(
    kind: CaseKind,
    pack: Pack,
    *,
    received: datetime,
    done: Mapping[str, datetime],
    extended: Collection[str] = (),
    stopped: timedelta = timedelta(),
) -> tuple[Running, ...]:
    """Every clock that has begun, in the order of the steps. `received` and the moments of `done` are aware;
    `extended`: laws whose extension was used; `stopped`: how long those stood still that may."""
    begun = [(law, received) for law in kind.begins]
    begun += [(law, done[one.id]) for one in kind.steps if one.id in done for law in one.begins]
    met = {law: done[one.id] for one in kind.steps if one.id in done for law in one.meets}
    found = []
    for law, started in begun:
        clock = clock_of(law, pack)
        if clock is None:
            continue
        longer = law in extended
        still = stopped if clock.stops else timedelta()
        found.append(
            Running(
                law=law,
                name=clock.name,
                source=clock.said,
                started=started,
                due=due(clock, started, pack.hours, extended=longer, stopped=still),
                met_at=met.get(law),
                extended=longer,
                extension=clock.extension if not longer and law not in met else None,
                may_stop=bool(clock.stops) and law not in met,
            )
        )
    return tuple(found)


def regime(pack: Pack, day: date, *, environmental: bool = False) -> Regime:
    """Which rules on access to information bind this organisation on `day`."""
    if pack.kind in FOI_BINDS or (pack.kind == "social_landlord" and pack.hours.nation == "SCT"):
        if environmental:
            named = f"Environmental Information{' (Scotland)' if pack.hours.nation == 'SCT' else ''} Regulations 2004"
            return Regime("eir", f"Environmental information: the {named} apply.")
        return Regime("foi", "We are a public authority: freedom of information applies.")
    if pack.kind == "social_landlord":
        begins = legal_times()["tenant_information_request"].starts_on or date.max
        if pack.hours.nation != "ENG":
            return Regime("", "STAIRs applies in England only. Answer it as good practice.")
        if day >= begins:
            return Regime("stairs", "We are a private registered provider: tenants may ask under STAIRs.")
        says = (
            f"Housing associations are not under freedom of information; STAIRs requests begin on {begins:%-d %B %Y}."
        )
        return Regime("", f"{says} Answer it as good practice.")
    if pack.kind:
        return Regime("", "Freedom of information does not bind an organisation of this kind. Answer as good practice.")
    return Regime("", "The policy does not say what kind of organisation this is. Add kind to pack.toml.")
