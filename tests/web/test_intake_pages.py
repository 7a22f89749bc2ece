"""What intake shows: earlier words of a message, what of a channel is on the desk."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from gatepost.inbox.intake import take_in
from gatepost.inbox.models import Attachment, Delivery, Gap, Message, Quiet
from gatepost.networks.protocol import Attached, Incoming
from tests import factories
from tests.inbox.scene import ABUSE

pytestmark = pytest.mark.django_db


def test_earlier_words_and_that_it_is_gone_stand_in_the_thread() -> None:
    officer = factories.officer()
    channel = factories.channel(by=officer)
    message = factories.message("Ring me on 01632 960123 about the damp", channel=channel)
    at = timezone.now()
    say = Incoming(message.ref, "comment", "It is mended, thank you", "r", "Casey Sample", at, changed_at=at)
    take_in(channel, [say], cursor=None, at=at + timedelta(seconds=1))
    gone = Incoming(message.ref, "comment", "", "r", "Casey Sample", at, changed_at=at, gone=True)
    take_in(channel, [gone], cursor=None, at=at + timedelta(seconds=2))
    client = Client()
    client.force_login(officer)
    page = client.get(f"/inbox/{message.pk}/").content.decode()
    assert "It is mended, thank you" in page
    assert "1 earlier version" in page
    assert "about the damp" in page
    assert "960123" not in page
    assert "took it off" in page


def test_coverage_of_a_channel_and_on_the_front_page() -> None:
    officer = factories.officer()
    channel = factories.channel(by=officer)
    now = timezone.now()
    gap = Gap.objects.create(
        channel=channel, since=now - timedelta(hours=3), until=now - timedelta(hours=2), why="The network was away.",
        says="Look there.",
    )  # fmt: skip
    Quiet.objects.create(channel=channel, since=now - timedelta(hours=2), noticed_at=now, usual=[9, 8, 11, 7])
    Delivery.objects.create(channel=channel, body=b"{", at=now, failed="The desk could not read it (KeyError).")
    client = Client()
    client.force_login(officer)
    page = client.get(f"/intake/channel/{channel.pk}/").content.decode()
    for words in (
        "Something may be missing",
        "The network was away.",
        "9, 8, 11, 7",
        "Try them again",
        "Read it once more",
    ):
        assert words in page
    assert f"Something of {channel.name} may be missing" in client.get("/").content.decode()
    assert "See what is on the desk" in client.get(f"/channels/{channel.pk}/").content.decode()
    address = f"/intake/channel/{channel.pk}/"
    assert client.post(address, {"act": "settle", "gap": gap.pk, "because": ""}).status_code == 422
    assert client.post(address, {"act": "settle", "gap": gap.pk, "because": "Looked: nothing"}).status_code == 303
    assert client.post(address, {"act": "again", "since": ""}).status_code == 422
    assert client.post(address, {"act": "again", "since": str((now - timedelta(days=2)).date())}).status_code == 303
    assert client.post(address, {"act": "calls"}).status_code == 303
    assert client.post(address, {"act": "other"}).status_code == 422
    page = client.get(address).content.decode()
    assert f"{officer.name} looked on the network" in page
    assert "1 call could" not in page


def test_what_hangs_on_abuse_is_covered_until_the_words_are_opened() -> None:
    officer = factories.officer()
    note = Attached("note.txt", "text/plain", data=b"And again.")
    say = Incoming("a", "comment", ABUSE, "r", "Casey Sample", timezone.now(), attachments=(note,))
    take_in(factories.channel(by=officer), [say], cursor=None, at=timezone.now())
    file = Attachment.objects.get()
    client = Client()
    client.force_login(officer)
    assert client.get(f"/intake/attachment/{file.pk}/").status_code == 403
    client.post(f"/moderation/{file.message_id}/open/")
    answer = client.get(f"/intake/attachment/{file.pk}/")
    assert (answer.status_code, answer.content) == (200, b"And again.")


def test_recording_by_hand() -> None:
    officer = factories.officer()
    client = Client()
    client.force_login(officer)
    assert "Telephone call" in client.get("/intake/record/").content.decode()
    assert 'href="/intake/record/"' in client.get("/inbox/").content.decode()
    given = {"key": str(uuid4()), "kind": "elsewhere", "text": "They never mend anything", "happened_at": ""}
    answer = client.post("/intake/record/", given)
    assert answer.status_code == 422
    assert "They never mend anything" in answer.content.decode()
    assert 'id="address-error"' in answer.content.decode()
    for wrong, field in (({"kind": ""}, "kind"), ({"happened_at": "soon"}, "happened_at"), ({"text": ""}, "text")):
        body = client.post("/intake/record/", {**given, "address": "https://a.example/1", **wrong}).content.decode()
        assert f'id="{field}-error"' in body
    done = {**given, "address": "https://news.example.org/1#c2", "happened_at": "2026-11-20T10:30"}
    answer = client.post("/intake/record/", done)
    assert answer.status_code == 303
    message = Message.objects.get()
    assert answer["Location"] == f"/inbox/{message.pk}/"
    page = client.get(f"/inbox/{message.pk}/").content.decode()
    assert "They never mend anything" in page
    assert "https://news.example.org/1#c2" in page
    assert client.post("/intake/record/", done)["Location"] == f"/inbox/{message.pk}/"
    assert Message.objects.count() == 1
