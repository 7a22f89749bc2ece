"""The screen of a campaign's results, its charts and its table, without any script."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from decimal import Decimal
from html import unescape
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from gatepost.channels.models import Channel
from gatepost.ledger.actions import System
from gatepost.people.models import User
from gatepost.publishing.archive import add_event, keep_act
from gatepost.publishing.campaigns import Part, Plan, save_campaign
from gatepost.publishing.models import Campaign, CampaignFigure
from gatepost.publishing.results import Course
from gatepost.web.campaigns.chart import bars, lines, said
from tests import factories
from tests.publishing.published import publish

pytestmark = pytest.mark.django_db
BY = System("test")


@pytest.fixture
def channel(officer: User) -> Channel:
    return factories.channel(by=officer, name="Our page")


@pytest.fixture
def staff(officer: User, channel: Channel) -> User:
    return factories.staff(channel, by=officer)


@pytest.fixture
def campaign(staff: User, channel: Channel) -> Campaign:
    today = timezone.localdate()
    plan = Plan(
        name="Warm homes",
        goal="More households ask for a check.",
        begins=today - timedelta(days=30),
        ends=today + timedelta(days=29),
        measure="households who asked",
        baseline=Decimal(140),
        target=Decimal(400),
        parts=[
            Part("channel", "Tips", channel=channel.pk, spent=Decimal(30)),
            Part("print", "Leaflet", cost=Decimal("412.50")),
            Part("event", "Drop-in", spent=Decimal(90)),
        ],
    )
    return save_campaign(plan, by=staff, at=timezone.now())


def signed_in(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def test_figures_are_noted_taken_out_and_put_back(staff: User, campaign: Campaign) -> None:
    client, url = signed_in(staff), f"/campaigns/{campaign.pk}/results/"
    page = client.get(url).content.decode()
    assert "Nothing has been counted yet" in page
    assert "Nothing counted yet" in client.get("/campaigns/").content.decode()
    today = timezone.localdate().isoformat()
    kept = {"do": "add", "what": "measure", "value": "1,270.50", "on": today, "source": "The wardens’ list"}
    page = unescape(client.post(url, kept, follow=True).content.decode())
    for told in ("The figure is kept", "1,270.50 on", "The target is reached", "The wardens’ list", "<svg"):
        assert told in page, told
    figure = CampaignFigure.objects.get()
    page = client.post(url, {"do": "out", "figure": figure.pk}, follow=True).content.decode()
    assert "1 taken out" in page
    page = client.post(url, {"do": "back", "figure": figure.pk}, follow=True).content.decode()
    assert "The figure counts again" in page
    assert client.post(url, {"do": "out", "figure": figure.pk + 1}).status_code == 404
    assert "The target is reached" in client.get(f"/campaigns/{campaign.pk}/").content.decode()
    assert "Households who asked: 1,270.50 on" in client.get("/campaigns/").content.decode()


def test_what_each_way_brought_and_the_table(officer: User, staff: User, channel: Channel, campaign: Campaign) -> None:
    client, url, now = signed_in(staff), f"/campaigns/{campaign.pk}/results/", timezone.now()
    _, (act,) = publish("Ask.", channel, staff=staff, officer=officer, at=now, campaign=campaign.pk, kind="campaign")
    item = keep_act(act, by=BY, at=now)
    assert item is not None
    add_event(item, "shown", {"counts": {"reactions": 11, "views": 900}}, moment=now, by=BY, at=now)  # type: ignore[arg-type]
    for part, value in zip(campaign.parts.exclude(kind="channel"), ("55", "30"), strict=True):
        kept = {"what": f"brought:{part.pk}", "value": value, "on": timezone.localdate().isoformat(), "source": "List"}
        assert client.post(url, {"do": "add", **kept}).status_code == 303
    page = client.get(url).content.decode()
    assert "£7.50" in page  # of the leaflet, for each
    assert "Leaflet: 55. Drop-in: 30." in page  # the chart says in words what it draws
    assert 'class="gp-chart__now"' in page
    answer = client.get(f"/campaigns/{campaign.pk}/campaign.csv")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert ["Our page", "1", "11", "900", "", "", "", "30", ""] in rows
    assert ["Leaflet", "", "", "", "", "", "55", "412.50", "yes"] in rows
    assert any(row[:2] == ["Ask.", "Our page"] and row[3:6] == ["11", "11", "900"] for row in rows)
    assert ["Leaflet", "Brought by it", timezone.localdate().isoformat(), "55", "List", staff.name] in rows


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"value": "many"}, "value"),
        ({"value": "NaN"}, "value"),
        ({"value": "Infinity"}, "value"),
        ({"value": ""}, "value"),
        ({"on": "soon"}, "on"),
        ({"on": "2199-01-01"}, "on"),
        ({"source": ""}, "source"),
        ({"what": "brought:0"}, "what"),
    ],
)
def test_what_is_no_figure_is_said_beside_its_field(
    staff: User, campaign: Campaign, change: dict[str, Any], field: str
) -> None:
    kept = {"do": "add", "what": "measure", "value": "12", "on": "2026-01-01", "source": "The list", **change}
    answer = signed_in(staff).post(f"/campaigns/{campaign.pk}/results/", kept)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert f'href="#{field}"' in html
    assert f'id="{field}-e"' in html
    assert not CampaignFigure.objects.exists()


def test_whoever_plans_nothing_reads_but_notes_nothing(campaign: Campaign) -> None:
    client, url = signed_in(factories.person()), f"/campaigns/{campaign.pk}/results/"
    assert "Note a figure" not in client.get(url).content.decode()
    kept = {"what": "measure", "value": "12", "on": "2026-01-01", "source": "The list"}
    assert client.post(url, kept).status_code == 422


def reading(on: date, value: int) -> Any:
    return SimpleNamespace(on=on, value=Decimal(value))


def test_the_lines_of_the_chart() -> None:
    whole: Any = SimpleNamespace(
        begins=date(2026, 1, 1), ends=date(2026, 1, 11), baseline=Decimal(100), target=Decimal(200)
    )
    course = Course((reading(date(2026, 1, 1), 100), reading(date(2026, 1, 6), 180)))
    drawn = lines(whole, course, date(2026, 1, 6))
    assert drawn is not None
    assert [tick.says for tick in drawn.ticks] == ["0", "50", "100", "150", "200"]
    assert (drawn.path, drawn.steady, drawn.target) == ("M92.0 129.0L360.0 46.6", "M92.0 129.0L628.0 26.0", 26.0)
    assert (drawn.today, drawn.points[1][2]) == (360.0, "6 January 2026: 180")
    bare: Any = SimpleNamespace(begins=whole.begins, ends=whole.begins, baseline=None, target=None)
    one = lines(bare, Course((reading(date(2026, 1, 1), 7),)), date(2026, 2, 1))
    assert one is not None
    assert (one.steady, one.target, one.today, len(one.points)) == ("", None, None, 1)
    assert lines(whole, Course(), date(2026, 1, 6)) is None


def test_the_scale_is_round_and_holds_all_figures() -> None:
    for least, most in ((0, 3), (95, 101), (-40, 25), (1_000_000, 1_000_001), (7, 7), (0, 0), (1, 99_999)):
        whole: Any = SimpleNamespace(begins=date(2026, 1, 1), ends=date(2026, 2, 1), baseline=None, target=None)
        readings = (reading(date(2026, 1, 2), least), reading(date(2026, 1, 3), most))
        drawn = lines(whole, Course(readings), date(2026, 1, 3))
        assert drawn is not None
        assert all(26 <= down <= 232 for _, down, _ in drawn.points), (least, most)


def test_bars_compare_or_are_not_drawn() -> None:
    assert bars([("Leaflet", Decimal(5)), ("Drop-in", None)]) is None
    assert bars([("Leaflet", 0), ("Drop-in", 0)]) is None
    drawn = bars([("Drop-in", 5), ("A" * 60, Decimal(20)), ("Radio", None)])
    assert drawn is not None
    assert [(bar.wide, bar.says) for bar in drawn.bars] == [(440.0, "20"), (110.0, "5")]
    assert drawn.bars[0].name.endswith("…")


def test_the_course_in_words() -> None:
    whole: Any = SimpleNamespace(baseline=Decimal(100), target=Decimal(200))
    at = (reading(date(2026, 1, 6), 150),)
    behind = Course(at, Decimal("0.5"), Decimal("0.6"), Decimal(160))
    assert said(whole, behind) == (
        "150 on 6 January 2026. That is 50% of the way from 100 to 200, with 60% of the time gone. "
        "A straight course would be at 160: the count is behind it."
    )
    assert "the count is ahead of it" in said(whole, Course(at, Decimal("0.5"), Decimal("0.4"), Decimal(140)))
    assert "the count is on it" in said(whole, Course(at, Decimal("0.5"), Decimal("0.5"), Decimal(150)))
    assert said(whole, Course(at, Decimal("0.5"), Decimal(1), Decimal(200))).endswith("missed by 50.")
    assert said(whole, Course(at)) == "150 on 6 January 2026."
    assert said(whole, Course()) == ""
