"""One private message to the writer of a public comment, through the screens."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from gatepost.gate.models import Act
from gatepost.inbox.models import Message, ReplyDraft
from gatepost.inbox.reached import take_reached
from gatepost.ledger.actions import System
from gatepost.networks.reaching import Reached
from tests import factories

from .test_desk import Desk, desk

__all__ = ["desk"]
pytestmark = pytest.mark.django_db
WORDS = "We are sorry. Your boiler repair is booked for Tuesday morning."


def test_the_shipped_policy_says_why_there_is_none(desk: Desk) -> None:
    message = desk.message()
    shown = desk.page(f"/inbox/{message.pk}/")
    assert "the policy does not let us begin" in shown
    assert "Reply privately" not in shown
    assert "does not let us begin" in desk.post(f"/inbox/{message.pk}/reply/", 422, text=WORDS, privately="1")
    assert not Act.objects.exists()


def test_offered_checked_for_what_it_is_and_sent_once(desk: Desk, tmp_path: Path) -> None:
    factories.allow_private_replies(tmp_path)
    message = desk.message()
    shown = desk.page(f"/inbox/{message.pk}/")
    assert "Reply privately (once, until" in shown
    assert "private answer until" in shown
    assert "Turn it into a referral" in desk.post(f"/inbox/{message.pk}/check/", 200, text=WORDS)
    assert "Turn it into a referral" not in desk.post(f"/inbox/{message.pk}/check/", 200, text=WORDS, privately="1")
    assert ReplyDraft.objects.get().privately
    assert 'id="alone-yes" value="1" checked' in desk.page(f"/inbox/{message.pk}/")
    desk.post(f"/inbox/{message.pk}/reply/", text=WORDS, privately="1")
    act = Act.objects.get()
    assert act.content["privately"]
    signing = desk.page(f"/sign-off/{act.pk}/", desk.boss)
    assert "Private message" in signing
    Act.objects.update(state="sent", sent_at=timezone.now())
    Message.objects.update(state="new")
    after = desk.page(f"/inbox/{message.pk}/")
    assert "never a second" in after
    assert "Private message" in after
    assert "No answer from us in this thread yet" in after


def test_after_its_time_the_page_says_so(desk: Desk, tmp_path: Path) -> None:
    factories.allow_private_replies(tmp_path)
    message = desk.message()
    desk.post(f"/inbox/{message.pk}/check/", 200, text=WORDS, privately="1")
    Message.objects.update(posted_at=timezone.now() - timedelta(days=8))
    shown = desk.page(f"/inbox/{message.pk}/")
    assert "Too late: Facebook took a private answer for 7 days" in shown
    assert "Reply privately" not in shown
    # What was begun in private does not become public by itself.
    assert "This was written for its writer alone" in shown
    assert 'id="alone-yes" value="1" checked' in shown
    assert "Too late" in desk.post(f"/inbox/{message.pk}/reply/", 422, text=WORDS, privately="1")
    assert not Act.objects.exists()


def test_another_wording_stays_private(desk: Desk, tmp_path: Path) -> None:
    factories.allow_private_replies(tmp_path)
    message = desk.message()
    desk.post(f"/inbox/{message.pk}/check/", 200, text=WORDS, privately="1")
    assert 'id="alone-yes" value="1" checked' in desk.page(f"/inbox/{message.pk}/?wording=complaint_phone")


def test_what_became_of_it_stands_under_it_in_words(desk: Desk, tmp_path: Path) -> None:
    factories.allow_private_replies(tmp_path)
    message = desk.message()
    desk.post(f"/inbox/{message.pk}/reply/", text=WORDS, privately="1")
    address, now = f"/inbox/{message.pk}/thread/", timezone.now()
    Act.objects.update(state="sent", sent_at=now, ref="t_77:m_1")
    assert "it has not said that it was delivered" in desk.page(address)
    by = System("intake")
    take_reached(desk.channel, [Reached("77", "delivered", now, ("t_77:m_1",))], by=by, at=now)
    assert "not known to be opened" in desk.page(address)
    take_reached(desk.channel, [Reached("77", "read", now)], by=by, at=now)
    assert "opened by" in desk.page(address)
    assert "ead by the person" in desk.page(f"/inbox/{message.pk}/")
    Act.objects.update(state="refused")
    assert "Failed" in desk.page(address)
    Message.objects.update(state="new")
    assert "By hand on Facebook" not in desk.page(f"/inbox/{message.pk}/")
    assert "By hand on Facebook" not in desk.post(f"/inbox/{message.pk}/check/", 200, text=WORDS)
    Act.objects.update(state="unconfirmed")
    assert "the desk is looking" in desk.page(address)


def test_the_set_up_page_lists_the_fields(desk: Desk) -> None:
    shown = desk.page(f"/channels/{desk.channel.pk}/", desk.boss)
    assert "Fields to subscribe to" in shown
    assert "message_reads" in shown
