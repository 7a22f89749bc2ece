"""Answers said by hand: signed off like any other, sent by nobody but a person, counted when they are recorded."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from gatepost.gate.actions import sign_off
from gatepost.gate.by_hand import said, why_not_yet
from gatepost.gate.ground import GateError
from gatepost.gate.holds import hold
from gatepost.gate.models import Act, Attempt, Published
from gatepost.gate.sending import claim
from gatepost.inbox.actions import act_settled, reply
from gatepost.inbox.models import Message
from gatepost.ledger.actions import System
from gatepost.people.authority import NotAllowed
from tests import factories

from .scene import Desk

ADDRESS = "https://x.com/bhp/status/1790000000000000001"


@pytest.fixture
def asked(desk: Desk) -> Message:
    channel = factories.channel(by=desk.officer, network="x", name="X", base_url="")
    return factories.message("When do you open?", channel=channel)


def test_nothing_is_sent_and_it_counts_when_it_is_recorded(desk: Desk, asked: Message) -> None:
    at = asked.received_at
    act = reply(asked, text="We open at nine on Saturday.", by=desk.officer, at=at, by_hand=True)
    assert act.state == "to_sign_off"
    assert "not signed off" in why_not_yet(act, at)
    with pytest.raises(GateError, match="not signed off"):
        said(act, permalink=ADDRESS, by=desk.officer, at=at)
    other = factories.officer("Marta Second")
    at = timezone.now()
    sign_off(act, digest=act.digest, by=other, at=at)
    assert claim(worker="w", at=at + timedelta(minutes=1)) == []
    act.refresh_from_db()
    assert act.state == "signed_off"
    assert why_not_yet(act, at) == ""
    done = said(act, permalink=ADDRESS, by=desk.officer, at=at)
    assert (done.state, done.ref, done.permalink) == ("sent", "1790000000000000001", ADDRESS)
    assert not Attempt.objects.exists()
    assert Published.objects.get(act=act).ref == done.ref
    act_settled(Act.objects.get(pk=act.pk), by=System("worker"), at=at)
    asked.refresh_from_db()
    assert asked.state == "answered"
    with pytest.raises(GateError, match="sent"):
        said(act, permalink=ADDRESS, by=desk.officer, at=at)


def test_a_hold_holds_it_too(desk: Desk, asked: Message) -> None:
    at = asked.received_at
    act = reply(asked, wording="acknowledgement", by=desk.officer, at=at, by_hand=True)
    assert act.state == "signed_off"
    hold(reason="Look first", by=desk.officer, at=at)
    assert "hold" in why_not_yet(act, at)
    with pytest.raises(GateError, match="tell Communications"):
        said(act, permalink=ADDRESS, by=desk.officer, at=at)


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("", "Give the address"),
        ("somewhere", "no address of the web"),
        ("javascript:alert(1)", "no address of the web"),
        ("https://[x.com/a/status/1", "no address of the web"),
        ("https://example.org/status/1", "not on X"),
        ("https://notx.com/a/status/1", "not on X"),
        ("https://x.com/" + "a" * 700, "no address of the web"),
    ],
)
def test_where_it_stands_must_be_said(desk: Desk, asked: Message, address: str, says: str) -> None:
    act = reply(asked, wording="acknowledgement", by=desk.officer, at=asked.received_at, by_hand=True)
    with pytest.raises(GateError, match=says):
        said(act, permalink=address, by=desk.officer, at=asked.received_at)
    act.refresh_from_db()
    assert act.state == "signed_off"


def test_a_call_is_answered_by_telephone(desk: Desk) -> None:
    message = desk.message("Somebody rang about the lift post", kind="phone call")
    at = message.received_at
    act = reply(message, wording="acknowledgement", by=desk.staff, at=at)
    assert act.by_hand
    with pytest.raises(GateError, match="Say how"):
        said(act, by=desk.staff, at=at)
    assert said(act, how="By telephone", by=desk.staff, at=at).says == f"Said by hand by {desk.staff}: By telephone"


def test_what_is_sent_from_here_is_not_recorded_by_hand(desk: Desk, asked: Message) -> None:
    at = asked.received_at
    act = reply(asked, wording="acknowledgement", by=desk.officer, at=at)
    with pytest.raises(GateError, match="sent from here"):
        said(act, permalink=ADDRESS, by=desk.officer, at=at)
    other = reply(desk.message(), wording="complaint_phone", by=desk.staff, at=at, by_hand=True)
    with pytest.raises(NotAllowed):
        said(other, permalink=ADDRESS, by=factories.person("Stranger"), at=at)
