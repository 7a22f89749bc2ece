"""Campaigns: planned by people who write, changed, closed with what came of them, deleted without their posts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from gatepost.channels.models import Channel
from gatepost.ledger.models import Line
from gatepost.people.authority import NotAllowed
from gatepost.people.models import User
from gatepost.publishing.actions import Draft, PublishingError, save_draft
from gatepost.publishing.campaigns import (
    CampaignError,
    Part,
    Plan,
    campaigns_for,
    close_campaign,
    delete_campaign,
    open_campaigns,
    save_campaign,
)
from tests import factories

pytestmark = pytest.mark.django_db
PLAN = Plan(
    name="Warm homes",
    goal="More households ask for a draught check before the winter.",
    begins=date(2026, 10, 1),
    ends=date(2026, 12, 18),
    measure="households who asked for a check",
    baseline=Decimal(140),
    target=Decimal(400),
    audiences=["residents"],
)


@pytest.fixture
def officer() -> User:
    return factories.officer()


@pytest.fixture
def channel(officer: User) -> Channel:
    return factories.channel(by=officer)


@pytest.fixture
def staff(officer: User, channel: Channel) -> User:
    return factories.staff(channel, by=officer)


def test_planned_with_its_mix_changed_and_closed(staff: User, channel: Channel) -> None:
    at = timezone.now()
    mix = [
        Part("channel", "Tips each Tuesday", channel=channel.pk),
        Part("print", "Leaflet, 3,000 copies", on=date(2026, 10, 5), cost=Decimal("412.50")),
        Part("event", "Drop-in at the hall", on=date(2026, 10, 20), cost=Decimal(90), spent=Decimal("101.20")),
    ]
    made = save_campaign(replace(PLAN, parts=mix), by=staff, at=at)
    assert [(part.kind, part.cost, part.spent) for part in made.parts.all()] == [
        ("channel", Decimal(0), None),
        ("print", Decimal("412.50"), None),
        ("event", Decimal(90), Decimal("101.20")),
    ]
    save_campaign(replace(PLAN, target=Decimal(300), parts=mix[:1]), by=staff, at=at, campaign=made)
    made.refresh_from_db()
    assert (made.target, made.parts.count()) == (Decimal(300), 1)
    closed = close_campaign(made, outcome="310 households asked; print brought most of them.", by=staff, at=at)
    assert closed.closed_at == at
    assert list(open_campaigns()) == []
    assert list(campaigns_for(made.pk)) == [made]  # a post of it keeps its campaign
    with pytest.raises(CampaignError, match="closed already"):
        close_campaign(made, outcome="Again", by=staff, at=at)
    with pytest.raises(CampaignError, match="is closed"):
        save_campaign(PLAN, by=staff, at=at, campaign=made)
    verbs = Line.objects.filter(subject=f"campaign:{made.pk}").order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["campaign.saved", "campaign.saved", "campaign.closed"]


@pytest.mark.parametrize(
    ("change", "field", "says"),
    [
        ({"name": " "}, "name", "name"),
        ({"name": "x" * 121}, "name", "120"),
        ({"goal": ""}, "goal", "reach"),
        ({"goal": "nul \x00"}, "goal", "cannot be kept"),
        ({"ends": date(2026, 9, 1)}, "ends", "before the first"),
        ({"measure": ""}, "measure", "count"),
        ({"target": Decimal("1e15")}, "target", "number"),
        ({"target": Decimal("nan")}, "target", "number"),
        ({"audiences": ["martians"]}, "audiences", "martians"),
        ({"parts": [Part("radio", "Spot")]}, "parts", "no kind"),
        ({"parts": [Part("print", " ")]}, "parts", "what each part"),
        ({"parts": [Part("print", "Leaflet", channel=1)]}, "parts", "not one"),
        ({"parts": [Part("print", "Leaflet", cost=Decimal(-1))]}, "parts", "pounds"),
        ({"parts": [Part("print", "Leaflet", spent=Decimal("inf"))]}, "parts", "pounds"),
        ({"parts": [Part("channel", "Ours", channel=999999)]}, "parts", "not on this desk"),
        ({"parts": [Part("print", "Leaflet")] * 101}, "parts", "at most 100"),
    ],
)
def test_what_cannot_be_planned_is_said(officer: User, change: dict[str, Any], field: str, says: str) -> None:
    with pytest.raises(CampaignError, match=says) as refused:
        save_campaign(replace(PLAN, **change), by=officer, at=timezone.now())
    assert refused.value.field == field


def test_two_open_campaigns_do_not_share_a_name(officer: User) -> None:
    at = timezone.now()
    first = save_campaign(PLAN, by=officer, at=at)
    with pytest.raises(CampaignError, match="already"):
        save_campaign(PLAN, by=officer, at=at)
    close_campaign(first, outcome="Done", by=officer, at=at)
    assert save_campaign(PLAN, by=officer, at=at).pk != first.pk


def test_who_plans(staff: User) -> None:
    with pytest.raises(NotAllowed, match="approved"):
        save_campaign(PLAN, by=factories.person(), at=timezone.now())
    made = save_campaign(PLAN, by=staff, at=timezone.now())
    with pytest.raises(NotAllowed):
        delete_campaign(made, by=staff, at=timezone.now())


def test_a_post_outlives_its_campaign(officer: User, channel: Channel) -> None:
    at = timezone.now()
    made = save_campaign(PLAN, by=officer, at=at)
    draft = Draft("Ask for a draught check.", kind="campaign", channels=[channel.pk], campaign=made.pk)
    post = save_draft(draft, by=officer, at=at)
    assert list(made.posts.all()) == [post]
    delete_campaign(made, by=officer, at=at)
    post.refresh_from_db()
    assert post.campaign is None
    assert Line.objects.get(verb="campaign.deleted").detail == {"posts": 1}
    with pytest.raises(PublishingError, match="no longer on the desk"):
        save_draft(draft, by=officer, at=at)
