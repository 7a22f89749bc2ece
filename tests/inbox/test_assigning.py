"""Who has a message: by hand, in turn among those on duty, by label; never somebody who may not write there."""

from __future__ import annotations

from datetime import timedelta

import pytest

from gatepost.inbox.assigning import assign, assign_next, colleagues, go_off_duty, go_on_duty, share_out
from gatepost.inbox.models import Duty, Message
from gatepost.inbox.problems import InboxError
from gatepost.ledger.models import Line
from gatepost.people.authority import NotAllowed
from gatepost.people.deputies import go_away
from gatepost.people.models import User
from tests import factories

from .scene import COMPLAINT, Desk

DAY = timedelta(days=1)


def on(desk: Desk, person: User, message: Message, **scope: list[str]) -> Duty:
    at = message.received_at
    return go_on_duty(person, starts=at - timedelta(hours=1), until=at + DAY, by=desk.officer, at=at, **scope)


def test_a_topic_is_somebodys_like_a_label(desk: Desk) -> None:
    message = desk.message("There is black mould and damp in my bedroom, when will you come?")
    assert "about:damp_mould" in message.marks
    assert "damp_mould" in message.decision.topics
    on(desk, desk.officer, message)
    on(desk, desk.staff, message, topics=["damp_mould", "repairs"])
    assert assign_next(message, by=desk.officer, at=message.received_at) == desk.staff
    other = desk.message("When do you open on Saturday?")
    assert share_out(at=other.received_at) >= 1
    assert who(other) == desk.officer
    message = desk.message("The lift is out again")
    assert share_out(at=message.received_at) == 1
    assert who(message) == desk.officer


def who(message: Message) -> User | None:
    return Message.objects.select_related("assignee").get(pk=message.pk).assignee


def test_by_hand_with_a_line_and_back_to_nobody(desk: Desk) -> None:
    message = desk.message()
    at = message.received_at
    assign(message, desk.staff, by=desk.officer, at=at)
    assert who(message) == desk.staff
    assign(message, desk.staff, by=desk.officer, at=at)
    assert Line.objects.get(verb="message.assigned").detail == {"to": desk.staff.pk}
    assign(message, None, by=desk.staff, at=at)
    assert who(message) is None
    assert Line.objects.filter(verb="message.unassigned").count() == 1


def test_not_to_somebody_who_may_not_write_there(desk: Desk) -> None:
    message = desk.message()
    stranger = factories.person("Stranger")
    with pytest.raises(InboxError, match="not approved"):
        assign(message, stranger, by=desk.officer, at=message.received_at)
    with pytest.raises(NotAllowed):
        assign(message, desk.staff, by=stranger, at=message.received_at)
    assert who(message) is None
    assert stranger not in colleagues(message.received_at)
    assert desk.staff in colleagues(message.received_at)


def test_in_turn_among_those_on_duty(desk: Desk) -> None:
    other = factories.staff(desk.channel, by=desk.officer, name="Dafydd Rees")
    messages = [desk.message() for _ in range(4)]
    at = messages[-1].received_at
    on(desk, desk.staff, messages[0])
    on(desk, other, messages[0])
    for place, message in enumerate(messages):
        assign_next(message, by=desk.officer, at=at + timedelta(minutes=place))
    assert [who(message) for message in messages] == [desk.staff, other, desk.staff, other]


def test_a_label_goes_to_whoever_takes_it_and_the_rest_to_others(desk: Desk) -> None:
    expert = factories.staff(desk.channel, by=desk.officer, name="Dafydd Rees")
    complaint, other = desk.message(), desk.message("When do you open on Saturday?")
    on(desk, desk.staff, complaint)
    on(desk, expert, complaint, labels=["complaint"])
    at = other.received_at
    assert assign_next(complaint, by=desk.officer, at=at) == expert
    assert assign_next(other, by=desk.officer, at=at) == desk.staff


def test_nobody_on_duty_away_or_ended(desk: Desk) -> None:
    message = desk.message()
    at = message.received_at
    assert assign_next(message, by=desk.officer, at=at) is None
    duty = on(desk, desk.staff, message)
    go_away(desk.staff, starts=at - timedelta(minutes=1), until=at + DAY, by=desk.staff, at=at - timedelta(minutes=2))
    assert assign_next(message, by=desk.officer, at=at) is None
    go_off_duty(duty, by=desk.staff, at=at)
    assert share_out(at=at) == 0


def test_what_nobody_has_is_shared_out_and_a_conversation_stays_with_one(desk: Desk) -> None:
    other = factories.staff(desk.channel, by=desk.officer, name="Dafydd Rees")
    first = desk.message(author_ref="casey", thread_ref="t1")
    second = desk.message("And the light is broken too", author_ref="casey", thread_ref="t1")
    third = desk.message("When do you open?")
    on(desk, desk.staff, first)
    on(desk, other, first)
    assign(first, other, by=desk.officer, at=first.received_at)
    assert share_out(at=third.received_at) == 2
    assert who(second) == other
    assert who(third) == desk.staff
    assert share_out(at=third.received_at) == 0


def test_what_nobody_on_duty_may_take_does_not_stand_before_the_rest(desk: Desk) -> None:
    elsewhere = factories.channel(by=desk.officer, name="Another page")
    barred = factories.message(COMPLAINT, channel=elsewhere)
    question, complaint = desk.message("When do you open on Saturday?"), desk.message()
    Message.objects.filter(pk=question.pk).update(due_at=barred.due_at)
    duty = on(desk, desk.staff, barred, labels=["complaint"])
    assert share_out(at=complaint.received_at, most=1) == 1
    assert [who(one) for one in (barred, question, complaint)] == [None, None, desk.staff]
    go_off_duty(duty, by=desk.staff, at=complaint.received_at)
    on(desk, desk.staff, barred)
    assert share_out(at=complaint.received_at, most=1) == 1
    assert who(question) == desk.staff
    on(desk, desk.officer, barred, channels=[elsewhere.pk])
    assert share_out(at=complaint.received_at, most=1) == 1
    assert who(barred) == desk.officer


def test_who_takes_a_label_but_may_not_write_there_does_not_keep_it_from_others(desk: Desk) -> None:
    elsewhere = factories.channel(by=desk.officer, name="Another page")
    expert = factories.staff(elsewhere, by=desk.officer, name="Dafydd Rees")
    complaint = desk.message()
    on(desk, expert, complaint, labels=["complaint"])
    on(desk, desk.staff, complaint)
    assert share_out(at=complaint.received_at) == 1
    assert who(complaint) == desk.staff


def test_who_may_say_who_is_on_duty(desk: Desk) -> None:
    message = desk.message()
    at = message.received_at
    with pytest.raises(InboxError, match="communications officer"):
        go_on_duty(desk.officer, starts=at, until=at + DAY, by=desk.staff, at=at)
    with pytest.raises(InboxError, match="not approved"):
        go_on_duty(factories.person("Nobody Yet"), starts=at, until=at + DAY, by=desk.officer, at=at)
    with pytest.raises(InboxError, match="future"):
        go_on_duty(desk.staff, starts=at - DAY, until=at, by=desk.staff, at=at)
    with pytest.raises(InboxError, match="a month"):
        go_on_duty(desk.staff, starts=at, until=at + 40 * DAY, by=desk.staff, at=at)
    assert go_on_duty(desk.staff, starts=at, until=at + DAY, by=desk.staff, at=at).person == desk.staff
