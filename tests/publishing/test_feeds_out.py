"""The calendar for other calendars: read back by an iCalendar reader, revoked, and gone when its person has left."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from icalendar import Calendar

from gatepost.people.actions import leave
from gatepost.people.models import User
from gatepost.publishing.actions import Draft, save_draft, submit
from gatepost.publishing.campaigns import Plan, delete_campaign, save_campaign
from gatepost.publishing.feeds_out import MOST, FeedError, as_ical, feed_of, make_feed, revoke_feed
from gatepost.publishing.models import CalendarFeed
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer() -> User:
    return factories.officer()


def test_a_feed_is_read_back_with_its_moments_in_utc(officer: User) -> None:
    facebook, x = factories.channel(by=officer, name="Our page"), factories.channel(by=officer, network="x")
    today = timezone.localdate()
    plan = Plan(name="Warm homes", goal="More checks", begins=today, ends=today)
    campaign = save_campaign(plan, by=officer, at=timezone.now())
    # at 1:30am on the night the clocks go back, the second time: 1:30 UTC
    at = datetime(2027, 10, 31, 1, 30, tzinfo=UTC)
    now = at - timedelta(days=3)
    text = "Offices, and more; closed\nat Christmas"
    given = {"kind": "news", "aim": "promote", "not_before": at, "campaign": campaign.pk}
    post = save_draft(Draft(text, channels=[facebook.pk], **given), by=officer, at=now)
    save_draft(Draft("Other", channels=[x.pk], **given), by=officer, at=now)
    feed, secret = make_feed(title="My Outlook", channel=facebook, campaign=campaign, by=officer, at=now)
    assert feed_of(secret) == feed
    read = Calendar.from_ical(as_ical(feed, desk="https://desk.example.org", zone="Europe/London", at=now))
    (event,) = read.walk("VEVENT")
    assert event["dtstart"].dt == at
    assert str(event["summary"]) == "Draft: Offices, and more; closed at Christmas"
    assert str(event["url"]) == f"https://desk.example.org/posts/{post.pk}/"
    assert str(event["description"]) == "Draft. For Our page. Warm homes."
    submit(post, by=officer, at=now)
    again = Calendar.from_ical(as_ical(feed, desk="", zone="Europe/London", at=now))
    (later,) = again.walk("VEVENT")
    assert (str(later["uid"]), str(later["status"])) == (str(event["uid"]), "TENTATIVE")
    assert str(later["summary"]).startswith("To sign off")
    delete_campaign(campaign, by=officer, at=now)
    assert feed_of(secret) is None  # rather than show everything


def test_revoked_or_its_person_gone_it_gives_nothing(officer: User) -> None:
    other = factories.person()
    feed, secret = make_feed(title="Phone", by=other, at=timezone.now())
    client, url = Client(), f"/calendar/feed/{secret}.ics"
    answer = client.get(url)
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer["Cache-Control"] == "private, no-store"
    assert CalendarFeed.objects.get(pk=feed.pk).last_used_at is not None
    assert secret not in str(CalendarFeed.objects.values())
    with pytest.raises(FeedError, match="somebody else"):
        revoke_feed(feed, by=factories.person(), at=timezone.now())
    revoke_feed(feed, by=other, at=timezone.now())
    assert client.get(url).status_code == 404
    _, second = make_feed(title="Phone", by=other, at=timezone.now())
    leave(other, by=officer, at=timezone.now())
    assert client.get(f"/calendar/feed/{second}.ics").status_code == 404
    assert client.get("/calendar/feed/guess.ics").status_code == 404


def test_the_page_shows_an_address_once(officer: User) -> None:
    client = Client()
    client.force_login(officer)
    assert client.post("/calendar/elsewhere/", {"act": "make", "title": " "}).status_code == 422
    made = client.post("/calendar/elsewhere/", {"act": "make", "title": "Outlook"}).content.decode()
    assert "/calendar/feed/" in made
    page = client.get("/calendar/elsewhere/").content.decode()
    assert "/calendar/feed/" not in page
    assert "Not read yet" in page
    pk = CalendarFeed.objects.get().pk
    assert (
        "gives nothing any more"
        in client.post("/calendar/elsewhere/", {"act": "revoke", "feed": pk}, follow=True).content.decode()
    )
    for _ in range(MOST):
        make_feed(title="x", by=officer, at=timezone.now())
    with pytest.raises(FeedError, match=f"{MOST} addresses"):
        make_feed(title="x", by=officer, at=timezone.now())
