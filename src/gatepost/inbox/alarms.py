"""Somebody may be in danger: an alarm on every page, and an e-mail to the person on duty, until a person has taken it.

The e-mail (inbox.alarm_letters) holds no word of the message. Nothing is answered or taken away by itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q, QuerySet

from gatepost import jobs
from gatepost.channels.actions import require_reader
from gatepost.inbox import assigning
from gatepost.inbox.models import Alarm, Message
from gatepost.ledger.actions import Actor, Entry, System, record, record_many
from gatepost.lifecycle import Conflict
from gatepost.people.authority import away
from gatepost.people.models import Deputy, Holding, User
from gatepost.policy.pack import Pack
from gatepost.rulebook.actions import in_force

OLD = timedelta(days=14)  # what was written longer ago is read like everything else
USUAL = timedelta(minutes=15)
AGAIN = timedelta(minutes=30)
MOST_PRESSED = 200
GATHER = timedelta(minutes=3)  # between two letters to one person about homes and buildings


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
    return next((rule.clause for rule in pack.rules if rule.then.urgent), "")


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


def press(*, by: Actor, at: datetime) -> int:
    """Alarms that nobody has taken within the policy's minutes are told to everybody, and again every half hour: about
    people each by itself, about homes and buildings together, at most every few minutes."""
    wait = patience(in_force(at))
    due = Q(escalated_at=None) | Q(escalated_at__lte=at - AGAIN)
    waiting = Alarm.objects.filter(due, taken_at=None, at__lte=at - wait)
    waiting = waiting.order_by(F("escalated_at").asc(nulls_first=True), "at", "pk")
    told = 0
    for number in list(waiting.filter(kind="person").values_list("pk", flat=True)[:50]):
        told += _pressed(waiting.filter(pk=number), by=by, at=at)
    places = Alarm.objects.filter(kind="place", taken_at=None)
    if not places.filter(escalated_at__gt=at - GATHER).exists():
        told += _pressed(waiting.filter(kind="place"), by=by, at=at)
    return told


@transaction.atomic
def _pressed(waiting: QuerySet[Alarm], *, by: Actor, at: datetime) -> int:
    """One job that tells everybody of these. Returns how many they are."""
    rows = list(waiting.select_for_update(skip_locked=True)[:MOST_PRESSED])
    if not rows:
        return 0
    Alarm.objects.filter(pk__in=[one.pk for one in rows]).update(escalated_at=at)
    jobs.enqueue(jobs.Job.TELL_ALARM, alarm=rows[0].pk, everybody=True)
    clause = clause_of(in_force(at))
    entries = [Entry("alarm.pressed", f"message:{one.message_id}", [clause], {"alarm": one.pk}) for one in rows]
    record_many(entries, by=by, at=at)
    return len(rows)


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
