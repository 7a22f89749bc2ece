"""What a campaign has come to: the count against baseline, target and time; what each way of reaching people brought
and cost; what each post brought as its network told it. From the archive, short links, and figures typed in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q, Sum
from django.utils import timezone

from gatepost.gate.actions import UNKEEPABLE
from gatepost.gate.models import Act
from gatepost.ledger.actions import record
from gatepost.people.models import User
from gatepost.publishing.best_time import RESPONSES
from gatepost.publishing.campaigns import MOST_COUNTED, CampaignError, require_planner
from gatepost.publishing.models import (
    ArchivedEvent,
    ArchivedItem,
    Campaign,
    CampaignFigure,
    CampaignPart,
    Post,
    ShortLink,
    Variant,
)

MOST_ITEMS = 1000  # published posts of a campaign that are counted
MOST_FIGURES = 1000
WHAT = tuple(what for what, _ in CampaignFigure._meta.get_field("what").choices or ())
PENNY = Decimal("0.01")


@transaction.atomic
def add_figure(
    campaign: Campaign,
    *,
    what: str,
    value: Decimal,
    on: date,
    source: str,
    by: User,
    at: datetime,
    part: CampaignPart | None = None,
) -> CampaignFigure:
    """Notes how far a count has come on a day. Also of a closed campaign: results come late. Raises CampaignError."""
    require_planner(by, at)
    if what not in WHAT or (what == "measure") != (part is None):
        raise CampaignError("Say which count this is a figure of.", "what")
    if part is not None and part.campaign_id != campaign.pk:
        raise CampaignError("This part is not in the mix of this campaign.", "what")
    if what == "measure" and not campaign.measure:
        raise CampaignError("Say in the plan what is counted first. Then its figures can be kept.", "what")
    if not (value.is_finite() and abs(value) <= MOST_COUNTED) or (what != "measure" and value < 0):
        raise CampaignError("This is not a number that can be kept. Use digits, for example 1200.", "value")
    if on > timezone.localdate(at):
        raise CampaignError("This day is yet to come. Give the day on which it was counted.", "on")
    if not source.strip() or len(source.strip()) > 200 or UNKEEPABLE.search(source):
        raise CampaignError("Say in at most 200 characters where the figure is from.", "source")
    if campaign.figures.count() >= MOST_FIGURES:
        raise CampaignError(f"A campaign keeps at most {MOST_FIGURES:,} figures.", "value")
    figure = CampaignFigure.objects.create(
        campaign=campaign, part=part, what=what, on=on, value=value, source=source.strip(), by=by, at=at
    )
    detail = {"figure": figure.pk, "what": what, "on": on.isoformat(), "value": str(value)}
    record("campaign.figure_added", f"campaign:{campaign.pk}", by=by, at=at, clauses=["desk:campaigns"], detail=detail)
    return figure


@transaction.atomic
def take_out(figure: CampaignFigure, *, by: User, at: datetime) -> CampaignFigure:
    """A figure that was wrong counts no longer. It stays to be read, and can be put back."""
    return _turn(figure, out=True, by=by, at=at)


@transaction.atomic
def put_back(figure: CampaignFigure, *, by: User, at: datetime) -> CampaignFigure:
    """A figure that was taken out counts again."""
    return _turn(figure, out=False, by=by, at=at)


def _turn(figure: CampaignFigure, *, out: bool, by: User, at: datetime) -> CampaignFigure:
    require_planner(by, at)
    rows = CampaignFigure.objects.filter(pk=figure.pk, taken_out_at__isnull=out)
    if not rows.update(taken_out_at=at if out else None, taken_out_by=by if out else None):
        raise CampaignError("Somebody has done this already. Look at the figures again.")
    verb = "campaign.figure_taken_out" if out else "campaign.figure_put_back"
    detail = {"figure": figure.pk}
    record(verb, f"campaign:{figure.campaign_id}", by=by, at=at, clauses=["desk:campaigns"], detail=detail)
    figure.refresh_from_db()
    return figure


@dataclass(frozen=True, slots=True)
class Course:
    """Where the count stands. Shares are of 1; None where a figure for it is missing."""

    readings: tuple[CampaignFigure, ...] = ()  # by day, the last of each day
    way: Decimal | None = None  # of the way from baseline to target
    time: Decimal = Decimal(0)  # of the campaign's days, on the day of the last reading
    steady: Decimal | None = None  # what it would be on that day on a straight course

    @property
    def last(self) -> CampaignFigure | None:
        return self.readings[-1] if self.readings else None


def course_of(campaign: Campaign, figures: Iterable[CampaignFigure]) -> Course:
    """The count by day against a straight course from the baseline on the first day to the target on the last."""
    days = {one.on: one for one in figures if one.what == "measure"}
    readings = tuple(days[on] for on in sorted(days))
    if not readings:
        return Course()
    last, first, target = readings[-1], campaign.baseline, campaign.target
    time = share_of_time(campaign, last.on)
    if first is None or target is None or first == target:
        return Course(readings, time=time)
    way = ((last.value - first) / (target - first)).quantize(Decimal("0.001"))
    return Course(readings, way, time, (first + (target - first) * time).quantize(PENNY))


def share_of_time(campaign: Campaign, on: date) -> Decimal:
    """How much of the campaign's days is over at the end of the day `on`, 0 to 1."""
    days = (campaign.ends - campaign.begins).days + 1
    gone = min(max((on - campaign.begins).days + 1, 0), days)
    return Decimal(gone) / Decimal(days)


