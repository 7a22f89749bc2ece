"""Where the readers were wrong: what people say a message is, or is not. The decision that was kept stays as it was."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from gatepost.channels.actions import require_may_write
from gatepost.inbox.marks import changed, is_mark
from gatepost.inbox.models import Correction, Message
from gatepost.inbox.problems import InboxError
from gatepost.ledger.actions import record
from gatepost.people.models import User
from gatepost.policy.model import LABELS


@transaction.atomic
def correct_label(message: Message, label: str, *, holds: bool, by: User, at: datetime) -> Correction:
    """Keeps that `message` is (`holds`) or is not what `label` says; the latest word counts. Raises InboxError."""
    message = Message.objects.select_for_update().select_related("decision", "channel").get(pk=message.pk)
    require_may_write(by, message.channel, at)
    if label not in LABELS:
        raise InboxError(f"There is no label “{label}”. Use one of: {', '.join(LABELS)}.")
    before = Correction.objects.filter(message=message, label=label).first()
    if (before.holds if before else label in message.decision.decided) is holds:
        raise InboxError("This is what the desk holds already: there is nothing to correct.")
    read_as = float(message.decision.labels.get(label, 0.0))
    kept, _ = Correction.objects.update_or_create(
        message=message, label=label, defaults={"holds": holds, "read_as": read_as, "by": by, "at": at}
    )
    Message.objects.filter(pk=message.pk).update(marks=changed(message.marks, is_mark(label), holds=holds))
    record(
        "message.label_corrected",
        message.subject,
        by=by,
        at=at,
        clauses=["aims.3"],
        detail={"label": label, "holds": holds, "read_as": read_as},
    )
    return kept
