"""What Facebook's calls say of Messenger: private messages in, and what became of ours."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given

from gatepost.networks.facebook import Facebook
from gatepost.networks.facebook_messenger import LARGEST, private_in, reached_in
from gatepost.networks.reaching import Reached, TellsReached, person_of, ref_of
from gatepost.networks.registry import webhook_fields
from tests.networks.test_fields import ANYTHING
from tests.networks.wires import FACEBOOK

PAGE = FACEBOOK.external_id
WHEN = datetime(2026, 11, 24, 10, 0, 0, 250_000, tzinfo=UTC)
MARK = int(WHEN.timestamp() * 1000)


def call(*events: Any, page: str = PAGE) -> bytes:
    return json.dumps({"object": "page", "entry": [{"id": page, "time": MARK, "messaging": list(events)}]}).encode()


def event(person: str = "77", **about: Any) -> dict[str, Any]:
    return {"sender": {"id": person}, "recipient": {"id": PAGE}, "timestamp": MARK, **about}


def test_a_private_message_comes_in_as_one_conversation_of_its_writer() -> None:
    (one,) = private_in(call(event(message={"mid": "m_a", "text": "The lift is broken"})), PAGE)
    assert (one.ref, one.kind, one.private, one.text) == ("t_77:m_a", "message", True, "The lift is broken")
    assert (one.author_ref, one.thread_ref, one.posted_at, one.post_ref) == ("77", "t_77", WHEN, "")


def test_what_hangs_on_it_and_what_is_none() -> None:
    files = [{"payload": {"url": "https://cdn.example.org/a"}}, {"payload": {"url": "http://x"}}, {"payload": 5}]
    told = call(
        event(message={"mid": "m_b", "attachments": files}),
        event(message={"mid": "m_c", "text": "Ours", "is_echo": True}),
        event(PAGE, message={"mid": "m_d", "text": "Ours"}),
        event(message={"mid": "m_e", "text": " "}),
        event(message={"mid": "m " * 200, "text": "Odd"}),
        event(postback={"payload": "x"}),
    )
    (one,) = private_in(told, PAGE)
    assert [file.url for file in one.attachments] == ["https://cdn.example.org/a"]
    assert reached_in(told, PAGE) == ()
    assert private_in(told, "999") == ()


@pytest.mark.parametrize(
    ("sent", "words", "says"),
    [
        ({"type": "location", "payload": {"coordinates": {"lat": 1.5, "long": 2.5}}}, "", "A location was sent. Open"),
        ({"type": "fallback", "payload": None, "url": "https://example.org/a"}, "", "A link was sent: https://exam"),
        ({"type": "fallback", "payload": {"url": "https://example.org/a"}}, "See", "See\n\n[A link was sent: https://"),
        (
            {"type": "fallback", "url": "https://example.org/a"},
            "See https://example.org/a",
            "See https://example.org/a",
        ),
        ({"type": "new", "payload": None, "url": "javascript:x"}, "", "Something was sent. Open it on Facebook."),
    ],
)
def test_what_is_no_file_is_told_in_words(sent: dict[str, Any], words: str, says: str) -> None:
    (one,) = private_in(call(event(message={"mid": "m_l", "text": words, "attachments": [sent, sent]})), PAGE)
    assert one.text.removeprefix("[").startswith(says)
    assert one.text.count("[") <= 1
    assert one.attachments == ()


def test_delivered_and_read_up_to_a_moment() -> None:
    told = call(
        event(delivery={"mids": ["m_a", 5, "m odd"], "watermark": MARK}),
        event(read={"watermark": MARK}),
        event(delivery={"watermark": MARK}),
        event(read={"watermark": -1}),
        event(read={"watermark": "soon"}),
        event("", read={"watermark": MARK}),
    )
    assert reached_in(told, PAGE) == (
        Reached("77", "delivered", WHEN, ("t_77:m_a",)),
        Reached("77", "read", WHEN),
        Reached("77", "delivered", WHEN),
    )
    assert private_in(told, PAGE) == ()


@given(ANYTHING)
def test_whatever_is_sent_nothing_breaks(body: Any) -> None:
    raw = json.dumps({"messaging": 1, "entry": [{"id": PAGE, "messaging": [body]}, body]}).encode()
    private_in(raw, PAGE)
    reached_in(raw, PAGE)


@pytest.mark.parametrize(
    "body", [b"", b'"messaging"', b'{"messaging": ' + b"[" * 5000, b'"messaging"' + b" " * LARGEST]
)
def test_what_is_no_call(body: bytes) -> None:
    assert private_in(body, PAGE) == reached_in(body, PAGE) == ()


def test_the_connector_tells_both_ways_in_one_go() -> None:
    network = Facebook(FACEBOOK)
    assert isinstance(network, TellsReached)
    told = call(event(message={"mid": "m_a", "text": "Hello"}), event(read={"watermark": MARK}))
    assert [one.ref for one in network.messages_in(told)] == ["t_77:m_a"]
    assert [one.how for one in network.reached_in(told)] == ["read"]
    assert [name for name, _ in webhook_fields("facebook")][1:] == ["messages", "message_deliveries", "message_reads"]
    assert webhook_fields("x") == ()


def test_refs() -> None:
    assert person_of(ref_of("77", "m_a")) == "77"
    assert (ref_of("", "m_a"), ref_of("77", "")) == ("m_a", "")
    assert person_of("1_5") == person_of("m_a") == ""
