"""The desk's own past: messages as they came in, and what went out; read through cursors of the server."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from gatepost.gate.checking import draft_of, network_limits
from gatepost.gate.content import WRITES, from_json
from gatepost.gate.models import Act
from gatepost.inbox.earlier import horizon
from gatepost.inbox.models import Message
from gatepost.policy.earlier import Earlier, most_days_back
from gatepost.policy.model import Inbound
from gatepost.policy.pack import Pack
from gatepost.policy.replay import Past, Sent

_ROWS = 512


def latest(moment: datetime, most: int) -> datetime:
    """`moment`, or a later one since which no more than `most` messages came in."""
    came = Message.objects.filter(received_at__gte=moment).order_by("-received_at")
    return next(iter(came.values_list("received_at", flat=True)[most - 1 : most]), moment)


def count(moment: datetime) -> int:
    """How many messages and acts since() gives."""
    went = Act.objects.filter(sent_at__gte=moment, kind__in=WRITES)
    return Message.objects.filter(received_at__gte=moment).count() + went.count()


def since(moment: datetime, *packs: Pack) -> Iterator[Past | Sent]:
    """Messages received since `moment`, then what was sent since, each from the oldest on. With each message what its
    writer had sent when it came in, as far back as a rule of `packs` looks; of what was erased nothing counts."""
    before = _before(moment, most_days_back(packs))
    came = Message.objects.filter(received_at__gte=moment).order_by("received_at", "pk")
    came = came.select_related("channel", "contact")
    fields = (
        "text", "private", "received_at", "erased_at", "contact_id", "contact__kind", "channel__network",
        "channel__audiences",
    )  # fmt: skip
    for message in came.only(*fields).iterator(chunk_size=_ROWS):
        said = Inbound(
            message.subject,
            message.text,
            message.channel.network,
            private=message.private,
            author_kind=message.contact.kind,
            audiences=message.channel.for_whom,
            earlier=() if message.erased_at else before.seen(message.contact_id, message.received_at),
        )
        yield Past(said, message.received_at)
    went = Act.objects.filter(sent_at__gte=moment, kind__in=WRITES).order_by("sent_at", "pk").select_related("channel")
    for act in went.iterator(chunk_size=_ROWS):
        if act.sent_at is not None:
            network = act.channel.network
            draft = draft_of(from_json(act.content), network, act.context, act.wording)
            yield Sent(f"act:{act.pk}", draft, act.sent_at, network_limits(network))


def _before(moment: datetime, days: int) -> Earlier:
    """When those who wrote since `moment` had written in the `days` before it."""
    known = Earlier(days)
    if days:
        since_then = Message.objects.filter(received_at__gte=moment).values("contact")
        told = Message.objects.filter(
            contact__in=since_then, erased_at=None, received_at__lt=moment, received_at__gt=horizon(moment, days)
        ).order_by("received_at", "pk")
        for writer, time in told.values_list("contact_id", "received_at").iterator(chunk_size=_ROWS):
            known.seen(writer, time)
    return known


def texts(wanted: set[str]) -> dict[str, str]:
    """The words of messages and acts by their subject."""
    numbers = [key.removeprefix("message:") for key in wanted if key.startswith("message:")]
    keys = [key.removeprefix("act:") for key in wanted if key.startswith("act:")]
    found = {message.subject: message.text for message in Message.objects.filter(pk__in=numbers)}
    found |= {f"act:{act.pk}": str(act.content.get("text", "")) for act in Act.objects.filter(pk__in=keys)}
    return found
