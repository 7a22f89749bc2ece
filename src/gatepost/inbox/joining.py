"""Conversations joined and parted, and accounts linked as one person's: always because somebody says so."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from gatepost.channels.actions import require_may_write, require_reader
from gatepost.inbox.models import Contact, Conversation, Known, Message
from gatepost.inbox.problems import InboxError
from gatepost.ledger.actions import record
from gatepost.people.models import User


@transaction.atomic
def merge(message: Message, into: Message, *, by: User, at: datetime) -> Conversation:
    """The conversation of `message` becomes part of that of `into`: its messages move there, and those still to come in
    its thread follow. Both must be one person's: the same account, or accounts that somebody has linked."""
    ordered = sorted((message, into), key=lambda one: (one.conversation_id, one.pk))  # two at once lock in one order
    locked = {one.pk: _locked(one) for one in ordered}
    message, into = locked[message.pk], locked[into.pk]
    require_may_write(by, message.channel, at)
    require_may_write(by, into.channel, at)
    source, target = message.conversation, into.conversation
    if source.pk == target.pk:
        raise InboxError("These are one conversation already.")
    if not same_person(source.contact, target.contact):
        raise InboxError(
            "These are two people’s conversations. Link the two accounts first, if you know that they are one person’s."
        )
    if message.private != into.private:
        raise InboxError("One is private and one public. Keep them apart, so that nobody answers in the wrong place.")
    moved = list(Message.objects.filter(conversation=source).values_list("pk", flat=True))
    Message.objects.filter(pk__in=moved).update(conversation=target)
    Conversation.objects.filter(pk=source.pk).update(merged_into=target)
    Conversation.objects.filter(merged_into=source).update(merged_into=target)
    Conversation.objects.filter(pk=target.pk).update(merged_into=None)  # it may have been parted from the other before
    detail = {"from": source.pk, "to": target.pk, "messages": moved[:500]}
    record("message.merged", message.subject, by=by, at=at, clauses=["desk:threads"], detail=detail)
    return target


@transaction.atomic
def split(message: Message, *, by: User, at: datetime) -> Conversation:
    """This message and what its writer said later in the conversation become a conversation of their own: another
    matter. What they write next in the thread belongs to it too."""
    message = _locked(message)
    require_may_write(by, message.channel, at)
    whole = message.conversation
    rest = Message.objects.filter(conversation=whole)
    earlier = rest.filter(posted_at__lt=message.posted_at) | rest.filter(posted_at=message.posted_at, pk__lt=message.pk)
    if not earlier.exists():
        raise InboxError("This is the first message of its conversation: there is nothing to part it from.")
    moved = list(rest.exclude(pk__in=earlier.values("pk")).values_list("pk", flat=True))
    ending = f"#{message.pk}"
    parted = Conversation.objects.create(
        channel=message.channel,
        thread_ref=whole.thread_ref[: 300 - len(ending)] + ending,
        contact=message.contact,
        started_at=message.posted_at,
    )
    Message.objects.filter(pk__in=moved).update(conversation=parted)
    # What the network calls the thread goes on with the later matter.
    own = Conversation.objects.filter(channel=message.channel, contact=message.contact)
    threads = own.filter(pk=whole.pk) | own.filter(merged_into=whole)
    threads.exclude(pk=parted.pk).update(merged_into=parted)
    detail = {"from": whole.pk, "to": parted.pk, "messages": moved[:500]}
    record("message.split", message.subject, by=by, at=at, clauses=["desk:threads"], detail=detail)
    return parted


def _locked(message: Message) -> Message:
    rows = Message.objects.select_for_update(of=("self", "conversation"))
    return rows.select_related("channel", "contact", "conversation__contact").get(pk=message.pk)


def same_person(one: Contact, other: Contact) -> bool:
    return one.pk == other.pk or (one.known_id is not None and one.known_id == other.known_id)


@transaction.atomic
def link(one: Contact, other: Contact, *, because: str, by: User, at: datetime) -> Known:
    """Two accounts are one person's, because somebody knows it. Everything known of either person goes together."""
    require_reader(by, at)
    why = because.replace("\x00", "").strip()
    if not why:
        raise InboxError("Say how you know that they are one person’s. Names alone are no reason.")
    rows = list(Contact.objects.select_for_update().filter(pk__in=[one.pk, other.pk]).order_by("pk"))
    if len(rows) < 2:
        raise InboxError("Choose another account: this one is the same.")
    if same_person(*rows):
        raise InboxError("These two are linked already.")
    known = [row.known_id for row in rows if row.known_id]
    made = Known.objects.create(because=why[:300], by=by, at=at)
    Contact.objects.filter(known__in=known).update(known=made)
    Contact.objects.filter(pk__in=[row.pk for row in rows]).update(known=made)
    _forget_reasons(known)
    detail = {"contacts": [row.pk for row in rows], "known": made.pk}
    record("contact.linked", f"contact:{one.pk}", by=by, at=at, clauses=["desk:personal_data"], detail=detail)
    return made


@transaction.atomic
def unlink(contact: Contact, *, by: User, at: datetime) -> None:
    """This account is not that person's after all. What was merged on its strength stays merged until it is split."""
    require_reader(by, at)
    row = Contact.objects.select_for_update().get(pk=contact.pk)
    if row.known_id is None:
        raise InboxError("This account is not linked to another.")
    Contact.objects.filter(pk=row.pk).update(known=None)
    rest = Contact.objects.filter(known=row.known_id)
    if rest.count() == 1:
        rest.update(known=None)
    _forget_reasons([row.known_id])
    detail = {"known": row.known_id}
    record("contact.unlinked", f"contact:{row.pk}", by=by, at=at, clauses=["desk:personal_data"], detail=detail)


def _forget_reasons(known: Collection[int]) -> None:
    """A reason that joins nobody any more may hold details of somebody, and nobody would find it to erase it."""
    Known.objects.filter(pk__in=known, contacts=None).update(because="")
