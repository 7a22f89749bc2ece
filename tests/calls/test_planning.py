"""Campaigns and approved lines by name, as the API and `gatepost act` reach them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from pydantic import BaseModel

from gatepost.calls.actions import ACTIONS
from gatepost.calls.found import NoSuch
from gatepost.people.authority import NotAllowed
from gatepost.people.models import User
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer() -> User:
    return factories.officer()


def act(action_name: str, by: User, /, **body: Any) -> Any:
    action = ACTIONS[action_name]
    told: BaseModel = action(action.asks.model_validate(body), by=by, at=timezone.now())
    return told.model_dump(mode="json")


def test_a_campaign(officer: User) -> None:
    plan = {"name": "Warm homes", "goal": "More checks", "begins": "2026-10-01", "ends": "2026-12-18"}
    leaflet = {"kind": "print", "title": "Leaflet", "cost": "412.50"}
    made = act("campaign.save", officer, **plan, parts=[leaflet])
    assert made["parts"][0]["cost"] == "412.50"
    changed = act("campaign.save", officer, campaign=made["id"], **{**plan, "ends": "2027-01-15"})
    assert (changed["ends"], changed["parts"]) == ("2027-01-15", [])
    assert act("campaign.get", officer, campaign=made["id"]) == changed
    closed = act("campaign.close", officer, campaign=made["id"], outcome="Nobody came.")
    assert closed["outcome"] == "Nobody came."
    assert act("campaigns.list", officer) == {"campaigns": []}
    assert len(act("campaigns.list", officer, closed=True)["campaigns"]) == 1
    gone = {"campaign": made["id"], "put_away": False, "why": ""}
    assert act("campaign.delete", officer, campaign=made["id"]) == gone
    with pytest.raises(NoSuch):
        act("campaign.get", officer, campaign=made["id"])


def test_what_came_of_a_campaign(officer: User) -> None:
    plan = {"name": "Warm homes", "goal": "More checks", "begins": "2026-10-01", "ends": "2026-12-09"}
    counted = {"measure": "households", "baseline": 100, "target": 300}
    leaflet = {"kind": "print", "title": "Leaflet", "cost": "200"}
    made = act("campaign.save", officer, **plan, **counted, parts=[leaflet])
    part = made["parts"][0]["id"]
    given = {"campaign": made["id"], "on": "2026-10-28", "source": "The wardens"}
    act("campaign.add_figure", officer, **given, what="measure", value=150)
    wrong = act("campaign.add_figure", officer, **given, what="brought", part=part, value=400)
    assert act("campaign.take_out_figure", officer, figure=wrong["id"])["taken_out_at"]
    act("campaign.add_figure", officer, **given, what="brought", part=part, value=40)
    told = act("campaign.results", officer, campaign=made["id"])
    assert {name: told["course"][name] for name in ("way", "time", "steady")} == {
        "way": "0.250",
        "time": "0.400",
        "steady": "180.00",
    }
    assert [(way["title"], way["brought"], way["per_result"]) for way in told["ways"]] == [("Leaflet", "40.00", "5.00")]
    assert act("campaign.put_back_figure", officer, figure=wrong["id"])["taken_out_at"] is None
    with pytest.raises(NoSuch):
        act("campaign.add_figure", officer, **given, what="brought", part=part + 1, value=1)
    with pytest.raises(NoSuch):
        act("campaign.take_out_figure", officer, figure=wrong["id"] + 100)


def test_a_line(officer: User) -> None:
    review = (timezone.localdate() + timedelta(days=20)).isoformat()
    given = {"topic": "Rents", "text": "Rents rise by 2.7%.", "words": ["rent rise"], "review_on": review}
    made = act("line.save", officer, **given, figures=[{"what": "rise", "value": "2.7%"}])
    assert (made["owner"], made["versions"][0]["figures"]) == (officer.pk, [{"what": "rise", "value": "2.7%"}])
    changed = {**given, "text": "Rents rise by 2.9%.", "because": "The September figure"}
    again = act("line.save", officer, line=made["id"], **changed)
    assert [version["number"] for version in again["versions"]] == [2, 1]
    assert act("line.get", officer, line=made["id"]) == again
    assert act("lines.list", officer) == {"lines": [again]}
    assert act("line.end", officer, line=made["id"])["ended_at"]
    assert act("lines.list", officer) == {"lines": []}
    with pytest.raises(NoSuch):
        act("line.get", officer, line=made["id"] + 1)


def test_the_calendar_and_a_move(officer: User) -> None:
    channel = factories.channel(by=officer)
    due = (timezone.now() + timedelta(days=2)).replace(microsecond=0)
    body = {"text": "The hall is open.", "kind": "news", "aim": "promote", "channels": [channel.pk]}
    post = act("post.save", officer, **body, not_before=due.isoformat())
    days = {"first": timezone.localdate().isoformat(), "last": (timezone.localdate() + timedelta(days=399)).isoformat()}
    told = act("calendar.list", officer, **days)
    assert [(one["post"], one["state"]) for one in told["posts"]] == [(post["id"], "Draft")]
    assert "Christmas Day" in [one["title"] for one in told["days"]]
    assert act("calendar.list", officer, **days, channel=channel.pk + 1)["posts"] == []
    to = (due + timedelta(days=1)).isoformat()
    assert act("post.move", officer, post=post["id"], to=to, dry=True)["moved"] is False
    assert act("post.get", officer, post=post["id"])["not_before"] == due.isoformat().replace("+00:00", "Z")
    moved = act("post.move", officer, post=post["id"], to=to)
    assert (moved["moved"], moved["void"]) == (True, [])
    with pytest.raises(NoSuch, match="400 days"):
        act("calendar.list", officer, first="2026-01-01", last="2028-01-01")
    with pytest.raises(NoSuch):
        act("post.move", officer, post=post["id"] + 1, to=to)


def test_the_calendar_in_another_calendar(officer: User, client: Client) -> None:
    made = act("calendar.feed_make", officer, title="My phone", channel=factories.channel(by=officer).pk)
    assert made["address"].startswith(settings.PUBLIC_URL)
    path = made["address"].removeprefix(settings.PUBLIC_URL)
    assert client.get(path)["Content-Type"] == "text/calendar; charset=utf-8"
    [row] = act("calendar.feeds", officer)["feeds"]
    assert (row["feed"], row["address"]) == (made["feed"], "")
    assert act("calendar.feeds", factories.person()) == {"feeds": []}
    assert act("calendar.feed_revoke", officer, feed=made["feed"])["revoked_at"]
    assert client.get(path).status_code == 404
    with pytest.raises(NoSuch):
        act("calendar.feed_make", officer, title="My phone", channel=9_999_999)
    with pytest.raises(NoSuch):
        act("calendar.feed_revoke", officer, feed=9_999_999)


def test_a_week_and_the_policys_promises(officer: User) -> None:
    channel = factories.channel(by=officer)
    promise = next(one for one in factories.pack().cadence if one.network == channel.network)
    told = act("calendar.week", officer, day="2027-03-03")
    assert told["first"] == "2027-03-01"
    [row] = told["channels"]
    assert (row["channel"], row["planned"], row["missing"]) == (channel.pk, 0, promise.at_least)
    assert row["clause"] == promise.clause
    assert act("calendar.week", officer)["first"] <= timezone.localdate().isoformat()


def test_what_is_at_odds_with_a_line(officer: User) -> None:
    channel = factories.channel(by=officer)
    given = {"topic": "Rents", "text": "Rents rise by 2.7%.", "words": ["rent"], "review_on": "2099-04-01"}
    line = act("line.save", officer, **given, figures=[{"what": "rise", "value": "2.7%"}])
    body = {"text": "Your rent will rise by 5%.", "kind": "news", "channels": [channel.pk]}
    post = act("post.save", officer, **body)
    [row] = act("line.at_odds", officer, line=line["id"])["texts"]
    assert (row["where"], row["post"], row["said"]) == ("draft", post["id"], [{"words": "5%", "instead": "“2.7%”"}])
    with pytest.raises(NotAllowed):
        act("line.at_odds", factories.person(), line=line["id"])
    act("line.end", officer, line=line["id"])
    assert act("line.at_odds", officer, line=line["id"]) == {"texts": []}
