"""What a person here knows of a writer: a journalist, a councillor. The policy's conditions on writers go by it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from gatepost.channels.actions import require_reader
from gatepost.channels.models import Channel
from gatepost.inbox.models import Contact
from gatepost.inbox.problems import InboxError
from gatepost.ledger.actions import record
from gatepost.people.models import User

KINDS = {"journalist": "A journalist", "councillor": "A councillor", "": "Neither, or not known"}
_CLAUSES = ("desk:threads",)


@transaction.atomic
def mark(contact: Contact, kind: str, *, by: User, at: datetime) -> Contact:
    """Says what the writer of an account is. It counts for messages that come from now on; "" takes it back. Raises
    NotAllowed, InboxError."""
    require_reader(by, at)
    if kind not in KINDS:
        raise InboxError("Choose what this person is: a journalist, a councillor, or neither.")
    found = Contact.objects.select_for_update().get(pk=contact.pk)
    if found.kind == kind:
        return found
    detail = {"kind": kind, "before": found.kind}
    found.kind = kind
    found.save(update_fields=["kind"])
    record("contact.marked", f"contact:{found.pk}", by=by, at=at, clauses=_CLAUSES, detail=detail)
    return found


def kinds_of(channel: Channel, writers: Iterable[str]) -> dict[str, str]:
    """What is known of these accounts of the channel's network; those of whom nothing is known are left out."""
    rows = Contact.objects.filter(network=channel.network, external_id__in=set(writers)).exclude(kind="")
    return dict(rows.values_list("external_id", "kind"))
