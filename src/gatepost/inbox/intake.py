"""One way in: pages of messages from a network, de-duplicated, read by the policy, kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from gatepost.channels.actions import record_health
from gatepost.channels.models import Channel
from gatepost.gate.models import Act
from gatepost.inbox.models import Contact, Conversation, Delivery, Message
from gatepost.ledger.actions import Entry, System, record_many
from gatepost.networks.client import BadAccount
from gatepost.networks.protocol import Incoming, ReadFailed, ReadsDeliveries
from gatepost.networks.registry import connect
from gatepost.policy.decide import decide_many
from gatepost.policy.model import Decision, Inbound
from gatepost.rulebook.actions import in_force, keep
from gatepost.vault import VaultError

INTAKE = System("intake")
TEXT_LIMIT = 100_000  # code points kept of one message
PAGES = 50  # in one go; the next poll goes on


def read_channel(channel: Channel, *, at: datetime) -> int:
    """Reads what is new on a live channel. Returns how many messages were new. Failures become its health."""
    if channel.state != "live" or (channel.read_after and channel.read_after > at):
        return 0
    new = 0
    try:
        network = connect(channel.account())
        if isinstance(network, ReadsDeliveries):
            new += read_deliveries(channel, network, at=at)
        for _ in range(PAGES):
            page = network.read_since(channel.cursor)
            new += take_in(channel, page.messages, cursor=page.cursor, at=at)
            if not page.more:
                break
    except ReadFailed as error:
        if error.retry_after is not None:
            wait = at + timedelta(seconds=max(1.0, min(error.retry_after, 3600)))
            Channel.objects.filter(pk=channel.pk).update(read_after=wait)
        record_health(channel, ill=error.reason, by=INTAKE, at=at)
        return new
    except (VaultError, BadAccount) as error:
        record_health(channel, ill=str(error), by=INTAKE, at=at)
        return new
    record_health(channel, ill="", by=INTAKE, at=at)
    Delivery.objects.filter(channel=channel, read_at=None, at__lte=at).update(read_at=at)
    return new


def read_deliveries(channel: Channel, network: ReadsDeliveries, *, at: datetime) -> int:
    """Takes in what the network told us by itself: polling may not see a comment under an old post."""
    new = 0
    for delivery in Delivery.objects.filter(channel=channel, read_at=None).order_by("pk")[:500]:
        new += take_in(channel, network.messages_in(bytes(delivery.body)), cursor=channel.cursor, at=at)
        Delivery.objects.filter(pk=delivery.pk).update(read_at=at)
    return new


def clean(text: str) -> str:
    """What PostgreSQL can keep: no NUL, no lone surrogates; at most TEXT_LIMIT code points."""
    kept = text[:TEXT_LIMIT].replace("\x00", "\ufffd")
    return kept.encode("utf-8", "replace").decode("utf-8") if _has_surrogates(kept) else kept


def _has_surrogates(text: str) -> bool:
    return any("\ud800" <= letter <= "\udfff" for letter in text)


def _clean_json(value: Any) -> Any:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, dict):
        return {clean(str(key)): _clean_json(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_clean_json(item) for item in value]
    return value


def take_in(channel: Channel, incoming: Sequence[Incoming], *, cursor: str, at: datetime) -> int:
    """Keeps a batch and moves the channel's cursor, in one transaction. What is known already is passed over,
    and so are our own answers."""
    pack = in_force(at)
    with transaction.atomic():
        Channel.objects.select_for_update().get(pk=channel.pk)
        refs = [item.ref for item in incoming]
        known = set(Message.objects.filter(channel=channel, ref__in=refs).values_list("ref", flat=True))
        ours = set(Act.objects.filter(channel=channel, ref__in=refs).values_list("ref", flat=True))
        fresh = {item.ref: item for item in incoming if item.ref not in known and item.ref not in ours}
        items = [item for item in fresh.values() if item.author_ref != channel.external_id]
        inbound = [
            Inbound(id=item.ref, text=clean(item.text), network=channel.network, private=item.private) for item in items
        ]
        decisions = decide_many(inbound, pack, at)
        messages = _keep(channel, items, decisions, at=at)
        record_many(
            [
                Entry(
                    "message.arrived",
                    message.subject,
                    decision.clauses,
                    {"decided": list(decision.decided), "pack": decision.pack[:12], "channel": channel.pk},
                )
                for message, decision in zip(messages, decisions, strict=True)
            ],
            by=INTAKE,
            at=at,
        )
        changes: dict[str, Any] = {"cursor": cursor, "last_read_at": at, "read_after": None}
        if items:
            changes["last_heard_at"] = at
        Channel.objects.filter(pk=channel.pk).update(**changes)
    for name, value in changes.items():
        setattr(channel, name, value)
    return len(items)


def _keep(channel: Channel, items: Sequence[Incoming], decisions: Sequence[Decision], *, at: datetime) -> list[Message]:
    contacts = _contacts(channel, items, at=at)
    threads = _conversations(channel, items, contacts)
    kept = keep(decisions)
    return Message.objects.bulk_create(
        [
            Message(
                channel=channel,
                conversation=threads[(item.thread_ref or item.ref, item.author_ref)],
                contact=contacts[item.author_ref],
                ref=item.ref,
                kind=item.kind,
                text=clean(item.text),
                permalink=item.permalink[:600],
                parent_ref=item.parent_ref,
                post_ref=item.post_ref,
                private=item.private,
                posted_at=item.posted_at,
                received_at=at,
                raw=_clean_json(dict(item.raw)),
                decision=held,
                visibility="hidden" if item.hidden else "shown",
                urgent=decision.urgent,
                due_at=min((due.due for due in decision.clocks), default=None),
            )
            for item, decision, held in zip(items, decisions, kept, strict=True)
        ]
    )


def _contacts(channel: Channel, items: Sequence[Incoming], *, at: datetime) -> dict[str, Contact]:
    wanted = {item.author_ref: item for item in items}
    Contact.objects.bulk_create(
        [
            Contact(
                network=channel.network,
                external_id=ref,
                name=clean(item.author_name)[:200],
                handle=clean(item.author_handle)[:200],
                first_seen_at=at,
            )
            for ref, item in wanted.items()
        ],
        ignore_conflicts=True,
    )
    found = Contact.objects.filter(network=channel.network, external_id__in=wanted)
    return {contact.external_id: contact for contact in found}


def _conversations(
    channel: Channel, items: Sequence[Incoming], contacts: dict[str, Contact]
) -> dict[tuple[str, str], Conversation]:
    wanted = {(item.thread_ref or item.ref, item.author_ref): item for item in items}
    Conversation.objects.bulk_create(
        [
            Conversation(channel=channel, thread_ref=thread, contact=contacts[author], started_at=item.posted_at)
            for (thread, author), item in wanted.items()
        ],
        ignore_conflicts=True,
    )
    found = Conversation.objects.filter(
        channel=channel, thread_ref__in=[thread for thread, _ in wanted], contact__in=contacts.values()
    ).select_related("contact")
    return {(conversation.thread_ref, conversation.contact.external_id): conversation for conversation in found}
