from __future__ import annotations

import base64
import hashlib
import hmac
import json
import logging
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from gatepost.channels import actions as channels
from gatepost.channels.models import Channel
from gatepost.inbox.intake import read_channel
from gatepost.inbox.models import Delivery
from gatepost.networks.protocol import Page
from gatepost.worker import loops
from tests import factories
from tests.inbox.scene import reads, said

pytestmark = pytest.mark.django_db

SECRET = "practice-app-secret"
BODY = json.dumps({"object": "page", "entry": [{"id": "1", "changes": []}]}).encode()


@pytest.fixture
def channel() -> Channel:
    officer = factories.officer()
    made = factories.channel(by=officer)
    credentials = {"token": "practice-token", "app_secret": SECRET, "verify_token": "say-friend"}
    channels.change_credentials(made, credentials, by=officer, at=timezone.now())
    made.refresh_from_db()
    return made


def signed(body: bytes, secret: str = SECRET) -> str:
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def call(channel: Channel, body: bytes, signature: str | None) -> int:
    headers = {} if signature is None else {"X-Hub-Signature-256": signature}
    client = Client(enforce_csrf_checks=True)
    return client.post(f"/hooks/{channel.pk}/", body, content_type="application/json", headers=headers).status_code


def test_a_signed_call_is_kept_and_asks_for_one_reading(channel: Channel) -> None:
    assert call(channel, BODY, signed(BODY)) == 200
    assert call(channel, BODY, signed(BODY)) == 200
    assert [bytes(kept.body) for kept in Delivery.objects.all()] == [BODY, BODY]
    jobs = ProcrastinateJob.objects.filter(task_name="read_channel", args__channel=channel.pk)
    assert jobs.count() == 1


