"""A deep backlog: calls doubled, out of order, deletions before their message; each there once, others not starved."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from gatepost.channels.models import Channel
from gatepost.inbox import deliveries, intake
from gatepost.inbox.coverage import COUNTED, Coverage, coverage_of
from gatepost.inbox.intake import read_channel
from gatepost.inbox.intake_models import GoneEarly, Version
from gatepost.inbox.models import Delivery, Message
from gatepost.networks.facebook_delivery import messages_in
from gatepost.networks.protocol import Incoming, Page

from .scene import AT, Desk

BEGINS = 1_790_000_000  # seconds, when the first was written
DEEP = 400


class Tells:
    """A network that calls, and of which reading finds nothing new."""

    key = "facebook"

    def __init__(self, page: str) -> None:
        self.page = page

    def read_since(self, cursor: str) -> Page:
        return Page((), cursor)

    def messages_in(self, body: bytes) -> tuple[Incoming, ...]:
        return messages_in(body, self.page)


def call(page: str, number: int, verb: str) -> bytes:
    value: dict[str, Any] = {"item": "comment", "verb": verb, "post_id": f"{page}_1", "comment_id": f"1_{number}"}
    value |= {"parent_id": f"{page}_1", "from": {"id": str(7 + number % 50), "name": "Ada Sample"}}
    later = 100_000 if verb == "remove" else 0
    value |= {"created_time": BEGINS + number + later, "message": f"Question {number}"}
    change = {"id": page, "time": BEGINS + number + later, "changes": [{"field": "feed", "value": value}]}
    return json.dumps({"object": "page", "entry": [change]}).encode()


def backlog(page: str, deep: int) -> Iterator[bytes]:
    """Each message once, every fifth twice, every tenth taken off again, all of it shuffled."""
    calls = [(number, "add") for number in range(deep)]
    calls += [(number, "add") for number in range(0, deep, 5)]
    calls += [(number, "remove") for number in range(0, deep, 10)]
    random.Random(5).shuffle(calls)
    yield from (call(page, number, verb) for number, verb in calls)


@pytest.fixture
def deep(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Channel:
    channel = desk.channel
    monkeypatch.setattr(intake, "connect", lambda account: Tells(channel.external_id))
    Delivery.objects.bulk_create(
        [Delivery(channel=channel, body=body, at=AT) for body in backlog(channel.external_id, DEEP)]
    )
    return channel


def test_everything_is_there_once_in_order_whatever_came_first(deep: Channel) -> None:
    assert read_channel(deep, at=datetime(2026, 11, 30, tzinfo=UTC)) == DEEP
    found = Message.objects.filter(channel=deep).order_by("posted_at")
    assert [message.ref for message in found] == [f"1_{number}" for number in range(DEEP)]
    assert found.filter(gone_at__isnull=False).count() == DEEP // 10
    assert Version.objects.filter(what="gone").count() == DEEP // 10
    assert not GoneEarly.objects.exists()
    assert not Delivery.objects.filter(read_at=None).exists()


def test_a_backlog_lets_other_channels_have_their_turn_and_is_seen_to_shrink(
    deep: Channel, desk: Desk, monkeypatch: pytest.MonkeyPatch, client: Client
) -> None:
    monkeypatch.setattr(deliveries, "MOST", 100)
    monkeypatch.setattr(deliveries, "BATCH", 50)
    begun = coverage_of(deep, at=AT).waiting
    waiting = ProcrastinateJob.objects.filter(task_name="read_channel", status="todo")
    assert not waiting.exists()
    read_channel(deep, at=AT + timedelta(minutes=1))
    left = coverage_of(deep, at=AT)
    assert left.waiting == begun - 100
    assert left.since == AT
    assert [(job.args, job.lock) for job in waiting] == [({"channel": deep.pk}, f"read:{deep.pk}")]  # behind others
    read_channel(deep, at=AT + timedelta(minutes=2))
    assert waiting.count() == 1  # it waits once however often it is asked for
    client.force_login(desk.officer)
    html = client.get(f"/intake/channel/{deep.pk}/").content.decode()
    assert f"{begun - 200}, the oldest" in html
    assert 'hx-trigger="every 3s"' in html


def test_more_calls_than_are_counted_are_said_so() -> None:
    def seen(waiting: int) -> str:
        return Coverage(Channel(), (), None, waiting, None, 0, None, None).waits

    assert (seen(0), seen(1_234), seen(COUNTED + 1)) == ("", "1,234", "more than 20,000")
