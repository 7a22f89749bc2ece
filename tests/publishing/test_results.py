"""What came of a campaign: figures typed in, the course against target and time, what each way and post brought."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from gatepost.channels.models import Channel
from gatepost.ledger.actions import System
from gatepost.ledger.models import Line
from gatepost.people.authority import NotAllowed
from gatepost.people.models import User
from gatepost.publishing.archive import add_event, keep_act
from gatepost.publishing.campaigns import CampaignError, Part, Plan, close_campaign, save_campaign
from gatepost.publishing.models import Campaign, LinkDay, Post, ShortLink
from gatepost.publishing.results import add_figure, per, put_back, results_of, share_of_time, take_out
from tests import factories

from .published import publish

pytestmark = pytest.mark.django_db
AT = timezone.now() + timedelta(days=1)  # after all that the factories make
FIRST = timezone.localdate(AT) - timedelta(days=32)
BY = System("test")


@pytest.fixture
def officer() -> User:
    return factories.officer()


@pytest.fixture
def channels(officer: User) -> tuple[Channel, Channel]:
    return factories.channel(by=officer, name="Our page"), factories.channel(by=officer, network="x", name="Our X")


@pytest.fixture
def staff(officer: User, channels: tuple[Channel, Channel]) -> User:
    return factories.staff(*channels, by=officer)


@pytest.fixture
def plan(channels: tuple[Channel, Channel]) -> Plan:
    return Plan(
        name="Warm homes",
        goal="More households ask for a draught check.",
        begins=FIRST,
        ends=FIRST + timedelta(days=69),  # seventy days
        measure="households who asked",
        baseline=Decimal(100),
        target=Decimal(300),
        parts=[
            Part("channel", "Tips each Tuesday", channel=channels[0].pk, cost=Decimal(40), spent=Decimal(50)),
            Part("print", "Leaflet", cost=Decimal(200)),
            Part("event", "Drop-in", cost=Decimal(90), spent=Decimal(75)),
        ],
    )


@pytest.fixture
def campaign(plan: Plan, staff: User) -> Campaign:
    return save_campaign(plan, by=staff, at=AT)


def note(campaign: Campaign, by: User, value: float, on: date = FIRST + timedelta(days=31), **more: Any) -> Any:
    given = {"what": "measure", "source": "the list of the wardens", **more}
    return add_figure(campaign, value=Decimal(str(value)), on=on, by=by, at=AT, **given)


def seen(act: Any, counts: dict[str, int], at: datetime) -> None:
    item = keep_act(act, by=BY, at=at)
    assert item is not None
    add_event(item, "shown", {"counts": counts}, moment=at, by=BY, at=at)  # type: ignore[arg-type]


def test_the_course_against_target_and_time(campaign: Campaign, staff: User) -> None:
    assert results_of(campaign).course.last is None
    note(campaign, staff, 130, FIRST + timedelta(days=13))
    note(campaign, staff, 100, FIRST + timedelta(days=27))
    note(campaign, staff, 150, FIRST + timedelta(days=27))  # the same day again: the later word holds
    got = results_of(campaign)
    assert [one.value for one in got.course.readings] == [130, 150]
    assert (got.course.way, got.course.time, got.course.steady) == (Decimal("0.250"), Decimal(28) / 70, 180)
    assert (got.cost, got.planned, got.per_result) == (325, True, Decimal("6.50"))  # 50 + 200 planned + 75, for 50 more


def test_a_count_that_is_to_fall(campaign: Campaign, staff: User, plan: Plan) -> None:
    save_campaign(replace(plan, baseline=Decimal(400), target=Decimal(300)), by=staff, at=AT, campaign=campaign)
    campaign.refresh_from_db()
    note(campaign, staff, 340)
    got = results_of(campaign)
    assert (got.course.way, got.per_result) == (Decimal("0.600"), Decimal("5.42"))
    note(campaign, staff, 450, FIRST + timedelta(days=32))
    got = results_of(campaign)
    assert (got.course.way, got.per_result) == (Decimal("-0.500"), None)  # the wrong way: no money bought that


def test_without_baseline_or_target_nothing_is_claimed(campaign: Campaign, staff: User, plan: Plan) -> None:
    save_campaign(replace(plan, baseline=None), by=staff, at=AT, campaign=campaign)
    campaign.refresh_from_db()
    note(campaign, staff, 150)
    got = results_of(campaign)
    assert got.course.last is not None
    assert (got.course.way, got.course.steady, got.per_result) == (None, None, None)


def test_share_of_time(campaign: Campaign) -> None:
    days = (FIRST - timedelta(days=30), FIRST, FIRST + timedelta(days=69), FIRST + timedelta(days=92))
    assert [round(float(share_of_time(campaign, day)), 3) for day in days] == [0, 0.014, 1, 1]


def test_what_each_way_and_post_brought(
    campaign: Campaign, officer: User, staff: User, channels: tuple[Channel, Channel]
) -> None:
    page, x = channels
    with_it: dict[str, Any] = {"campaign": campaign.pk, "kind": "campaign"}
    post, (on_page, on_x) = publish("Ask for a check.", page, x, staff=staff, officer=officer, at=AT, **with_it)
    _, (quiet,) = publish("Ask before the frost.", page, staff=staff, officer=officer, at=AT, **with_it)
    _, (other,) = publish("The hall is open.", page, staff=staff, officer=officer, at=AT)
    seen(on_page, {"reactions": 4}, AT + timedelta(hours=1))
    seen(on_page, {"reactions": 9, "replies": 2, "shares": 3}, AT + timedelta(days=1))
    seen(on_x, {"likes": 5, "views": 900}, AT + timedelta(days=1))
    seen(other, {"reactions": 70}, AT + timedelta(days=1))
    keep_act(quiet, by=BY, at=AT)
    link = ShortLink.objects.create(code="abc2345", post=post, channel=x, target="https://example.org/", made_at=AT)
    for day, times in ((FIRST + timedelta(days=32), 7), (FIRST + timedelta(days=33), 4)):
        LinkDay.objects.create(link=link, day=day, times=times)
    leaflet = campaign.parts.get(kind="print")
    note(campaign, staff, 20, what="brought", part=leaflet)
    note(campaign, staff, 50, FIRST + timedelta(days=32), what="brought", part=leaflet)
    note(campaign, staff, 3000, what="reached", part=leaflet)
    got = results_of(campaign)
    ways = {way.title: way for way in got.ways}
    assert list(ways) == ["Our page", "Our X", "Leaflet", "Drop-in"]
    one = ways["Our page"]
    assert (one.posts, one.told, one.responses, one.views, one.followed) == (2, 1, 14, None, None)
    assert (one.cost, one.planned, one.per_response, one.per_result) == (50, False, Decimal("3.57"), None)
    one = ways["Our X"]
    assert (one.posts, one.responses, one.views, one.followed, one.cost) == (1, 5, 900, 11, None)
    one = ways["Leaflet"]
    assert (one.reached, one.brought, one.cost, one.planned, one.per_result) == (3000, 50, 200, True, Decimal(4))
    assert ways["Drop-in"].per_result is None
    assert {item.title for item in got.posts} == {"Ask for a check.", "Ask before the frost."}
    told = next(item for item in got.posts if item.act == on_page.pk)
    assert (told.responses, told.seen_at) == (14, AT + timedelta(days=1))  # the last look, not the sum of looks
    assert next(item for item in got.posts if item.act == quiet.pk).responses is None


def test_posts_count_where_they_belong_now_and_when_their_draft_is_gone_where_they_belonged(
    campaign: Campaign, officer: User, staff: User, channels: tuple[Channel, Channel], plan: Plan
) -> None:
    other = save_campaign(replace(plan, name="Cold homes", parts=[]), by=staff, at=AT)
    with_it: dict[str, Any] = {"campaign": campaign.pk, "kind": "campaign"}
    made = [
        publish(text, channels[0], staff=staff, officer=officer, at=AT, **with_it) for text in ("Ask once.", "Ask on.")
    ]
    for _, (act,) in made:
        keep_act(act, by=BY, at=AT)
    Post.objects.filter(pk=made[0][0].pk).update(campaign=other)
    assert [one.title for one in results_of(campaign).posts] == ["Ask on."]
    assert [one.title for one in results_of(other).posts] == ["Ask once."]
    Post.objects.filter(pk=made[1][0].pk).delete()
    assert [one.title for one in results_of(campaign).posts] == ["Ask on."]  # the archive knows


def test_a_wrong_figure_is_taken_out_and_put_back(campaign: Campaign, staff: User) -> None:
    figure = note(campaign, staff, 1300)
    take_out(figure, by=staff, at=AT)
    got = results_of(campaign)
    assert (got.course.last, got.figures, got.out) == (None, (), (figure,))
    with pytest.raises(CampaignError, match="already"):
        take_out(figure, by=staff, at=AT)
    assert put_back(figure, by=staff, at=AT).taken_out_by is None
    assert results_of(campaign).figures == (figure,)
    close_campaign(campaign, outcome="Done", by=staff, at=AT)
    note(campaign, staff, 290)  # results come late
    verbs = Line.objects.filter(verb__startswith="campaign.figure").order_by("pk").values_list("verb", flat=True)
    added, out, back = (f"campaign.figure_{verb}" for verb in ("added", "taken_out", "put_back"))
    assert list(verbs) == [added, out, back, added]


def test_parts_keep_their_results_when_the_plan_changes(campaign: Campaign, staff: User, plan: Plan) -> None:
    leaflet = campaign.parts.get(kind="print")
    note(campaign, staff, 20, what="brought", part=leaflet)
    renamed = Part("print", "Leaflet to every door", cost=Decimal(210), id=leaflet.pk)
    save_campaign(replace(plan, parts=[*plan.parts[:1], renamed]), by=staff, at=AT, campaign=campaign)
    assert [part.title for part in campaign.parts.all()] == ["Tips each Tuesday", "Leaflet to every door"]
    same = replace(renamed, id=None, cost=Decimal(220))  # as a program that knows no numbers sends it again
    save_campaign(replace(plan, parts=[same]), by=staff, at=AT, campaign=campaign)
    assert [(part.pk, part.cost) for part in campaign.parts.all()] == [(leaflet.pk, 220)]
    with pytest.raises(CampaignError, match="has results"):
        save_campaign(replace(plan, parts=[]), by=staff, at=AT, campaign=campaign)
    with pytest.raises(CampaignError, match="taken a part out"):
        save_campaign(replace(plan, parts=[replace(same, id=leaflet.pk + 100)]), by=staff, at=AT, campaign=campaign)
    take_out(campaign.figures.get(), by=staff, at=AT)
    with pytest.raises(CampaignError, match="taken out or not, which stay to be read"):
        save_campaign(replace(plan, parts=[]), by=staff, at=AT, campaign=campaign)
    assert campaign.figures.get().taken_out_by == staff
    more = Part("event", "Evening in the hall")
    save_campaign(replace(plan, parts=[same, more]), by=staff, at=AT, campaign=campaign)
    save_campaign(replace(plan, parts=[same]), by=staff, at=AT, campaign=campaign)  # nothing was counted for it
    assert campaign.parts.get() == leaflet


@pytest.mark.parametrize(
    ("change", "field", "says"),
    [
        ({"what": "liked"}, "what", "which count"),
        ({"what": "brought"}, "what", "which count"),
        ({"value": Decimal("nan")}, "value", "number"),
        ({"value": Decimal("1e15")}, "value", "number"),
        ({"on": FIRST + timedelta(days=33)}, "on", "yet to come"),
        ({"source": " "}, "source", "where the figure is from"),
        ({"source": "x" * 201}, "source", "200"),
    ],
)
def test_what_is_no_figure_is_said(
    campaign: Campaign, staff: User, change: dict[str, Any], field: str, says: str
) -> None:
    given: dict[str, Any] = {
        "what": "measure",
        "value": Decimal(1),
        "on": FIRST + timedelta(days=32),
        "source": "a list",
    }
    with pytest.raises(CampaignError, match=says) as refused:
        add_figure(campaign, **{**given, **change}, by=staff, at=AT)
    assert refused.value.field == field


def test_whose_figures(campaign: Campaign, staff: User, plan: Plan) -> None:
    with pytest.raises(NotAllowed):
        note(campaign, factories.person(), 1)
    other = save_campaign(replace(plan, name="Cold homes", measure="", baseline=None, target=None), by=staff, at=AT)
    with pytest.raises(CampaignError, match="what is counted"):
        note(other, staff, 1)
    with pytest.raises(CampaignError, match="not in the mix"):
        note(other, staff, 1, what="brought", part=campaign.parts.get(kind="print"))
    with pytest.raises(CampaignError, match="not a number"):
        note(campaign, staff, -1, what="brought", part=campaign.parts.get(kind="print"))


def test_nothing_is_divided_by_nought() -> None:
    assert [per(Decimal(10), count) for count in (None, 0, 4)] == [None, None, Decimal("2.50")]
    assert per(Decimal(0), 4) is None
    assert per(None, 4) is None
