"""An emergency in somebody's home that comes while its department is closed: it goes to the out-of-hours line at once.

The desk passes it on by itself because minutes count and the clock of the law runs at night too. It answers nobody:
what the person is told, a person decides, so the message stays with us. A case is opened with it, and those above are
told when nobody confirms.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction

from gatepost import jobs
from gatepost.inbox.cases import open_case
from gatepost.inbox.models import Case, Message, Referral
from gatepost.inbox.referrals import answer_by
from gatepost.ledger.actions import System, record
from gatepost.ledger.governing import clause_for
from gatepost.policy.clocks import is_open
from gatepost.policy.model import Department
from gatepost.policy.pack import Pack
from gatepost.rulebook.actions import in_force

NIGHT = System("out of hours")
EMERGENCY = "hazard_emergency"  # the time set by law that marks one
FRESH = timedelta(days=7)  # what is older, read when a channel is first connected, is for people to look at


@transaction.atomic
def pass_on(messages: Iterable[Message], *, at: datetime) -> list[Referral]:
    """Refers those of `messages` that tell of an emergency to the out-of-hours line of each department that the policy
    names for them and that is closed at `at`. A message that was edited into one counts from its edit, and one that was
    passed on before is not passed on again. Returns its referrals, old and new."""
    pack = in_force(at)
    made = []
    for message in messages:
        if not is_emergency(message, pack) or at - (message.changed_at or message.posted_at) > FRESH:
            continue
        # One case of a message, also when people closed it and the words are edited afterwards.
        if not Case.objects.filter(message=message, kind=EMERGENCY).exists():
            known = max(message.known_since, message.changed_at or message.known_since)
            open_case(message, EMERGENCY, by=NIGHT, at=at, received_at=known)
        for name in message.decision.refer:
            found = pack.departments.get(name)
            if found is not None and found.out_of_hours_email and not is_open(at, found.hours or pack.hours):
                made.append(_refer(message, found, pack, at=at))
    return made


def is_emergency(message: Message, pack: Pack) -> bool:
    """Whether the policy started the clock of an emergency hazard for it."""
    named = [row[0] for row in message.decision.clocks]
    return message.urgent and any(pack.clocks[name].law == EMERGENCY for name in named if name in pack.clocks)


def _refer(message: Message, department: Department, pack: Pack, *, at: datetime) -> Referral:
    clause = department.clause or clause_for("desk:referring", at)
    clock = next(clock for clock in pack.clocks.values() if clock.law == EMERGENCY)
    by_law = [datetime.fromisoformat(str(row[1])) for row in message.decision.clocks if row[0] == clock.id]
    due = min(by_law, default=answer_by(department, pack, received=message.known_since, referred=at))
    row, new = Referral.objects.get_or_create(
        message=message,
        department=department.id,
        out_of_hours=True,
        defaults={
            "name": f"{department.name}, out of hours",
            "email": department.out_of_hours_email,
            "clause": clause,
            "clock": clock.id,
            "answer_by": due,
            "by": None,
            "at": at,
            # Whoever goes out at night must know where to: the page shows it when they ask, the e-mail never.
            "details": True,
            "details_because": "An emergency out of hours: they must find the home",
        },
    )
    if new:
        detail = {"referral": row.pk, "department": department.id, "out_of_hours": True}
        record("message.passed_on", message.subject, by=NIGHT, at=at, clauses=[clause], detail=detail)
        jobs.enqueue(jobs.Job.SEND_REFERRAL, referral=row.pk)
    return row