@dataclass(frozen=True, slots=True)
class Taken:
    """A published post as its network last told of it; `counts` is empty where it tells nothing (yet)."""

    act: UUID
    channel: int
    channel_name: str
    network: str
    title: str
    sent_at: datetime
    permalink: str
    counts: dict[str, int]
    seen_at: datetime | None
    followed: int | None  # how often its short link was; None without one

    @property
    def responses(self) -> int | None:
        """Reactions, comments, shares; None when the network has told nothing."""
        return sum(self.counts.get(name, 0) for name in RESPONSES) if self.counts else None

    @property
    def views(self) -> int | None:
        return self.counts.get("views")


@dataclass
class Way:
    """One way of reaching people, with what it brought and cost. None: not known."""

    title: str
    kind: str
    channel: int = 0
    parts: list[CampaignPart] = field(default_factory=list)
    posts: int = 0
    told: int = 0  # posts of which the network told figures
    responses: int | None = None
    views: int | None = None
    followed: int | None = None
    reached: Decimal | None = None
    brought: Decimal | None = None
    cost: Decimal | None = None
    planned: bool = False  # some of `cost` is what was planned: what was spent is not noted

    @property
    def per_response(self) -> Decimal | None:
        return per(self.cost, self.responses)

    @property
    def per_result(self) -> Decimal | None:
        return per(self.cost, self.brought)


def per(cost: Decimal | None, count: Decimal | int | None) -> Decimal | None:
    """Pounds for each; None when there is no cost, or nothing came of it."""
    return (cost / Decimal(count)).quantize(PENNY) if cost and count and count > 0 else None


@dataclass(frozen=True, slots=True)
class Results:
    course: Course
    ways: tuple[Way, ...]
    posts: tuple[Taken, ...]
    more: bool  # there are more posts than are counted
    figures: tuple[CampaignFigure, ...]  # that count, the latest first
    out: tuple[CampaignFigure, ...]  # that were taken out
    cost: Decimal  # of the whole mix: what was spent where that is noted, else what was planned
    planned: bool
    per_result: Decimal | None  # of the whole campaign, by how much the count has grown


def results_of(campaign: Campaign) -> Results:
    """All that is known of what came of a campaign."""
    kept = list(campaign.figures.select_related("part", "by", "taken_out_by").order_by("on", "pk"))
    figures = [one for one in kept if one.taken_out_at is None]
    posts, more = _posts(campaign)
    parts = list(campaign.parts.select_related("channel"))
    ways = _ways(parts, figures, posts)
    course = course_of(campaign, figures)
    costs = [cost_of(part) for part in parts]
    cost = sum((one for one, _ in costs), Decimal(0))
    grown = abs(course.last.value - campaign.baseline) if course.last and campaign.baseline is not None else None
    if course.way is not None and course.way <= 0:
        grown = None  # it went the other way: no money bought that
    return Results(
        course=course,
        ways=tuple(ways),
        posts=tuple(posts),
        more=more,
        figures=tuple(reversed(figures)),
        out=tuple(one for one in reversed(kept) if one.taken_out_at is not None),
        cost=cost,
        planned=any(planned for one, planned in costs if one),
        per_result=per(cost, grown),
    )


def cost_of(part: CampaignPart) -> tuple[Decimal, bool]:
    """(pounds, is that only what was planned?)"""
    return (part.cost, True) if part.spent is None else (part.spent, False)


