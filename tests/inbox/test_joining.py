"""Conversations joined and parted, accounts linked: by a person, with the reason, and never two people's."""

from __future__ import annotations

import pytest

from gatepost.inbox.joining import link, merge, split, unlink
from gatepost.inbox.listing import Filter
from gatepost.inbox.models import Conversation, Message
from gatepost.inbox.problems import InboxError
from tests import factories

from .scene import Desk, found


def conversation(message: Message) -> int:
    return Message.objects.get(pk=message.pk).conversation_id


def test_two_threads_of_one_person_become_one_and_stay_one(desk: Desk) -> None:
    first = desk.message(author_ref="casey", thread_ref="t1")
    second = desk.message("And still nobody came", author_ref="casey", thread_ref="t2")
    merge(second, first, by=desk.staff, at=second.received_at)
    assert conversation(second) == conversation(first)
    third = desk.message("Hello?", author_ref="casey", thread_ref="t2")
    assert conversation(third) == conversation(first)
    with pytest.raises(InboxError, match="one conversation already"):
        merge(second, first, by=desk.staff, at=second.received_at)


def test_two_peoples_conversations_stay_apart_until_somebody_knows(desk: Desk) -> None:
    other = factories.channel(by=desk.officer, network="x", name="Practice X")
    factories.message("x", channel=other, author_ref="filler")
    first = desk.message(author_ref="casey", author_name="Casey Sample")
    second = factories.message("Same lift again", channel=other, author_ref="77", author_name="Casey Sample")
    at = second.received_at
    with pytest.raises(InboxError, match="two people"):
        merge(second, first, by=desk.officer, at=at)
    with pytest.raises(InboxError, match="how you know"):
        link(first.contact, second.contact, because=" ", by=desk.officer, at=at)
    link(first.contact, second.contact, because="She said so on the phone", by=desk.officer, at=at)
    with pytest.raises(InboxError, match="already"):
        link(first.contact, second.contact, because="Again", by=desk.officer, at=at)
    with pytest.raises(InboxError, match="the same"):
        link(first.contact, first.contact, because="Again", by=desk.officer, at=at)
    assert sorted(found(Filter(contact=first.contact_id))) == [first.pk, second.pk]
    merge(second, first, by=desk.officer, at=at)
    assert conversation(second) == conversation(first)
    unlink(second.contact, by=desk.officer, at=at)
    first.contact.refresh_from_db()
    assert first.contact.known is None
    with pytest.raises(InboxError, match="not linked"):
        unlink(second.contact, by=desk.officer, at=at)


def test_linking_a_third_account_keeps_them_all_together(desk: Desk) -> None:
    contacts = [desk.message(author_ref=f"casey{n}").contact for n in range(4)]
    at = desk.message().received_at
    link(contacts[0], contacts[1], because="Told us", by=desk.staff, at=at)
    link(contacts[2], contacts[3], because="Told us", by=desk.staff, at=at)
    link(contacts[1], contacts[2], because="Told us", by=desk.staff, at=at)
    for contact in contacts:
        contact.refresh_from_db()
    assert len({contact.known_id for contact in contacts}) == 1


def test_parted_where_another_matter_begins_and_joined_again(desk: Desk) -> None:
    messages = [desk.message(f"Message {n}", author_ref="casey", thread_ref="t1") for n in range(3)]
    at = messages[-1].received_at
    with pytest.raises(InboxError, match="first message"):
        split(messages[0], by=desk.staff, at=at)
    split(messages[1], by=desk.staff, at=at)
    assert conversation(messages[0]) != conversation(messages[1]) == conversation(messages[2])
    later = desk.message("And another thing", author_ref="casey", thread_ref="t1")
    assert conversation(later) == conversation(messages[1])
    merge(later, messages[0], by=desk.staff, at=at)
    assert len({conversation(message) for message in [*messages, later]}) == 1
    again = desk.message("Me again", author_ref="casey", thread_ref="t1")
    assert conversation(again) == conversation(messages[0])
    assert Conversation.objects.get(pk=conversation(again)).merged_into is None


def test_private_and_public_stay_apart(desk: Desk) -> None:
    public = desk.message(author_ref="casey", thread_ref="t1")
    private = desk.message(author_ref="casey", thread_ref="t2", private=True)
    with pytest.raises(InboxError, match="private"):
        merge(private, public, by=desk.staff, at=public.received_at)
