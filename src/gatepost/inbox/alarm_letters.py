"""The e-mails of alarms. About a person in danger: each at once, by itself. About homes and buildings: the first at
once, what comes in the minutes after it together in the next, so that forty letters in a storm hide nothing.

Who has been told of what stands with each alarm, and when somebody was last written to in a row that is kept before the
letter leaves. A process that dies loses none: `gather` finds what nobody on duty has been told of.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from gatepost import jobs
from gatepost.inbox.alarms import GATHER, clause_of, everybody, on_duty
from gatepost.inbox.models import Alarm, AlarmLink
from gatepost.ledger.actions import Actor, Entry, record_many
from gatepost.ledger.models import Line
from gatepost.mailing import letter, why
from gatepost.people.actions import hashed
from gatepost.people.models import User
from gatepost.rulebook.actions import in_force

LISTED = 40  # in one letter; the others stand on the desk
GATHERED_FOR = timedelta(hours=1)  # then everybody has been told, and again


class AlarmFailed(Exception):
    """The mail server did not take an alarm; the job tries again."""


def tell(alarm: Alarm, *, to_all: bool, by: Actor, at: datetime) -> int:
    """Writes to the person on duty, or to everybody who answers for the channels. Nothing once it has been taken.
    One address that is refused keeps it from nobody else. Returns how many were written to. Raises AlarmFailed while
    somebody is left."""
    alarm = Alarm.objects.select_related("message__channel").get(pk=alarm.pk)
    people = everybody(at) if to_all else on_duty(at)
    failed: list[str] = []
    told = 0
    for person in people:
        found = _next_letter(alarm, person, to_all=to_all, at=at)
        if found is None:
            continue
        rows, made, have = found
        try:
            _letter(rows, person, have, again=to_all).send()
        except OSError as error:
            made.delete()  # nobody was written to by it
            failed.append(why(error))
            continue
        _note_told(rows, person, to_all=to_all, by=by, at=at)
        told += 1
    if failed:
        raise AlarmFailed(
            f"{len(failed)} of {len(people)} e-mails could not be sent: {', '.join(sorted(set(failed)))}."
        )
    return told


@transaction.atomic
def _next_letter(
    alarm: Alarm, person: User, *, to_all: bool, at: datetime
) -> tuple[list[Alarm], AlarmLink, str] | None:
    """The alarms of the next letter to this person, with the link in it; None when there is none to write now. Two jobs
    come here one after the other, by the lock on the person."""
    User.objects.select_for_update(no_key=True).get(pk=person.pk)
    rows = _about(alarm, person, to_all=to_all, at=at)
    if not rows:
        return None
    token = secrets.token_urlsafe(24)
    made = AlarmLink.objects.create(alarm=rows[0], token_hash=hashed(token), person=person, at=at)
    return rows, made, f"{settings.PUBLIC_URL}/have/{token}/"


def _about(alarm: Alarm, person: User, *, to_all: bool, at: datetime) -> list[Alarm]:
    free = Alarm.objects.filter(taken_at=None).select_related("message__channel").order_by("at", "pk")
    if alarm.kind == "person":
        rows = list(free.filter(pk=alarm.pk))
    elif to_all:
        rows = list(free.filter(kind="place", escalated_at=alarm.escalated_at))
    elif written_to_lately(person, at):
        rows = []  # this one goes with the next
    else:
        rows = list(free.filter(kind="place").exclude(told__contains=[person.pk])[:200])
    if not rows:
        return []
    if not to_all:
        return [one for one in rows if person.pk not in one.told]
    # This round has reached some already: a job that begins again writes to the others only.
    lines = Line.objects.filter(subject=rows[0].message.subject, verb="alarm.told", detail__everybody=True)
    found = lines.filter(at__gte=rows[0].escalated_at or rows[0].at).values_list("detail", flat=True)
    return [] if person.pk in {number for detail in found for number in detail["people"]} else rows


def written_to_lately(person: User, at: datetime) -> bool:
    """Has this person had a letter about a home or building in the last minutes?"""
    return AlarmLink.objects.filter(person=person, alarm__kind="place", at__gt=at - GATHER).exists()


@transaction.atomic
def _note_told(rows: Sequence[Alarm], person: User, *, to_all: bool, by: Actor, at: datetime) -> None:
    locked = Alarm.objects.select_for_update(of=("self",)).select_related("message").order_by("pk")
    found = list(locked.filter(pk__in=[one.pk for one in rows]))
    for one in found:
        one.told, one.told_at = sorted({*one.told, person.pk}), one.told_at or at
    Alarm.objects.bulk_update(found, ["told", "told_at"])
    clause = clause_of(in_force(at))
    detail = {"people": [person.pk], "everybody": to_all}
    entries = [Entry("alarm.told", one.message.subject, [clause], {"alarm": one.pk, **detail}) for one in found]
    record_many(entries, by=by, at=at)


def gather(*, at: datetime) -> bool:
    """Sees to the next letter about homes and buildings, when somebody on duty has not been told of all of them and the
    last letter to them is some minutes old. Returns whether a job was made."""
    rows = list(_untold(at))
    if not rows:
        return False
    for person in on_duty(at):
        left = [one for one in rows if person.pk not in one.told]
        if left and not written_to_lately(person, at):
            return jobs.enqueue(jobs.Job.TELL_ALARM, once="alarms-gathered", alarm=left[0].pk, everybody=False)
    return False


def _untold(at: datetime) -> QuerySet[Alarm]:
    rows = Alarm.objects.filter(kind="place", taken_at=None, escalated_at=None, at__gt=at - GATHERED_FOR)
    return rows.order_by("at", "pk")[:200]


def _letter(rows: Sequence[Alarm], person: User, have: str, *, again: bool) -> EmailMessage:
    alarm, many = rows[0], len(rows) > 1
    who = "Somebody may be in danger" if alarm.kind == "person" else "There may be a danger in a home or building"
    if many:
        came = [f"{who}. {len(rows)} messages wait:", ""]
        came += [
            f"* {_moment(one.at)}, {one.message.channel.name}: {settings.PUBLIC_URL}/moderation/{one.message_id}/"
            for one in rows[:LISTED]
        ]
        came += ["", f"{len(rows) - LISTED} more stand on the desk."] if len(rows) > LISTED else []
        came += ["", "Nobody has taken them yet." if again else "Please read them now and take the alarms."]
    else:
        came = [f"{who}. A message came in on {alarm.message.channel.name} at {_moment(alarm.at)}."]
        came += ["Nobody has taken it yet." if again else "Please read it now and take the alarm."]
    lines = [
        f"Dear {person.name}",
        "",
        *came,
        "",
        "Say that you have them, one or all that wait. The link is for you alone:"
        if many
        else "Say that you have it. The link is for you alone:",
        have,
        "",
        *([] if many else ["Read it on the desk:", f"{settings.PUBLIC_URL}/moderation/{alarm.message_id}/", ""]),
        "Where life is in danger, dial 999. Samaritans listen free on 116 123 at any hour.",
        "What was written is not in this e-mail.",
    ]
    waits = f"{len(rows)} messages wait for you" if many else "a message waits for you"
    return letter(f"{'STILL OPEN: ' if again else ''}{who}: {waits}", "\n".join(lines), [person.email])


def _moment(at: datetime) -> str:
    return timezone.localtime(at).strftime("%H:%M on %A %d %B")
