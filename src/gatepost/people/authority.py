"""What the roles of the policy let a person do, at a moment. Facts, no consequences."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Q, QuerySet

from gatepost.people.models import Absence, Deputy, Holding, Role, SignInLink, User


class NotAllowed(Exception):
    """The policy does not let this person do this. `clause` is the one that says so."""

    def __init__(self, message: str, clause: str = "") -> None:
        super().__init__(message)
        self.clause = clause


def signs_off(person: User, at: datetime) -> bool:
    return person.is_active and Holding.objects.in_force(at).filter(person=person, role__signs_off=True).exists()


@dataclass(frozen=True, slots=True)
class Right:
    """A role somebody may sign in: their own, or that of the person they stand in for."""

    role: str
    title: str
    signs_off: bool
    instead_of: User | None = None


def rights(person: User, at: datetime, *, channel: int, kinds: Iterable[str]) -> list[Right]:
    """Every role in which a person may sign an act of this channel and these kinds, their own roles first. A deputy has
    the roles that the other person holds, but not those which that person only has as somebody's deputy."""
    return within(rights_anywhere(person, at), channel=channel, kinds=kinds)


def rights_anywhere(person: User, at: datetime) -> list[tuple[Right, Deputy | None]]:
    """Every role in which a person may sign something, their own first, each with the deputising it rests on: that may
    be for some channels and kinds alone."""
    if not person.is_active:
        return []
    held = Holding.objects.in_force(at).select_related("role").order_by("deputy", "starts")
    found: list[tuple[Right, Deputy | None]] = [
        (Right(one.role_id, one.role.title, one.role.signs_off), None) for one in held.filter(person=person)
    ]
    for row in Deputy.objects.in_force(at).filter(deputy=person).select_related("person"):
        found += [
            (Right(one.role_id, one.role.title, one.role.signs_off, row.person), row)
            for one in held.filter(person=row.person)
        ]
    return found


def within(found: Iterable[tuple[Right, Deputy | None]], *, channel: int, kinds: Iterable[str]) -> list[Right]:
    """Those of `rights_anywhere` that reach acts of this channel and these kinds."""
    words = set(kinds)
    return [right for right, row in found if row is None or row.covers(channel, words)]


def away(at: datetime) -> dict[int, datetime]:
    """Who is away now, and until when."""
    return dict(Absence.objects.in_force(at).order_by("until").values_list("person_id", "until"))


def approves_staff(person: User, at: datetime) -> bool:
    return person.is_active and Holding.objects.in_force(at).filter(person=person, role__approves_staff=True).exists()


def require_sign_off(person: User, at: datetime) -> None:
    if not signs_off(person, at):
        raise NotAllowed("Only Communications may sign off. Ask the communications officer.", "responsibility.2")


def require_approver(person: User, at: datetime) -> None:
    if not approves_staff(person, at):
        raise NotAllowed("Only the communications officer may approve staff and channels.", "responsibility.3")


def require_admin(person: User) -> None:
    if not (person.is_active and person.is_admin):
        raise NotAllowed("Only an administrator of this desk may do this.", "responsibility.1")


def holders(role: str, at: datetime) -> list[User]:
    """Who holds a role now, holders before deputies."""
    found = Holding.objects.in_force(at).filter(role_id=role).select_related("person").order_by("deputy", "starts")
    return [holding.person for holding in found]


def vacant(at: datetime) -> list[Role]:
    """Roles of the policy that nobody on the desk holds (responsibility.1)."""
    held = Holding.objects.in_force(at).values("role_id")
    return list(Role.objects.filter(in_policy=True).exclude(pk__in=held).order_by("title"))


def handed_links(person: User) -> QuerySet[SignInLink]:
    """The links by which somebody came in as this person, which somebody else had handed over, and which count."""
    rows = SignInLink.objects.filter(person=person, by_mail=False, ended_at=None).exclude(used_at=None)
    return rows.exclude(Q(made_by=None) | Q(made_by=F("person")))


def let_in_by(person: User) -> frozenset[int]:
    """Who handed over a link by which somebody came in as this person: they may have been that somebody."""
    return frozenset(handed_links(person).values_list("made_by", flat=True))
