"""Somebody may be in danger: an alarm on every page, and an e-mail to the person on duty, until a person has taken it.

The e-mail holds no word of the message. Nothing is answered or taken away by itself.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from gatepost import jobs
from gatepost.channels.actions import require_reader
from gatepost.inbox import assigning
from gatepost.inbox.models import Alarm, AlarmLink, Message
from gatepost.ledger.actions import Actor, Entry, System, record, record_many
from gatepost.ledger.models import Line
from gatepost.lifecycle import Conflict
from gatepost.mailing import letter
from gatepost.people.actions import hashed
from gatepost.people.authority import away
from gatepost.people.models import Deputy, Holding, User
from gatepost.policy.pack import Pack
from gatepost.rulebook.actions import in_force

OLD = timedelta(days=14)  # what was written longer ago is read like everything else
USUAL = timedelta(minutes=15)
AGAIN = timedelta(minutes=30)


class AlarmFailed(Exception):
    """The mail server did not take an alarm; the job tries again."""


def raise_for(messages: Sequence[Message], *, at: datetime) -> int:
    """Raises the alarm for what is urgent among new or changed messages, in the caller's transaction. Once for each."""
    urgent = {one.pk: one for one in messages if one.urgent and one.posted_at > at - OLD}
    for number in Alarm.objects.filter(message__in=urgent).values_list("message_id", flat=True) if urgent else ():
        del urgent[number]
    if not urgent:
        return 0
    made = Alarm.objects.bulk_create(
        [
            Alarm(message=one, kind="person" if "safeguarding" in one.decision.decided else "place", at=at)
            for one in urgent.values()
        ]
    )
    entries = [Entry("alarm.raised", one.message.subject, [clause_of(in_force(at))], {"alarm": one.pk}) for one in made]
    record_many(entries, by=System("alarms"), at=at)
    for one in made:
        jobs.enqueue(jobs.Job.TELL_ALARM, alarm=one.pk, everybody=False)
    return len(made)


def clause_of(pack: Pack) -> str:
    """The clause on people in danger; without one, that of the first rule that makes a message urgent."""
    if found := pack.clause_about("safeguarding"):
        return found.id
    return next((rule.clause for rule in pack.rules if rule.then.urgent), pack.clauses[0].id)


def patience(pack: Pack) -> timedelta:
    """How long one person has before everybody who signs off is told: the policy's minutes, else 15."""
    for clause in pack.clauses:
        minutes = clause.says.get("minutes") if clause.about == "safeguarding" else None
        if isinstance(minutes, int) and 0 < minutes < 24 * 60:
            return timedelta(minutes=minutes)
    return USUAL


def standing() -> list[Alarm]:
    """Alarms that nobody has taken: people before places, the longest waiting first."""
    rows = Alarm.objects.filter(taken_at=None).select_related("message__channel", "message__contact")
    return list(rows.order_by("kind", "at")[:100])


def on_duty(at: datetime) -> list[User]:
    """Who is told first: who is on duty for people in danger; else those who sign off and are here, or deputies."""
    duties = [
        one.person
        for one in assigning.on_duty(at)
        if (not one.labels and not one.topics) or "safeguarding" in one.labels
    ]
    if duties:
        return list({one.pk: one for one in duties}.values())
    held = Holding.objects.in_force(at).filter(role__signs_off=True, person__is_active=True).select_related("person")
    people = {one.person_id: one.person for one in held.order_by("deputy", "starts")}
    gone = away(at)
    here = {number: person for number, person in people.items() if number not in gone}
    lent = Deputy.objects.in_force(at).filter(person__in=[number for number in people if number in gone])
    here |= {row.deputy_id: row.deputy for row in lent.select_related("deputy") if row.deputy.is_active}
    return list((here or people).values())


def everybody(at: datetime) -> list[User]:
    """Whoever holds a role of the policy that signs off or approves staff, here or away, and whoever is on duty."""
    held = Holding.objects.in_force(at).filter(person__is_active=True).select_related("person", "role")
    people = {one.person_id: one.person for one in held if one.role.signs_off or one.role.approves_staff}
    return list((people | {one.pk: one for one in on_duty(at)}).values())


def tell(alarm: Alarm, *, to_all: bool, by: Actor, at: datetime) -> int:
    """Writes to the person on duty, or to everybody who answers for the channels. Nothing once it has been taken.
    One address that is refused keeps it from nobody else. Raises AlarmFailed while somebody is left."""
    alarm = Alarm.objects.select_related("message__channel").get(pk=alarm.pk)
    if alarm.taken_at is not None:
        return 0
    reached = _reached(alarm, to_all=to_all)
    people = [one for one in (everybody(at) if to_all else on_duty(at)) if one.pk not in reached]
    failed: list[str] = []
    for person in people:
        try:
            _letter(alarm, person, _link(alarm, person, at), again=to_all).send()
        except OSError as error:  # its text may hold addresses, which do not belong in a log
            failed.append(type(error).__name__)
            continue
        _note_told(alarm, person, to_all=to_all, by=by, at=at)
    if failed:
        raise AlarmFailed(
            f"{len(failed)} of {len(people)} e-mails could not be sent: {', '.join(sorted(set(failed)))}."
        )
    return len(people)


