"""The shape of periods.toml: times in which other rules hold, and what a crisis changes."""

from __future__ import annotations

from datetime import date

from gatepost.policy.model import Severity
from gatepost.policy.shape import ClauseId, Id, Line, Phrase, Strict


class PeriodIn(Strict):
    """From the beginning of the day it starts to the end of the day it ends; both are given as dates."""

    id: Id
    title: Line
    clause: ClauseId
    starts: date
    ends: date
    asks: Line = "Could this be taken to support a party, a candidate or one side of a vote?"
    severity: Severity = "ask"  # of what is neither frozen nor allowed
    frozen: list[str] = []  # kinds of post that may not go out
    allowed: list[str] = []  # kinds of post of which nothing is asked
    banned: list[Phrase] = []  # what may be said in no post or answer


class CrisisIn(Strict):
    """`declares`, `approvers`: ids of roles; `statements`: ids of wordings prepared for it."""

    clause: ClauseId
    declares: list[str] = []
    approvers: list[str] = []
    statements: list[str] = []


class PeriodsFile(Strict):
    period: list[PeriodIn] = []
    crisis: CrisisIn | None = None
