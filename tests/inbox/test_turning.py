"""A public answer that deals with a personal matter becomes a referral, and a private draft where there is a way."""

from __future__ import annotations

from datetime import timedelta

import pytest

from gatepost.gate.checking import Stopped
from gatepost.gate.models import Act
from gatepost.inbox.actions import reply
from gatepost.inbox.models import Message, Referral, ReplyDraft
from gatepost.inbox.problems import InboxError
from gatepost.inbox.reply_drafts import keep_draft
from gatepost.inbox.turning import private_way, telling, turn_into_referral, window_ends
from gatepost.rulebook.actions import in_force

from .scene import DETAILS, Desk

WORDS = "We are sorry. Your boiler repair is booked for Tuesday morning."


def test_stopped_in_public_and_passed_on_with_what_was_written(desk: Desk) -> None:
    message = desk.message(DETAILS)
    at = message.received_at
    with pytest.raises(Stopped):
        reply(message, text=WORDS, by=desk.staff, at=at)
    keep_draft(message, WORDS, by=desk.staff, at=at)
    pack = in_force(at)
    came = turn_into_referral(
        message, WORDS, "repairs", by=desk.staff, at=at, wording=telling(message, "repairs", pack)
    )
    assert came.referral.note == WORDS
    assert came.answer is not None
    assert came.answer.content["text"] == pack.wordings["acknowledgement"].text
    assert came.private is None
    assert WORDS not in str(list(Act.objects.values_list("content", flat=True)))
    assert not ReplyDraft.objects.exists()


def test_said_nothing_in_public_it_moves_to_the_department(desk: Desk) -> None:
    message = desk.message()
    at = message.received_at
    turn_into_referral(message, WORDS, "housing", by=desk.staff, at=at)
    message.refresh_from_db()
    assert message.state == "referred"
    assert not Act.objects.exists()
    assert telling(message, "complaints", in_force(at)) == "complaint_referred"
    assert telling(message, "housing", in_force(at)) == ""


def test_kept_for_the_private_conversation_they_opened(desk: Desk) -> None:
    private = desk.message("Hello, it is me", author_ref="casey", private=True, kind="message")
    message = desk.message(DETAILS, author_ref="casey")
    at = message.received_at
    assert private_way(message, at) == private
    came = turn_into_referral(message, WORDS, "repairs", by=desk.staff, at=at)
    assert came.private == private
    assert ReplyDraft.objects.get(message=private).text == WORDS
    ends = window_ends(private)
    assert ends == private.posted_at + timedelta(hours=24)
    assert private_way(message, at + timedelta(hours=25)) is None
    assert window_ends(message) is None


def test_what_makes_no_sense_changes_nothing(desk: Desk) -> None:
    private = desk.message("Hello", private=True, kind="message")
    at = private.received_at
    with pytest.raises(InboxError, match="private message"):
        turn_into_referral(private, WORDS, "repairs", by=desk.staff, at=at)
    with pytest.raises(InboxError, match="Choose the department"):
        turn_into_referral(desk.message(), WORDS, "", by=desk.staff, at=at)
    assert not Referral.objects.exists()
    assert set(Message.objects.values_list("state", flat=True)) == {"new"}
