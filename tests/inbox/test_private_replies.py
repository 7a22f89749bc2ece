"""One private message to the writer of a public comment: allowed by the policy or not, once, and for seven days."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from gatepost.calls.asked import MessageGet, MessageReply
from gatepost.calls.doing import message_reply
from gatepost.calls.private import private_way
from gatepost.gate import actions as gate
from gatepost.gate.checking import Stopped
from gatepost.gate.content import from_json
from gatepost.gate.ground import GateError
from gatepost.gate.models import Act
from gatepost.gate.published import Published, note_sent
from gatepost.gate.sending import outgoing, perform
from gatepost.gate.settling import refused
from gatepost.inbox.actions import exchanges, reply
from gatepost.inbox.models import Message
from gatepost.inbox.private_replies import private_reply_of, require_way
from gatepost.inbox.problems import InboxError
from gatepost.networks.facebook_private import TOLD
from gatepost.networks.protocol import Refused
from gatepost.networks.registry import connect
from gatepost.publishing.archive import keep_act, sweep
from gatepost.rulebook.actions import in_force
from tests import factories
from tests.networks.wires import X

from .scene import Desk, become

WORDS = "Your repair is booked for Tuesday morning. Please ring us if that does not suit you."


@pytest.fixture
def open_desk(desk: Desk, tmp_path: Path) -> Desk:
    factories.allow_private_replies(tmp_path)
    return desk


def test_the_shipped_policy_does_not_let_us_begin(desk: Desk) -> None:
    message = desk.message()
    at = message.received_at
    way = private_reply_of(message, pack=in_force(at), at=at)
    assert way is not None
    assert (way.allowed, way.clause) == (False, "risks.8")
    with pytest.raises(InboxError, match="does not let us begin"):
        reply(message, text=WORDS, privately=True, by=desk.staff, at=at)
    content = from_json({"kind": "reply", "channel": desk.channel.pk, "text": WORDS, "privately": True})
    given = {"private": True, "commented": at.isoformat()}
    with pytest.raises(Stopped, match="has not written to us privately"):
        gate.submit(content, subject=message.subject, by=desk.staff, at=at, context=given)
    assert not Act.objects.exists()


def test_the_power_sends_what_would_be_stopped_in_public_to_its_writer_alone(open_desk: Desk) -> None:
    message = open_desk.message()
    at = message.received_at
    with pytest.raises(Stopped):
        reply(message, text=WORDS, by=open_desk.staff, at=at)
    act = reply(message, text=WORDS, privately=True, by=open_desk.staff, at=at)
    assert (act.state, act.kind, act.clauses) == ("to_sign_off", "reply", ["usage.1", "usage.5"])
    assert act.content["privately"] is True
    assert act.sign_by is not None
    assert exchanges(message) == 0  # it is no answer in the thread
    call = outgoing(act, from_json(act.content), at=at)
    assert (call.privately, call.in_reply_to) == (True, message.ref)
    refused = perform(connect(X), replace(call, in_reply_to="1"))
    assert isinstance(refused, Refused)
    assert refused.code == "unsupported"


def test_what_the_network_refused_for_good_is_not_offered_again(open_desk: Desk) -> None:
    message = open_desk.message()
    at = message.received_at
    for code, says, offered in (
        ("551", "This person cannot be written to at present, says Facebook.", True),
        ("10900", TOLD[10900], False),
    ):
        act = become(reply(message, text=WORDS, privately=True, by=open_desk.staff, at=at), "sending")
        refused(act, Refused(says, code), at=at)
        Message.objects.filter(pk=message.pk).update(state="new")
        way = private_reply_of(message, pack=in_force(at), at=at)
        assert way is not None
        assert (not way.why_not) is offered
    assert way.refused == act
    assert "own inbox on Facebook what was said there" in way.why_not
    with pytest.raises(InboxError, match="Nothing was sent"):
        reply(message, text=WORDS, privately=True, by=open_desk.staff, at=at)
    told = private_way(MessageGet(message=message.pk), by=open_desk.staff, at=at)
    assert (told.offered, told.act) == (False, None)


def test_a_second_one_is_refused_while_one_is_there(open_desk: Desk) -> None:
    message = open_desk.message()
    at = message.received_at
    act = become(reply(message, text=WORDS, privately=True, by=open_desk.staff, at=at), "sent")
    Message.objects.filter(pk=message.pk).update(state="new")
    with pytest.raises(InboxError, match="never a second"):
        reply(message, text="And another thing.", privately=True, by=open_desk.staff, at=at)
    with pytest.raises(GateError, match="answers this comment already"):
        gate.submit(from_json(act.content), subject="message:0", by=open_desk.staff, at=at, context={**act.context})
    become(act, "declined")
    assert require_way(message, pack=in_force(at), at=at).sent is None
    later = reply(message, text="And another thing.", privately=True, by=open_desk.staff, at=at)
    with pytest.raises(GateError, match="answers this comment already"):
        gate.amend(act, replace(from_json(act.content), text="Anew."), by=open_desk.staff, at=at)
    with pytest.raises(GateError, match="private stays private"):
        gate.amend(later, replace(from_json(later.content), privately=False), by=open_desk.staff, at=at)


def test_after_seven_days_the_offer_is_gone_and_what_still_waits_is_stopped(open_desk: Desk) -> None:
    message = open_desk.message()
    at, late = message.received_at, message.posted_at + timedelta(days=7, minutes=1)
    way = private_reply_of(message, pack=in_force(at), at=at)
    assert way is not None
    assert way.until == message.posted_at + timedelta(days=7)
    act = reply(message, text=WORDS, privately=True, by=open_desk.staff, at=at)
    gate.withdraw(act, by=open_desk.staff, at=at)
    with pytest.raises(InboxError, match="Too late: Facebook took a private answer for 7 days"):
        reply(message, text=WORDS, privately=True, by=open_desk.staff, at=late)
    found = gate.check(from_json(act.content), at=late, context=act.context)
    assert [one.check for one in found if one.severity == "stop"] == ["private_window"]


def test_where_there_is_nothing_of_the_kind(open_desk: Desk) -> None:
    at = open_desk.message().received_at
    pack = in_force(at)
    private = open_desk.message("Hello", private=True, kind="message")
    assert private_reply_of(private, pack=pack, at=at) is None
    on_x = factories.message("Hello", channel=factories.channel(by=open_desk.officer, network="x", name="X"))
    with pytest.raises(InboxError, match="X has no private answer"):
        require_way(on_x, pack=pack, at=at)
    gone = open_desk.message()
    Message.objects.filter(pk=gone.pk).update(gone_at=at)
    gone.refresh_from_db()
    with pytest.raises(InboxError, match="taken the comment off"):
        require_way(gone, pack=pack, at=at)


def test_by_hand_is_never_sent_instead(open_desk: Desk) -> None:
    message = open_desk.message()
    at = message.received_at
    with pytest.raises(InboxError, match="A private message is sent from here"):
        reply(message, text=WORDS, privately=True, by_hand=True, by=open_desk.staff, at=at)
    assert not Act.objects.exists()


def test_it_is_no_publication(open_desk: Desk) -> None:
    message = open_desk.message()
    at = message.received_at
    act = become(reply(message, text=WORDS, privately=True, by=open_desk.staff, at=at), "sent")
    Act.objects.filter(pk=act.pk).update(sent_at=at, ref="t_1:m_1")
    act.refresh_from_db()
    note_sent([act], at=at)
    assert not Published.objects.exists()
    assert keep_act(act, by=factories.SETUP, at=at) is None
    assert sweep(by=factories.SETUP, at=at) == 0


def test_by_the_api(open_desk: Desk) -> None:
    message = open_desk.message()
    at, by = message.received_at, open_desk.staff
    way = private_way(MessageGet(message=message.pk), by=by, at=at)
    assert (way.offered, way.clause, way.until) == (True, "usage.5", message.posted_at + timedelta(days=7))
    act = message_reply(MessageReply(message=message.pk, text=WORDS, privately=True), by=by, at=at)
    again = private_way(MessageGet(message=message.pk), by=by, at=at)
    assert (again.offered, again.act) == (False, act.id)
    private = open_desk.message("Hello", private=True, kind="message")
    assert private_way(MessageGet(message=private.pk), by=by, at=at).until is None
