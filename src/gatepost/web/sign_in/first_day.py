"""The first day: the first administrator names themselves, takes the policy's role, adopts the policy."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.db import transaction

from gatepost.gate.standing import sign_all
from gatepost.people.actions import give_role, introduce
from gatepost.people.authority import holders, signs_off
from gatepost.people.models import Role, User
from gatepost.rulebook.actions import adopt, in_force
from gatepost.web.frame.problems import Unclear
from gatepost.web.town import connect

OFFICER = "communications_officer"
PLACEHOLDER = "admin@example.org"  # of the first administrator, until they give their own


def context(person: User, given: Mapping[str, str] | None, *, at: datetime) -> dict[str, Any]:
    """What the form shows: what was typed, else what is known. Only on a desk without an officer may an
    administrator take that role here."""
    may_begin = person.is_admin and not holders(OFFICER, at)
    placeholder = person.email == PLACEHOLDER
    values: dict[str, Any] = {
        "name": "" if placeholder else person.name,
        "email": "" if placeholder else person.email,
        "officer": may_begin,
        "adopt": may_begin,
    }
    if given is not None:
        values = {
            "name": given.get("name", ""),
            "email": given.get("email", ""),
            "officer": bool(given.get("officer")),
            "adopt": bool(given.get("adopt")),
        }
    return {"values": values, "may_begin": may_begin, "pack": in_force(at), "town": bool(settings.TOWN_URL)}


@transaction.atomic
def begin(person: User, given: Mapping[str, str], *, at: datetime) -> list[str]:
    """Does what the form says, all or nothing. Returns what was done in words.

    Raises PeopleError, NotAllowed, Unclear; ValidationError for a weak password.
    """
    may_begin = person.is_admin and not holders(OFFICER, at)
    password = given.get("password", "")
    if password and person.has_usable_password():  # or an unlocked screen would be enough to take somebody's place
        raise Unclear("You have a password. Change it under Settings, where the present one is asked for.", "password")
    if password:
        validate_password(password, person)
    introduce(person, name=given.get("name", ""), email=given.get("email", ""), password=password, at=at)
    said = [f"Welcome, {person.name}."]
    if may_begin and given.get("officer"):
        give_role(person, Role.objects.get(pk=OFFICER), by=person, at=at)
        said.append("You hold the role Communications Officer.")
    if may_begin and given.get("adopt"):
        if not signs_off(person, at):
            raise Unclear("Only the communications officer may adopt the policy. Tick both, or neither.", "officer")
        adopt(in_force(at), by=person, at=at)
        signed = sign_all(by=person, at=at)
        said.append(f"The policy is adopted in your name, with {signed} standing sign-offs.")
    if may_begin and settings.TOWN_URL:
        said.extend(connect.accounts(by=person, at=at))
    return said
