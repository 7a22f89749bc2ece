"""Asking the outside reader about a message: by the queue, after the message is kept and decided, never instead.

What it says is kept beside the decision and shown as from outside. It can make a message urgent, or due sooner; it
takes back nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from gatepost.channels.models import OutsideReader
from gatepost.channels.outside_reader import in_use
from gatepost.inbox.deciding_anew import standing
from gatepost.inbox.earlier import as_inbound
from gatepost.inbox.masking import masked
from gatepost.inbox.models import Message, OutsideReading
from gatepost.jobs import Job, enqueue
from gatepost.ledger.actions import System, record
from gatepost.networks.outside_reader import NotHeard, put_question
from gatepost.policy import outside
from gatepost.policy.corrected import corrected
from gatepost.policy.decide import decide
from gatepost.policy.model import Span
from gatepost.policy.pack import Pack
from gatepost.policy.reading import evidence, read, urgent_words
from gatepost.rulebook import readers
from gatepost.rulebook.actions import in_force
from gatepost.vault import VaultError

TOO_LATE = timedelta(days=1)  # a message that waited longer has been seen by a person
LOCK = "outside_reader"  # one question at a time: a slow reader takes one place in the queue and no more


def wanted(messages: Sequence[Message]) -> None:
    """Defers a question about each message, in the caller's transaction, when a reader is in use."""
    if messages and in_use() is not None:
        for one in messages:
            if one.text.strip():
                enqueue(Job.ASK_OUTSIDE, lock=LOCK, message=one.pk)


def sent(text: str, pack: Pack) -> str:
    """Exactly what is sent of a message: its words without personal details, links and accounts.

    Whatever looks like a personal detail is left out, also where the readers are not sure enough to say there is one.
    """
    signs = evidence(text, pack.words)["personal_details"][1]
    spans = [Span(sign.start, sign.end, "personal_details", sign.kind) for sign in signs if sign.end > sign.start]
    return outside.cleared(masked(text, spans))


def ask_about(message: Message, *, by: System, at: datetime) -> OutsideReading | None:
    """Ask, and keep what is heard. Raises NotHeard when asking again later may help.

    Nothing is sent when the reader was switched off meanwhile, the message has waited too long, or it was asked about.
    """
    reader = in_use()
    if reader is None or at - message.received_at > TOO_LATE or OutsideReading.objects.filter(message=message).exists():
        return None
    text = sent(message.text, in_force(at))
    found: tuple[outside.Heard, ...] = ()
    says = ""
    try:
        body = put_question(
            reader.base_url, outside.asked(reader.model, text), key=reader.key(), allow_private=reader.allow_private
        )
        found = outside.heard(outside.content(body), text)
    except NotHeard as error:
        says = str(error)[:400]
        if error.again:
            OutsideReader.objects.filter(pk=reader.pk).update(says=says)
            raise
    except (outside.Unusable, VaultError) as error:
        says = str(error)[:400]
    return _keep(message, reader, found, says, by=by, at=at)


@transaction.atomic
def _keep(
    message: Message,
    reader: OutsideReader,
    found: Sequence[outside.Heard],
    says: str,
    *,
    by: System,
    at: datetime,
) -> OutsideReading:
    pack = in_force(at)
    message = (
        Message.objects.select_for_update(of=["self"])
        .select_related("decision", "channel", "contact")
        .get(pk=message.pk)
    )
    inbound, said = as_inbound(message, pack), standing(message)  # what people said of it counts for more
    own = read(message.text, pack.words, readers.in_use(at))
    besides = urgent_words(message.text, pack.words)
    before, after = (
        decide(inbound, pack, message.known_since, corrected(one, said, urgent_besides=besides))
        for one in (own, outside.joined(own, found, message.text))
    )
    changes: dict[str, bool | datetime | None] = {}
    if after.urgent and not message.urgent:
        changes["urgent"] = True
    fresh = [one for one in after.clocks if one.id not in {other.id for other in before.clocks}]
    soonest = min([*(one.due for one in fresh), *([message.due_at] if message.due_at else [])], default=None)
    if soonest != message.due_at:
        changes["due_at"] = soonest
    if changes:
        Message.objects.filter(pk=message.pk).update(**changes)
    kept = OutsideReading.objects.create(
        message=message,
        reader=reader,
        found=[_placed(one, message.text) for one in found],
        decided=[label for label in after.decided if label not in before.decided],
        refer=[name for name in after.refer if name not in before.refer],
        clocks=[[one.id, one.due.isoformat()] for one in fresh],
        says=says,
        at=at,
    )
    OutsideReader.objects.filter(pk=reader.pk).update(says=says, **({} if says else {"heard_at": at}))
    detail = {"found": [one.label for one in found], "decided": kept.decided, "urgent": bool(changes.get("urgent"))}
    record("message.read_outside", message.subject, by=by, at=at, clauses=after.clauses, detail=detail)
    return kept


def _placed(one: outside.Heard, text: str) -> list[str | float | int]:
    """[label, probability, start, end]: where its words stand; 0, 0 where they do not."""
    place = text.find(one.words) if one.words else -1
    return [one.label, one.probability, max(place, 0), place + len(one.words) if place >= 0 else 0]
