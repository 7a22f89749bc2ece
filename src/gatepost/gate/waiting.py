"""What waits for a sign-off: reminders, escalation before the moment passes, and the end of waiting."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from gatepost import jobs
from gatepost.gate.approval import kinds_of, steps_of, taken_of, valid_sign_offs, wrote
from gatepost.gate.content import from_json
from gatepost.gate.ground import void
from gatepost.gate.models import Act, Invitation, Reminder
from gatepost.gate.parts import cut
from gatepost.ledger.actions import Actor, record
from gatepost.lifecycle import Conflict, advance
from gatepost.people.authority import away
from gatepost.people.models import Deputy, Holding, User
from gatepost.policy.approval import Step, Waiting, open_steps, stage
from gatepost.rulebook.actions import in_force

MOST = 500


def tend(*, by: Actor, at: datetime) -> int:
    """Looks at every act that waits. Returns how many people were told or acts came to an end."""
    waiting = in_force(at).waiting
    rows = Act.objects.filter(state="to_sign_off").select_related("channel", "author").order_by("created_at")
    return sum(_tend(act, waiting, by=by, at=at) for act in rows[:MOST])


def _tend(act: Act, waiting: Waiting, *, by: Actor, at: datetime) -> int:
    try:
        window = from_json(act.content).window()
    except (ValueError, TypeError, KeyError):  # it cannot even be read: the claim says so, and it stops no other
        return 0
    since, until = act.waits_since or act.created_at, window[1] if window else None
    reached = stage(waiting, since=since, sign_by=act.sign_by, until=until, at=at)
    if reached == "expired":
        return _expire(act, by=by, at=at)
    return sum(_tell(act, step, reached, waiting, by=by, at=at) for step in _open(act)) if reached else 0


def _open(act: Act) -> tuple[Step, ...]:
    return open_steps(steps_of(act), taken_of(valid_sign_offs(act)))


def _expire(act: Act, *, by: Actor, at: datetime) -> int:
    says = "It was not signed off in time, so it was not sent. Give it another time and submit it again."
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
