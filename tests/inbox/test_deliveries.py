"""Calls of a network: kept first, read by the queue in the order told, none lost, none in the way of others."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import DataError, OperationalError

from gatepost.inbox import deliveries, intake
from gatepost.inbox.deliveries import forget_old, try_again
from gatepost.inbox.intake import read_channel, take_in
from gatepost.inbox.models import Delivery, Message
from gatepost.networks.facebook_delivery import messages_in
from gatepost.networks.protocol import Incoming, Page

from .scene import AT, Desk, said


class Tells:
    """A network that calls, as Facebook does, and of which reading finds nothing new."""

    key = "facebook"

    def __init__(self, page: str, bad: str = "") -> None:
        self.page, self.bad, self.reads = page, bad, 0

    def read_since(self, cursor: str) -> Page:
        self.reads += 1
        return Page((), cursor)

    def messages_in(self, body: bytes) -> tuple[Incoming, ...]:
        if self.bad and self.bad.encode() in body:
            raise KeyError(self.bad)
        return messages_in(body, self.page)


def tells(desk: Desk, monkeypatch: pytest.MonkeyPatch, bad: str = "") -> Tells:
    network = Tells(desk.channel.external_id, bad)
    monkeypatch.setattr(intake, "connect", lambda account: network)
    return network


def called(desk: Desk, number: int, *, verb: str = "add", words: str = "") -> Delivery:
    page = desk.channel.external_id
    value: dict[str, Any] = {"item": "comment", "verb": verb, "post_id": f"{page}_1", "comment_id": f"1_{number}"}
    value |= {
        "parent_id": f"{page}_1",
        "from": {"id": "7", "name": "Ada Sample"},
        "created_time": 1_790_000_000 + number,
    }
    value |= {"message": words or f"Question {number}"}
    body = {"object": "page", "entry": [{"id": page, "time": value["created_time"], "changes": []}]}
    body["entry"][0]["changes"] = [{"field": "feed", "value": value}]  # type: ignore[index]  # just made
    return Delivery.objects.create(channel=desk.channel, body=json.dumps(body).encode(), at=AT)


def test_a_deep_backlog_with_duplicates_is_read_once_each(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    tells(desk, monkeypatch)
    monkeypatch.setattr(deliveries, "BATCH", 7)
    for number in [*range(40), *range(0, 40, 3)]:
        called(desk, number)
    assert read_channel(desk.channel, at=AT) == 40
    assert Message.objects.count() == 40
    assert not Delivery.objects.filter(read_at=None).exists()
    assert read_channel(desk.channel, at=AT) == 0


def test_one_that_cannot_be_read_stays_and_stops_no_other(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    network = tells(desk, monkeypatch, bad="odd")
    for number in range(9):
        called(desk, number, words="odd words" if number == 4 else "")
    assert read_channel(desk.channel, at=AT) == 8
    (left,) = Delivery.objects.filter(read_at=None)
    assert left.failed == "The desk could not read it (KeyError)."
    assert "odd words" not in caplog.text
    assert read_channel(desk.channel, at=AT) == 0
    network.bad = ""
    assert try_again(desk.channel) == 1
    assert read_channel(desk.channel, at=AT) == 1


def test_content_the_database_refuses_is_put_aside_and_a_database_that_is_away_is_not(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    tells(desk, monkeypatch)
    called(desk, 1)

    def refuses(*_: object, **__: object) -> int:
        raise DataError("no such letter")

    def away(*_: object, **__: object) -> int:
        raise OperationalError("gone")

    monkeypatch.setattr(intake, "take_in", away)
    with pytest.raises(OperationalError):
        read_channel(desk.channel, at=AT)
    assert Delivery.objects.filter(read_at=None, failed="").count() == 1
    monkeypatch.setattr(intake, "take_in", lambda *a, told=(), **k: refuses() if told else 0)
    read_channel(desk.channel, at=AT)
    assert "DataError" in Delivery.objects.get().failed


def test_calls_are_read_while_the_network_asks_us_to_wait(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    network = tells(desk, monkeypatch)
    desk.channel.read_after = AT + timedelta(minutes=5)
    called(desk, 1)
    assert read_channel(desk.channel, at=AT) == 1
    assert network.reads == 0


def test_what_was_told_before_a_poll_found_it_is_one_message(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    tells(desk, monkeypatch)
    called(desk, 1)
    take_in(desk.channel, [said("1_1", "Question 1")], cursor="1", at=AT)
    assert read_channel(desk.channel, at=AT) == 0
    assert Message.objects.count() == 1


def test_read_ones_are_taken_out_after_a_week(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    tells(desk, monkeypatch)
    called(desk, 1)
    read_channel(desk.channel, at=AT)
    called(desk, 2)
    assert forget_old(at=AT + timedelta(days=6)) == 0
    assert forget_old(at=AT + timedelta(days=8)) == 1
    assert Delivery.objects.get().read_at is None