def _posts(campaign: Campaign) -> tuple[list[Taken], bool]:
    """Its posts that are out, the latest first: those that belong to it now, and those whose draft is gone and that
    belonged to it when they left."""
    variants = Variant.objects.filter(post__campaign=campaign).values_list("pk", "post_id")
    post_of = {f"variant:{pk}": post for pk, post in variants}
    acts = dict(Act.objects.filter(subject__in=post_of, kind="publish").values_list("pk", "subject"))
    mine = Q(act__in=acts) | (Q(campaign=campaign.pk) & ~Q(facts__post__id__in=_standing(campaign)))
    rows = ArchivedItem.objects.filter(mine, kind="publish").order_by("-sent_at", "-pk")
    columns = ("pk", "act", "channel", "channel_name", "network", "title", "text", "sent_at", "facts__permalink")
    found: list[tuple[Any, ...]] = list(rows.values_list(*columns)[: MOST_ITEMS + 1])
    seen = _seen([row[0] for row in found])
    followed = _followed(set(post_of.values()))
    taken = [
        Taken(
            act=act,
            channel=channel,
            channel_name=name,
            network=network,
            title=title or " ".join(str(text).split())[:80],
            sent_at=sent,
            permalink=str(permalink or ""),
            counts=seen[pk][1] if pk in seen else {},
            seen_at=seen[pk][0] if pk in seen else None,
            followed=followed.get((post_of.get(acts.get(act, ""), 0), channel)),
        )
        for pk, act, channel, name, network, title, text, sent, permalink in found[:MOST_ITEMS]
    ]
    return taken, len(found) > MOST_ITEMS


def _standing(campaign: Campaign) -> list[int]:
    """Of the posts that left under this campaign those that still are on the desk: what they belong to now counts."""
    left = ArchivedItem.objects.filter(campaign=campaign.pk, facts__post__id__isnull=False)
    ids = {int(pk) for pk in left.values_list("facts__post__id", flat=True) if pk is not None}
    return list(Post.objects.filter(pk__in=ids).values_list("pk", flat=True))


def _seen(items: Sequence[int]) -> dict[int, tuple[datetime, dict[str, int]]]:
    """What the network told of each when it was last looked at."""
    rows = ArchivedEvent.objects.filter(item__in=items, kind="shown").exclude(facts__has_key="part")
    rows = rows.order_by("item", "-at", "-pk").distinct("item")  # of the post itself: its parts are counted elsewhere
    return {
        item: (at, {str(name): int(count) for name, count in (counts or {}).items()})
        for item, at, counts in rows.values_list("item", "at", "facts__counts")
    }


def _followed(posts: set[int]) -> dict[tuple[int, int], int]:
    rows = ShortLink.objects.filter(post__in=posts, channel__isnull=False).values_list("post", "channel")
    summed = rows.annotate(times=Sum("days__times")).order_by()
    found: dict[tuple[int, int], int] = {}
    for post, channel, times in summed:
        found[post, channel] = found.get((post, channel), 0) + (times or 0)
    return found


def _ways(parts: Sequence[CampaignPart], figures: Sequence[CampaignFigure], posts: Sequence[Taken]) -> list[Way]:
    """A row for each channel with posts or in the mix, and for each other part."""
    latest = {(one.part_id, one.what): one.value for one in figures if one.part_id}  # by day: the last one holds
    channels: dict[int, Way] = {}
    others: list[Way] = []
    for part in parts:
        if part.channel_id and part.channel:
            way = channels.setdefault(part.channel_id, Way(part.channel.name, "channel", part.channel_id))
        else:
            way = Way(part.title, part.kind)
            others.append(way)
        cost, planned = cost_of(part)
        way.parts.append(part)
        way.cost = (way.cost or Decimal(0)) + cost
        way.planned = way.planned or (planned and cost > 0)
        for what in ("reached", "brought"):
            if (value := latest.get((part.pk, what))) is not None:
                setattr(way, what, (getattr(way, what) or Decimal(0)) + value)
    for post in posts:
        way = channels.setdefault(post.channel, Way(post.channel_name, "channel", post.channel))
        way.posts += 1
        if post.counts:
            way.told += 1
            way.responses = (way.responses or 0) + (post.responses or 0)
        if post.views is not None:
            way.views = (way.views or 0) + post.views
        if post.followed is not None:
            way.followed = (way.followed or 0) + post.followed
    return [*channels.values(), *others]
