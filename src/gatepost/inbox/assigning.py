"""Who has a message: by hand, in turn among those on duty, or by what it is about."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q

from gatepost.channels.actions import may_write, require_may_write
from gatepost.channels.models import Approval
from gatepost.inbox.marks import is_mark, topic_mark
from gatepost.inbox.models import OPEN, Duty, Message
from gatepost.inbox.problems import InboxError
from gatepost.ledger.actions import Actor, System, record
from gatepost.people.authority import approves_staff, away
from gatepost.people.models import Holding, User

ROTA = System("rota")
CLAUSE = "desk:approvals"  # who may act on a channel


@transaction.atomic
def assign(message: Message, to: User | None, *, by: User, at: datetime) -> None:
    """Gives a message to a colleague who may write for its channel, or (None) back to nobody."""
    message = Message.objects.select_for_update(of=("self",)).select_related("channel").get(pk=message.pk)
    require_may_write(by, message.channel, at)
    if to is not None and not may_write(to, message.channel, at):
        raise InboxError(f"{to.name} is not approved for {message.channel.name}, so it cannot be theirs.")
    _given(message, to, by=by, at=at)


def _given(message: Message, to: User | None, *, by: Actor, at: datetime) -> None:
    if message.assignee_id == (to.pk if to else None):
        return
    Message.objects.filter(pk=message.pk).update(assignee=to, assigned_at=at if to else None)
    verb = "message.assigned" if to else "message.unassigned"
    record(verb, message.subject, by=by, at=at, clauses=[CLAUSE], detail={"to": to.pk if to else None})


@transaction.atomic
def assign_next(message: Message, *, by: Actor, at: datetime, among: Sequence[Duty] | None = None) -> User | None:
    """Gives a message to whoever is on duty for it and whose turn it is. None where nobody is, and nothing is done."""
    message = Message.objects.select_for_update(of=("self",)).select_related("channel").get(pk=message.pk)
    if isinstance(by, User):
        require_may_write(by, message.channel, at)
    duty = turn(message, on_duty(at) if among is None else among, at=at)
    if duty is None:
        return None
    _given(message, duty.person, by=by, at=at)
    Duty.objects.filter(pk=duty.pk).update(given_at=at)
    duty.given_at = at
    return duty.person


def on_duty(at: datetime) -> list[Duty]:
    """Who is on duty now and not away, whoever waited longest first."""
    gone = away(at)
    found = Duty.objects.in_force(at).select_related("person").order_by(F("given_at").asc(nulls_first=True), "pk")
    return [duty for duty in found if duty.person_id not in gone]


def turn(message: Message, duties: Iterable[Duty], *, at: datetime) -> Duty | None:
    """Whose turn a message is: those who take its label or topic come before those who take whatever comes; of
    these, whoever has waited longest."""
    marks = set(message.marks)
    fits = [one for one in duties if not one.channels or message.channel_id in one.channels]
    special = [one for one in fits if marks & set(taken_by(one))]
    rest = [one for one in fits if not taken_by(one)]
    for one in [*sorted(special, key=_waited), *sorted(rest, key=_waited)]:
        if may_write(one.person, message.channel, at):
            return one
    return None


def taken_by(duty: Duty) -> list[str]:
    """The marks of which one makes a message this duty's; none: whatever comes."""
    return [*(is_mark(label) for label in duty.labels), *(topic_mark(topic) for topic in duty.topics)]


def _waited(duty: Duty) -> tuple[bool, float, int]:
    return duty.given_at is not None, duty.given_at.timestamp() if duty.given_at else 0.0, duty.pk


def share_out(*, at: datetime, most: int = 200) -> int:
    """Gives what nobody has to those on duty: first to whoever has the rest of the conversation, else in turn. Danger
    first. Returns how many were given."""
    duties = on_duty(at)
    if not duties:
        return 0
    begun = min(duty.starts for duty in duties)
    waiting = Message.objects.filter(OPEN, assignee=None, received_at__gte=begun).select_related("channel")
    waiting = waiting.filter(_somebody_may_take(duties, at))
    given = 0
    for message in waiting.order_by(F("danger").desc(), F("due_at").asc(nulls_last=True), "pk")[:most]:
        with transaction.atomic():
            free = Message.objects.select_for_update(skip_locked=True).filter(OPEN, pk=message.pk, assignee=None)
            if not free.exists():
                continue
            colleague = _has_the_rest(message, at)
            if colleague is not None:
                _given(message, colleague, by=ROTA, at=at)
                given += 1
            elif assign_next(message, by=ROTA, at=at, among=duties) is not None:
                given += 1
    return given


