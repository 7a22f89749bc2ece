"""Letting people in, giving them roles, and letting them go."""

from __future__ import annotations

import hashlib
import re
import secrets
from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.db.models import Q

from gatepost.ledger.actions import System, record
from gatepost.people.authority import approves_staff, let_in_by, require_admin
from gatepost.people.models import ApiToken, Holding, Role, SignInLink, User

LONGEST_NAME = 120
UNPRINTABLE = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")


class PeopleError(Exception):
    """Something about a person cannot be done; the message says why and what to do."""


def hashed(secret: str) -> str:
    """What is kept of a link's or a key's secret: SHA-256, in hex."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def add_person(*, name: str, email: str, by: User | System, at: datetime, is_admin: bool = False) -> User:
    """Adds somebody to the desk. They can do nothing until they hold a role or are approved for a channel."""
    if isinstance(by, User):
        require_admin_or_approver(by, at)
    if is_admin and isinstance(by, User):
        require_admin(by)
    name, email = _named(name, email)
    try:
        with transaction.atomic():
            person = User.objects.create_user(email=email, name=name)
    except IntegrityError as error:
        raise PeopleError(f"Somebody with the address {email} is on the desk already.") from error
    with transaction.atomic():
        if is_admin:
            User.objects.filter(pk=person.pk).update(is_admin=True)
            person.is_admin = True
        record("person.added", f"person:{person.pk}", by=by, at=at, clauses=["desk:approvals"])
    return person


def _named(name: str, email: str) -> tuple[str, str]:
    """A name and an address that can be kept. Raises PeopleError."""
    name, email = " ".join(name.split()), email.strip().lower()
    if not name or not email:
        raise PeopleError("A person needs a name and an e-mail address.")
    if len(name) > LONGEST_NAME or UNPRINTABLE.search(name):
        raise PeopleError(f"The name must be at most {LONGEST_NAME} characters, none of them a control character.")
    try:
        validate_email(email if len(email) <= 254 else "")
    except ValidationError as error:
        raise PeopleError("This is not an e-mail address. Write it like sam@example.org.") from error
    return name, email


def require_over(person: User, by: User, at: datetime) -> None:
    """Whoever approves staff looks after staff; administrators are looked after by administrators alone, or the
    one could become the other."""
    if person.is_admin:
        require_admin(by)
    else:
        require_admin_or_approver(by, at)


def require_admin_or_approver(by: User, at: datetime) -> None:
    if not approves_staff(by, at):
        require_admin(by)


@transaction.atomic
def introduce(person: User, *, name: str, email: str, password: str, at: datetime) -> None:
    """The person's own name, address and, if given, password. Whoever came in by a link that somebody handed over may
    put the address right that first time and not again: links by e-mail would go to it."""
    name, email = _named(name, email)
    if email != person.email:
        if let_in_by(person) and person.links.exclude(used_at=None).count() > 1:
            raise PeopleError(
                "Your last link was handed over by somebody else, so your address stays as it is. "
                "Come in by a link by e-mail, or by one from another administrator, first."
            )
        person.links.filter(used_at=None).delete()  # it may be on its way to the old address
    if User.objects.exclude(pk=person.pk).filter(email=email).exists():
        raise PeopleError(f"Somebody with the address {email} is on the desk already.")
    person.name, person.email = name, email
    if password:
        person.set_password(password)
    person.save(update_fields=["name", "email", "password"])
    record("person.introduced", f"person:{person.pk}", by=person, at=at)


@transaction.atomic
def change_password(person: User, *, current: str, new: str, at: datetime) -> None:
    """A new password of the person's own choice; the old one is asked for, when there is one."""
    if person.has_usable_password() and not person.check_password(current):
        raise PeopleError("The present password is not right. Nothing has been changed.")
    person.set_password(new)
    person.save(update_fields=["password"])
    record("password.changed", f"person:{person.pk}", by=person, at=at)


def prefer(person: User, *, scheme: str | None = None, keys_off: bool | None = None) -> None:
    """How a person likes the screens; no matter for the record."""
    if scheme is not None:
        if scheme not in ("", "light", "dark"):
            raise PeopleError("Colours are as this device, light or dark.")
        person.scheme = scheme
    if keys_off is not None:
        person.keys_off = keys_off
    person.save(update_fields=["scheme", "keys_off"])


@transaction.atomic
def give_role(
    person: User,
    role: Role,
    *,
    by: User | System,
    at: datetime,
    deputy: bool = False,
    until: datetime | None = None,
) -> Holding:
    """Makes a person the holder or a deputy of a role the policy names."""
    if isinstance(by, User):
        require_admin_or_approver(by, at)
    if not person.is_active:
        raise PeopleError(f"{person.name} has left the desk.")
    if until is not None and until <= at:
        raise PeopleError("The end of a role must lie in the future.")
    holding = Holding.objects.in_force(at).filter(person=person, role=role, deputy=deputy).first()
    if holding is None:
        holding = Holding.objects.create(person=person, role=role, deputy=deputy, starts=at, until=until)
    else:
        Holding.objects.filter(pk=holding.pk).update(until=until)
    detail = {"person": person.pk, "deputy": deputy, "until": until.isoformat() if until else None}
    record("role.given", f"role:{role.pk}", by=by, at=at, clauses=["desk:roles"], detail=detail)
    return holding


@transaction.atomic
def end_role(holding: Holding, *, by: User, at: datetime) -> None:
    """A role that has ended already stays as it ended: what was signed rests on when that was."""
    require_admin_or_approver(by, at)
    if not Holding.objects.filter(Q(until=None) | Q(until__gt=at), pk=holding.pk).update(until=at):
        return
    detail = {"person": holding.person_id}
    record("role.ended", f"role:{holding.role_id}", by=by, at=at, clauses=["desk:roles"], detail=detail)


@transaction.atomic
def leave(person: User, *, by: User, at: datetime) -> None:
    """A leaver loses every access at once: sessions end, links, tokens and roles stop."""
    require_over(person, by, at)
    if person == by:
        raise PeopleError("You cannot remove yourself. Ask another administrator.")
    User.objects.filter(pk=person.pk).update(is_active=False, left_at=at)
    SignInLink.objects.filter(person=person).delete()
    ApiToken.objects.filter(person=person, revoked_at=None).update(revoked_at=at)
    Holding.objects.filter(Q(until=None) | Q(until__gt=at), person=person, starts__lte=at).update(until=at)
    record("person.left", f"person:{person.pk}", by=by, at=at, clauses=["desk:approvals"])


@transaction.atomic
def make_token(person: User, *, title: str, by: User, at: datetime) -> str:
    """A secret for programs acting in this person's name; shown once."""
    if by != person:
        raise PeopleError("A key can be made only by the person in whose name it acts.")
    secret = "gp_" + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(person=person, title=title or "Key", secret_hash=hashed(secret), created_at=at)
    record("token.made", f"token:{token.pk}", by=by, at=at)
    return secret


@transaction.atomic
def revoke_token(token: ApiToken, *, by: User, at: datetime) -> None:
    if by != token.person:
        require_admin(by)
    ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=at)
    record("token.revoked", f"token:{token.pk}", by=by, at=at)


def person_of_token(secret: str, *, at: datetime) -> User | None:
    """Whoever a program acts for, or None. Remembers when the key was last used."""
    token = (
        ApiToken.objects.select_related("person")
        .filter(secret_hash=hashed(secret), revoked_at=None, person__is_active=True)
        .first()
    )
    if token is None:
        return None
    ApiToken.objects.filter(pk=token.pk).update(last_used_at=at)
    return token.person
