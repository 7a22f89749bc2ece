"""Putting a message off until later. A clock of the policy is never put off: a message is back before it ends."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction

from gatepost.channels.actions import require_may_write
from gatepost.inbox.models import Message
from gatepost.inbox.problems import InboxError
from gatepost.ledger.actions import Actor, Entry, record, record_many
from gatepost.people.models import User

LONGEST = timedelta(days=180)
AT_ONCE = 500


@transaction.atomic
def snooze(message: Message, *, until: datetime, by: User, at: datetime) -> None:
    """Out of the lists of open work until a moment. Raises InboxError where the policy's clocks allow no delay."""
    message = Message.objects.select_for_update(of=("self",)).select_related("channel").get(pk=message.pk)
    require_may_write(by, message.channel, at)
    if message.state not in ("new", "answering"):
        raise InboxError("Nothing is to be done about this now, so there is nothing to put off.")
    if message.urgent:
        raise InboxError("This is urgent: it stays on top until somebody has dealt with it.")
    if until <= at:
        raise InboxError("Choose a time in the future.")
    if until - at > LONGEST:
        raise InboxError("At most half a year. Choose a nearer day.")
    if message.due_at and until >= message.due_at:
        raise InboxError("Its answer-by time would pass meanwhile. Choose an earlier time, or answer it.")
    Message.objects.filter(pk=message.pk).update(snoozed_until=until)
    record(
        "message.snoozed",
        message.subject,
        by=by,
        at=at,
        clauses=["desk:inbox"],
        detail={"until": until.isoformat()},
    )


@transaction.atomic
def wake(message: Message, *, by: User, at: datetime) -> None:
    """Back into the list before its time."""
    require_may_write(by, message.channel, at)
    _woken([message.pk], by=by, at=at)


def wake_conversations(conversations: Iterable[int], *, by: Actor, at: datetime) -> None:
    """Whoever writes again is heard again: what was put off in these conversations is back."""
    found = Message.objects.filter(conversation__in=list(conversations), snoozed_until__isnull=False)
    _woken(list(found.values_list("pk", flat=True)), by=by, at=at)


def wake_due(*, by: Actor, at: datetime) -> int:
    """Brings back what has been put off until now. Returns how many."""
    found = Message.objects.filter(snoozed_until__lte=at).order_by("snoozed_until")[:AT_ONCE]
    with transaction.atomic():
        return _woken(list(found.values_list("pk", flat=True)), by=by, at=at)


def _woken(numbers: list[int], *, by: Actor, at: datetime) -> int:
    if not numbers:
        return 0
    rows = Message.objects.select_for_update().filter(pk__in=numbers, snoozed_until__isnull=False)
    free = list(rows.values_list("pk", flat=True))
    Message.objects.filter(pk__in=free).update(snoozed_until=None)
    record_many([Entry("message.woken", f"message:{pk}", ("desk:inbox",)) for pk in free], by=by, at=at)
    return len(free)
