"""What somebody wrote before, from the desk's rows. What was erased is not counted."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef

from gatepost.channels.models import Channel
from gatepost.inbox.models import Contact, Message
from gatepost.policy.earlier import MOST, Earlier, most_days_back
from gatepost.policy.model import Inbound
from gatepost.policy.pack import Pack


def as_inbound(message: Message, pack: Pack, *, text: str | None = None) -> Inbound:
    """A message that is kept, as `pack` decides on it once more; `text`: other words than those that stand."""
    return Inbound(
        message.ref,
        message.text if text is None else text,
        message.channel.network,
        private=message.private,
        author_kind=message.contact.kind,
        audiences=message.channel.for_whom,
        earlier=of_message(message, days=most_days_back([pack])),
    )


def of_message(message: Message, *, days: int) -> tuple[int, ...]:
    """Whole days between a message and each that its writer sent in the `days` before it, the latest first. Where no
    rule looks back (0 days) nobody asks the database."""
    if not days:
        return ()
    came = message.received_at
    before = Message.objects.filter(
        contact=message.contact_id, erased_at=None, received_at__lt=came, received_at__gt=horizon(came, days)
    )
    times = before.order_by("-received_at").values_list("received_at", flat=True)[:MOST]
    return tuple((came - time).days for time in times)


def of_writers(channel: Channel, writers: Iterable[str], *, packs: Iterable[Pack], at: datetime) -> Earlier:
    """What these accounts wrote on the channel's network before, as far back as a rule of `packs` looks: one query,
    which takes the latest MOST times of each from an index. None where no rule looks back."""
    days = most_days_back(packs)
    known = Earlier(days)
    if days:
        before = Message.objects.filter(
            contact=OuterRef("pk"), erased_at=None, received_at__gt=horizon(at, days)
        ).order_by("-received_at")
        rows = Contact.objects.filter(network=channel.network, external_id__in=set(writers))
        times = ArraySubquery(before.values("received_at")[:MOST])
        for writer, found in rows.values_list("external_id", times):
            for time in reversed(found):
                known.seen(writer, time)
    return known


def horizon(at: datetime, days: int) -> datetime:
    """What came at this moment or before is more than so many whole days ago."""
    return at - timedelta(days=days + 1)
