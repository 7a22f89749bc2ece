"""When a department that has not answered is reminded, told that it is late, and escalated over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

Stage = Literal["", "reminder", "overdue", "escalation"]


@dataclass(frozen=True, slots=True)
class Chasing:
    """`remind`: the share of its time after which it is reminded, 1 for never before the answer is due;
    `escalate_after`: hours after it was due; `escalate_to`: roles, none for whoever approves staff;
    `confirm_within`: minutes in which an emergency sent out of hours is to be confirmed."""

    remind: float = 0.5
    escalate_after: int = 24
    escalate_to: tuple[str, ...] = ()
    confirm_within: int = 15


def stage(chasing: Chasing, *, sent: datetime, answer_by: datetime, at: datetime) -> Stage:
    """The latest stage that a referral without an answer has reached at `at`. All moments are aware."""
    if at >= answer_by + timedelta(hours=chasing.escalate_after):
        return "escalation"
    if at >= answer_by:
        return "overdue"
    if chasing.remind < 1 and at >= sent + (answer_by - sent) * chasing.remind:
        return "reminder"
    return ""


def unconfirmed(chasing: Chasing, *, sent: datetime, at: datetime) -> bool:
    """Whether an emergency that was sent out of hours should have been confirmed by now."""
    return at >= sent + timedelta(minutes=chasing.confirm_within)
