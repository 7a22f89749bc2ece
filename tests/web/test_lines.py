"""The screens of approved lines: set, changed with a reason, what is at odds with them, reminders of the review."""

from __future__ import annotations

from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from gatepost.channels.models import Channel
from gatepost.gate.models import Act, Published
from gatepost.gate.published import note_sent
from gatepost.ledger.actions import System
from gatepost.people.models import User
from gatepost.policy.model import Line
from gatepost.publishing.actions import Draft, save_draft, submit
from gatepost.publishing.archive import keep_act
from gatepost.publishing.contradictions import at_odds
from gatepost.rulebook.lines import remind
from gatepost.rulebook.models import ApprovedLine
from tests import factories
from tests.publishing.published import publish

pytestmark = pytest.mark.django_db
WORKER = System("worker")


@pytest.fixture
def channel(officer: User) -> Channel:
    return factories.channel(by=officer, name="Our page")


@pytest.fixture
def given(officer: User) -> dict[str, Any]:
    return {
        "topic": "Lifts at Millrace",
        "text": "Both lifts at Millrace are replaced. Work begins on 1 December 2026.",
        "words": "Millrace lifts\nlifts at Millrace",
        "figures": "lifts: 2",
        "dates": "work begins: 1 December 2026",
        "owner": officer.pk,
        "review_on": (timezone.localdate() + timedelta(days=40)).isoformat(),
    }


def signed_in(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def test_set_changed_and_ended(officer: User, given: dict[str, Any]) -> None:
    client = signed_in(officer)
    assert "No line is set yet" in client.get("/lines/").content.decode()
    made = client.post("/lines/new/", given, follow=True).content.decode()
    assert "Nothing planned or online is at odds with it" in made
    line = ApprovedLine.objects.get()
    url = f"/lines/{line.pk}/"
    changed = {**given, "dates": "work begins: 2027-01-11", "do": "save"}
    refused = client.post(url, changed)
    assert refused.status_code == 422
    assert 'id="because-e"' in refused.content.decode()
    assert "2027-01-11" in refused.content.decode()  # what was written is still there
    client.post(url, {**changed, "because": "The maker is late"})
    page = unescape(client.get(url).content.decode())
    assert "Version 2" in page
    assert "The maker is late" in page
    assert "2026-12-01" in page  # what it said before
    client.post(url, {"do": "end"})
    assert "Ended" in client.get(url).content.decode()
    assert "1 ended" in client.get("/lines/").content.decode()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"figures": "two lifts"}, "figures"),
        ({"dates": "begins: soon"}, "dates"),
        ({"review_on": "next year"}, "review_on"),
        ({"words": ""}, "words"),
        ({"topic": ""}, "topic"),
        ({"owner": "x"}, "owner"),
    ],
)
def test_what_cannot_be_read_is_said_beside_its_field(
    officer: User, given: dict[str, Any], change: dict[str, str], field: str
) -> None:
    answer = signed_in(officer).post("/lines/new/", {**given, **change})
    assert answer.status_code == 422
    assert f'id="{field}-e"' in answer.content.decode()
    assert not ApprovedLine.objects.exists()


def test_a_changed_line_lists_what_is_at_odds_with_it(officer: User, channel: Channel, given: dict[str, Any]) -> None:
    staff = factories.staff(channel, by=officer)
    client = signed_in(officer)
    client.post("/lines/new/", given)
    text = "The lifts at Millrace: work begins on 1 December 2026."
    _, (out,) = publish(text, channel, staff=staff, officer=officer)
    keep_act(out, by=WORKER, at=timezone.now())
    note_sent([Act.objects.select_related("channel").get(pk=out.pk)], at=timezone.now())
    common = {"kind": "news", "channels": [channel.pk]}
    due = timezone.now() + timedelta(days=2)
    waiting = save_draft(Draft(text, aim="promote", not_before=due, **common), by=staff, at=timezone.now())
    (act,) = submit(waiting, by=staff, at=timezone.now())
    draft = save_draft(Draft(text + " Ask us.", **common), by=staff, at=timezone.now())
    save_draft(Draft("The hall at Millrace opens on 1 December 2026.", **common), by=staff, at=timezone.now())
    line = ApprovedLine.objects.get()
    changed = {
        **given,
        "text": "Both lifts at Millrace are replaced. Work begins on 11 January 2027.",
        "dates": "work begins: 2027-01-11",
        "because": "The maker is late",
    }
    said = unescape(client.post(f"/lines/{line.pk}/", changed, follow=True).content.decode())
    assert "3 texts are at odds with it now" in said
    for url in (f"/sign-off/{act.pk}/", f"/archive/{out.pk}/", f"/write/{draft.pk}/"):
        assert url in said, url
    assert "1 December 2026" in said
    Published.objects.filter(pk=out.pk).update(status="retracted")
    later = client.get(f"/lines/{line.pk}/").content.decode()
    assert f"/archive/{out.pk}/" not in later
    nobody = signed_in(factories.person())
    assert f"/sign-off/{act.pk}/" not in nobody.get(f"/lines/{line.pk}/").content.decode()


def test_an_opposite_is_at_odds(officer: User, channel: Channel) -> None:
    line = Line("1", "Dogs", ("dogs",), "Dogs are allowed in our flats with consent.")
    given = {"kind": "news", "channels": [channel.pk]}
    save_draft(Draft("Dogs are not allowed in our flats with consent.", **given), by=officer, at=timezone.now())
    (one,) = at_odds(line, at=timezone.now())
    assert one.where == "draft"
    assert one.said[0][1] == ""


def test_only_communications_sets_a_line(channel: Channel, officer: User, given: dict[str, Any]) -> None:
    client = signed_in(factories.staff(channel, by=officer))
    assert client.post("/lines/new/", given).status_code == 422
    assert "Set a line" not in client.get("/lines/").content.decode()


def test_the_owner_is_reminded_once_for_each_day_of_review(officer: User, given: dict[str, Any]) -> None:
    signed_in(officer).post("/lines/new/", given)
    now = timezone.now()
    assert remind(by=WORKER, at=now) == 0
    soon = now + timedelta(days=35)
    assert remind(by=WORKER, at=soon) == 1
    assert remind(by=WORKER, at=soon) == 0
    (letter,) = mail.outbox
    assert letter.to == [officer.email]
    assert "/lines/" in letter.body
    line = ApprovedLine.objects.get()
    ApprovedLine.objects.update(review_on=line.review_on + timedelta(days=2))
    assert remind(by=WORKER, at=soon) == 1
    html = signed_in(officer).get("/lines/").content.decode()
    assert "Review by" in html
    ApprovedLine.objects.update(review_on=timezone.localdate())
    assert "Review is due" in signed_in(officer).get("/lines/").content.decode()


def test_a_mail_server_that_is_away_loses_no_reminder(
    officer: User, given: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    signed_in(officer).post("/lines/new/", given)
    soon = timezone.now() + timedelta(days=35)

    def away(self: object) -> int:
        raise ConnectionRefusedError

    with monkeypatch.context() as patched:
        patched.setattr("django.core.mail.EmailMessage.send", away)
        assert remind(by=WORKER, at=soon) == 0
    assert remind(by=WORKER, at=soon) == 1
