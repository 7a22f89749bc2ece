"""What becomes of a post on a real WordPress: changed, ended, taken down, and altered behind the desk's back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx
import pytest
from django.test import Client
from django.utils import timezone

from gatepost.channels import actions as channels
from gatepost.channels.models import Channel
from gatepost.gate import actions, correcting, rechecking, sending, settling, uploading
from gatepost.gate.content import Content, MediaRef
from gatepost.gate.media import put
from gatepost.gate.models import Act, Published
from gatepost.ledger.actions import System
from gatepost.people.models import User
from tests import factories
from tests.networks.wordpress_server import WordPressServer
from tests.publishing.images import picture

pytestmark = [pytest.mark.wordpress, pytest.mark.django_db]
SYSTEM = System("test")
TEXT = "The office is open on Saturday from 10am."


@pytest.fixture
def officer() -> User:
    return factories.officer()


@pytest.fixture
def blog(wordpress: WordPressServer, officer: User) -> Channel:
    """A live channel of the real site."""
    at = timezone.now()
    made = channels.connect(
        network="wordpress",
        name="Our website",
        external_id="Test blog",
        base_url=wordpress.url,
        credentials={"username": "editor1", "application_password": wordpress.passwords["editor1"]},
        by=officer,
        at=at,
        allow_private=True,
    )
    channels.sign_off(made, by=officer, at=at)
    made.refresh_from_db()
    return made


@pytest.fixture
def writer(officer: User, blog: Channel) -> User:
    return factories.staff(blog, by=officer, name="Dafydd Rees")


def signed(act: Act, officer: User) -> Act:
    at = timezone.now()
    actions.sign_off(act, digest=act.digest, by=officer, at=at)
    claims = sending.claim(worker="test", at=timezone.now())
    settling.settle([(one, sending.send(one)) for one in claims], at=timezone.now())
    act.refresh_from_db()
    assert act.state == "sent", act.says
    return act


def out(blog: Channel, writer: User, officer: User, **more: Any) -> Act:
    content = Content("publish", blog.pk, text=TEXT, title="Open on Saturday", **more)
    return signed(actions.submit(content, subject="variant:1", by=writer, at=timezone.now()), officer)


def page(act: Act) -> httpx.Response:
    return httpx.get(act.permalink, follow_redirects=True)


def looked_at() -> Published:
    item = Published.objects.get()
    Published.objects.update(check_at=timezone.now())
    assert rechecking.recheck(at=timezone.now()) == 1
    item.refresh_from_db()
    return item


def still_online(officer: User) -> str:
    client = Client()
    client.force_login(officer)
    return client.get("/archive/online/").content.decode()


def test_changed_looked_at_and_taken_down_with_a_reason(
    wordpress: WordPressServer, blog: Channel, writer: User, officer: User
) -> None:
    act = out(blog, writer, officer)
    assert looked_at().status == "online"
    new = TEXT.replace("Saturday", "Sunday")
    signed(correcting.edit(act, text=new, reason="Wrong day", by=writer, at=timezone.now()), officer)
    shown = page(act).text
    assert "Sunday" in shown
    assert TEXT not in shown
    assert looked_at().status == "online"  # the words as they were changed are those that count
    signed(correcting.take_down(act, reason="Called off", by=writer, at=timezone.now()), officer)
    assert page(act).status_code == 404
    item = Published.objects.get()
    assert (item.status, item.says) == ("retracted", "Taken down: Called off")
    assert "Nothing is online" in still_online(officer).replace("<strong>", "").replace("</strong>", "")


def test_its_end_comes_and_it_is_taken_down_under_its_own_sign_off(blog: Channel, writer: User, officer: User) -> None:
    ends = timezone.now() + timedelta(days=1)
    act = out(blog, writer, officer, expires_at=ends)
    assert correcting.expire(by=SYSTEM, at=timezone.now()) == 0
    assert correcting.expire(by=SYSTEM, at=ends) == 1
    claims = sending.claim(worker="test", at=ends)
    settling.settle([(one, sending.send(one)) for one in claims], at=ends)
    assert page(act).status_code == 404
    assert Published.objects.get().status == "retracted"


def test_what_somebody_changes_or_removes_in_wordpress_itself_is_seen_and_said(
    wordpress: WordPressServer, blog: Channel, writer: User, officer: User
) -> None:
    act = out(blog, writer, officer)
    number = act.ref.partition(":")[2]
    wordpress.ask("POST", f"/posts/{number}", json={"content": "<p>Buy now.</p>"}).raise_for_status()
    item = looked_at()
    assert (item.status, item.online) == ("changed", True)
    html = still_online(officer)
    assert "Changed elsewhere" in html
    assert "WordPress now shows other words than were signed off." in html
    wordpress.ask("POST", f"/posts/{number}", json={"content": f"<p>{TEXT}</p>"}).raise_for_status()
    assert looked_at().status == "online"
    wordpress.ask("POST", f"/posts/{number}", json={"status": "draft"}).raise_for_status()
    item = looked_at()
    assert item.status == "gone", "a draft is seen by nobody"
    wordpress.ask("DELETE", f"/posts/{number}").raise_for_status()
    item = looked_at()
    assert (item.status, item.says) == ("gone", "It is no longer on WordPress. Nobody took it down from here.")
    assert TEXT[:40] not in still_online(officer)


def test_a_picture_goes_up_before_the_post_and_is_opened_with_it(
    wordpress: WordPressServer, blog: Channel, writer: User, officer: User
) -> None:
    data = picture("JPEG", (1200, 800))
    media = MediaRef(put(data), "image/jpeg", "The hall with its doors open", "hall.jpg", 1200, 800, len(data))
    at = timezone.now()
    content = Content(
        "publish", blog.pk, text=TEXT, title="Open", media=(media,), not_before=at + timedelta(minutes=30)
    )
    act = actions.submit(content, subject="variant:1", by=writer, at=at)
    actions.sign_off(act, digest=act.digest, by=officer, at=at)
    [job] = uploading.take(worker="test", at=at, limit=1)
    uploading.keep(job, uploading.bring_up(job), at=at)
    act.refresh_from_db()
    assert act.says == "Its pictures and films are at WordPress already. Nobody sees them yet."
    row = act.unseen.get()
    kept = wordpress.ask("GET", f"/media/{row.ref}", params={"context": "edit"}).json()
    assert kept["status"] == "private"
    due = at + timedelta(minutes=30)
    claims = sending.claim(worker="test", at=due)
    settling.settle([(one, sending.send(one)) for one in claims], at=due)
    act.refresh_from_db()
    assert act.state == "sent", act.says
    number = act.ref.partition(":")[2]
    assert str(wordpress.ask("GET", f"/posts/{number}").json()["featured_media"]) == row.ref
    assert wordpress.ask("GET", f"/media/{row.ref}", params={"context": "edit"}).json()["status"] == "inherit"
