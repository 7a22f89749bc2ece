"""Many messages at once, and back again where nothing has changed since."""

from __future__ import annotations

from datetime import timedelta

import pytest

from gatepost.inbox import labels
from gatepost.inbox.actions import close, reply
from gatepost.inbox.changes import VERBS, Wish, do, undo
from gatepost.inbox.models import Message
from gatepost.inbox.problems import InboxError
from gatepost.ledger.models import Line
from tests import factories

from .scene import Desk, become


def states(*messages: Message) -> list[str]:
    found = Message.objects.in_bulk([message.pk for message in messages])
    return [found[message.pk].state for message in messages]


def test_closed_together_and_undone_but_for_what_changed_since(desk: Desk) -> None:
    messages = [desk.message() for _ in range(3)]
    at = messages[0].received_at
    done = do(Wish("close", because="Spam of one account"), messages, by=desk.staff, at=at)
    assert states(*messages) == ["done"] * 3
    assert done.change is not None
    assert done.changed == tuple(message.pk for message in messages)
    do(Wish("reopen"), messages[:1], by=desk.officer, at=at)
    back = undo(done.change, by=desk.staff, at=at)
    assert states(*messages) == ["new"] * 3
    assert list(back.refused) == [messages[0].pk]
    with pytest.raises(InboxError, match="already"):
        undo(done.change, by=desk.staff, at=at)
    assert Line.objects.filter(verb="messages.change_undone").count() == 1


@pytest.mark.parametrize("state", ["answered", "referred"])
def test_closing_is_undone_to_where_it_was(desk: Desk, state: str) -> None:
    message = desk.message()
    at = message.received_at
    Message.objects.filter(pk=message.pk).update(state=state)
    done = do(Wish("close", because="Settled"), [message], by=desk.staff, at=at)
    assert done.change is not None
    undo(done.change, by=desk.staff, at=at)
    assert states(message) == [state]


@pytest.mark.parametrize(
    ("became", "state"),
    [("to_sign_off", "answering"), ("unconfirmed", "answering"), ("sent", "answered"), ("declined", "new")],
)
def test_undoing_a_close_tells_what_became_of_the_answer_since(desk: Desk, became: str, state: str) -> None:
    message = desk.message()
    at = message.received_at
    act = reply(message, text="Thank you. We look into it.", by=desk.staff, at=at)
    assert states(message) == ["answering"]
    done = do(Wish("close", because="Settled"), [message], by=desk.staff, at=at)
    assert done.change is not None
    become(act, became)
    undo(done.change, by=desk.staff, at=at)
    assert states(message) == [state]


@pytest.mark.parametrize("state", ["answered", "referred", "done"])
def test_opening_again_is_undone_to_where_it_was(desk: Desk, state: str) -> None:
    message = desk.message()
    at = message.received_at
    Message.objects.filter(pk=message.pk).update(state=state, done_because="Why not" if state == "done" else "")
    done = do(Wish("reopen"), [message], by=desk.staff, at=at)
    assert states(message) == ["new"]
    assert done.change is not None
    undo(done.change, by=desk.staff, at=at)
    message.refresh_from_db()
    assert message.state == state
    assert message.done_because == ("Why not" if state == "done" else "")


def test_label_assignment_and_putting_off_are_undone(desk: Desk) -> None:
    message = desk.message("When do you open?")
    at = message.received_at
    label = labels.make_label("Opening times", by=desk.staff, at=at)
    wishes = [
        Wish("label", label=label),
        Wish("assign", person=desk.staff),
        Wish("snooze", until=at + timedelta(hours=1)),
    ]
    changes = [do(wish, [message], by=desk.staff, at=at).change for wish in wishes]
    message.refresh_from_db()
    assert label.mark in message.marks
    assert message.assignee == desk.staff
    assert message.snoozed_until
    for change in reversed(changes):
        assert change is not None
        undo(change, by=desk.staff, at=at)
    message.refresh_from_db()
    assert label.mark not in message.marks
    assert message.assignee is None
    assert message.snoozed_until is None


def test_what_cannot_be_done_to_one_is_said_and_the_others_are_done(desk: Desk) -> None:
    first, second = desk.message(), desk.message()
    at = first.received_at
    close(first, because="Done", by=desk.staff, at=at)
    done = do(Wish("close", because="Spam"), [first, second], by=desk.staff, at=at)
    assert done.changed == (second.pk,)
    assert list(done.refused) == [first.pk]
    with pytest.raises(InboxError, match="Say why"):
        do(Wish("close"), [desk.message()], by=desk.staff, at=at)


def test_wishes_that_make_no_sense(desk: Desk) -> None:
    message = desk.message()
    at = message.received_at
    with pytest.raises(InboxError, match="not something"):
        do(Wish("burn"), [message], by=desk.staff, at=at)
    with pytest.raises(InboxError, match="at least one"):
        do(Wish("reopen"), [], by=desk.staff, at=at)
    with pytest.raises(InboxError, match="At most"):
        do(Wish("reopen"), [message] * 201, by=desk.staff, at=at)
    for verb, says in (("label", "label"), ("unlabel", "label"), ("snooze", "until when"), ("assign_next", "on duty")):
        with pytest.raises(InboxError, match=says):
            do(Wish(verb), [message], by=desk.staff, at=at)
    assert {"wake", "assign"} < set(VERBS)


def test_only_ones_own_and_only_for_a_day(desk: Desk) -> None:
    message = desk.message()
    at = message.received_at
    done = do(Wish("close", because="Spam"), [message], by=desk.staff, at=at)
    assert done.change is not None
    with pytest.raises(InboxError, match="Only whoever"):
        undo(done.change, by=desk.officer, at=at)
    with pytest.raises(InboxError, match="a day"):
        undo(done.change, by=desk.staff, at=at + timedelta(days=2))
    assert factories.person().pk != desk.staff.pk
