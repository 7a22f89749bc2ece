"""Where the readers were wrong: what people say a message is, or is not. The policy then decides anew, and the decision
that stood until then is kept beside it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from gatepost.channels.actions import require_may_write
from gatepost.inbox.deciding_anew import decide_anew, standing
from gatepost.inbox.models import Correction, Message
from gatepost.inbox.problems import InboxError
from gatepost.ledger.actions import record
from gatepost.people.models import User
from gatepost.policy.model import LABELS


@transaction.atomic
def correct_label(message: Message, label: str, *, holds: bool, by: User, at: datetime) -> Correction:
    """Keeps that `message` is (`holds`) or is not what `label` says; the latest word counts. Raises InboxError."""
    rows = Message.objects.select_for_update(of=("self",)).select_related("decision", "channel", "contact")
    message = rows.get(pk=message.pk)
    require_may_write(by, message.channel, at)
    if label not in LABELS:
        raise InboxError(f"There is no label “{label}”. Use one of: {', '.join(LABELS)}.")
    if message.erased_at is not None:
        raise InboxError("The words of this message have been erased: nothing can be read in them any more.")
    before = Correction.objects.filter(message=message, label=label).first()
    said = standing(message)
    if said.get(label, label in message.decision.decided) is holds:
        raise InboxError("This is what the desk holds already: there is nothing to correct.")
    # After a correction the decision holds what people said: what the readers gave it stands with the correction.
    read_as = before.read_as if before and label in said else float(message.decision.labels.get(label, 0.0))
    kept, _ = Correction.objects.update_or_create(
        message=message, label=label, defaults={"holds": holds, "read_as": read_as, "by": by, "at": at}
    )
    record(
        "message.label_corrected",
        message.subject,
        by=by,
        at=at,
        clauses=["desk:inbox"],
        detail={"label": label, "holds": holds, "read_as": read_as},
    )
    decide_anew(message, kept, by=by, at=at)
    return kept
