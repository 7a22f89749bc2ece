"""What came of a campaign, for programs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from gatepost.calls.asked import Asked, Id
from gatepost.calls.found import NoSuch, numbered
from gatepost.calls.planning import CampaignGet, Figure, the_campaign
from gatepost.people.models import User
from gatepost.publishing.models import CampaignFigure
from gatepost.publishing.results import add_figure, put_back, results_of, take_out


class FigureAdd(Asked):
    """How far a count has come on a day: the total so far. `measure` is of the campaign; `reached` and `brought` are of
    a `part` of its mix."""

    campaign: Id
    what: Literal["measure", "reached", "brought"]
    part: Id | None = None
    value: Figure
    on: date
    source: Annotated[str, Field(max_length=200)]


class FigureGet(Asked):
    figure: Id


class FigureOut(BaseModel):
    id: int
    campaign: int
    what: str
    part: int | None
    value: Decimal
    on: date
    source: str
    by: int
    at: datetime
    taken_out_at: datetime | None


class CourseOut(BaseModel):
    """`way`: the share of the way from baseline to target; `time`: the share of its days that was over on the day of
    the last figure; `steady`: where a straight course would have been on it."""

    on: date | None
    value: Decimal | None
    way: Decimal | None
    time: Decimal
    steady: Decimal | None


class WayOut(BaseModel):
    """Null is not known. `planned`: some of the cost is what was planned, not what was spent. Pounds."""

    title: str
    kind: str
    channel: int | None
    parts: list[int]
    posts: int
    posts_told: int
    responses: int | None
    views: int | None
    link_followed: int | None
    reached: Decimal | None
    brought: Decimal | None
    cost: Decimal | None
    planned: bool
    per_response: Decimal | None
    per_result: Decimal | None


class PostTaken(BaseModel):
    """A post that is out, as its network told of it at `seen_at`; `counts` is empty where it has told nothing."""

    act: UUID
    channel: int
    title: str
    sent_at: datetime
    permalink: str
    counts: dict[str, int]
    responses: int | None
    link_followed: int | None
    seen_at: datetime | None


class ResultsOut(BaseModel):
    """`more`: there are more posts than the thousand that are counted."""

    campaign: int
    course: CourseOut
    ways: list[WayOut]
    posts: list[PostTaken]
    more: bool
    figures: list[FigureOut]
    cost: Decimal
    planned: bool
    per_result: Decimal | None


def figure_out(figure: CampaignFigure) -> FigureOut:
    return FigureOut(
        id=figure.pk,
        campaign=figure.campaign_id,
        what=figure.what,
        part=figure.part_id,
        value=figure.value,
        on=figure.on,
        source=figure.source,
        by=figure.by_id,
        at=figure.at,
        taken_out_at=figure.taken_out_at,
    )


def _figure(pk: int) -> CampaignFigure:
    return numbered(CampaignFigure.objects.all(), pk, "figure")


def figure_add(wish: FigureAdd, *, by: User, at: datetime) -> FigureOut:
    campaign = the_campaign(wish.campaign)
    part = campaign.parts.filter(pk=wish.part).first() if wish.part else None
    if wish.part and part is None:
        raise NoSuch(f"The mix of this campaign has no part {wish.part}. Look at its number again.")
    made = add_figure(
        campaign, what=wish.what, value=wish.value, on=wish.on, source=wish.source, by=by, at=at, part=part
    )
    return figure_out(made)


def figure_out_again(wish: FigureGet, *, by: User, at: datetime) -> FigureOut:
    return figure_out(take_out(_figure(wish.figure), by=by, at=at))


def figure_back(wish: FigureGet, *, by: User, at: datetime) -> FigureOut:
    return figure_out(put_back(_figure(wish.figure), by=by, at=at))


def campaign_results(wish: CampaignGet, *, by: User, at: datetime) -> ResultsOut:
    got = results_of(the_campaign(wish.campaign))
    last = got.course.last
    return ResultsOut(
        campaign=wish.campaign,
        course=CourseOut(
            on=last.on if last else None,
            value=last.value if last else None,
            way=got.course.way,
            time=round(got.course.time, 3),
            steady=got.course.steady,
        ),
        ways=[
            WayOut(
                title=way.title,
                kind=way.kind,
                channel=way.channel or None,
                parts=[part.pk for part in way.parts],
                posts=way.posts,
                posts_told=way.told,
                responses=way.responses,
                views=way.views,
                link_followed=way.followed,
                reached=way.reached,
                brought=way.brought,
                cost=way.cost,
                planned=way.planned,
                per_response=way.per_response,
                per_result=way.per_result,
            )
            for way in got.ways
        ],
        posts=[
            PostTaken(
                act=one.act,
                channel=one.channel,
                title=one.title,
                sent_at=one.sent_at,
                permalink=one.permalink,
                counts=one.counts,
                responses=one.responses,
                link_followed=one.followed,
                seen_at=one.seen_at,
            )
            for one in got.posts
        ],
        more=got.more,
        figures=[figure_out(one) for one in got.figures],
        cost=got.cost,
        planned=got.planned,
        per_result=got.per_result,
    )


RESULTS: dict[str, tuple[type[Asked], Callable[..., BaseModel], type[BaseModel], str]] = {
    "campaign.results": (
        CampaignGet,
        campaign_results,
        ResultsOut,
        "What each way and post of a campaign brought",
    ),
    "campaign.add_figure": (FigureAdd, figure_add, FigureOut, "Note how far a count of a campaign has come"),
    "campaign.take_out_figure": (FigureGet, figure_out_again, FigureOut, "A figure that was wrong counts no longer"),
    "campaign.put_back_figure": (FigureGet, figure_back, FigureOut, "A figure that was taken out counts again"),
}
