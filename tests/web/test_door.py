"""Calls of networks as the web process takes them: proven, kept together, acknowledged only once they are kept."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
from collections.abc import Sequence
from typing import Any

import httpx
import pytest
from django.db import OperationalError
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from gatepost.channels import actions as channels
from gatepost.channels.models import Channel
from gatepost.inbox.models import Delivery
from gatepost.people.models import User
from gatepost.web.hooks import door as doors
from gatepost.web.hooks.door import BODY_LIMIT, Call, Door, Listener
from gatepost.web.shell import Shell, hook_of
from tests import factories

SECRET = "practice-app-secret"


class Proves:
    """A network for which every call signed "good" is its own."""

    def signature_is_valid(self, body: bytes, headers: Any) -> bool:
        return headers.get("x-signature") == "good"


async def calls(door: Door, *sent: tuple[str, bytes, dict[str, str]]) -> list[tuple[int, str]]:
    """What the shell answers to calls that come at once. Other pages are not there."""
    shell = Shell(lambda *_: iter(()), lambda: "", "cookie", lambda key: False, door=door)
    transport = httpx.ASGITransport(app=shell)  # type: ignore[arg-type]  # its own names for the same things
    async with httpx.AsyncClient(transport=transport, base_url="http://desk") as client:
        answers = await asyncio.gather(*(client.post(path, content=body, headers=more) for path, body, more in sent))
    return [(answer.status_code, answer.text) for answer in answers]


GOOD = {"x-signature": "good"}


def test_calls_that_come_at_once_are_kept_together_and_acknowledged_after_it() -> None:
    commits: list[int] = []
    door = Door(lambda channel: Listener(Proves()), lambda kept, asked: commits.append(len(kept)))
    told = asyncio.run(calls(door, *[("/hooks/7/", b"%d" % number, GOOD) for number in range(40)]))
    assert {status for status, _ in told} == {200}
    assert sum(commits) == 40
    assert len(commits) < 40
    door.close()


def test_what_could_not_be_kept_is_not_acknowledged() -> None:
    def away(kept: Sequence[Call], asked: object) -> None:
        raise OperationalError("gone")

    door = Door(lambda channel: Listener(Proves()), away)
    ((status, words),) = asyncio.run(calls(door, ("/hooks/7/", b"x", GOOD)))
    assert (status, words) == (503, "The database does not answer. Call again later.\n")
    door.close()


def test_a_database_that_is_away_when_the_channel_is_looked_up() -> None:
    def away(channel: int) -> Listener:
        raise OperationalError("gone")

    door = Door(away, lambda kept, asked: None)
    assert asyncio.run(calls(door, ("/hooks/7/", b"x", GOOD)))[0][0] == 503
    door.close()


def test_unproven_large_and_too_many_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    kept: list[Call] = []
    door = Door(lambda channel: Listener(Proves()), lambda some, asked: kept.extend(some))
    assert asyncio.run(calls(door, ("/hooks/7/", b"x", {})))[0][0] == 403
    assert asyncio.run(calls(door, ("/hooks/7/", b"x" * (BODY_LIMIT + 1), GOOD)))[0][0] == 413
    monkeypatch.setattr(doors, "WAITING", 0)
    assert asyncio.run(calls(door, ("/hooks/7/", b"x", GOOD)))[0] == (503, "The desk is busy. Call again later.\n")
    assert kept == []
    door.close()


def test_a_changed_secret_takes_hold_after_a_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def listens(channel: int) -> Listener:
        asked.append(channel)
        return Listener(Proves())

    door = Door(listens, lambda kept, asked: None)
    sent = [("/hooks/7/", b"x", GOOD)]
    asyncio.run(calls(door, *sent))
    asyncio.run(calls(door, *sent))
    assert asked == [7]
    monkeypatch.setattr(doors, "ASKED_AGAIN", -1.0)
    asyncio.run(calls(door, ("/hooks/7/", b"x", {})))
    assert asked == [7, 7]
    door.close()


@pytest.mark.parametrize(
    ("path", "number"),
    [("/hooks/12/", 12), ("/hooks/12", 12), ("/hooks/", 0), ("/hooks/x/", 0), ("/other/12/", 0), ("/hooks/-1/", 0)],
)
def test_addresses(path: str, number: int) -> None:
    assert hook_of(path) == number


@pytest.mark.django_db(transaction=True)
def test_the_desks_own_channels() -> None:
    officer: User = factories.officer()
    channel: Channel = factories.channel(by=officer)
    proposed = factories.channel(by=officer, live=False)
    paper = factories.channel(by=officer, network="press_feed", base_url="http://127.0.0.1:9/feed")
    secrets = {"token": "practice-token", "app_secret": SECRET}
    channels.change_credentials(channel, secrets, by=officer, at=timezone.now())
    body = b'{"entry": []}'
    signed = {"X-Hub-Signature-256": "sha256=" + hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()}
    door = Door()
    try:
        sent = [(f"/hooks/{one}/", body, signed) for one in (channel.pk, channel.pk, proposed.pk, paper.pk, 999)]
        told = asyncio.run(calls(door, *sent))
    finally:
        door._thread.submit(close_connections).result()
        door.close()
    assert [status for status, _ in told] == [200, 200, 404, 404, 404]
    assert [bytes(one.body) for one in Delivery.objects.all()] == [body, body]
    assert ProcrastinateJob.objects.filter(task_name="read_channel", args__channel=channel.pk).count() == 1


def close_connections() -> None:
    from django.db import connections

    connections.close_all()
