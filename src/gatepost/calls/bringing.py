"""Actions of the API for bringing posts in and letting them come again."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, Field

from gatepost.calls import asked
from gatepost.calls.kept import found_post
from gatepost.channels.actions import may_write
from gatepost.channels.models import Channel
from gatepost.people.models import User
from gatepost.publishing import bringing
from gatepost.rulebook.actions import in_force


class CsvIn(asked.Asked):
    """`csv` with a line of column names; times in ISO form. Without `keep` it is a dry run."""

    csv: Annotated[str, Field(max_length=bringing.LARGEST)]
    keep: bool = False


class Repeat(asked.Asked):
    post: asked.Id
    every: Literal["day", "week", "fortnight", "month"]
    until: AwareDatetime


class FeedAsked(asked.Asked):
    url: Annotated[str, Field(max_length=600)]


class WrongOut(BaseModel):
    line: int
    column: str
    says: str


class BroughtOut(BaseModel):
    """`lines` could be brought in; `posts` were."""

    lines: list[int]
    wrong: list[WrongOut]
    posts: list[int]


class PostsOut(BaseModel):
    posts: list[int]


class ItemOut(BaseModel):
    title: str
    words: str
    link: str


class FeedOut(BaseModel):
    title: str
    items: list[ItemOut]


def posts_bring_in(wish: CsvIn, *, by: User, at: datetime) -> BroughtOut:
    channels = [one for one in Channel.objects.exclude(state="closed") if may_write(by, one, at)]
    reading = bringing.read_csv(wish.csv.encode(), channels=channels, pack=in_force(at), when=_moment, at=at)
    keep = wish.keep and not reading.wrong
    posts = bringing.bring_in([draft for _, draft in reading.drafts], by=by, at=at) if keep else []
    wrong = [WrongOut(line=one.line, column=one.column, says=one.says) for one in reading.wrong]
    return BroughtOut(lines=[line for line, _ in reading.drafts], wrong=wrong, posts=[post.pk for post in posts])


def _moment(words: str) -> datetime:
    try:
        moment = datetime.fromisoformat(words)
    except ValueError as error:
        raise ValueError("Write the time as 2026-12-01T10:30+00:00.") from error
    if moment.tzinfo is None:
        raise ValueError("Say the time zone too, as in 2026-12-01T10:30+00:00.")
    return moment


def post_repeat(wish: Repeat, *, by: User, at: datetime) -> PostsOut:
    made = bringing.repeat(found_post(wish.post), wish.every, wish.until, by=by, at=at)
    return PostsOut(posts=[post.pk for post in made])


def feed_read(wish: FeedAsked, *, by: User, at: datetime) -> FeedOut:
    title, items = bringing.read_feed(wish.url, by=by, at=at)
    return FeedOut(title=title, items=[ItemOut(title=one.title, words=one.words, link=one.link) for one in items])
