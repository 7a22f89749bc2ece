"""Labels of the desk's own: made, put on messages and taken off, ended. What the policy reads is corrected instead."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from gatepost.channels.actions import require_may_write, require_reader
from gatepost.inbox.marks import changed
from gatepost.inbox.models import Label, Message
from gatepost.inbox.problems import InboxError
from gatepost.ledger.actions import record
from gatepost.people.models import User

LONGEST = 40
MOST = 200  # labels in use at a time; more than this nobody finds


@transaction.atomic
def make_label(name: str, *, by: User, at: datetime) -> Label:
    """A label of this name; the one there is, if there is one."""
    require_reader(by, at)
    name = " ".join(name.replace("\x00", "").split())
    if not name:
        raise InboxError("Give the label a name.")
    if len(name) > LONGEST:
        raise InboxError(f"At most {LONGEST} characters for the name of a label.")
    known = Label.objects.filter(ended_at=None)
    there = known.filter(name__iexact=name).first()
    if there is not None:
        return there
    if known.count() >= MOST:
        raise InboxError(f"There are {MOST} labels already. End one that is not used.")
    made = Label.objects.create(name=name, by=by, at=at)
    record("label.made", f"label:{made.pk}", by=by, at=at)
    return made


@transaction.atomic
def end_label(label: Label, *, by: User, at: datetime) -> None:
    """Offered no longer. Messages that carry it keep it and are still found by it."""
    require_reader(by, at)
    if Label.objects.filter(pk=label.pk, ended_at=None).update(ended_at=at):
        record("label.ended", f"label:{label.pk}", by=by, at=at)


@transaction.atomic
def put_label(message: Message, label: Label, *, by: User, at: datetime) -> bool:
    """Puts a label on a message. Returns whether it was new there."""
    if label.ended_at is not None:
        raise InboxError(f"The label “{label.name}” has been ended. Choose another.")
    return _set(message, label, holds=True, by=by, at=at)


@transaction.atomic
def take_label(message: Message, label: Label, *, by: User, at: datetime) -> bool:
    """Takes a label off a message. Returns whether it was there."""
    return _set(message, label, holds=False, by=by, at=at)


def _set(message: Message, label: Label, *, holds: bool, by: User, at: datetime) -> bool:
    message = Message.objects.select_for_update(of=("self",)).select_related("channel").get(pk=message.pk)
    require_may_write(by, message.channel, at)
    if (label.mark in message.marks) is holds:
        return False
    Message.objects.filter(pk=message.pk).update(marks=changed(message.marks, label.mark, holds=holds))
    verb = "message.labelled" if holds else "message.unlabelled"
    record(verb, message.subject, by=by, at=at, detail={"label": label.pk})
    return True
