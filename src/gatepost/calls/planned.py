"""The calendar in other calendars, a week beside the policy's promises, and what is at odds with an approved line."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Annotated, Any

from django.conf import settings
from django.utils import timezone
from pydantic import BaseModel, Field

from gatepost.calls.asked import Asked, Id, Nothing
from gatepost.calls.found import numbered, one_of
from gatepost.calls.planning import LineGet, the_campaign, the_line
from gatepost.channels.actions import require_reader
from gatepost.channels.models import Channel
from gatepost.people.models import User
from gatepost.publishing.contradictions import at_odds
from gatepost.publishing.feeds_out import make_feed, revoke_feed
from gatepost.publishing.models import CalendarFeed
from gatepost.publishing.planner import moment_of, planned, week_kept
from gatepost.rulebook.actions import in_force
from gatepost.rulebook.lines import current, value_of


class FeedMake(Asked):
    """An address of the calendar for another calendar, of everything or of one channel or campaign."""

    title: Annotated[str, Field(max_length=120)]
    channel: Id | None = None
    campaign: Id | None = None


class FeedAsked(Asked):
    feed: Id


class FeedOut(BaseModel):
    """`address` is told once, when it is made: the desk keeps only a hash of it."""

    feed: int
    title: str
    channel: int | None
    campaign: int | None
    made_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None
    address: str = ""


class FeedsOut(BaseModel):
    feeds: list[FeedOut]


class WeekAsked(Asked):
    """The week, Monday to Sunday, that has this day; without one the present week."""

    day: Annotated[date, Field(ge=date(1900, 1, 1), le=date(2199, 12, 31))] | None = None


class PromiseOut(BaseModel):
    """One channel's week. `missing`: posts still to be planned; `over`: more than the most; `crowded`: neighbours
    nearer to each other than the policy wants."""

    channel: int
    planned: int
    at_least: int
    at_most: int
    missing: int
    over: int
    crowded: list[tuple[datetime, datetime]]
    clause: str


class WeekOut(BaseModel):
    first: date
    channels: list[PromiseOut]


class SaidOut(BaseModel):
    """Words that say otherwise, and what the line gives instead ("": they say the opposite)."""

    words: str
    instead: str


class AtOddsRow(BaseModel):
    """`where`: "scheduled", "online" or "draft"; a draft has a `post`, the others an `act`."""

    where: str
    title: str
    moment: datetime | None
    channel: str
    post: int | None
    act: str
    said: list[SaidOut]


class AtOddsOut(BaseModel):
    texts: list[AtOddsRow]


def _feed(row: CalendarFeed, address: str = "") -> FeedOut:
    return FeedOut(
        feed=row.pk,
        title=row.title,
        channel=row.channel_id,
        campaign=row.campaign_id,
        made_at=row.made_at,
        last_used_at=row.last_used_at,
        revoked_at=row.revoked_at,
        address=address,
    )


def feeds_list(wish: Nothing, *, by: User, at: datetime) -> FeedsOut:
    rows = CalendarFeed.objects.filter(person=by, revoked_at=None).order_by("-made_at")
    return FeedsOut(feeds=[_feed(row) for row in rows])


def feed_make(wish: FeedMake, *, by: User, at: datetime) -> FeedOut:
    channel = numbered(Channel.objects.all(), wish.channel, "channel") if wish.channel else None
    campaign = the_campaign(wish.campaign) if wish.campaign else None
    made, secret = make_feed(title=wish.title, channel=channel, campaign=campaign, by=by, at=at)
    return _feed(made, f"{settings.PUBLIC_URL}/calendar/feed/{secret}.ics")


def feed_revoke(wish: FeedAsked, *, by: User, at: datetime) -> FeedOut:
    found = one_of(
        CalendarFeed.objects.filter(pk=wish.feed),
        f"There is no address {wish.feed} of the calendar. Ask calendar.feeds for yours.",
    )
    revoke_feed(found, by=by, at=at)
    found.refresh_from_db()
    return _feed(found)


def calendar_week(wish: WeekAsked, *, by: User, at: datetime) -> WeekOut:
    day = wish.day or timezone.localdate(at)
    first = day - timedelta(days=day.weekday())
    week = planned(moment_of(first), moment_of(first + timedelta(days=7)))
    promises, rows = in_force(at).cadence, []
    for channel in Channel.objects.filter(state="live").order_by("name", "pk"):
        if (kept := week_kept(channel, promises, week)) is not None:
            rows.append(
                PromiseOut(
                    channel=channel.pk,
                    planned=kept.planned,
                    at_least=kept.promise.at_least,
                    at_most=kept.promise.at_most,
                    missing=kept.missing,
                    over=kept.over,
                    crowded=list(kept.crowded),
                    clause=kept.promise.clause,
                )
            )
    return WeekOut(first=first, channels=rows)


def line_at_odds(wish: LineGet, *, by: User, at: datetime) -> AtOddsOut:
    require_reader(by, at)
    line = the_line(wish.line)
    found = [] if line.ended_at else at_odds(value_of(current(line), line.topic), at=at)
    return AtOddsOut(
        texts=[
            AtOddsRow(
                where=one.where,
                title=one.title,
                moment=one.moment,
                channel=one.channel,
                post=one.post,
                act=one.act,
                said=[SaidOut(words=words, instead=instead) for words, instead in one.said],
            )
            for one in found
        ]
    )


PLANNED: dict[str, tuple[Any, Any, Any, str]] = {
    "calendar.feeds": (Nothing, feeds_list, FeedsOut, "Your addresses of the calendar for other calendars"),
    "calendar.feed_make": (FeedMake, feed_make, FeedOut, "Make an address of the calendar (iCalendar)"),
    "calendar.feed_revoke": (FeedAsked, feed_revoke, FeedOut, "Such an address gives nothing any more"),
    "calendar.week": (WeekAsked, calendar_week, WeekOut, "How a week keeps the policy's promises, by channel"),
    "line.at_odds": (LineGet, line_at_odds, AtOddsOut, "What says otherwise than a line: planned, online, drafts"),
}
