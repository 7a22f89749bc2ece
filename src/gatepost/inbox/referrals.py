"""Passing a conversation to a department, with an answer-by time, and what becomes of it at the desk."""

from __future__ import annotations

from datetime import datetime
from email.utils import parseaddr
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from gatepost import jobs
from gatepost.gate.models import Act
from gatepost.inbox.handling import require_may_handle
from gatepost.inbox.models import Message, Referral, ReferralNote
from gatepost.inbox.referral_letters import EmailFailed, letter, made_link, posted, standing_in
from gatepost.ledger.actions import Actor, record
from gatepost.ledger.governing import clause_for
from gatepost.lifecycle import advance
from gatepost.people.authority import holders
from gatepost.people.models import Absence, Deputy, Role, User
from gatepost.policy.acting import addressee
from gatepost.policy.clocks import due
from gatepost.policy.model import Department
from gatepost.policy.pack import Pack
from gatepost.rulebook.actions import in_force

__all__ = [
    "Addressed",
    "EmailFailed",
    "ReferralError",
    "address_of",
    "answer",
    "answer_by",
    "hand_back",
    "refer",
    "reopen",
    "send",
]

NOTE_LIMIT = 4_000
ANSWER_LIMIT = 20_000


class ReferralError(Exception):
    """A referral cannot be made; the message says why and what to do."""


class Addressed(NamedTuple):
    """To whom a referral goes now; `stands_in_for`: the holder or the department that is away, empty when nobody is."""

    name: str
    email: str
    stands_in_for: str = ""

    @property
    def whole(self) -> str:
        """The name, and for whom they stand in."""
        return standing_in(self.name, self.stands_in_for)


def address_of(department: Department, at: datetime) -> Addressed:
    """The holder of the department's role on the desk, else as the policy gives it; the deputy while the desk or the
    policy says that the holder, or the team, is away."""
    pack = in_force(at)
    day = at.astimezone(ZoneInfo(pack.hours.timezone)).date()
    if department.role:
        people = holders(department.role, at)
        lent = Deputy.objects.in_force(at).filter(person__in=people).select_related("deputy").order_by("starts")
        away = set(Absence.objects.in_force(at).values_list("person_id", flat=True))
        ways = [*people, *(row.deputy for row in lent)] if away else people
        present = [person for person in ways if person.pk not in away]
        if found := present or people:  # where everybody is away, the letter waits for the holder
            return Addressed(found[0].name, found[0].email, people[0].name if people and found[0] != people[0] else "")
        to = addressee(department, pack.roles, day)
        if to.email and to.deputy:
            return Addressed(to.name, to.email, pack.roles[department.role].holder or department.name)
        role = Role.objects.filter(pk=department.role).first()
        if role is not None and role.email:
            return Addressed(role.policy_holder or role.title, role.email)
        return Addressed(department.name, department.email)
    to = addressee(department, {}, day)
    return Addressed(to.name, to.email, department.name if to.deputy else "")


def answer_by(department: Department, pack: Pack, *, received: datetime, referred: datetime) -> datetime:
    """When the department's answer is due, counted in its own hours where it has some."""
    clock = pack.clocks[department.clock]
    started = referred if clock.starts == "referred" else received
    return due(clock, started, department.hours or pack.hours)


@transaction.atomic
def refer(
    message: Message,
    department: str,
    *,
    by: User,
    at: datetime,
    note: str = "",
    clause: str = "",
    reply_act: Act | None = None,
    move: bool = True,
    details_because: str = "",
) -> Referral:
    """Refers a message once to a department of the policy; the e-mail is sent by a job of the same transaction.
    `details_because`: why the department needs the personal details; its page then shows them, the e-mail never."""
    require_may_handle(by, message, at)
    pack: Pack = in_force(at)
    found = pack.departments.get(department)
    if found is None:
        raise ReferralError(f"The policy has no department “{department}”. It has: {', '.join(pack.departments)}.")
    existing = Referral.objects.filter(message=message, department=department, out_of_hours=False).first()
    if existing is not None and existing.state == "handed_back":
        raise ReferralError(f"{existing.name} handed this back. Ask them again from the referral’s own page.")
    if existing is not None:
        return existing
    name, email, stands_in_for = address_of(found, at)
    if not email:
        raise ReferralError(f"The policy gives no e-mail address for {name}. Add it to the pack, then refer again.")
    clause = clause or found.clause or clause_for("desk:referring", at)
    made = Referral.objects.create(
        message=message,
        department=department,
        name=name,
        stands_in_for=stands_in_for,
        email=email,
        clause=clause,
        clock=found.clock,
        answer_by=answer_by(found, pack, received=message.known_since, referred=at),
        note=note.strip()[:NOTE_LIMIT],
        reply_act=reply_act,
        by=by,
        at=at,
        details=bool(details_because.strip()),
        details_because=details_because.strip()[:300],
    )
    detail = {"referral": made.pk, "department": department, "answer_by": made.answer_by.isoformat()}
    if stands_in_for:
        detail["deputy"] = True
    record("message.passed_on", message.subject, by=by, at=at, clauses=[clause], detail=detail)
    if made.details:
        record(
            "details.passed_on",
            message.subject,
            by=by,
            at=at,
            clauses=["desk:personal_data"],
            detail={"referral": made.pk},
        )
    if move and message.state in ("new", "answered"):
        advance(message, "referred", by=by, at=at, clauses=[clause], detail={"department": department})
    jobs.enqueue(jobs.Job.SEND_REFERRAL, referral=made.pk)
    return made