def _reached(alarm: Alarm, *, to_all: bool) -> set[int]:
    """Whom this round has reached already: a job that begins again writes to the others only."""
    if not to_all:
        return set(alarm.told)
    lines = Line.objects.filter(subject=alarm.message.subject, verb="alarm.told", detail__everybody=True)
    found = lines.filter(at__gte=alarm.escalated_at or alarm.at).values_list("detail", flat=True)
    return {number for detail in found for number in detail["people"]}


@transaction.atomic
def _note_told(alarm: Alarm, person: User, *, to_all: bool, by: Actor, at: datetime) -> None:
    row = Alarm.objects.select_for_update().get(pk=alarm.pk)
    Alarm.objects.filter(pk=row.pk).update(told=sorted({*row.told, person.pk}), told_at=row.told_at or at)
    detail = {"alarm": alarm.pk, "people": [person.pk], "everybody": to_all}
    record("alarm.told", alarm.message.subject, by=by, at=at, clauses=[clause_of(in_force(at))], detail=detail)


def _link(alarm: Alarm, person: User, at: datetime) -> str:
    """The address of a new link by which this person takes this alarm, without signing in at night."""
    token = secrets.token_urlsafe(24)
    AlarmLink.objects.create(alarm=alarm, token_hash=hashed(token), person=person, at=at)
    return f"{settings.PUBLIC_URL}/have/{token}/"


def _letter(alarm: Alarm, person: User, have: str, *, again: bool) -> EmailMessage:
    who = "Somebody may be in danger" if alarm.kind == "person" else "There may be a danger in a home or building"
    since = timezone.localtime(alarm.at).strftime("%H:%M on %A %-d %B")
    lines = [
        f"Dear {person.name}",
        "",
        f"{who}. A message came in on {alarm.message.channel.name} at {since}.",
        "Nobody has taken it yet." if again else "Please read it now and take the alarm.",
        "",
        "Say that you have it. The link is for you alone:",
        have,
        "",
        "Read it on the desk:",
        f"{settings.PUBLIC_URL}/moderation/{alarm.message_id}/",
        "",
        "Where life is in danger, dial 999. Samaritans listen free on 116 123 at any hour.",
        "What was written is not in this e-mail.",
    ]
    subject = f"{'STILL OPEN: ' if again else ''}{who}: a message waits for you"
    return letter(subject, "\n".join(lines), [person.email])


def press(*, by: Actor, at: datetime) -> int:
    """Alarms that nobody has taken within the policy's minutes are told to everybody, and again every half hour."""
    wait = patience(in_force(at))
    told = 0
    due = Q(escalated_at=None) | Q(escalated_at__lte=at - AGAIN)
    waiting = Alarm.objects.filter(due, taken_at=None, at__lte=at - wait)
    for alarm in waiting.order_by(F("escalated_at").asc(nulls_first=True), "at")[:50]:
        with transaction.atomic():
            free = Alarm.objects.filter(pk=alarm.pk, escalated_at=alarm.escalated_at, taken_at=None)
            if free.update(escalated_at=at):
                jobs.enqueue(jobs.Job.TELL_ALARM, alarm=alarm.pk, everybody=True)
                detail = {"alarm": alarm.pk}
                clause = clause_of(in_force(at))
                record("alarm.pressed", f"message:{alarm.message_id}", by=by, at=at, clauses=[clause], detail=detail)
                told += 1
    return told


@transaction.atomic
def take(alarm: Alarm, *, by: User, at: datetime, did: str = "") -> None:
    """A person has read it and sees to it. Raises Conflict when somebody was faster."""
    require_reader(by, at)
    taken(alarm, by=by, at=at, did=did)


@transaction.atomic
def taken(alarm: Alarm, *, by: Actor, at: datetime, did: str = "", as_name: str = "") -> None:
    """Keeps who has an alarm: a person of the desk, or by name (`as_name`) whoever holds a phone that was called."""
    person = by if isinstance(by, User) else None
    free = Alarm.objects.filter(pk=alarm.pk, taken_at=None)
    if not free.update(taken_by=person, taken_as=as_name[:120], taken_at=at, did=did.strip()[:400]):
        alarm.refresh_from_db()
        raise Conflict(f"{alarm.taker or 'Somebody'} has taken this alarm already. Nothing was done.")
    clause = clause_of(in_force(at))
    record("alarm.taken", f"message:{alarm.message_id}", by=by, at=at, clauses=[clause], detail={"alarm": alarm.pk})


@transaction.atomic
def taken_together(alarms: QuerySet[Alarm], *, by: Actor, at: datetime, as_name: str = "") -> int:
    """Keeps who has those of the alarms that nobody has yet. Returns how many."""
    free = alarms.filter(taken_at=None).order_by("pk").select_for_update(of=("self",))
    rows = list(free.select_related("message"))
    person, clause = by if isinstance(by, User) else None, clause_of(in_force(at))
    found = Alarm.objects.filter(pk__in=[row.pk for row in rows])
    found.update(taken_by=person, taken_as=as_name[:120], taken_at=at)
    record_many([Entry("alarm.taken", row.message.subject, [clause], {"alarm": row.pk}) for row in rows], by=by, at=at)
    return len(rows)
