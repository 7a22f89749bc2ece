"""Delivered and read: told once, twice, late or in the wrong order, and never guessed."""

from __future__ import annotations

import itertools
import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from gatepost.calls.told import act_out
from gatepost.gate.models import Act
from gatepost.inbox import intake
from gatepost.inbox.actions import reply
from gatepost.inbox.intake import read_channel
from gatepost.inbox.models import Contact, Delivery, Message, ReachedMessage, ReachedTo
from gatepost.inbox.personal.erasing import forget
from gatepost.inbox.reached import Became, became, forget_reached, take_reached
from gatepost.ledger.actions import System
from gatepost.ledger.models import Line
from gatepost.networks.facebook_messenger import private_in, reached_in
from gatepost.networks.protocol import Incoming, Page
from gatepost.networks.reaching import How, Reached

from .scene import AT, Desk, become

BY = System("intake")
REF = "t_77:m_1"
TOOK = AT + timedelta(seconds=1)  # the network's own time of the message, not known here
SENT = AT + timedelta(seconds=2)  # when our clock saw its answer


def sent(desk: Desk, ref: str = REF, at: datetime = SENT) -> Act:
    """An answer to a private message that the network has taken."""
    message = desk.message("Hello, it is me", author_ref="77", private=True, kind="message")
    act = become(reply(message, text="We shall look into it.", by=desk.staff, at=message.received_at), "sent")
    Act.objects.filter(pk=act.pk).update(ref=ref, sent_at=at)
    act.refresh_from_db()
    return act


def of(act: Act) -> str:
    return became([act])[act.pk].how


def test_word_by_word(desk: Desk) -> None:
    act = sent(desk)
    assert (of(act), act_out(act).delivery) == ("sent", "sent")
    take_reached(desk.channel, [Reached("77", "delivered", TOOK, (REF,))], by=BY, at=AT)
    assert became([act])[act.pk] == Became("delivered", TOOK)
    take_reached(desk.channel, [Reached("77", "read", TOOK + timedelta(minutes=1))], by=BY, at=AT)
    assert (of(act), became([act])[act.pk].word) == ("read", "Read")
    assert list(
        Line.objects.filter(subject=f"act:{act.pk}", verb__in=("act.delivered", "act.read")).values_list(
            "verb", flat=True
        )
    ) == ["act.delivered", "act.read"]


TOLD = (
    Reached("77", "delivered", TOOK, (REF,)),
    Reached("77", "read", TOOK + timedelta(minutes=1)),
    Reached("77", "read", TOOK - timedelta(days=1)),
    Reached("77", "delivered", TOOK + timedelta(minutes=2), (REF, "t_77:m_2")),
)


@pytest.mark.parametrize("order", list(itertools.permutations(range(4)))[::5])
def test_any_order_and_twice_come_to_the_same(desk: Desk, order: tuple[int, ...]) -> None:
    act = sent(desk)
    for place in (*order, *order):
        take_reached(desk.channel, [TOLD[place]], by=BY, at=AT)
    assert became([act])[act.pk] == Became("read", TOOK + timedelta(minutes=1))
    assert Line.objects.filter(subject=f"act:{act.pk}", verb="act.read").count() == 1
    assert (ReachedTo.objects.count(), ReachedMessage.objects.count()) == (2, 2)


def test_told_before_the_desk_knew_its_ref(desk: Desk) -> None:
    act = sent(desk, ref="")
    take_reached(desk.channel, [Reached("77", "delivered", TOOK, (REF,))], by=BY, at=AT)
    Act.objects.filter(pk=act.pk).update(ref=REF)
    act.refresh_from_db()
    assert of(act) == "delivered"


def test_a_watermark_counts_only_for_what_is_surely_no_later(desk: Desk) -> None:
    act = sent(desk)
    hows: tuple[How, ...] = ("delivered", "read")
    for how in hows:
        # Our two clocks may differ: that they read up to a moment close to it says nothing sure of this message.
        take_reached(desk.channel, [Reached("77", how, SENT + timedelta(seconds=30))], by=BY, at=AT)
        assert of(act) == "sent"
    take_reached(desk.channel, [Reached("77", "delivered", SENT + timedelta(minutes=6))], by=BY, at=AT)
    assert of(act) == "delivered"
    take_reached(desk.channel, [Reached("78", "read", SENT + timedelta(days=1))], by=BY, at=AT)
    assert of(act) == "delivered"