@pytest.mark.parametrize("signature", [None, "", "sha256=", "sha256=" + "0" * 64, signed(BODY, "another"), "é"])
def test_an_unproven_call_is_refused_and_nothing_kept(
    channel: Channel, signature: str | None, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        assert call(channel, BODY, signature) == 403
    assert not Delivery.objects.exists()
    assert not ProcrastinateJob.objects.exists()
    lines = [line for line in caplog.messages if "webhook" in line]
    assert len(lines) == 1
    assert "entry" not in caplog.text


def test_a_changed_body_is_refused(channel: Channel) -> None:
    assert call(channel, BODY + b" ", signed(BODY)) == 403


def test_a_call_larger_than_a_megabyte_is_refused(channel: Channel) -> None:
    large = b"x" * (1024 * 1024 + 1)
    assert call(channel, large, signed(large)) == 413
    assert not Delivery.objects.exists()


def test_the_challenge_is_answered_only_with_the_right_token(channel: Channel) -> None:
    client = Client()
    ask = {"hub.mode": "subscribe", "hub.challenge": "12345", "hub.verify_token": "say-friend"}
    answer = client.get(f"/hooks/{channel.pk}/", ask)
    assert (answer.status_code, answer.content) == (200, b"12345")
    assert answer["Content-Type"].startswith("text/plain")
    assert client.get(f"/hooks/{channel.pk}/", {**ask, "hub.verify_token": "wrong"}).status_code == 403
    assert client.get(f"/hooks/{channel.pk}/", {**ask, "hub.verify_token": ""}).status_code == 403
    assert client.get(f"/hooks/{channel.pk}/", {**ask, "hub.mode": "other"}).status_code == 403


def test_without_a_token_of_its_own_no_challenge_is_answered() -> None:
    channel = factories.channel()
    ask = {"hub.mode": "subscribe", "hub.challenge": "12345", "hub.verify_token": ""}
    assert Client().get(f"/hooks/{channel.pk}/", ask).status_code == 403


def test_unknown_and_unsigned_channels_and_networks_that_do_not_call() -> None:
    proposed = factories.channel(live=False)
    paper = factories.channel(network="press_feed", base_url="http://127.0.0.1:9/feed")
    client = Client()
    assert client.post("/hooks/999999/", b"{}", content_type="application/json").status_code == 404
    assert client.post(f"/hooks/{proposed.pk}/", b"{}", content_type="application/json").status_code == 404
    assert client.post(f"/hooks/{paper.pk}/", b"{}", content_type="application/json").status_code == 404
    assert client.delete(f"/hooks/{paper.pk}/").status_code == 405


def test_the_question_whose_address_it_is_is_answered_before_the_channel_is_signed_off() -> None:
    officer = factories.officer()
    made = factories.channel(by=officer, live=False)
    credentials = {"token": "practice-token", "app_secret": SECRET, "verify_token": "say-friend"}
    channels.change_credentials(made, credentials, by=officer, at=timezone.now())
    ask = {"hub.mode": "subscribe", "hub.challenge": "12345", "hub.verify_token": "say-friend"}
    assert Client().get(f"/hooks/{made.pk}/", ask).content == b"12345"
    assert call(made, BODY, signed(BODY)) == 404
    assert not Delivery.objects.exists()


@pytest.fixture
def x_channel() -> Channel:
    officer = factories.officer()
    made = factories.channel(by=officer, network="x", base_url="http://127.0.0.1:9/x")
    channels.change_credentials(made, {"token": "t", "api_secret": SECRET}, by=officer, at=timezone.now())
    made.refresh_from_db()
    return made


def test_xs_question_is_answered_with_what_only_the_holder_of_the_secret_knows(x_channel: Channel) -> None:
    # Made with OpenSSL: printf '9b4507b3' | openssl dgst -sha256 -hmac practice-app-secret -binary | base64
    answer = Client().get(f"/hooks/{x_channel.pk}/", {"crc_token": "9b4507b3"})
    assert answer["Content-Type"] == "application/json"
    assert answer.json() == {"response_token": "sha256=rAAiMAB73FNXKkqd7ci00tyKfZ3CbyqJVF0ie4A1lYo="}
    for asked in ({}, {"crc_token": ""}, {"crc_token": "x" * 501}):
        assert Client().get(f"/hooks/{x_channel.pk}/", asked).status_code == 403


def test_a_call_of_xs_is_kept_asks_for_a_reading_and_is_done_with_when_the_account_was_read(
    x_channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = b'{"data": {"event_type": "post.create"}}'
    right = "sha256=" + base64.b64encode(hmac.new(SECRET.encode(), body, hashlib.sha256).digest()).decode()
    address, client = f"/hooks/{x_channel.pk}/", Client()

    def told(signature: str) -> int:
        headers = {"x-twitter-webhooks-signature": signature}
        return client.post(address, body, content_type="application/json", headers=headers).status_code

    assert [told("sha256=wrong"), told("é"), told("")] == [403, 403, 403]
    assert not Delivery.objects.exists()
    assert told(right) == 200
    assert ProcrastinateJob.objects.filter(task_name="read_channel", args__channel=x_channel.pk).count() == 1
    seen = reads(monkeypatch, Page((said("1", author_ref="77"),), "c1", False))
    at = timezone.now()
    Channel.objects.filter(pk=x_channel.pk).update(last_read_at=at - timedelta(seconds=2))
    x_channel.refresh_from_db()
    assert read_channel(x_channel, at=at) == 0, "read two seconds ago: the call waits"
    assert Delivery.objects.get().read_at is None
    assert read_channel(x_channel, at=at + timedelta(seconds=4)) == 1
    assert seen.cursors == [""]
    assert Delivery.objects.get().read_at == at + timedelta(seconds=4)


@pytest.mark.parametrize("body", ["9b4507b3", '{"data": {}}', ' {"data": {}}', '[{"data": {}}]', "\ufeff{}"])
def test_an_answer_to_xs_question_is_no_signature_of_a_call(x_channel: Channel, body: str) -> None:
    address, client = f"/hooks/{x_channel.pk}/", Client()
    asked = client.get(address, {"crc_token": body})
    given = asked.json()["response_token"] if asked.status_code == 200 else ""
    headers = {"x-twitter-webhooks-signature": given}
    told = client.post(address, body.encode(), content_type="application/json", headers=headers)
    assert (told.status_code, Delivery.objects.count()) == (403, 0)


@pytest.mark.parametrize(("read", "asked"), [(-60, 0), (10, 1)])  # just read, however slow this machine is
def test_a_call_that_waits_is_seen_to_by_the_workers_own_round(x_channel: Channel, read: int, asked: int) -> None:
    at = timezone.now()
    Channel.objects.filter(pk=x_channel.pk).update(practice=False, last_read_at=at - timedelta(seconds=read))
    Delivery.objects.create(channel=x_channel, body=b"{}", at=at)
    loops.polling()
    assert ProcrastinateJob.objects.filter(task_name="read_channel").count() == asked
