"""Deputies with dates and a scope, and who is away: each change a line in the record."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from gatepost.ledger.actions import record
from gatepost.people.actions import PeopleError, require_admin_or_approver
from gatepost.people.models import Absence, Deputy, Holding, User

LONGEST = timedelta(days=366)
CLAUSE = "desk:roles"


@transaction.atomic
def appoint(
    person: User,
    deputy: User,
    *,
    starts: datetime,
    until: datetime,
    by: User,
    at: datetime,
    channels: Sequence[int] = (),
    kinds: Sequence[str] = (),
) -> Deputy:
    """Lets `deputy` sign off in the stead of `person`, who holds a role. The person themselves may appoint, and whoever
    approves staff. `channels` and `kinds` ("publish", "reply", "post:news" …) are the scope; empty: everything.
    Raises PeopleError, NotAllowed."""
    if by != person:
        require_admin_or_approver(by, at)
    if person == deputy:
        raise PeopleError("Nobody deputises for themselves. Choose somebody else.")
    if not (person.is_active and deputy.is_active):
        raise PeopleError("One of the two has left the desk.")
    if not Holding.objects.in_force(at).filter(person=person).exists():
        raise PeopleError(f"{person.name} holds no role, so there is nothing to sign in their stead.")
    _require_dates(starts, until, at)
    made = Deputy.objects.create(
        person=person,
        deputy=deputy,
        starts=starts,
        until=until,
        channels=sorted(set(channels)),
        kinds=sorted(set(kinds)),
        made_by=by,
        at=at,
    )
    detail = {
        "deputy": deputy.pk,
        "starts": starts.isoformat(),
        "until": until.isoformat(),
        "channels": made.channels,
        "kinds": made.kinds,
    }
    record("deputy.appointed", f"person:{person.pk}", by=by, at=at, clauses=[CLAUSE], detail=detail)
    return made


def _require_dates(starts: datetime, until: datetime, at: datetime) -> None:
    if until <= max(starts, at):
        raise PeopleError("The end must lie after the beginning, and in the future.")
    if until - starts > LONGEST or starts - at > LONGEST:
        raise PeopleError("At most a year, beginning within a year. Choose nearer dates.")


@transaction.atomic
def end(deputy: Deputy, *, by: User, at: datetime) -> None:
    """Ends a deputy's term before its time. What they have signed and has not left loses its force."""
    if by not in (deputy.person, deputy.deputy):
        require_admin_or_approver(by, at)
    if Deputy.objects.filter(pk=deputy.pk, ended_at=None).update(ended_at=at, ended_by=by):
        detail = {"deputy": deputy.deputy_id}
        record("deputy.ended", f"person:{deputy.person_id}", by=by, at=at, clauses=[CLAUSE], detail=detail)


@transaction.atomic
def go_away(person: User, *, starts: datetime, until: datetime, by: User, at: datetime) -> Absence:
    """A person is away: their deputies are reminded in their stead. They may still sign."""
    if by != person:
        require_admin_or_approver(by, at)
    _require_dates(starts, until, at)
    made = Absence.objects.create(person=person, starts=starts, until=until, made_by=by, at=at)
    detail = {"starts": starts.isoformat(), "until": until.isoformat()}
    record("person.away", f"person:{person.pk}", by=by, at=at, clauses=[CLAUSE], detail=detail)
    return made


@transaction.atomic
def come_back(absence: Absence, *, by: User, at: datetime) -> None:
    if by != absence.person:
        require_admin_or_approver(by, at)
    if Absence.objects.filter(pk=absence.pk, ended_at=None).update(ended_at=at):
        record("person.back", f"person:{absence.person_id}", by=by, at=at, clauses=[CLAUSE])
