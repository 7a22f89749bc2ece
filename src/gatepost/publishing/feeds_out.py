"""The calendar as an iCalendar feed (RFC 5545) under an address that cannot be guessed and can be revoked."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.db import transaction
from icalendar import Calendar, Event

from gatepost.channels.models import Channel
from gatepost.ledger.actions import record
from gatepost.people.actions import hashed
from gatepost.people.models import User
from gatepost.publishing.models import CalendarFeed, Campaign
from gatepost.publishing.planner import Filter, Planned, planned

MOST = 20  # addresses of one person
BEFORE, AHEAD = timedelta(days=60), timedelta(days=400)
LENGTH = timedelta(minutes=15)  # a post takes no time; other calendars want an end


class FeedError(Exception):
    """An address cannot be made; the message says why."""


@transaction.atomic
def make_feed(
    *, title: str, by: User, at: datetime, channel: Channel | None = None, campaign: Campaign | None = None
) -> tuple[CalendarFeed, str]:
    """A feed and its secret, which is shown once and kept only as a hash."""
    if not title.strip():
        raise FeedError("Say which calendar it is for, so that you know it again when you revoke it.")
    if CalendarFeed.objects.filter(person=by, revoked_at=None).count() >= MOST:
        raise FeedError(f"You have {MOST} addresses. Revoke one that you do not use.")
    secret = secrets.token_urlsafe(32)
    feed = CalendarFeed.objects.create(
        person=by,
        title=title.strip()[:120],
        secret_hash=hashed(secret),
        channel=channel,
        campaign=campaign,
        made_at=at,
    )
    record("calendar.feed_made", f"feed:{feed.pk}", by=by, at=at)
    return feed, secret


@transaction.atomic
def revoke_feed(feed: CalendarFeed, *, by: User, at: datetime) -> None:
    """The address gives nothing from now on. Only the person it belongs to may, or an administrator."""
    if by.pk != feed.person_id and not by.is_admin:
        raise FeedError("This address belongs to somebody else.")
    if CalendarFeed.objects.filter(pk=feed.pk, revoked_at=None).update(revoked_at=at):
        record("calendar.feed_revoked", f"feed:{feed.pk}", by=by, at=at)


def feed_of(secret: str) -> CalendarFeed | None:
    """The feed of an address that still holds, of somebody who still works here."""
    rows = CalendarFeed.objects.filter(secret_hash=hashed(secret), revoked_at=None, person__is_active=True)
    return rows.select_related("channel", "campaign").first()


def as_ical(feed: CalendarFeed, *, desk: str, zone: str, at: datetime) -> bytes:
    """The feed's posts as iCalendar. Moments are given in UTC, so that no reader can mistake a change of the clocks."""
    calendar = Calendar()
    calendar.add("prodid", "-//Gatepost//Calendar//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", feed.title)
    calendar.add("x-wr-timezone", zone)
    calendar.add("refresh-interval", timedelta(minutes=30), parameters={"VALUE": "DURATION"})
    wanted = Filter(channel=feed.channel_id or 0, campaign=feed.campaign_id or 0)
    for one in planned(at - BEFORE, at + AHEAD, wanted):
        calendar.add_component(_event(one, desk, at))
    return bytes(calendar.to_ical())


def _event(one: Planned, desk: str, at: datetime) -> Event:
    channels = ", ".join(channel.name for channel in one.channels)
    # One post can stand at several times or in several states: its channels tell them apart.
    key = "-".join(str(pk) for pk in sorted(channel.pk for channel in one.channels))
    event = Event()
    event.add("uid", f"post-{one.post.pk if one.post else one.acts[0].pk}-{key}@gatepost")
    event.add("dtstamp", at)
    event.add("dtstart", one.at)
    event.add("dtend", one.at + LENGTH)
    event.add("summary", f"{one.word}: {one.title}")
    event.add("description", f"{one.word}. For {channels}." + (f" {one.campaign}." if one.campaign else ""))
    event.add("status", "CONFIRMED" if one.word in ("Sent", "Signed off", "Sending") else "TENTATIVE")
    event.add("transp", "TRANSPARENT")
    if one.post:
        event.add("url", f"{desk}/posts/{one.post.pk}/")
    return event
