"""What the roles of the policy let a person do, at a moment. Facts, no consequences."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F, Q, QuerySet

from gatepost.people.models import Absence, Deputy, Holding, Role, SignInLink, User

LINK_LIVES = timedelta(hours=24)


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
        raise NotAllowed("Only Communications may sign off. Ask the communications officer.", "desk:sign_off")


def require_approver(person: User, at: datetime) -> None:
    if not approves_staff(person, at):
        raise NotAllowed("Only the communications officer may approve staff and channels.", "desk:approvals")


def require_admin(person: User) -> None:
    if not (person.is_active and person.is_admin):
        raise NotAllowed("Only an administrator of this desk may do this.", "desk:roles")


def answers_for_desk(person: User, at: datetime) -> bool:
    return person.is_active and (person.is_admin or signs_off(person, at))


def require_answers_for_desk(person: User, at: datetime) -> None:
    if not answers_for_desk(person, at):
        raise NotAllowed("Whoever signs off may do this, and administrators of this desk.", "desk:sign_off")


def holders(role: str, at: datetime) -> list[User]:
    """Who holds a role now, holders before deputies."""
    found = Holding.objects.in_force(at).filter(role_id=role).select_related("person").order_by("deputy", "starts")
    return [holding.person for holding in found]


def vacant(at: datetime) -> list[Role]:
    """Roles of the policy that nobody on the desk holds."""
    held = Holding.objects.in_force(at).values("role_id")
    return list(Role.objects.filter(in_policy=True).exclude(pk__in=held).order_by("title"))


def handed_links(person: User) -> QuerySet[SignInLink]:
    """The links by which somebody came in as this person, which somebody else had handed over, and which count."""
    return _came_in_by_hand().filter(person=person, ended_at=None)


def _came_in_by_hand() -> QuerySet[SignInLink]:
    rows = SignInLink.objects.filter(by_mail=False).exclude(used_at=None)
    return rows.exclude(Q(made_by=None) | Q(made_by=F("person")))


def let_in_by(person: User) -> frozenset[int]:
    """Who may have come in as this person: who handed over a link by which somebody did, and who may have come in as
    that maker by then, and so on. A maker's own link that has ended since was good enough to make this one by. The
    database asks the same (gate_let_in_by)."""
    level = list(handed_links(person))
    found = {one.pk: one for one in level}
    while level:
        before = _came_in_by_hand().filter(person__in={one.made_by_id for one in level}).exclude(pk__in=found)
        level = [one for one in before if any(_could_make(one, later) for later in level)]
        found |= {one.pk: one for one in level}
    return frozenset(one.made_by_id for one in found.values() if one.made_by_id is not None) - {person.pk}


def _could_make(one: SignInLink, later: SignInLink) -> bool:
    """Did `one` let somebody in, who could then have made `later` in that name?"""
    if one.person_id != later.made_by_id or one.used_at is None or later.used_at is None:
        return False
    return one.used_at <= later.used_at and (one.ended_at is None or one.ended_at > later.expires_at - LINK_LIVES)
