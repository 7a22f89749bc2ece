"""Departments that have not answered: reminded, told that it is late, and those above told."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef

from gatepost import jobs
from gatepost.channels.actions import require_may_write
from gatepost.inbox.models import Referral, ReferralLetter
from gatepost.inbox.referrals import ReferralError, address_of
from gatepost.ledger.actions import Actor, record
from gatepost.people.models import Holding, User
from gatepost.policy.chasing import stage, unconfirmed
from gatepost.policy.pack import Pack
from gatepost.rulebook.actions import in_force

MOST = 500
VERBS = {
    "reminder": "referral.reminded",
    "overdue": "referral.overdue",
    "escalation": "referral.escalated",
    "unconfirmed": "referral.unconfirmed",
}


def chase(*, by: Actor, at: datetime) -> int:
    """Looks at every referral that waits for its department. Returns how many letters were asked for. While a
    department waits for our own answer to its question, it is not reminded."""
    pack = in_force(at)
    told = ReferralLetter.objects.filter(referral=OuterRef("pk"), kind="escalation", round=OuterRef("round"))
    waiting = Referral.objects.filter(~Exists(told), state="sent", sent_at__isnull=False).select_related("message")
    return sum(_chase(one, pack, by=by, at=at) for one in waiting.order_by("answer_by", "pk")[:MOST])


def _chase(referral: Referral, pack: Pack, *, by: Actor, at: datetime) -> int:
    sent = referral.sent_at or referral.at
    told = 0
    if referral.out_of_hours and referral.taken_at is None and unconfirmed(pack.chasing, sent=sent, at=at):
        told += _tell(referral, "unconfirmed", _above(pack, at), by=by, at=at)
    reached = stage(pack.chasing, sent=sent, answer_by=referral.answer_by, at=at)
    if reached in ("reminder", "overdue"):
        told += _tell(referral, reached, _at_department(referral, pack, at), by=by, at=at)
    elif reached == "escalation":
        told += _tell(referral, reached, [*_above(pack, at), *_at_department(referral, pack, at)], by=by, at=at)
    return told


def _tell(referral: Referral, kind: str, whom: list[tuple[str, str]], *, by: Actor, at: datetime) -> int:
    told = 0
    with transaction.atomic():
        for name, email in dict.fromkeys(whom):
            row, new = ReferralLetter.objects.get_or_create(
                referral=referral,
                kind=kind,
                email=email,
                round=referral.round,
                defaults={"name": name[:160], "at": at},
            )
            if new:
                jobs.enqueue(jobs.Job.SEND_REFERRAL_LETTER, letter=row.pk)
                told += 1
        if told:
            record(VERBS[kind], referral.subject, by=by, at=at, clauses=[referral.clause], detail={"letters": told})
    return told


def _at_department(referral: Referral, pack: Pack, at: datetime) -> list[tuple[str, str]]:
    """Where it went; the one who stands in now, where that is somebody else."""
    found = pack.departments.get(referral.department)
    whom = [(referral.name, referral.email)]
    if found is not None and not referral.out_of_hours and (now := address_of(found, at)).email not in ("", whom[0][1]):
        whom.append((now.name, now.email))
    return whom


def _above(pack: Pack, at: datetime) -> list[tuple[str, str]]:
    held = Holding.objects.in_force(at).select_related("person").order_by("deputy", "starts")
    roles = pack.chasing.escalate_to
    above = held.filter(role__in=roles) if roles else held.filter(role__approves_staff=True)
    return [(one.person.name, one.person.email) for one in above]


def remind_now(referral: Referral, *, by: User, at: datetime) -> int:
    """Reminds the department at once, because somebody asks for it; once of a kind. Returns how many letters."""
    require_may_write(by, referral.message.channel, at)
    if referral.state != "sent":
        raise ReferralError("There is nothing to remind them of: they have answered, or wait for us.")
    kind = "overdue" if at >= referral.answer_by else "reminder"
    letters = ReferralLetter.objects.filter(referral=referral, kind=kind, round=referral.round)
    if letters.exists():
        raise ReferralError("They have been reminded of this already. Ring them, or ask somebody above them.")
    return _tell(referral, kind, _at_department(referral, in_force(at), at), by=by, at=at)
