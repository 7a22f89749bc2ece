"""Who answers for a role on a day: its holder, the deputy while the holder is away, or nobody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from gatepost.policy.model import Addressee, Department, Role


@dataclass(frozen=True, slots=True)
class Acting:
    """`name` and `email` are empty where nobody is named; `deputy`: somebody stands in for the holder."""

    name: str
    email: str
    deputy: bool


def away(role: Role, day: date) -> bool:
    """Whether the policy says that the holder is away on `day`; first and last days count."""
    return any(starts <= day <= ends for starts, ends in role.away)


def acting(role: Role, day: date) -> Acting:
    """The holder; the deputy where there is no holder or the holder is away. Without a deputy it stays with the
    holder: better a letter that waits than one that goes nowhere."""
    if role.deputy and (not role.holder or away(role, day)):
        return Acting(role.deputy, role.deputy_email or role.email, True)
    return Acting(role.holder, role.email, False)


def addressee(department: Department, roles: Mapping[str, Role], day: date) -> Addressee:
    """To whom a referral to `department` goes on `day`."""
    role = roles.get(department.role)
    if role is None:
        if department.deputy_email and any(starts <= day <= ends for starts, ends in department.away):
            return Addressee(department.id, department.deputy or department.name, department.deputy_email, True)
        return Addressee(department.id, department.name, department.email)
    found = acting(role, day)
    return Addressee(department.id, found.name or department.name, found.email or department.email, found.deputy)
