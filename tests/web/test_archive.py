"""The archive's screens: finding, one item, what is still online, copies; and who may see them."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from gatepost.channels.models import Channel
from gatepost.gate.models import Act, Published
from gatepost.gate.published import note_sent
from gatepost.ledger.actions import System
from gatepost.ledger.models import Line
from gatepost.people.models import User
from gatepost.publishing.archive import Wanted, add_event, campaigns_kept, keep_act
from gatepost.publishing.archive_copy import copy_in_pieces
from gatepost.publishing.campaigns import Plan, save_campaign
from gatepost.publishing.models import ArchivedItem
from gatepost.web.sign_off.group import post_of
from tests import factories
from tests.publishing.published import publish

pytestmark = pytest.mark.django_db
WORKER = System("worker")


@pytest.fixture
def channel(officer: User) -> Channel:
    return factories.channel(by=officer, name="Our page")


def published(officer: User, channel: Channel, text: str, **more: object) -> Act:
    _, (act,) = publish(text, channel, staff=factories.staff(channel, by=officer), officer=officer, **more)  # type: ignore[arg-type]  # a draft's fields
    act.refresh_from_db()
    note_sent([Act.objects.select_related("channel").get(pk=act.pk)], at=timezone.now())
    keep_act(act, by=WORKER, at=timezone.now())
    return act


def signed_in(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def test_found_by_its_words_and_read_whole(officer: User, channel: Channel) -> None:
    act = published(officer, channel, "The hall <i>opens</i> on Saturday.")
    published(officer, channel, "Rents rise in April.")
    item = ArchivedItem.objects.get(act=act.pk)
    facts = {"text": "The hall opens", "counts": {"likes": 12}}
    add_event(item, "shown", facts, moment=timezone.now(), by=WORKER, at=timezone.now())
    client = signed_in(officer)
    html = client.get("/archive/", {"words": "halls", "first": "2026-01-01"}).content.decode()
    assert f"/archive/{act.pk}/" in html
    assert "Rents rise" not in html
    page = client.get(f"/archive/{act.pk}/").content.decode()
    assert "The hall &lt;i&gt;opens" in page
    for said in (officer.name, act.digest, item.digest, "Likes: 12", "Online"):
        assert said in page, said
    assert "Nothing matches" in client.get("/archive/", {"words": "unicorns"}).content.decode()
    post = post_of(act)
    assert post is not None
    assert f"/archive/{act.pk}/" in client.get(f"/posts/{post.pk}/").content.decode()
    assert f"/archive/{act.pk}/" not in signed_in(factories.person()).get(f"/posts/{post.pk}/").content.decode()
    file = client.get(f"/archive/{act.pk}/page/")
    assert file["Content-Disposition"].startswith("attachment")
    assert "sandbox" in file["Content-Security-Policy"]
    look = item.events.get()
    assert f"/archive/{act.pk}/seen/{look.pk}/" in page
    file = client.get(f"/archive/{act.pk}/seen/{look.pk}/")
    assert b"As Our page showed it" in file.content
    assert "sandbox" in file["Content-Security-Policy"]
    assert client.get(f"/archive/{act.pk}/seen/{look.pk + 1}/").status_code == 404
    assert client.get("/archive/00000000-0000-0000-0000-000000000000/").status_code == 404


def test_what_is_still_online_and_until_when(officer: User, channel: Channel) -> None:
    first = published(officer, channel, "The hall opens on Saturday.")
    second = published(officer, channel, "Rents rise in April.")
    soon = timezone.now() + timedelta(days=3)
    Published.objects.filter(pk=first.pk).update(expires_at=soon, status="changed", says="X shows other words.")
    client = signed_in(officer)
    html = client.get("/archive/online/").content.decode()
    assert "Comes down" in html
    assert "Changed elsewhere" in html
    assert "No end" in html
    assert "Rents" not in client.get("/archive/online/?order=expiry").content.decode()
    Published.objects.filter(pk=second.pk).update(status="retracted")
    assert "Rents" not in client.get("/archive/online/").content.decode()
    assert "Nothing is online" in client.get("/archive/online/?channel=99").content.decode()


@pytest.mark.parametrize("form", ["zip", "warc"])
def test_a_copy_holds_only_what_matches(officer: User, channel: Channel, form: str) -> None:
    published(officer, channel, "The hall opens on Saturday.")
    published(officer, channel, "Rents rise in April.")
    answer = signed_in(officer).post("/archive/copy/", {"words": "hall", "form": form})
    data = b"".join(answer.streaming_content)  # type: ignore[arg-type]  # a file, not an async one
    assert "attachment" in answer["Content-Disposition"]
    if form == "zip":
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            assert len([name for name in file.namelist() if name.endswith(".html")]) == 1
    else:
        assert data[:2] == b"\x1f\x8b"


def test_a_copy_that_breaks_off_is_noted_and_is_held_by_no_signature(officer: User, channel: Channel) -> None:
    for number in range(3):
        published(officer, channel, f"The hall opens on day {number}.")
    taken = copy_in_pieces(Wanted(), form="zip", by=officer)
    part = next(taken) + next(taken)
    taken.close()  # the browser has gone
    assert not zipfile.is_zipfile(io.BytesIO(part))
    assert Line.objects.get(verb="archive.export_broken_off").detail["items"] >= 1
    assert not Line.objects.filter(verb="archive.exported").exists()


def test_the_campaigns_of_the_archive_are_those_that_published(officer: User, channel: Channel) -> None:
    assert campaigns_kept() == []
    day = timezone.localdate()
    made = {
        name: save_campaign(Plan(name=name, goal="Homes", begins=day, ends=day), by=officer, at=timezone.now())
        for name in ("Warm homes", "cold homes", "Bins", "Silent")
    }
    for name in ("Warm homes", "cold homes", "Warm homes", "Bins"):
        published(officer, channel, f"Ask about {name}.", campaign=made[name].pk)
    published(officer, channel, "Of no campaign.")
    assert campaigns_kept() == [(made[name].pk, name) for name in ("Bins", "cold homes", "Warm homes")]
    page = signed_in(officer).get(f"/archive/?campaign={made['Warm homes'].pk}").content.decode()
    assert " selected>Warm homes</option>" in page
    assert page.count("gp-row__link") == 2


def test_too_much_for_a_browser_is_said(officer: User, channel: Channel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gatepost.web.archive.views.AT_ONCE", 0)
    published(officer, channel, "The hall opens on Saturday.")
    answer = signed_in(officer).post("/archive/copy/", {})
    assert answer.status_code == 422
    assert "gatepost archive export" in answer.content.decode()


def test_only_readers_see_what_was_answered(officer: User, channel: Channel) -> None:
    act = published(officer, channel, "The hall opens on Saturday.")
    nobody = signed_in(factories.person())
    for path in ("/archive/", f"/archive/{act.pk}/", "/archive/online/", f"/archive/{act.pk}/page/"):
        assert nobody.get(path).status_code == 403, path
    assert nobody.post("/archive/copy/").status_code == 403


@pytest.mark.parametrize(
    "query", ["first=x&last=9999-99-99", "page=99999999", "channel=x&kind=y", "words=%00", "words=((("]
)
def test_any_search_is_answered(officer: User, query: str) -> None:
    assert signed_in(officer).get(f"/archive/?{query}").status_code == 200