@pytest.mark.parametrize(
    ("state", "word"), [("refused", "Failed"), ("unconfirmed", "Unconfirmed"), ("to_sign_off", "")]
)
def test_what_did_not_leave_or_may_not_have(desk: Desk, state: str, word: str) -> None:
    act = become(sent(desk, ref=""), state)
    assert became([act])[act.pk].word == word
    assert act_out(act).delivery == (state if word else "")


def test_of_what_is_public_nothing_is_said(desk: Desk) -> None:
    message = desk.message()
    act = become(reply(message, wording="complaint_phone", by=desk.staff, at=message.received_at), "sent")
    assert act_out(act).delivery == ""


class Calls:
    key = "facebook"

    def __init__(self, page: str) -> None:
        self.page = page

    def read_since(self, cursor: str) -> Page:
        return Page((), cursor)

    def messages_in(self, body: bytes) -> tuple[Incoming, ...]:
        return private_in(body, self.page)

    def reached_in(self, body: bytes) -> tuple[Reached, ...]:
        return reached_in(body, self.page)


def test_they_come_by_the_same_door_as_messages(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "connect", lambda account: Calls(desk.channel.external_id))
    act, page = sent(desk), desk.channel.external_id
    mark = int(TOOK.timestamp() * 1000)
    base: dict[str, Any] = {"sender": {"id": "77"}, "recipient": {"id": page}, "timestamp": mark}
    events = ({"delivery": {"mids": ["m_1"], "watermark": mark}}, {"message": {"mid": "m_8", "text": "Thank you all"}})
    for event in (*events, *events):
        told = {"entry": [{"id": page, "messaging": [{**base, **event}]}]}
        Delivery.objects.create(channel=desk.channel, body=json.dumps(told).encode(), at=AT)
    assert read_channel(desk.channel, at=AT) == 1
    assert of(act) == "delivered"
    came = Message.objects.get(ref="t_77:m_8")
    assert (came.private, came.contact.external_id, came.conversation.thread_ref) == (True, "77", "t_77")
    assert not Delivery.objects.filter(read_at=None).exists()


def test_somebody_s_data_are_forgotten(desk: Desk) -> None:
    for person in ("77", "8"):
        desk.message("Hello", author_ref=person, private=True, kind="message")
    take_reached(desk.channel, [*TOLD, Reached("8", "read", TOOK)], by=BY, at=AT)
    forget_reached([desk.channel.pk], ["77", "not a number"])
    assert list(ReachedTo.objects.values_list("person", flat=True)) == ["8"]
    assert not ReachedMessage.objects.exists()


def test_nothing_is_kept_of_people_whom_the_desk_does_not_know(desk: Desk) -> None:
    act, now = sent(desk), timezone.now()
    take_reached(desk.channel, [*TOLD, Reached("8", "read", TOOK, ("t_8:m_1",))], by=BY, at=AT)
    assert set(ReachedTo.objects.values_list("person", flat=True)) == {"77"}
    message = int(act.subject.removeprefix("message:"))
    assert forget([message], because="request", by=BY, at=now) == 1
    take_reached(desk.channel, TOLD, by=BY, at=now)  # told once more
    assert not ReachedTo.objects.exists()
    assert not ReachedMessage.objects.exists()


def test_a_private_answer_to_a_comment_under_another_number(desk: Desk) -> None:
    act = sent(desk)
    Act.objects.filter(pk=act.pk).update(ref="t_990:m_1")
    Contact.objects.filter(external_id="77").update(external_id="55")
    take_reached(desk.channel, [Reached("990", "read", TOOK, ("t_990:m_1",))], by=BY, at=AT)
    assert list(ReachedTo.objects.values_list("person", flat=True)) == ["990"]
    forget([int(act.subject.removeprefix("message:"))], because="request", by=BY, at=timezone.now())
    assert not ReachedTo.objects.exists()
    assert not ReachedMessage.objects.exists()