def _somebody_may_take(duties: Iterable[Duty], at: datetime) -> Q:
    """What can be somebody's at all, so that what nobody on duty may take does not stand before the rest."""
    others = Message.objects.filter(OPEN, conversation=OuterRef("conversation_id"), assignee__isnull=False)
    fits = Q(Exists(others.exclude(assignee__in=away(at))))
    for duty in duties:
        one = Q(channel__in=duty.channels) if duty.channels else Q()
        if marks := taken_by(duty):
            one &= Q(marks__overlap=marks)
        if not approves_staff(duty.person, at):
            one &= Q(channel__in=Approval.objects.in_force(at).filter(person=duty.person_id).values("channel"))
        fits |= one or Q(pk__isnull=False)  # an empty Q would be lost in the sum
    return fits


def _has_the_rest(message: Message, at: datetime) -> User | None:
    others = Message.objects.filter(OPEN, conversation=message.conversation_id, assignee__isnull=False)
    one = others.exclude(pk=message.pk).select_related("assignee").order_by("-assigned_at").first()
    who = one.assignee if one else None
    return who if who is not None and who.pk not in away(at) and may_write(who, message.channel, at) else None


@transaction.atomic
def go_on_duty(
    person: User,
    *,
    starts: datetime,
    until: datetime,
    by: User,
    at: datetime,
    labels: Sequence[str] = (),
    topics: Sequence[str] = (),
    channels: Sequence[int] = (),
) -> Duty:
    """Somebody takes new messages from `starts` until `until`. Whoever may write for a channel may say so of
    themselves; of others, whoever approves staff."""
    if until <= max(starts, at):
        raise InboxError("The end must lie after the beginning, and in the future.")
    if (until - starts).days > 31:
        raise InboxError("At most a month at a time. Choose an earlier end.")
    _require_own(person, by, at)
    approved = Approval.objects.in_force(at).filter(person=person).exists()
    if not approved and not approves_staff(person, at):
        raise InboxError(f"{person.name} is not approved for a channel yet, so no message could be theirs.")
    made = Duty.objects.create(
        person=person,
        starts=starts,
        until=until,
        labels=sorted(set(labels)),
        topics=sorted(set(topics)),
        channels=sorted(set(channels)),
        by=by,
        at=at,
    )
    detail = {
        "starts": starts.isoformat(),
        "until": until.isoformat(),
        "labels": made.labels,
        "topics": made.topics,
        "channels": made.channels,
    }
    record("duty.begun", f"person:{person.pk}", by=by, at=at, clauses=[CLAUSE], detail=detail)
    return made


@transaction.atomic
def go_off_duty(duty: Duty, *, by: User, at: datetime) -> None:
    """Ends a duty before its time. What was given stays with the person."""
    _require_own(duty.person, by, at)
    if Duty.objects.filter(pk=duty.pk, ended_at=None).update(ended_at=at):
        record("duty.ended", f"person:{duty.person_id}", by=by, at=at, clauses=[CLAUSE], detail={"duty": duty.pk})


def _require_own(person: User, by: User, at: datetime) -> None:
    if person.pk == by.pk:
        return
    if not approves_staff(by, at):
        raise InboxError("Only the communications officer may say when others are on duty.")


def colleagues(at: datetime) -> list[User]:
    """Who can be given a message: everybody approved for a channel, and who approves."""
    approved = Approval.objects.in_force(at)
    officers = Holding.objects.in_force(at).filter(role__approves_staff=True).values("person")
    people = User.objects.filter(Q(pk__in=approved.values("person")) | Q(pk__in=officers), is_active=True)
    return list(people.order_by("name", "pk"))
