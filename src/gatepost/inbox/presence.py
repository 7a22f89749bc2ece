"""Who has a conversation open now, so that two people do not answer at once. Of no account a minute later, so not in
the record; other desks are told by the database."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

from django.db import connection, transaction

from gatepost.inbox.models import Message, Presence
from gatepost.people.models import User

LASTS = timedelta(seconds=60)
FORGOTTEN = timedelta(hours=1)


def here(message: Message, *, replying: bool, by: User, at: datetime) -> None:
    """A person has this message open. Said again every 20 seconds or so; other desks hear only of what is new."""
    with transaction.atomic():
        known = Presence.objects.select_for_update().filter(message=message, person=by).first()
        fresh = known is None or known.seen_at <= at - LASTS or known.replying != replying
        Presence.objects.update_or_create(message=message, person=by, defaults={"replying": replying, "seen_at": at})
        if fresh:
            Presence.objects.filter(seen_at__lt=at - FORGOTTEN).delete()
            _tell(message)


def gone(message: Message, *, by: User, at: datetime) -> None:
    """A person has left it."""
    with transaction.atomic():
        if Presence.objects.filter(message=message, person=by).delete()[0]:
            _tell(message)


def others_at(message: Message, person: User, at: datetime) -> list[Presence]:
    """Colleagues who are reading this message, or answering it, now; those who write first."""
    found = Presence.objects.filter(message=message, seen_at__gt=at - LASTS).exclude(person=person)
    return list(found.select_related("person").order_by("-replying", "person__name"))


def _tell(message: Message) -> None:
    with connection.cursor() as cursor:
        fact = json.dumps({"verb": "presence.changed", "subject": message.subject})
        cursor.execute("SELECT pg_notify('gatepost', %s)", [fact])
