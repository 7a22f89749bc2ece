"""Who looks after people's data: whoever answers for the desk as the policy's communications officer."""

from __future__ import annotations

from datetime import datetime

from gatepost.people.authority import NotAllowed, approves_staff
from gatepost.people.models import User


class PersonalError(Exception):
    """Something about people's data cannot be done; the message says why and what to do. Nothing was changed."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


def is_officer(person: User, at: datetime) -> bool:
    return approves_staff(person, at)


def require_officer(person: User, at: datetime) -> None:
    """Raises NotAllowed."""
    if not is_officer(person, at):
        raise NotAllowed(
            "Only the communications officer finds, hands over or erases people's data. Ask the officer.",
            "desk:approvals",
        )
