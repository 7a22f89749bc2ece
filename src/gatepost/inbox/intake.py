"""One way in: pages of messages from a network, de-duplicated, read by the policy, kept."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import DatabaseError, InterfaceError, OperationalError, transaction

from gatepost.channels.actions import record_health
from gatepost.channels.models import Channel
from gatepost.gate.content import WORDS_OF_OURS
from gatepost.gate.models import Act, PublishedPart
from gatepost.inbox import alarms, attachments, out_of_hours, outside_reading, referral_replies
from gatepost.inbox.coverage import note_read, note_whole
from gatepost.inbox.deliveries import latest, more_waits, read_deliveries, settle
from gatepost.inbox.earlier import of_writers
from gatepost.inbox.marks import marks_of
from gatepost.inbox.models import BY_HAND, Contact, Conversation, Delivery, Message
from gatepost.inbox.personal.erasing import erased_refs
from gatepost.inbox.personal.gone import deleted_there
from gatepost.inbox.retold import INTAKE, in_order, take_changes
from gatepost.inbox.snoozing import wake_conversations
from gatepost.inbox.writers import kinds_of
from gatepost.jobs import Job, enqueue
from gatepost.ledger.actions import Entry, record_many
from gatepost.networks.client import BadAccount
from gatepost.networks.protocol import Incoming, Network, Page, ReadFailed, ReadsAgain
from gatepost.networks.registry import called_to_read, connect, networks
from gatepost.policy.decide import decide_many
from gatepost.policy.model import Decision, Inbound
from gatepost.rulebook import readers, shadow
from gatepost.rulebook.actions import in_force, keep
from gatepost.vault import VaultError

TEXT_LIMIT = 1024 * 1024  # code points kept of one message: as many as the readers read
_CUT = "\n\n[The message is longer than the desk keeps. The rest is on the network.]"
RAW_LIMIT = 64 * 1024  # bytes kept of what else the network said of it
PAGES = 50  # in one go; the next poll goes on
CALLED_PAUSE = timedelta(seconds=5)
"""Between two readings that calls ask for: of mentions X allows 300 in 15 minutes (docs.x.com, rate limits)."""
EARLIEST = 2004  # the year: nothing the networks hold is older


def read_channel(channel: Channel, *, at: datetime) -> int:
    """Reads what is new on a live channel: what the network told us by itself, then what reading it finds. Returns how
    many messages were new. Failures become its health, and it is left alone for a while: a network that refuses us must
    not be asked every second."""
    if channel.state != "live":
        return 0
    new = 0
    try:
        network = connected(channel)
        told = latest(channel)
        new += read_deliveries(channel, network, take=take_in, at=at)
        if more_waits(channel, network):  # a backlog: it goes on behind what other channels have waiting
            enqueue(Job.READ_CHANNEL, channel=channel.pk, once=f"read:{channel.pk}", lock=f"read:{channel.pk}")
        if channel.read_after and channel.read_after > at:
            return new
        before, why, page = channel.last_read_at, channel.ill_says, None
        if told and before and before > at - CALLED_PAUSE and called_to_read(channel.network):
            return new  # its call waits until the next turn
        for page in _pages(channel, network):
            new += take_in(channel, page.messages, cursor=page.cursor, at=at)
            note_read(channel, before, why=why, cut=page.cut, by=INTAKE, at=at)
        if page is not None and not page.more:
            note_whole(channel, by=INTAKE, at=at)
        settle(channel, network, told, at=at)
    except ReadFailed as error:
        _ill(channel, error.reason, error.retry_after, at=at)
        return new
    except (OperationalError, InterfaceError):
        raise  # the database is away: nothing is wrong with the channel
    except Exception as error:
        said = f"The desk could not take in what it read ({type(error).__name__}). Its log says where."
        _ill(channel, said, None, at=at)
        raise
    record_health(channel, ill="", by=INTAKE, at=at)
    return new


def called_networks() -> list[str]:
    """Networks whose calls only say that there is something to read."""
    return [one for one in networks() if called_to_read(one)]


def read_again(channel: Channel, since: datetime, *, at: datetime) -> int:
    """Reads once more what was said since a moment; the place where reading goes on stays where it is. Returns how many
    messages had not come in before. Raises ReadFailed."""
    network = connected(channel)
    if not isinstance(network, ReadsAgain):
        raise ReadFailed("This network cannot be read again from a moment on.", None)
    cursor, new = network.place_of(since), 0
    for _ in range(PAGES):
        page = network.read_since(cursor)
        new += take_in(channel, page.messages, cursor=None, at=at)
        cursor = page.cursor
        if not page.more:
            break
    return new


def connected(channel: Channel) -> Network:
    """Raises ReadFailed, whatever is wrong with the account's settings."""
    try:
        return connect(channel.account())
    except (VaultError, BadAccount) as error:
        raise ReadFailed(str(error), None) from error


