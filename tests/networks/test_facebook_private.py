"""Private messages on Facebook: what is sent, what its refusals mean, and what a lookup can and cannot tell."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from gatepost.networks.facebook import Facebook
from gatepost.networks.protocol import MediaFile, NotThere, Outgoing, Receipt, Refused, Unknown
from tests.networks.wires import FACEBOOK, Handler, Wire, answer

PAGE = FACEBOOK.external_id
AT = datetime(2026, 11, 24, 10, tzinfo=UTC)
ALONE = Outgoing("k", "reply", "Your repair is booked.", in_reply_to="1_5", privately=True, since=AT)
ANSWER = Outgoing("k", "reply", "Thank you.", in_reply_to="t_77:m_abc", since=AT)
OURS = {"id": "m_9", "message": ALONE.text, "from": {"id": PAGE}, "created_time": "2026-11-24T10:00:05+0000"}


def facebook(wire: Wire) -> Facebook:
    return Facebook(FACEBOOK, wire)


def refusing(code: int, subcode: int = 0) -> Wire:
    return Wire(answer(400, {"error": {"code": code, "error_subcode": subcode, "message": "(#) No"}}))


def shows(comment: Any, conversations: Any = None) -> Handler:
    return lambda request: answer(200, conversations if "conversations" in request.url.path else comment)


def test_a_comment_is_answered_to_its_writer_alone() -> None:
    wire = Wire(answer(200, {"recipient_id": "77", "message_id": "m_abc"}))
    sent = facebook(wire).reply_privately(ALONE)
    assert isinstance(sent, Receipt)
    assert (sent.ref, sent.permalink) == ("t_77:m_abc", "")
    assert wire.requests[0].url.path == f"/v26.0/{PAGE}/messages"
    assert wire.bodies() == [{"recipient": {"comment_id": "1_5"}, "message": {"text": ALONE.text}}]
    facebook(wire).reply_privately(replace(ALONE, in_reply_to=f"{PAGE}_4"))
    assert wire.bodies()[1]["recipient"] == {"post_id": f"{PAGE}_4"}


def test_a_private_message_is_answered_in_its_own_conversation() -> None:
    wire = Wire(answer(200, {"message_id": "m_abc"}))
    sent = facebook(wire).publish(ANSWER)
    assert getattr(sent, "ref", "") == "t_77:m_abc"
    expected = {"recipient": {"id": "77"}, "message": {"text": "Thank you."}, "messaging_type": "RESPONSE"}
    assert wire.bodies() == [expected]


@pytest.mark.parametrize(
    ("code", "subcode", "says"),
    [
        (10900, 0, "answered privately already"),
        (10901, 0, "seven days"),
        (10903, 0, "does not let this Page write"),
        (551, 0, "cannot be written to"),
        (10, 2018278, "24 hours"),
        (10, 0, "pages_messaging"),
    ],
)
def test_what_refusals_mean(code: int, subcode: int, says: str) -> None:
    refused = facebook(refusing(code, subcode)).reply_privately(ALONE)
    assert isinstance(refused, Refused)
    assert says in refused.reason


def test_what_cannot_be_sent_and_what_is_not_known() -> None:
    wire = Wire(answer(200, {"recipient_id": "77"}))
    assert isinstance(facebook(wire).reply_privately(ALONE), Unknown)
    picture = MediaFile(b"x", "image/png", "A lift", "lift.png")
    assert isinstance(facebook(wire).reply_privately(replace(ALONE, media=(picture,))), Refused)
    assert isinstance(facebook(wire).reply_privately(replace(ALONE, in_reply_to="../me")), Refused)
    assert len(wire.requests) == 1


@pytest.mark.parametrize(
    ("comment", "messages", "found"),
    [
        ({"can_reply_privately": True}, None, NotThere),
        ({"can_reply_privately": False}, None, Unknown),
        ({}, None, Unknown),
        ({"private_reply_conversation": {"id": "t_1"}}, None, Unknown),
        ({"private_reply_conversation": {"id": "t_1"}, "from": {"id": "77"}}, [OURS], Receipt),
        ({"private_reply_conversation": {"id": "t_1"}, "from": {"id": "77"}}, [{**OURS, "message": "Hi"}], Unknown),
        ({"private_reply_conversation": {"id": "t_1"}, "from": {"id": "77"}}, [{"id": "m_1"}] * 50, Unknown),
    ],
)
def test_a_lookup_is_sure_or_says_that_it_is_not(comment: Any, messages: Any, found: type) -> None:
    conversations = {"data": [{"id": "t_1", "messages": {"data": messages}}]}
    there = facebook(Wire(shows(comment, conversations))).find(ALONE)
    assert isinstance(there, found)
    if isinstance(there, Receipt):
        assert there.ref == "t_77:m_9"


def test_an_answer_is_looked_for_in_the_person_s_conversation() -> None:
    mine = {**OURS, "message": "Thank you."}
    there = {"data": [{"messages": {"data": [mine]}}]}
    wire = Wire(shows({}, there))
    assert getattr(facebook(wire).find(ANSWER), "ref", "") == "t_77:m_9"
    assert dict(wire.requests[0].url.params)["user_id"] == "77"
    assert facebook(Wire(shows({}, there))).find(replace(ANSWER, taken=("t_77:m_9",))) == NotThere()
    early = {"data": [{"messages": {"data": [{**mine, "created_time": "2026-11-24T09:00:00+0000"}]}}]}
    assert facebook(Wire(shows({}, early))).find(ANSWER) == NotThere()
    for odd in ({}, {"data": []}, {"data": [{"messages": 5}]}):
        assert isinstance(facebook(Wire(shows({}, odd))).find(ANSWER), Unknown)


def test_of_a_comment_that_is_gone_nobody_can_tell_whether_it_was_answered() -> None:
    assert isinstance(facebook(refusing(100, 33)).find(ALONE), Unknown)
