"""The shape of departments.toml: where matters are referred, by when they answer, and what happens when they do not."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field

from gatepost.policy.shape import Id, Line, MaybeClauseId, Share, Strict, WeekIn


class AwayIn(Strict):
    """Days on which the holder is away, first and last included."""

    starts: date
    ends: date


class DepartmentIn(Strict):
    """`contact` is who to ask for; the deputy gets the letters on the days of `away`. `out_of_hours_…`: whom an
    emergency reaches while the department is closed."""

    name: Line
    email: Line
    clock: Line
    phone: str = ""
    role: str = ""
    clause: MaybeClauseId = ""
    contact: str = ""
    deputy: str = ""
    deputy_email: str = ""
    away: list[AwayIn] = []
    hours: WeekIn | None = None
    out_of_hours_email: str = ""
    out_of_hours_phone: str = ""


class ChasingIn(Strict):
    """When a department that has not answered is reminded and escalated: `remind` is the share of its time that has
    passed, `escalate_after` hours after the answer was due, `confirm_within` minutes for an emergency out of hours."""

    remind: Share = 0.5
    escalate_after: Annotated[int, Field(ge=0, le=1_000)] = 24
    escalate_to: list[str] = []
    confirm_within: Annotated[int, Field(ge=1, le=1_440)] = 15


class DepartmentsFile(Strict):
    department: dict[Id, DepartmentIn]
    chasing: ChasingIn = ChasingIn()
