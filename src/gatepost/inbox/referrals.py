"""Passing a conversation to a department, as a real e-mail with an answer-by time."""

from __future__ import annotations

from datetime import datetime
from email.utils import parseaddr
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import timezone

from gatepost import jobs
from gatepost.channels.actions import require_may_write
from gatepost.gate.models import Act
from gatepost.inbox.masking import masked, spans_of
from gatepost.inbox.models import Message, Referral
from gatepost.ledger.actions import Actor, record
from gatepost.lifecycle import advance
from gatepost.people.authority import holders
from gatepost.people.models import Absence, Deputy, Role, User
from gatepost.policy.acting import addressee
from gatepost.policy.clocks import due
from gatepost.policy.model import Department
from gatepost.policy.pack import Pack
from gatepost.rulebook.actions import in_force


class ReferralError(Exception):
    """A referral cannot be made; the message says why and what to do."""


class EmailFailed(Exception):
    """A referral's e-mail did not leave. Its referral says so; the job is tried again."""


def address_of(department: Department, at: datetime) -> tuple[str, str]:
    """(name, e-mail): the holder of the department's role on the desk, else as the policy gives it; the deputy while
    the desk or the policy says that the holder is away."""
    if department.role:
        people = holders(department.role, at)
        lent = Deputy.objects.in_force(at).filter(person__in=people).select_related("deputy").order_by("starts")
        away = set(Absence.objects.in_force(at).values_list("person_id", flat=True))
        ways = [*people, *(row.deputy for row in lent)] if away else people
        present = [person for person in ways if person.pk not in away]
        if found := present or people:  # where everybody is away, the letter waits for the holder
            return found[0].name, found[0].email
        pack = in_force(at)
        to = addressee(department, pack.roles, at.astimezone(ZoneInfo(pack.hours.timezone)).date())
        if to.email and to.deputy:
            return to.name, to.email
        role = Role.objects.filter(pk=department.role).first()
        if role is not None and role.email:
            return role.policy_holder or role.title, role.email
    return department.name, department.email


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
) -> Referral:
    """Refers a message once to a department of the policy; the e-mail is sent by a job of the same transaction."""
    require_may_write(by, message.channel, at)
    pack: Pack = in_force(at)
    found = pack.departments.get(department)
    if found is None:
        raise ReferralError(f"The policy has no department “{department}”. It has: {', '.join(pack.departments)}.")
    existing = Referral.objects.filter(message=message, department=department).first()
    if existing is not None:
        return existing
    name, email = address_of(found, at)
    if not email:
        raise ReferralError(f"The policy gives no e-mail address for {name}. Add it to the pack, then refer again.")
    clock = pack.clocks[found.clock]
    clause = clause or found.clause or "usage.5"
    made = Referral.objects.create(
        message=message,
        department=department,
        name=name,
        email=email,
        clause=clause,
        clock=clock.id,
        answer_by=due(clock, at if clock.starts == "referred" else message.received_at, pack.hours),
        note=note.strip()[:4000],
        reply_act=reply_act,
        by=by,
        at=at,
    )
    detail = {"referral": made.pk, "department": department, "answer_by": made.answer_by.isoformat()}
    record("message.passed_on", message.subject, by=by, at=at, clauses=[clause], detail=detail)
    if move and message.state in ("new", "answered"):
        advance(message, "referred", by=by, at=at, clauses=[clause], detail={"department": department})
    jobs.enqueue(jobs.Job.SEND_REFERRAL, referral=made.pk)
    return made


def letter(referral: Referral) -> EmailMessage:
    """The e-mail: what was said with personal details left out, who answers by when, under which clause."""
    message = referral.message
    kept = message.decision
    pack = in_force(referral.at)
    source = pack.clocks[referral.clock].source if referral.clock in pack.clocks else ""
    by_when = timezone.localtime(referral.answer_by).strftime("%H:%M on %A %d %B %Y")
    lines = [
        f"To {referral.name}",
        "",
        f"Please answer by {by_when}" + (f" ({source})." if source else "."),
        f"Referred under clause {referral.clause} of the social media policy by {referral.by.name}.",
        "",
        f"What was said on {message.channel.name}, {timezone.localtime(message.posted_at):%d %B %Y at %H:%M}:",
        "",
        masked(message.text, spans_of(kept.spans)),
        "",
    ]
    if referral.note:
        lines += ["Note:", referral.note, ""]
    lines += [
        "Personal details are left out of this e-mail. Read the whole message on the desk:",
        f"{settings.PUBLIC_URL}/inbox/{message.pk}/",
    ]
    return EmailMessage(
        subject=" ".join(f"Answer by {by_when}: referral {referral.pk} from {message.channel.name}".split()),
        body="\n".join(lines),
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[referral.email],
        headers={"Message-ID": referral.email_id, "X-Gatepost-Referral": str(referral.pk)},
    )


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
        letter(referral).send()
    except OSError as error:
        says = f"The e-mail could not be sent: {error.strerror or type(error).__name__}. It is tried again."
        advance(referral, "failed", by=by, at=at, says=says[:400])
        raise EmailFailed(says) from None  # the error itself may hold addresses, which do not belong in a log
    advance(referral, "sent", by=by, at=at, clauses=[referral.clause], sent_at=at, says="")


@transaction.atomic
def answer(referral: Referral, text: str, *, by: User, at: datetime) -> None:
    """Keeps what the department said, for Communications to use."""
    require_may_write(by, referral.message.channel, at)
    if not text.strip():
        raise ReferralError("Write what the department said.")
    advance(
        referral,
        "answered",
        by=by,
        at=at,
        clauses=["benefits.5"],
        answer=text.strip()[:20_000],
        answered_at=at,
    )
