"""A crisis: everything stops but the prepared statements, and the policy's crisis approvers sign off.

Who may declare one, who signs off while it lasts and which wordings are prepared for it is the pack's own
(`pack.crisis`). Without that, whoever signs off declares it and signs on.
"""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Q

from gatepost.gate import holds
from gatepost.gate.holds import But, HoldError
from gatepost.gate.models import Crisis, Hold
from gatepost.ledger.actions import record
from gatepost.ledger.governing import clause_for
from gatepost.people.authority import NotAllowed, signs_off
from gatepost.people.models import Holding, User
from gatepost.policy.registers import Crisis as Overlay
from gatepost.rulebook.actions import in_force

OTHERWISE = "desk:holds"  # what a crisis rests on where the pack says nothing of one


def overlay(at: datetime) -> Overlay | None:
    """What the policy in force says of a crisis."""
    return in_force(at).crisis


def under_way() -> Crisis | None:
    return Crisis.objects.filter(ended_at=None).select_related("by", "hold").first()


def in_crisis(at: datetime) -> bool:
    return Crisis.objects.filter(Q(ended_at=None) | Q(ended_at__gt=at), at__lte=at).exists()


def may_declare(person: User, at: datetime) -> bool:
    says = overlay(at)
    return _holds_one(person, says.declares, at) if says and says.declares else signs_off(person, at)


def may_sign_off(person: User, at: datetime) -> bool:
    """May this person sign off now? In a crisis those whom the policy names for it, and they alone."""
    says = overlay(at)
    if in_crisis(at) and says and says.approvers:
        return _holds_one(person, says.approvers, at)
    return signs_off(person, at)


def require_in_crisis(person: User, at: datetime) -> None:
    """Raises NotAllowed, with the clause, for somebody who may sign off at other times but not while a crisis lasts."""
    says = overlay(at)
    if says and says.approvers and in_crisis(at) and not may_sign_off(person, at):
        titles = [in_force(at).roles[role].title for role in says.approvers]
        raise NotAllowed(f"While the crisis lasts, only these sign off: {', '.join(titles)}.", says.clause)


@transaction.atomic
def declare(*, reason: str, by: User, at: datetime, but: But | None = None, ends_at: datetime | None = None) -> Crisis:
    """Holds everything but the prepared statements, and keeps who declared it, when and why. Raises HoldError when one
    is on already, NotAllowed."""
    says = overlay(at)
    clause = says.clause if says else clause_for(OTHERWISE, at)
    if not may_declare(by, at):
        raise NotAllowed("The policy does not let you declare a crisis. Ask whoever it names for that.", clause)
    given = but or But()
    spared = But(given.people, given.acts, sorted({*given.statements, *(says.statements if says else ())}))
    held = holds.make(Hold(reason=reason.strip()[:400], ends_at=ends_at), spared, clause=clause, by=by, at=at)
    try:
        with transaction.atomic():
            made = Crisis.objects.create(hold=held, reason=held.reason, clause=clause, by=by, at=at)
    except IntegrityError as error:
        raise HoldError("A crisis has been declared already. See who did, and why, under Hold.") from error
    detail = {"hold": held.pk, "statements": held.statements}
    record("crisis.declared", f"crisis:{made.pk}", by=by, at=at, clauses=[clause], detail=detail)
    return made


@transaction.atomic
def end(made: Crisis, *, because: str, by: User, at: datetime) -> int:
    """Ends a crisis and its hold. What was kept back is looked at again, item by item. Returns how many wait."""
    if not (may_declare(by, at) or signs_off(by, at)):
        raise NotAllowed("The policy does not let you end a crisis. Ask whoever it names for that.", made.clause)
    if not because.strip():
        raise HoldError("Say why it has ended. That is kept beside why it was declared.")
    values = {"ended_at": at, "ended_by": by, "ended_because": because.strip()[:400]}
    if not Crisis.objects.filter(pk=made.pk, ended_at=None).update(**values):
        raise HoldError("This crisis has been ended already.")
    record("crisis.ended", f"crisis:{made.pk}", by=by, at=at, clauses=[made.clause])
    return holds.end(made.hold, by=by, at=at, ended_by=by)


def _holds_one(person: User, roles: tuple[str, ...], at: datetime) -> bool:
    return person.is_active and Holding.objects.in_force(at).filter(person=person, role__in=roles).exists()
