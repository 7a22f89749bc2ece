"""The screens of campaigns: planned with a mix, its posts, closed, deleted, taken away as a table."""

from __future__ import annotations

import csv
import io
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from gatepost.channels.models import Channel
from gatepost.people.models import User
from gatepost.publishing.actions import Draft, save_draft, submit
from gatepost.publishing.models import Campaign
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def channel(officer: User) -> Channel:
    return factories.channel(by=officer, name="Our page")


@pytest.fixture
def staff(officer: User, channel: Channel) -> User:
    return factories.staff(channel, by=officer)


def plan(channel: Channel, **change: Any) -> dict[str, Any]:
    return {
        "name": "Warm homes",
        "goal": "More households ask for a check.",
        "measure": "households",
        "baseline": "1,140",
        "target": "2000",
        "begins": "2026-10-01",
        "ends": "2026-12-18",
        "audience": ["residents", "young_people"],
        "part_kind": ["channel", "print", "event", "channel"],
        "part_title": ["Tips", "Leaflet", "", "=SUM(1)"],
        "part_channel": [str(channel.pk), "", "", ""],
        "part_on": ["", "2026-10-05", "", ""],
        "part_cost": ["", "£412.50", "", "0"],
        "part_spent": ["", "398.2", "", ""],
        **change,
    }


def signed_in(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def test_planned_changed_and_closed(staff: User, channel: Channel) -> None:
    client = signed_in(staff)
    assert "No campaign is planned" in client.get("/campaigns/").content.decode()
    page = unescape(client.post("/campaigns/new/", plan(channel), follow=True).content.decode())
    for said in ("The plan of Warm homes is kept", "1140", "£412.50", "£398.20", "Young people"):
        assert said in page, said
    campaign = Campaign.objects.get()
    assert [part.title for part in campaign.parts.all()] == ["Tips", "Leaflet", "=SUM(1)"]  # the empty row is left out
    form = client.get(f"/campaigns/{campaign.pk}/change/").content.decode()
    assert 'value="412.50"' in form
    client.post(f"/campaigns/{campaign.pk}/change/", plan(channel, target="3000"))
    campaign.refresh_from_db()
    assert campaign.target == 3000
    url = f"/campaigns/{campaign.pk}/"
    assert client.post(url, {"do": "close", "outcome": ""}).status_code == 422
    closed = client.post(url, {"do": "close", "outcome": "310 asked."}, follow=True).content.decode()
    assert "310 asked." in closed
    assert "1 closed" in client.get("/campaigns/").content.decode()


def test_its_posts_and_the_table(staff: User, channel: Channel) -> None:
    client = signed_in(staff)
    client.post("/campaigns/new/", plan(channel))
    campaign = Campaign.objects.get()
    given = {"kind": "campaign", "aim": "promote", "channels": [channel.pk], "campaign": campaign.pk}
    post = save_draft(Draft("Ask for a check.", **given), by=staff, at=timezone.now())
    save_draft(Draft("@home: a draft.", **given), by=staff, at=timezone.now())
    submit(post, by=staff, at=timezone.now())
    page = client.get(f"/campaigns/{campaign.pk}/").content.decode()
    assert f"/posts/{post.pk}/" in page
    answer = client.get(f"/campaigns/{campaign.pk}/campaign.csv")
    assert "attachment" in answer["Content-Disposition"]
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert ["Before", "1140"] in rows
    assert ["Print", "Leaflet", "", "2026-10-05", "412.50", "398.20"] in rows
    assert ["Channel", "'=SUM(1)", "", "", "0", ""] in rows  # no cell is a formula
    assert ["Ask for a check.", "Our page", "To sign off", "", ""] in rows
    assert ["'@home: a draft.", "", "Draft", "", ""] in rows


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"begins": "soon"}, "begins"),
        ({"ends": "2026-01-01"}, "ends"),
        ({"target": "many"}, "target"),
        ({"measure": ""}, "measure"),
        ({"goal": ""}, "goal"),
        ({"name": ""}, "name"),
        ({"part_cost": ["cheap", "", "", ""]}, "parts"),
        ({"part_on": ["x", "", "", ""]}, "parts"),
    ],
)
def test_what_cannot_be_planned_is_said(staff: User, channel: Channel, change: dict[str, Any], field: str) -> None:
    answer = signed_in(staff).post("/campaigns/new/", plan(channel, **change))
    html = answer.content.decode()
    assert answer.status_code == 422
    assert f'href="#{field}"' in html
    assert f'id="{field}"' in html
    assert "Leaflet" in html  # what was written is still there


def test_only_communications_deletes(officer: User, staff: User, channel: Channel) -> None:
    client = signed_in(staff)
    client.post("/campaigns/new/", plan(channel))
    url = f"/campaigns/{Campaign.objects.get().pk}/"
    assert "Put it away" not in client.get(url).content.decode()
    assert client.post(url, {"do": "delete"}).status_code == 422
    assert signed_in(officer).post(url, {"do": "delete"}).status_code == 303
    assert Campaign.objects.get().put_away_at is not None  # its mix has cost something
    Campaign.objects.get().parts.update(spent=None)
    assert signed_in(officer).post(url, {"do": "bring_back"}).status_code == 303
    assert "Delete this plan" in signed_in(officer).get(url).content.decode()
    assert signed_in(officer).post(url, {"do": "delete"}).status_code == 303
    assert not Campaign.objects.exists()
    assert signed_in(factories.person()).post("/campaigns/new/", plan(channel)).status_code == 422
