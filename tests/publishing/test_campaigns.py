"""Campaigns: planned by people who write, changed, closed with what came of them, deleted without their posts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from gatepost.calls import planning
from gatepost.channels.models import Channel
from gatepost.gate.models import Act
from gatepost.ledger.models import Line
from gatepost.people.authority import NotAllowed
from gatepost.people.models import User
from gatepost.publishing.actions import Draft, PublishingError, save_draft
from gatepost.publishing.campaigns import (
    CampaignError,
    Part,
    Plan,
    bring_back,
    campaigns_for,
    close_campaign,
    delete_campaign,
    open_campaigns,
    rests_on,
    save_campaign,
)
from gatepost.publishing.results import add_figure, take_out
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


class TestPutAway:
    """What the archive and the reports rest on is not deleted with a plan."""

    def test_figures_keep_a_campaign(self, officer: User) -> None:
        at = timezone.now()
        made = save_campaign(PLAN, by=officer, at=at)
        assert rests_on(made) == ""
        figure = add_figure(
            made, what="measure", value=Decimal(12), on=timezone.localdate(at), source="The hall", by=officer, at=at
        )
        take_out(figure, by=officer, at=at)
        assert delete_campaign(made, by=officer, at=at)
        made.refresh_from_db()
        assert (made.put_away_at, made.put_away_by) == (at, officer)
        assert made.figures.count() == 1
        assert made not in open_campaigns()
        assert made not in campaigns_for()
        assert made in campaigns_for(made.pk)
        assert Line.objects.get(verb="campaign.put_away").subject == f"campaign:{made.pk}"
        for refused in (
            lambda: delete_campaign(made, by=officer, at=at),
            lambda: save_campaign(PLAN, by=officer, at=at, campaign=made),
            lambda: close_campaign(made, outcome="Well.", by=officer, at=at),
        ):
            with pytest.raises(CampaignError, match="put away"):
                refused()
        other = save_campaign(PLAN, by=officer, at=at)  # its name is free
        with pytest.raises(CampaignError, match="Another campaign"):
            bring_back(made, by=officer, at=at)
        assert not delete_campaign(other, by=officer, at=at)
        assert bring_back(made, by=officer, at=at).put_away_at is None
        assert made in open_campaigns()
        with pytest.raises(CampaignError, match="not put away"):
            bring_back(made, by=officer, at=at)

    def test_so_does_money_that_was_spent(self, officer: User) -> None:
        made = save_campaign(PLAN, by=officer, at=timezone.now())
        made.parts.create(kind="print", title="Leaflet", cost=Decimal(10))
        assert rests_on(made) == ""
        made.parts.update(spent=Decimal(9))
        assert rests_on(made) == "Money was spent on it."

    def test_so_does_what_was_published(self, officer: User, channel: Channel) -> None:
        at = timezone.now()
        made = save_campaign(PLAN, by=officer, at=at)
        draft = Draft("Ask for a draught check.", kind="campaign", channels=[channel.pk], campaign=made.pk)
        post = save_draft(draft, by=officer, at=at)
        variant = post.variants.get()
        Act.objects.create(
            kind="publish", channel=channel, author=officer, subject=variant.subject, content={}, context={},
            digest="0" * 64, state="sent", created_at=at,
        )  # fmt: skip  # one row
        assert rests_on(made) == "Something was published for it."
        assert delete_campaign(made, by=officer, at=at)
        post.refresh_from_db()
        assert post.campaign == made

    def test_who_may(self, officer: User, staff: User) -> None:
        made = save_campaign(PLAN, by=officer, at=timezone.now())
        with pytest.raises(NotAllowed):
            bring_back(made, by=staff, at=timezone.now())

    def test_on_screen_and_by_name(self, officer: User) -> None:
        at = timezone.now()
        made = save_campaign(PLAN, by=officer, at=at)
        made.parts.create(kind="print", title="Leaflet", cost=Decimal(10), spent=Decimal(9))
        client = Client()
        client.force_login(officer)
        page = client.get(f"/campaigns/{made.pk}/").content.decode()
        assert "Put it away" in page
        assert "Money was spent on it. So it is not deleted" in page
        said = client.post(f"/campaigns/{made.pk}/", {"do": "delete"}, follow=True).content.decode()
        assert "is put away. Money was spent on it." in said
        assert "1 put away" in client.get("/campaigns/").content.decode()
        said = client.post(f"/campaigns/{made.pk}/", {"do": "bring_back"}, follow=True).content.decode()
        assert "is back, as it was" in said
        gone = planning.campaign_delete(planning.CampaignGet(campaign=made.pk), by=officer, at=at)
        assert (gone.put_away, gone.why) == (True, "Money was spent on it.")
        assert planning.campaigns_list(planning.CampaignsList(), by=officer, at=at).campaigns == []
        assert planning.campaigns_list(planning.CampaignsList(put_away=True), by=officer, at=at).campaigns
        back = planning.campaign_bring_back(planning.CampaignGet(campaign=made.pk), by=officer, at=at)
        assert back.put_away_at is None
