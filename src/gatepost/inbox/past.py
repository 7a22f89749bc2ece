"""The desk's own past: messages as they came in, and what went out; read through cursors of the server."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from gatepost.gate.checking import draft_of, network_limits
from gatepost.gate.content import WRITES, from_json
from gatepost.gate.models import Act
from gatepost.inbox.earlier import WINDOW, Earlier
from gatepost.inbox.models import Message
from gatepost.policy.model import Inbound
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


def since(moment: datetime) -> Iterator[Past | Sent]:
    """Messages received since `moment`, then what was sent since, each from the oldest on."""
    before = Earlier()
    came = (
        Message.objects.filter(received_at__gte=moment - WINDOW)
        .order_by("received_at", "pk")
        .select_related("channel", "contact")
    )
    fields = ("text", "private", "received_at", "contact_id", "contact__kind", "channel__network", "channel__audiences")
    for message in came.only(*fields).iterator(chunk_size=_ROWS):
        earlier = before.seen(message.contact_id, message.received_at)
        if message.received_at >= moment:
            network = message.channel.network
            said = Inbound(
                message.subject,
                message.text,
                network,
                private=message.private,
                author_kind=message.contact.kind,
                audiences=message.channel.for_whom,
                earlier=earlier,
            )
            yield Past(said, message.received_at)
    went = Act.objects.filter(sent_at__gte=moment, kind__in=WRITES).order_by("sent_at", "pk").select_related("channel")
    for act in went.iterator(chunk_size=_ROWS):
        if act.sent_at is not None:
            network = act.channel.network
            draft = draft_of(from_json(act.content), network, act.context, act.wording)
            yield Sent(f"act:{act.pk}", draft, act.sent_at, network_limits(network))


def texts(wanted: set[str]) -> dict[str, str]:
    """The words of messages and acts by their subject."""
    numbers = [key.removeprefix("message:") for key in wanted if key.startswith("message:")]
    keys = [key.removeprefix("act:") for key in wanted if key.startswith("act:")]
    found = {message.subject: message.text for message in Message.objects.filter(pk__in=numbers)}
    found |= {f"act:{act.pk}": str(act.content.get("text", "")) for act in Act.objects.filter(pk__in=keys)}
    return found
