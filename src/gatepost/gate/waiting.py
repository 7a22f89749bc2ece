"""What waits for a sign-off: reminders, escalation before the moment passes, and the end of waiting.

What a version of the desk cannot read (it was written by a later one) can be signed by nobody: that is told at once,
and its waiting ends like that of everything else.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db import DatabaseError, InterfaceError, transaction
from django.db.models import Q

from gatepost import jobs
from gatepost.gate.approval import kinds_of, steps_of, taken_of, valid_sign_offs, wrote
from gatepost.gate.content import UNREADABLE, BadContent, from_json
from gatepost.gate.ground import void
from gatepost.gate.models import Act, Invitation, Reminder
from gatepost.gate.parts import cut
from gatepost.ledger.actions import Actor, record
from gatepost.lifecycle import Conflict, advance
from gatepost.people.authority import away
from gatepost.people.models import Deputy, Holding, User
from gatepost.policy.approval import Step, Waiting, open_steps, stage
from gatepost.rulebook.actions import in_force

AT_ONCE = 500
UNSIGNED = "It was not signed off in time, so it was not sent. Give it another time and submit it again."


def tend(*, by: Actor, at: datetime) -> int:
    """Looks at every act that waits. Returns how many people were told or acts came to an end."""
    waiting, done, failed = in_force(at).waiting, 0, None
    for act in _waiting():
        try:
            done += _tend(act, waiting, by=by, at=at)
        except (DatabaseError, InterfaceError):
            raise
        except Exception as error:  # what goes wrong with one keeps nobody from being told of the others
            failed = failed or error
    if failed is not None:
        raise failed
    return done


def _waiting() -> Iterator[Act]:
    """All of them, the oldest first, some at a time: those that stay keep no later one from its turn."""
    rows = Act.objects.filter(state="to_sign_off").select_related("channel", "author").order_by("created_at", "pk")
    some = list(rows[:AT_ONCE])
    while some:
        yield from some
        last = some[-1]
        after = Q(created_at__gt=last.created_at) | Q(created_at=last.created_at, pk__gt=last.pk)
        some = list(rows.filter(after)[:AT_ONCE]) if len(some) == AT_ONCE else []


def _tend(act: Act, waiting: Waiting, *, by: Actor, at: datetime) -> int:
    try:
        window = from_json(act.content).window()
    except BadContent:
        return _unreadable(act, waiting, by=by, at=at)
    since, until = act.waits_since or act.created_at, window[1] if window else None
    reached = stage(waiting, since=since, sign_by=act.sign_by, until=until, at=at)
    if reached == "expired":
        return _expire(act, UNSIGNED, by=by, at=at)
    return sum(_tell(act, step, reached, waiting, by=by, at=at) for step in _open(act)) if reached else 0


def _open(act: Act) -> tuple[Step, ...]:
    return open_steps(steps_of(act), taken_of(valid_sign_offs(act)))


def _unreadable(act: Act, waiting: Waiting, *, by: Actor, at: datetime) -> int:
    """Its author, those who sign off and those who look after the desk are told once; it ends when its time is over."""
    since = act.waits_since or act.created_at
    if stage(waiting, since=since, sign_by=None, until=act.sign_by, at=at) == "expired":
        return _expire(act, UNREADABLE, by=by, at=at)
    held = Holding.objects.in_force(at).filter(role__signs_off=True).values("person")
    people = User.objects.filter(Q(pk__in=held) | Q(pk=act.author_id) | Q(is_admin=True), is_active=True)
    told = 0
    for person in people.order_by("pk"):
        with transaction.atomic():
            row, new = Reminder.objects.get_or_create(
                act=act, digest=act.digest, step=0, kind="unreadable", person=person, defaults={"at": at}
            )
            if new:
                told += 1
                jobs.enqueue(jobs.Job.REMIND_SIGNER, reminder=row.pk)
    if told:
        with transaction.atomic():
            Act.objects.filter(pk=act.pk, state="to_sign_off").update(says=UNREADABLE)
            detail = {"digest": act.digest}
            record("act.unreadable", f"act:{act.pk}", by=by, at=at, clauses=["desk:gate"], detail=detail)
    return told


def _expire(act: Act, says: str, *, by: Actor, at: datetime) -> int:
    with transaction.atomic():
        try:
            if act.parts_out:
                cut(act, "The rest was not signed off in time", by=by, at=at)
                return 1
            advance(act, "expired", by=by, at=at, clauses=["desk:gate"], detail={"digest": act.digest}, says=says)
        except Conflict:  # somebody signed or withdrew it at this moment
            return 0
        void(act, because="Not everybody signed in time", by=by, at=at)
        jobs.enqueue(jobs.Job.ACT_SETTLED, act=str(act.pk))
    return 1


def _tell(act: Act, step: Step, kind: str, waiting: Waiting, *, by: Actor, at: datetime) -> int:
    told = 0
    for person in _whom(act, step, kind, waiting, at):
        with transaction.atomic():
            row, new = Reminder.objects.get_or_create(
                act=act, digest=act.digest, step=step.n, kind=kind, person=person, defaults={"at": at}
            )
            if new:
                detail = {"digest": act.digest, "step": step.n, "person": person.pk}
                verb = "act.reminded" if kind == "reminder" else "act.escalated"
                record(verb, f"act:{act.pk}", by=by, at=at, clauses=[step.clause], detail=detail)
                jobs.enqueue(jobs.Job.REMIND_SIGNER, reminder=row.pk)
                told += 1
    return told


def _whom(act: Act, step: Step, kind: str, waiting: Waiting, at: datetime) -> list[User]:
    """Whose turn it is, with the deputies of those who are away; when it gets late, those above them too. Never whoever
    wrote it, but to ask somebody outside."""
    whose = signers(step, act, at)
    if kind == "escalation" or not whose:
        whose = [*whose, *_above(waiting, at)]
    return list({person.pk: person for person in whose if step.outside or not wrote(person, act)}.values())


def signers(step: Step, act: Act, at: datetime) -> list[User]:
    """Who is asked to take a step now: its holders who are not away, and the deputies of those who are."""
    if step.outside:
        asked = Invitation.objects.filter(act=act, step=step.n, ended_at=None).select_related("asked_by").first()
        return [asked.asked_by] if asked else [act.author]
    held = Holding.objects.in_force(at).select_related("person").order_by("deputy", "starts")
    held = held.filter(role__in=step.roles) if step.roles else held.filter(role__signs_off=True)
    people = {one.person_id: one.person for one in held}
    gone = away(at)
    deputies = [
        row.deputy
        for row in Deputy.objects.in_force(at)
        .filter(person__in=[pk for pk in people if pk in gone])
        .select_related("deputy")
        if row.covers(act.channel_id, kinds_of(act))
    ]
    here = [person for pk, person in people.items() if pk not in gone]
    return [*here, *(one for one in deputies if one.pk not in people)]


def _above(waiting: Waiting, at: datetime) -> list[User]:
    held = Holding.objects.in_force(at).select_related("person").order_by("deputy", "starts")
    above = held.filter(role__in=waiting.escalate_to) if waiting.escalate_to else held.filter(role__approves_staff=True)
    return [one.person for one in above]
