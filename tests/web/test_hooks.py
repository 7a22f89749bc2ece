from __future__ import annotations

import hashlib
import hmac
import json
import logging

import pytest
from django.test import Client
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from gatepost.channels import actions as channels
from gatepost.channels.models import Channel
from gatepost.inbox.models import Delivery
from tests import factories

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
    x = factories.channel(network="x", base_url="http://127.0.0.1:9/x")
    client = Client()
    assert client.post("/hooks/999999/", b"{}", content_type="application/json").status_code == 404
    assert client.post(f"/hooks/{proposed.pk}/", b"{}", content_type="application/json").status_code == 404
    assert client.post(f"/hooks/{x.pk}/", b"{}", content_type="application/json").status_code == 404
    assert client.delete(f"/hooks/{x.pk}/").status_code == 405


def test_the_question_whose_address_it_is_is_answered_before_the_channel_is_signed_off() -> None:
    officer = factories.officer()
    made = factories.channel(by=officer, live=False)
    credentials = {"token": "practice-token", "app_secret": SECRET, "verify_token": "say-friend"}
    channels.change_credentials(made, credentials, by=officer, at=timezone.now())
    ask = {"hub.mode": "subscribe", "hub.challenge": "12345", "hub.verify_token": "say-friend"}
    assert Client().get(f"/hooks/{made.pk}/", ask).content == b"12345"
    assert call(made, BODY, signed(BODY)) == 404
    assert not Delivery.objects.exists()
