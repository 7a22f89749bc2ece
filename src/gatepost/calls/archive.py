"""The archive for programs: finding what was published, one item whole, what is online; and the best free time."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, Field

from gatepost.calls.asked import ActGet, Asked, Id
from gatepost.calls.found import numbered, one_of
from gatepost.channels.actions import require_reader
from gatepost.channels.models import Channel
from gatepost.gate.published import still_online
from gatepost.people.models import User
from gatepost.publishing.archive import Wanted, found, seen_of
from gatepost.publishing.best_time import suggest
from gatepost.publishing.models import ArchivedItem
from gatepost.rulebook.actions import in_force


class ArchiveSearch(Asked):
    """`words` as for a search engine: words, "quoted words", or, -not. `offset` goes on."""

    words: Annotated[str, Field(max_length=200)] = ""
    channel: Id | None = None
    campaign: Id | None = None
    first: date | None = None
    last: date | None = None
    kind: Literal["", "publish", "reply"] = ""
    limit: Annotated[int, Field(ge=1, le=200)] = 50
    offset: Annotated[int, Field(ge=0, le=100_000)] = 0


class ArchivedOut(BaseModel):
    act: UUID
    kind: str
    channel: int
    channel_name: str
    campaign: int | None
    title: str
    text: str
    sent_at: datetime
    digest: str


class ArchiveOut(BaseModel):
    items: list[ArchivedOut]
    more: bool


class ArchivedEventOut(BaseModel):
    """`page`: of what a network showed at a look ("shown"), as HTML; "" otherwise."""

    kind: str
    at: datetime
    facts: dict[str, Any]
    digest: str
    page: str


class ArchivedWholeOut(ArchivedOut):
    """`facts`: everything kept of it; `page`: what was sent, as HTML; `events`: what became of it."""

    facts: dict[str, Any]
    page: str
    events: list[ArchivedEventOut]


class OnlineOut(BaseModel):
    act: UUID
    channel: int
    since: datetime
    status: str
    expires_at: datetime | None
    checked_at: datetime | None
    permalink: str
    says: str


class StillOnlineOut(BaseModel):
    items: list[OnlineOut]


class CalendarSuggest(Asked):
    """The best free time of a channel, from `first` or an hour from now, within two weeks."""

    channel: Id
    first: AwareDatetime | None = None


class SuggestOut(BaseModel):
    """`moment` is null when nothing can be said; `posts` is on how many posts that rests, `alike` how many of them
    left around that hour."""

    moment: datetime | None
    posts: int
    alike: int
    usual: float
    overall: float


def calendar_suggest(wish: CalendarSuggest, *, by: User, at: datetime) -> SuggestOut:
    channel = numbered(Channel.objects.all(), wish.channel, "channel")
    best = suggest(channel, pack=in_force(at), at=at, first=wish.first)
    return SuggestOut(**{name: getattr(best, name) for name in SuggestOut.model_fields})


class StillOnline(Asked):
    """What is on the networks as far as the desk knows, the newest first."""

    limit: Annotated[int, Field(ge=1, le=500)] = 100
    offset: Annotated[int, Field(ge=0, le=1_000_000)] = 0


def _fields(item: ArchivedItem) -> dict[str, Any]:
    return {name: getattr(item, name) for name in ArchivedOut.model_fields}


def archive_search(wish: ArchiveSearch, *, by: User, at: datetime) -> ArchiveOut:
    require_reader(by, at)
    wanted = Wanted(
        words=wish.words,
        channel=wish.channel or 0,
        campaign=wish.campaign or 0,
        first=wish.first,
        last=wish.last,
        kind=wish.kind,
    )
    rows = list(found(wanted)[wish.offset : wish.offset + wish.limit + 1])
    return ArchiveOut(items=[ArchivedOut(**_fields(row)) for row in rows[: wish.limit]], more=len(rows) > wish.limit)


def archive_get(wish: ActGet, *, by: User, at: datetime) -> ArchivedWholeOut:
    require_reader(by, at)
    item = one_of(
        ArchivedItem.objects.filter(act=wish.act),
        f"Nothing of the act {wish.act} is in the archive. What has not been sent is not kept there.",
    )
    events = [
        ArchivedEventOut(
            kind=event.kind,
            at=event.at,
            facts=event.facts,
            digest=event.digest,
            page=seen_of(item, event) if event.kind == "shown" else "",
        )
        for event in item.events.all()
    ]
    return ArchivedWholeOut(**_fields(item), facts=item.facts, page=item.rendered, events=events)


def archive_online(wish: StillOnline, *, by: User, at: datetime) -> StillOnlineOut:
    require_reader(by, at)
    rows = still_online()[wish.offset : wish.offset + wish.limit]
    return StillOnlineOut(
        items=[
            OnlineOut(
                act=row.act_id,
                channel=row.channel_id,
                since=row.since,
                status=row.status,
                expires_at=row.expires_at,
                checked_at=row.checked_at,
                permalink=row.act.permalink,
                says=row.says,
            )
            for row in rows
        ]
    )