def _pages(channel: Channel, network: Network) -> Iterator[Page]:
    """Raises ReadFailed, whatever went wrong."""
    try:
        for _ in range(PAGES):
            page = network.read_since(channel.cursor)
            yield page
            if not page.more:
                break
    except (VaultError, BadAccount) as error:
        raise ReadFailed(str(error), None) from error
    except (ReadFailed, DatabaseError, InterfaceError):
        raise
    except Exception as error:  # a connector must not raise; if one does, the channel says so and the others go on
        raise ReadFailed(f"The connector failed: {type(error).__name__}.", 300.0) from error


def _ill(channel: Channel, reason: str, retry_after: float | None, *, at: datetime) -> None:
    seconds = settings.POLL_SECONDS if retry_after is None else max(1.0, min(retry_after, 3600))
    Channel.objects.filter(pk=channel.pk).update(read_after=at + timedelta(seconds=seconds))
    record_health(channel, ill=reason, by=INTAKE, at=at)


def clean(text: str) -> str:
    """What PostgreSQL can keep: no NUL, no lone surrogates; at most TEXT_LIMIT code points, of which the last say that
    something was cut."""
    short = text if len(text) <= TEXT_LIMIT else text[: TEXT_LIMIT - len(_CUT)] + _CUT
    kept = short.replace("\x00", "\ufffd")
    return kept.encode("utf-8", "replace").decode("utf-8") if _has_surrogates(kept) else kept


def _has_surrogates(text: str) -> bool:
    return any("\ud800" <= letter <= "\udfff" for letter in text)


