"""Somebody outside at their link: a code at their address, exactly this content, and nothing else of the desk."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage
from typing import Any
from unittest import mock

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message
from django.conf import LazySettings
from django.test import Client
from django.utils import timezone
from PIL import Image

from gatepost.channels.models import Channel
from gatepost.gate import actions as gate
from gatepost.gate import letters, outside
from gatepost.gate.content import CaptionsRef, Content, MediaRef
from gatepost.gate.media import put
from gatepost.gate.models import Act, Invitation, SignOff
from gatepost.people.models import User
from gatepost.publishing import actions as publishing
from tests import factories

pytestmark = pytest.mark.django_db

TEXT = "Come to the open day on Saturday 5 December, 10am to 2pm, at Millrace hall. It is free."


class Kept(Message):
    """Keeps what a real mail server was given."""

    def __init__(self) -> None:
        super().__init__(EmailMessage)
        self.letters: list[Any] = []

    def handle_message(self, message: Any) -> None:
        self.letters.append(message)


@pytest.fixture
def post(settings: LazySettings) -> Iterator[Kept]:
    """A mail server, and the desk set up to use it."""
    kept = Kept()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = Controller(kept, hostname="127.0.0.1", port=port)
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    yield kept
    server.stop()


@pytest.fixture
def act(officer: User, channel: Channel) -> Act:
    writer = factories.staff(channel, by=officer, name="Dafydd Rees")
    draft = publishing.Draft(
        text=TEXT,
        kind="event",
        aim="promote",
        channels=[channel.pk],
        audiences=["residents"],
        link="https://example.org/day",
    )
    saved = publishing.save_draft(draft, by=writer, at=timezone.now())
    [made] = publishing.submit(saved, by=writer, at=timezone.now())
    return made


@pytest.fixture
def invitation(act: Act, officer: User) -> Invitation:
    return outside.invite(
        act, name="Lee Barr", email="lee@law.example.org", digest=act.digest, by=officer, at=timezone.now()
    )


def link(invitation: Invitation) -> str:
    return f"/approve/{outside.secret_of(invitation)}/"


def code_from(post: Kept, invitation: Invitation) -> str:
    invitation.refresh_from_db()
    letters.send_code(invitation, number=invitation.codes, at=timezone.now())
    found = re.search(r"(\d{3}) (\d{3})", str(post.letters[-1]["subject"]))
    assert found
    return found[1] + found[2]


def let_in(client: Client, invitation: Invitation, post: Kept) -> str:
    client.post(link(invitation), {"do": "code"})
    client.post(link(invitation), {"do": "confirm", "code": code_from(post, invitation)})
    return client.get(link(invitation)).content.decode()


def test_the_whole_way(post: Kept, client: Client, act: Act, invitation: Invitation) -> None:
    letters.send_invitation(invitation, at=timezone.now())
    sent = post.letters[0]
    assert sent["to"] == "lee@law.example.org"
    assert link(invitation) in sent.get_payload(decode=True).decode()
    before = client.get(link(invitation)).content.decode()
    assert "Send me a code" in before
    assert TEXT not in before
    shown = let_in(client, invitation, post)
    assert TEXT in shown
    assert "https://example.org/day" in shown
    assert 'class="gp-nav' not in shown
    assert client.post(link(invitation), {"do": "sign", "digest": act.digest}).status_code == 303
    assert SignOff.objects.get(act=act).name == "Lee Barr"
    assert "Thank you" in client.get(link(invitation)).content.decode()


def test_they_say_no(post: Kept, client: Client, act: Act, invitation: Invitation) -> None:
    let_in(client, invitation, post)
    refused = client.post(link(invitation), {"do": "decline", "reason": " "})
    assert refused.status_code == 422
    assert "Say why" in refused.content.decode()
    client.post(link(invitation), {"do": "decline", "reason": "The date is wrong."})
    act.refresh_from_db()
    assert act.says == "Declined by Lee Barr: The date is wrong."
    assert "Thank you" in client.get(link(invitation)).content.decode()


def test_another_browser_sees_nothing_and_signs_nothing(
    post: Kept, client: Client, act: Act, invitation: Invitation
) -> None:
    let_in(client, invitation, post)
    other = Client()
    assert TEXT not in other.get(link(invitation)).content.decode()
    answer = other.post(link(invitation), {"do": "sign", "digest": act.digest})
    assert answer.status_code == 422
    assert "another browser" in answer.content.decode()
    assert not SignOff.objects.exists()


def test_a_wrong_code_another_wish_and_a_changed_digest(
    post: Kept, client: Client, act: Act, invitation: Invitation
) -> None:
    client.post(link(invitation), {"do": "code"})
    code = code_from(post, invitation)
    wrong = "000000" if code != "000000" else "111111"
    answer = client.post(link(invitation), {"do": "confirm", "code": wrong})
    assert "not the code we sent" in answer.content.decode()
    assert client.post(link(invitation), {"do": "sing"}).status_code == 422
    client.post(link(invitation), {"do": "confirm", "code": code})
    assert client.post(link(invitation), {"do": "sign", "digest": "0" * 64}).status_code == 422
    assert not SignOff.objects.exists()


def test_the_sight_ends_after_an_hour(post: Kept, client: Client, invitation: Invitation) -> None:
    let_in(client, invitation, post)
    session = client.session
    session[f"outside.{invitation.pk}"] = (timezone.now() - timedelta(seconds=1)).isoformat()
    session.save()
    assert TEXT not in client.get(link(invitation)).content.decode()


def test_a_link_that_does_nothing_more_says_why(client: Client, officer: User, invitation: Invitation) -> None:
    outside.revoke(invitation, by=officer, at=timezone.now())
    page = client.get(link(invitation)).content.decode()
    assert "This link does nothing more" in page
    assert "taken this request back" in page
    assert client.get("/approve/1-nothing/").status_code == 404


def test_too_many_tries_from_one_place_are_slowed(
    client: Client, invitation: Invitation, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gatepost.web.approve.views.TRIES", {"outside": "1/h/ip"})
    client.post(link(invitation), {"do": "confirm", "code": "1"}, REMOTE_ADDR="192.0.2.44")
    answer = client.post(link(invitation), {"do": "confirm", "code": "1"}, REMOTE_ADDR="192.0.2.44")
    assert "Too many tries from here" in answer.content.decode()


def test_pictures_of_this_content_and_no_others(
    post: Kept, client: Client, officer: User, channel: Channel, tmp_path: Any
) -> None:
    from gatepost.publishing.pictures import add_picture

    writer = factories.staff(channel, by=officer, name="Dafydd Rees")
    kept = []
    for colour in ("red", "blue"):
        path = tmp_path / f"{colour}.png"
        Image.new("RGB", (1200, 630), colour).save(path)
        kept.append(add_picture(path.read_bytes(), filename=path.name, by=writer, at=timezone.now()))
    draft = publishing.Draft(
        text=TEXT,
        kind="event",
        aim="promote",
        channels=[channel.pk],
        audiences=["residents"],
        pictures=[publishing.Picture(kept[0].sha256, "The hall")],
    )
    saved = publishing.save_draft(draft, by=writer, at=timezone.now())
    [made] = publishing.submit(saved, by=writer, at=timezone.now())
    asked = outside.invite(
        made, name="Lee Barr", email="lee@law.example.org", digest=made.digest, by=officer, at=timezone.now()
    )
    own, other = (f"{link(asked)}picture/{one.sha256}/" for one in kept)
    assert client.get(own).status_code == 404  # not before the code
    assert own in let_in(client, asked, post)
    answer = client.get(own)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/png")
    assert client.get(other).status_code == 404


def test_all_that_is_signed_is_shown(post: Kept, client: Client, officer: User) -> None:
    channel = factories.channel(by=officer, network="x")
    writer = factories.staff(channel, by=officer, name="Dafydd Rees")
    at = timezone.now()
    words = put(b"WEBVTT\n\n00:00.000 --> 00:02.000\nThe hall opens on Saturday.\n")
    film = MediaRef("0" * 64, "video/mp4", "The hall", "hall.mp4", captions=(CaptionsRef(words),))
    content = Content(
        kind="publish", channel=channel.pk, text=TEXT, media=(film,), not_before=at + timedelta(hours=2),
        expires_at=at + timedelta(days=9), late_after=45,
    )  # fmt: skip
    made = gate.submit(content, subject="variant:1", by=writer, at=at)
    asked = outside.invite(made, name="Lee Barr", email="lee@law.example.org", digest=made.digest, by=officer, at=at)
    shown = let_in(client, asked, post)
    for part in ("The hall opens on Saturday.", "It is taken down again", "up to 45 minutes later", "hall.mp4"):
        assert part in shown


def test_a_film_is_given_piece_by_piece(post: Kept, client: Client, officer: User) -> None:
    data = b"\0" * 300_000
    film = MediaRef(put(data), "video/mp4", "The hall", "hall.mp4", captions=(CaptionsRef(put(b"WEBVTT\n")),))
    channel = factories.channel(by=officer, network="x")
    writer = factories.staff(channel, by=officer, name="Dafydd Rees")
    at = timezone.now()
    content = Content(kind="publish", channel=channel.pk, text=TEXT, media=(film,))
    made = gate.submit(content, subject="variant:1", by=writer, at=at)
    asked = outside.invite(made, name="Lee Barr", email="lee@law.example.org", digest=made.digest, by=officer, at=at)
    let_in(client, asked, post)
    with mock.patch("gatepost.web.approve.views.get", side_effect=AssertionError("read whole")):
        answer = client.get(f"{link(asked)}picture/{film.sha256}/")
        assert sum(len(piece) for piece in answer) == len(data)  # type: ignore[attr-defined]  # a file's answer
