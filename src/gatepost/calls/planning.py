"""The calendar, campaigns and approved lines for programs: what is asked, what is done, what is told."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from django.db.models import QuerySet
from pydantic import AwareDatetime, BaseModel, Field

from gatepost.calls.asked import Asked, Id, Name
from gatepost.calls.found import NoSuch, numbered
from gatepost.people.models import User
from gatepost.policy.model import Stated
from gatepost.publishing import campaigns, moving, planner
from gatepost.publishing.models import Campaign, Post
from gatepost.publishing.occasions import marked_days
from gatepost.rulebook import lines
from gatepost.rulebook.actions import in_force
from gatepost.rulebook.models import ApprovedLine

Money = Annotated[Decimal, Field(ge=0, max_digits=12, decimal_places=2)]
Figure = Annotated[Decimal, Field(max_digits=14, decimal_places=2)]
Long = Annotated[str, Field(max_length=4000)]


class PartAsked(Asked):
    """`kind`: channel, print, event, advertising, press, other. Costs are pounds. `id`: of a part that stands in the
    plan; without one, a part of the same kind, channel and title is the same part."""

    kind: Name
    title: Annotated[str, Field(max_length=200)]
    channel: Id | None = None
    on: date | None = None
    cost: Money = Decimal(0)
    spent: Money | None = None
    id: Id | None = None


class CampaignSave(Asked):
    """A new campaign, or with `campaign` a change to one: what is left out is emptied."""

    campaign: Id | None = None
    name: Annotated[str, Field(max_length=120)]
    goal: Long
    begins: date
    ends: date
    measure: Annotated[str, Field(max_length=200)] = ""
    baseline: Figure | None = None
    target: Figure | None = None
    audiences: Annotated[list[Name], Field(max_length=50)] = []
    parts: Annotated[list[PartAsked], Field(max_length=100)] = []


class CampaignGet(Asked):
    campaign: Id


class CampaignClose(Asked):
    campaign: Id
    outcome: Long


class CampaignsList(Asked):
    """The open ones; with `closed` the closed ones too, with `put_away` those that were put away."""

    closed: bool = False
    put_away: bool = False


class CampaignOut(BaseModel):
    id: int
    name: str
    goal: str
    measure: str
    baseline: Decimal | None
    target: Decimal | None
    audiences: list[str]
    begins: date
    ends: date
    owner: int
    parts: list[PartAsked]
    posts: list[int]
    closed_at: datetime | None
    put_away_at: datetime | None
    outcome: str


class CampaignsOut(BaseModel):
    campaigns: list[CampaignOut]


class CampaignGone(BaseModel):
    """`put_away`: something was published, counted or spent, so all of it stays and it can be brought back."""

    campaign: int
    put_away: bool
    why: str


def the_campaign(pk: int) -> Campaign:
    return numbered(Campaign.objects.all(), pk, "campaign")


def campaign_out(campaign: Campaign) -> CampaignOut:
    return CampaignOut(
        id=campaign.pk,
        name=campaign.name,
        goal=campaign.goal,
        measure=campaign.measure,
        baseline=campaign.baseline,
        target=campaign.target,
        audiences=campaign.audiences,
        begins=campaign.begins,
        ends=campaign.ends,
        owner=campaign.owner_id,
        parts=[
            PartAsked(
                kind=part.kind,
                title=part.title,
                channel=part.channel_id,
                on=part.on,
                cost=part.cost,
                spent=part.spent,
                id=part.pk,
            )
            for part in campaign.parts.all()
        ],
        posts=list(campaign.posts.order_by("pk").values_list("pk", flat=True)),
        closed_at=campaign.closed_at,
        put_away_at=campaign.put_away_at,
        outcome=campaign.outcome,
    )


def campaign_save(wish: CampaignSave, *, by: User, at: datetime) -> CampaignOut:
    fields = wish.model_dump(exclude={"campaign", "parts"})
    plan = campaigns.Plan(**fields, parts=[campaigns.Part(**part.model_dump()) for part in wish.parts])
    campaign = the_campaign(wish.campaign) if wish.campaign else None
    saved = campaigns.save_campaign(plan, by=by, at=at, campaign=campaign)
    return campaign_out(the_campaign(saved.pk))


def campaign_get(wish: CampaignGet, *, by: User, at: datetime) -> CampaignOut:
    return campaign_out(the_campaign(wish.campaign))


def campaign_close(wish: CampaignClose, *, by: User, at: datetime) -> CampaignOut:
    return campaign_out(campaigns.close_campaign(the_campaign(wish.campaign), outcome=wish.outcome, by=by, at=at))


def campaign_delete(wish: CampaignGet, *, by: User, at: datetime) -> CampaignGone:
    found = the_campaign(wish.campaign)
    why = campaigns.rests_on(found)
    return CampaignGone(campaign=wish.campaign, put_away=campaigns.delete_campaign(found, by=by, at=at), why=why)


def campaign_bring_back(wish: CampaignGet, *, by: User, at: datetime) -> CampaignOut:
    return campaign_out(campaigns.bring_back(the_campaign(wish.campaign), by=by, at=at))


def campaigns_list(wish: CampaignsList, *, by: User, at: datetime) -> CampaignsOut:
    rows: QuerySet[Campaign] = Campaign.objects.order_by("begins", "name")
    if not wish.closed:
        rows = rows.filter(closed_at=None)
    if not wish.put_away:
        rows = rows.filter(put_away_at=None)
    return CampaignsOut(campaigns=[campaign_out(row) for row in rows.prefetch_related("parts")[:500]])


# --- approved lines ----------------------------------------------------------------------------------------------


class StatedAsked(Asked):
    what: Name
    value: Annotated[str, Field(max_length=60)]


class LineSave(Asked):
    """A new line, or with `line` a new version of one; then `because` says why it changes."""

    line: Id | None = None
    topic: Annotated[str, Field(max_length=160)]
    text: Long
    words: Annotated[list[Name], Field(max_length=40)]
    figures: Annotated[list[StatedAsked], Field(max_length=40)] = []
    dates: Annotated[list[StatedAsked], Field(max_length=40)] = []
    owner: Id | None = None
    review_on: date
    because: Annotated[str, Field(max_length=400)] = ""


class LineGet(Asked):
    line: Id


class LinesList(Asked):
    """The lines in force."""


class LineVersionOut(BaseModel):
    number: int
    text: str
    words: list[str]
    figures: list[StatedAsked]
    dates: list[StatedAsked]
    because: str
    by: int
    at: datetime


class LineOut(BaseModel):
    """`versions`: the latest first; that one is in force unless the line has been ended."""

    id: int
    topic: str
    owner: int
    review_on: date
    ended_at: datetime | None
    versions: list[LineVersionOut]


class LinesOut(BaseModel):
    lines: list[LineOut]


def the_line(pk: int) -> ApprovedLine:
    return numbered(ApprovedLine.objects.all(), pk, "approved line")


def line_out(line: ApprovedLine) -> LineOut:
    names: tuple[str, ...] = ("number", "text", "words", "because", "at")
    versions: list[dict[str, Any]] = [
        {
            **{name: getattr(version, name) for name in names},
            "by": version.by_id,
            "figures": [StatedAsked(**item) for item in version.figures],
            "dates": [StatedAsked(**item) for item in version.dates],
        }
        for version in line.versions.all()
    ]
    return LineOut(
        id=line.pk,
        topic=line.topic,
        owner=line.owner_id,
        review_on=line.review_on,
        ended_at=line.ended_at,
        versions=[LineVersionOut(**version) for version in versions],
    )


def line_save(wish: LineSave, *, by: User, at: datetime) -> LineOut:
    """Without an owner it is yours, or stays with whoever has it."""
    line = the_line(wish.line) if wish.line else None
    wanted = lines.Wanted(
        topic=wish.topic,
        text=wish.text,
        review_on=wish.review_on,
        owner=wish.owner or (line.owner_id if line else by.pk),
        words=wish.words,
        figures=[Stated(item.what, item.value) for item in wish.figures],
        dates=[Stated(item.what, item.value) for item in wish.dates],
        because=wish.because,
    )
    return line_out(the_line(lines.save_line(wanted, by=by, at=at, line=line).pk))


def line_get(wish: LineGet, *, by: User, at: datetime) -> LineOut:
    return line_out(the_line(wish.line))


def line_end(wish: LineGet, *, by: User, at: datetime) -> LineOut:
    lines.end_line(the_line(wish.line), by=by, at=at)
    return line_out(the_line(wish.line))


def lines_list(wish: LinesList, *, by: User, at: datetime) -> LinesOut:
    rows = ApprovedLine.objects.filter(ended_at=None).order_by("topic").prefetch_related("versions")
    return LinesOut(lines=[line_out(row) for row in rows[:500]])


# --- the calendar ------------------------------------------------------------------------------------------------


class CalendarList(Asked):
    """Posts from the first to the last day, at most 400 days; `audience`, `campaign`, `channel` narrow it."""

    first: date
    last: date
    channel: Id | None = None
    campaign: Id | None = None
    audience: Name = ""


class PlannedOut(BaseModel):
    at: datetime
    state: str
    title: str
    post: int | None
    acts: list[UUID]
    channels: list[int]
    campaign: int | None


class MarkedOut(BaseModel):
    date: date
    title: str
    kind: str
    source: str


class CalendarOut(BaseModel):
    posts: list[PlannedOut]
    days: list[MarkedOut]


class PostMove(Asked):
    """Another time for a post. `dry`: only say what it would do to its sign-offs."""

    post: Id
    to: AwareDatetime
    dry: bool = False


class MoveOut(BaseModel):
    """Acts that stay signed off, whose sign-off is void, that nobody had signed, that are out already."""

    to: datetime
    moved: bool
    kept: list[UUID]
    void: list[UUID]
    waiting: list[UUID]
    left: list[UUID]


def calendar_list(wish: CalendarList, *, by: User, at: datetime) -> CalendarOut:
    if not date(1900, 1, 1) <= wish.first <= wish.last <= date(2199, 12, 31) or (wish.last - wish.first).days > 400:
        raise NoSuch("Ask for at most 400 days, the first before the last.")
    wanted = planner.Filter(wish.channel or 0, wish.campaign or 0, wish.audience)
    found = planner.planned(planner.moment_of(wish.first), planner.moment_of(wish.last + timedelta(days=1)), wanted)
    marks = marked_days(in_force(at), wish.first, wish.last)
    return CalendarOut(
        posts=[
            PlannedOut(
                at=one.at,
                state=one.word,
                title=one.title,
                post=one.post.pk if one.post else None,
                acts=[act.pk for act in one.acts],
                channels=[channel.pk for channel in one.channels],
                campaign=one.post.campaign_id if one.post else None,
            )
            for one in found
        ],
        days=[
            MarkedOut(date=one.date, title=one.title, kind=one.kind, source=one.source)
            for day in sorted(marks)
            for one in marks[day]
        ],
    )


def post_move(wish: PostMove, *, by: User, at: datetime) -> MoveOut:
    post = numbered(Post.objects.all(), wish.post, "post")
    done = moving.foresee(post, wish.to) if wish.dry else moving.move_post(post, to=wish.to, by=by, at=at)
    sets = {name: [act.pk for act in getattr(done, name)] for name in ("kept", "void", "waiting", "left")}
    return MoveOut(to=done.to, moved=not wish.dry, **sets)