def _clean_json(value: Any) -> Any:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, dict):
        return {clean(str(key)): _clean_json(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_clean_json(item) for item in value]
    return value


def _ref(ref: str, most: int = 300) -> str:
    """A ref that can be kept; one longer than its column ends in its digest, so that it stays a ref of its own."""
    kept = clean(ref)
    return kept if len(kept) <= most else f"{kept[: most - 65]}~{hashlib.sha256(kept.encode()).hexdigest()}"


def _raw(raw: Mapping[str, Any]) -> dict[str, Any]:
    kept: dict[str, Any] = _clean_json(dict(raw))
    size = len(json.dumps(kept, ensure_ascii=False, default=str).encode())
    return kept if size <= RAW_LIMIT else {"left out": f"{size} bytes, more than are kept of one message"}


def tidy(item: Incoming, at: datetime) -> Incoming:
    """A message of which every field can be kept: one that cannot must not stop those behind it."""
    permalink = clean(item.permalink)
    return replace(
        item,
        ref=_ref(item.ref),
        text=clean(item.text),
        author_ref=_ref(item.author_ref, 200),
        author_name=clean(item.author_name)[:200],
        author_handle=clean(item.author_handle)[:200],
        parent_ref=_ref(item.parent_ref),
        thread_ref=_ref(item.thread_ref),
        post_ref=_ref(item.post_ref),
        # It becomes a link on the desk: only an address of the web may stand behind it.
        permalink=permalink if permalink.startswith(("https://", "http://")) and len(permalink) <= 600 else "",
        raw=_raw(item.raw),
        posted_at=_moment(item.posted_at, at),
        changed_at=item.changed_at and _moment(item.changed_at, at),
    )


def _moment(told: datetime, at: datetime) -> datetime:
    """A network's time as it can be: its clock may run ahead of ours, and some messages have no time at all."""
    told = told if told.tzinfo else told.replace(tzinfo=UTC)
    return at if told > at or told.year < EARLIEST else told


def take_in(
    channel: Channel, incoming: Sequence[Incoming], *, cursor: str | None, at: datetime, told: Sequence[int] = ()
) -> int:
    """Keeps a batch, moves the channel's cursor (None: it stays) and marks the deliveries `told` as read, in one
    transaction. What is known already is passed over unless it says something new, and so are our own answers."""
    pack, draft, learnt = in_force(at), shadow.beside(), readers.in_use(at)
    incoming = [tidy(replace(item, permalink=channel.seen_at(item.ref, item.permalink)), at) for item in incoming]
    hanging = attachments.prepare(incoming)
    with transaction.atomic():
        Channel.objects.select_for_update().get(pk=channel.pk)
        incoming = referral_replies.sort_out(incoming, at=at)
        refs = [item.ref for item in incoming]
        known = set(Message.objects.filter(channel=channel, ref__in=refs).values_list("ref", flat=True))
        ours = set(
            Act.objects.filter(channel=channel, kind__in=WORDS_OF_OURS, ref__in=refs).values_list("ref", flat=True)
        )
        ours |= set(PublishedPart.objects.filter(item__channel=channel, ref__in=refs).values_list("ref", flat=True))
        ours |= erased_refs(channel, (ref for ref in refs if ref not in known))  # passed over in the same way
        incoming = [one for one in incoming if one.ref not in ours and not _is_ours(one, channel)]
        items, later = in_order(incoming, known)
        packs = [pack, draft.pack] if draft else [pack]
        before = of_writers(channel, (item.author_ref for item in items), packs=packs, at=at)
        known_as = kinds_of(channel, (item.author_ref for item in items))
        inbound = [
            Inbound(
                id=item.ref,
                text=item.text,
                network=channel.network,
                private=item.private,
                author_kind=known_as.get(item.author_ref, ""),
                audiences=channel.for_whom,
                earlier=before.seen(item.author_ref, at),
            )
            for item in items
        ]
        decisions = decide_many(inbound, pack, [_known_since(item, at) for item in items], learnt)
        messages = _keep(channel, items, decisions, at=at)
        attachments.keep(messages, hanging, at=at)
        if draft is not None and messages:
            otherwise = shadow.compare(draft, inbound, decisions, pack, learnt=learnt)
            shadow.keep_otherwise(draft, otherwise, [message.decision for message in messages])
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
        new = [item.ref for item in items]
        changed = take_changes(channel, later, new, decide=lambda some: decide_many(some, pack, at, learnt), at=at)
        deleted_there(channel, [item.ref for item in later if item.gone], by=INTAKE, at=at)
        outside_reading.wanted(messages)
        alarms.raise_for([*messages, *changed], at=at)
        out_of_hours.pass_on([*messages, *changed], at=at)
        changes: dict[str, Any] = {"last_heard_at": at} if items else {}
        if cursor is not None:
            changes |= {"cursor": cursor, "last_read_at": at, "read_after": None}
        Channel.objects.filter(pk=channel.pk).update(**changes)
        Delivery.objects.filter(pk__in=told).update(read_at=at)
    for name, value in changes.items():
        setattr(channel, name, value)
    return len(items)


def _known_since(item: Incoming, at: datetime) -> datetime:
    """When it reached the organisation: the clocks of what was recorded by hand count from when it happened."""
    return item.posted_at if item.kind in BY_HAND else at


def _is_ours(item: Incoming, channel: Channel) -> bool:
    """Whether the account itself said it."""
    return item.author_ref == channel.external_id if item.ours is None else item.ours


def _keep(channel: Channel, items: Sequence[Incoming], decisions: Sequence[Decision], *, at: datetime) -> list[Message]:
    contacts = _contacts(channel, items, at=at)
    threads = _conversations(channel, items, contacts)
    kept = keep(decisions)
    wake_conversations({thread.pk for thread in threads.values()}, by=INTAKE, at=at)
    return Message.objects.bulk_create(
        [
            Message(
                channel=channel,
                conversation=threads[(item.thread_ref or item.ref, item.author_ref)],
                contact=contacts[item.author_ref],
                ref=item.ref,
                kind=item.kind,
                text=item.text,
                permalink=item.permalink,
                parent_ref=item.parent_ref,
                post_ref=item.post_ref,
                private=item.private,
                posted_at=item.posted_at,
                received_at=at,
                changed_at=item.changed_at if item.changed_at and item.changed_at > item.posted_at else None,
                raw=dict(item.raw),
                decision=held,
                visibility="hidden" if item.hidden else "shown",
                urgent=decision.urgent,
                due_at=min((due.due for due in decision.clocks), default=None),
                marks=marks_of(decision.decided, decision.clauses, decision.reading.topics),
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
                name=item.author_name,
                handle=item.author_handle,
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
    ).select_related("contact", "merged_into")
    return {
        (conversation.thread_ref, conversation.contact.external_id): conversation.merged_into or conversation
        for conversation in found
    }