def send(referral: Referral, *, by: Actor, at: datetime) -> None:
    """Sends a referral's e-mail. The id is fixed first, so that a second try is known as the same letter.
    Raises EmailFailed."""
    if referral.state not in ("queued", "failed"):
        return
    if not referral.email_id:
        host = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
        referral.email_id = f"<referral.{referral.pk}.{referral.message_id}@{host}>"
        Referral.objects.filter(pk=referral.pk).update(email_id=referral.email_id)
    try:
        posted(letter(referral, made_link(referral, at=at)))
    except EmailFailed as error:
        advance(referral, "failed", by=by, at=at, says=str(error)[:400])
        raise
    advance(referral, "sent", by=by, at=at, clauses=[referral.clause], sent_at=at, says="")


def _said(referral: Referral, kind: str, text: str, *, by: User, at: datetime) -> ReferralNote:
    return ReferralNote.objects.create(
        referral=referral, kind=kind, text=text, author=by.name[:160], via="desk", by=by, at=at
    )


@transaction.atomic
def answer(referral: Referral, text: str, *, by: User, at: datetime) -> None:
    """Keeps what the department said, as somebody at the desk heard it, for Communications to use."""
    require_may_handle(by, referral.message, at)
    text = text.strip()[:ANSWER_LIMIT]
    if not text:
        raise ReferralError("Write what the department said.")
    advance(referral, "answered", by=by, at=at, clauses=["desk:referrals"], answer=text, answered_at=at)
    _said(referral, "answer", text, by=by, at=at)


@transaction.atomic
def tell(referral: Referral, text: str, *, by: User, at: datetime) -> ReferralNote:
    """Answers what the department asked back; it goes to them by e-mail, and their clock runs on."""
    require_may_handle(by, referral.message, at)
    text = text.strip()[:NOTE_LIMIT]
    if not text:
        raise ReferralError("Write what you tell them.")
    advance(referral, "told", by=by, at=at, clauses=[referral.clause])
    note = _said(referral, "told", text, by=by, at=at)
    _with_them_again(referral, note, by=by, at=at)
    return note


@transaction.atomic
def hand_back(referral: Referral, why: str, *, by: User, at: datetime) -> None:
    """Keeps that the department said, for example on the telephone, that this is not theirs."""
    require_may_handle(by, referral.message, at)
    if not why.strip():
        raise ReferralError("Write why they hand it back.")
    advance(referral, "handed_back", by=by, at=at, clauses=[referral.clause])
    _said(referral, "handed_back", why.strip()[:NOTE_LIMIT], by=by, at=at)
    with_us_again(referral, by=by, at=at)


@transaction.atomic
def reopen(referral: Referral, because: str, *, by: User, at: datetime) -> None:
    """Asks the department again, with a new answer-by time: what it said does not answer it, or it is theirs after
    all."""
    require_may_handle(by, referral.message, at)
    if not because.strip():
        raise ReferralError("Say what is still missing, so that they know.")
    pack = in_force(at)
    found = pack.departments.get(referral.department)
    if found is None:
        raise ReferralError(f"The policy has no department “{referral.department}” any more. Refer it to another.")
    again = answer_by(found, pack, received=at, referred=at)
    advance(
        referral,
        "reopened",
        by=by,
        at=at,
        clauses=[referral.clause],
        detail={"answer_by": again.isoformat()},
        answer_by=again,
        sent_at=at,
        round=referral.round + 1,
    )
    note = _said(referral, "reopened", because.strip()[:NOTE_LIMIT], by=by, at=at)
    _with_them_again(referral, note, by=by, at=at)


def _with_them_again(referral: Referral, note: ReferralNote, *, by: User, at: datetime) -> None:
    """What we told them goes to them by e-mail, and the message waits for them."""
    row = referral.letters.create(
        kind="told", name=referral.name, email=referral.email, note=note, round=referral.round, at=at
    )
    jobs.enqueue(jobs.Job.SEND_REFERRAL_LETTER, letter=row.pk)
    message = Message.objects.select_for_update().get(pk=referral.message_id)
    if message.state in ("new", "answered"):
        advance(message, "referred", by=by, at=at, clauses=[referral.clause], detail={"referral": referral.pk})


def with_us_again(referral: Referral, *, by: Actor, at: datetime) -> None:
    """What a department said puts the message before Communications again, for nothing of it goes out by itself."""
    message = Message.objects.select_for_update().get(pk=referral.message_id)
    if message.state in ("referred", "answered"):
        detail = {"referral": referral.pk}
        advance(message, "reopened", by=by, at=at, clauses=["desk:referrals"], detail=detail, done_because="")
