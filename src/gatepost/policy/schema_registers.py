"""The shapes of measures.toml, risks.toml and law.toml."""

from __future__ import annotations

from datetime import date
from typing import Literal

from gatepost.policy.model import Direction, Every
from gatepost.policy.shape import ClauseId, Id, Line, Strict


class MeasureIn(Strict):
    title: Line
    clause: ClauseId
    unit: str = ""
    target: str = ""
    period: Every = ""
    direction: Direction = "neither"
    threshold: float | None = None
    source: str = ""


class MeasuresFile(Strict):
    measure: dict[Id, MeasureIn]


class RiskIn(Strict):
    title: Line
    clause: ClauseId
    indicator: str = ""
    unit: str = ""
    target: str = ""
    period: Every = ""
    threshold: float | None = None
    source: str = ""


class RisksFile(Strict):
    risk: dict[Id, RiskIn]


class LawIn(Strict):
    name: Line
    clause: ClauseId
    in_force: str = ""
    note: str = ""
    acts: list[Id] = []
    starts: date | None = None
    until: date | None = None
    successor: str = ""
    nation: Literal["", "ENG", "WLS", "SCT", "NIR"] = ""  # one alone; several in `nations`
    nations: list[Literal["ENG", "WLS", "SCT", "NIR"]] = []

    def applies_in(self) -> tuple[str, ...]:
        """The nations, each once, in the order of the pack; empty: the whole kingdom."""
        return tuple(dict.fromkeys([*self.nations, *([self.nation] if self.nation else [])]))


class LawFile(Strict):
    law: dict[Id, LawIn]
