"""Holds, what they kept back, crises, what is online, and the pulse of sending, for programs."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, Field

from gatepost.calls import asked, told
from gatepost.calls.asked import Asked, Id, Short
from gatepost.calls.doing import found_act, readable
from gatepost.calls.found import NoSuch, numbered
from gatepost.channels.actions import require_reader
from gatepost.channels.models import Channel
from gatepost.gate import allowances, beats, correcting, crisis, holds, published, review
from gatepost.gate.models import Crisis, Hold, Published
from gatepost.people.models import User

Kind = Annotated[str, Field(max_length=20)]
Text = Annotated[str, Field(max_length=70_000)]


class HoldMake(Asked):
    """Holds everything, or one channel, one campaign, one act; all kinds, or some. `people`, `acts` and `statements`
    (ids of wordings, unchanged) go on. At `ends_at` people are reminded; it ends then only with `ends_itself`."""

    reason: Short
    channel: Id | None = None
    act: UUID | None = None
    campaign: Id | None = None
    kinds: Annotated[list[Kind], Field(max_length=10)] = []
    moderation_may_go: bool = True
    people: Annotated[list[Id], Field(max_length=100)] = []
    acts: Annotated[list[UUID], Field(max_length=500)] = []
    statements: Annotated[list[Kind], Field(max_length=50)] = []
    ends_at: AwareDatetime | None = None
    ends_itself: bool = False


class HoldExtend(Asked):
    hold: Id
    ends_at: AwareDatetime | None = None
    ends_itself: bool = False


class HeldDecide(Asked):
    """What becomes of one item after a hold. `to` goes with move, `reason` with rewrite."""

    act: UUID
    decision: Literal["keep", "move", "rewrite", "withdraw"]
    to: AwareDatetime | None = None
    reason: Annotated[str, Field(max_length=400)] = ""


class CrisisDeclare(Asked):
    reason: Short
    people: Annotated[list[Id], Field(max_length=100)] = []
    ends_at: AwareDatetime | None = None


class CrisisEnd(Asked):
    because: Short


PartNumber = Annotated[int, Field(ge=1, le=100, description="1 is the post itself, 2 what follows first under it")]


class ActEdit(Asked):
    """Other words for something that is out, or for one further `part` of it; `title` where it has one."""

    act: UUID
    text: Text
    reason: Short
    title: Annotated[str, Field(max_length=200)] | None = None
    part: PartNumber = 1


class ActRetract(Asked):
    """Without `part`, or with 1, the post and all that follows it; else that part alone."""

    act: UUID
    reason: Short
    part: PartNumber = 1


class ActDown(Asked):
    """A person has taken it down on the network, where no program can."""

    act: UUID
    part: PartNumber = 1


class OnlineList(Asked):
    channel: Id | None = None
    limit: Annotated[int, Field(ge=1, le=500)] = 100


class HoldOut(BaseModel):
    id: int
    scope: str
    kinds: list[str]
    reason: str
    channel: int | None
    act: UUID | None
    campaign: int | None
    moderation_may_go: bool
    people: list[int]
    acts: list[UUID]
    statements: list[str]
    at: datetime
    ends_at: datetime | None
    ends_itself: bool
    ended_at: datetime | None
    to_review: int


class HoldsOut(BaseModel):
    holds: list[HoldOut]


class CrisisOut(BaseModel):
    id: int
    hold: int
    reason: str
    clause: str
    by: int
    at: datetime
    ended_at: datetime | None
    ended_because: str


class OnlinePart(BaseModel):
    """A further part of a post; the post itself is part 1."""

    number: int
    ref: str
    permalink: str
    status: str


class OnlineRow(BaseModel):
    act: UUID
    channel: int
    ref: str
    permalink: str
    since: datetime
    expires_at: datetime | None
    overdue_at: datetime | None = None
    status: str
    checked_at: datetime | None
    says: str
    parts: list[OnlinePart]


class OnlineOut(BaseModel):
    online: list[OnlineRow]


class AllowedRow(BaseModel):
    channel: int
    left: int
    until: datetime
    due: int
    says: str


class PulseOut(BaseModel):
    """`alive`: has a worker been heard of in the last minute? `queue`: due and not yet left."""

    alive: bool
    workers: int
    last: datetime | None
    swept: datetime | None
    queue: int
    waiting: int
    next_due: datetime | None
    allowances: list[AllowedRow]


def hold_out(held: Hold) -> HoldOut:
    return HoldOut(
        id=held.pk,
        scope=holds.scope_of(held),
        kinds=held.kinds,
        reason=held.reason,
        channel=held.channel_id,
        act=held.act_id,
        campaign=held.campaign,
        moderation_may_go=held.moderation_may_go,
        people=held.people,
        acts=[UUID(one) for one in held.spared],
        statements=held.statements,
        at=held.at,
        ends_at=held.ends_at,
        ends_itself=held.ends_itself,
        ended_at=held.ended_at,
        to_review=held.to_review.count(),
    )


def hold_make(wish: HoldMake, *, by: User, at: datetime) -> HoldOut:
    made = holds.hold(
        reason=wish.reason,
        by=by,
        at=at,
        channel=numbered(Channel.objects.all(), wish.channel, "channel") if wish.channel else None,
        act=found_act(wish.act) if wish.act else None,
        campaign=wish.campaign,
        kinds=wish.kinds,
        moderation_may_go=wish.moderation_may_go,
        but=holds.But(wish.people, wish.acts, wish.statements),
        ends_at=wish.ends_at,
        ends_itself=wish.ends_itself,
    )
    return hold_out(made)


def hold_end(wish: asked.HoldEnd, *, by: User, at: datetime) -> HoldOut:
    held = numbered(Hold.objects.all(), wish.hold, "hold")
    holds.end_hold(held, by=by, at=at)
    held.refresh_from_db()
    return hold_out(held)


def hold_extend(wish: HoldExtend, *, by: User, at: datetime) -> HoldOut:
    held = numbered(Hold.objects.all(), wish.hold, "hold")
    holds.extend(held, by=by, at=at, ends_at=wish.ends_at, ends_itself=wish.ends_itself)
    held.refresh_from_db()
    return hold_out(held)


def holds_list(wish: asked.Nothing, *, by: User, at: datetime) -> HoldsOut:
    return HoldsOut(holds=[hold_out(held) for held in holds.active()])


def held_list(wish: asked.Nothing, *, by: User, at: datetime) -> asked.ActsOut:
    return asked.ActsOut(acts=[told.act_out(act) for act in readable(review.waiting(), by, at)[:500]])


def held_decide(wish: HeldDecide, *, by: User, at: datetime) -> asked.ActOut:
    act = found_act(wish.act)
    if wish.decision == "keep":
        review.keep(act, by=by, at=at)
    elif wish.decision == "move":
        if wish.to is None:
            raise holds.HoldError("Say to what time it is moved: `to`.")
        review.move(act, to=wish.to, by=by, at=at)
    elif wish.decision == "rewrite":
        review.send_back(act, reason=wish.reason, by=by, at=at)
    else:
        review.take_back(act, by=by, at=at)
    return told.act_out(found_act(wish.act))


def crisis_out(made: Crisis) -> CrisisOut:
    return CrisisOut(
        id=made.pk,
        hold=made.hold_id,
        reason=made.reason,
        clause=made.clause,
        by=made.by_id,
        at=made.at,
        ended_at=made.ended_at,
        ended_because=made.ended_because,
    )


def crisis_declare(wish: CrisisDeclare, *, by: User, at: datetime) -> CrisisOut:
    but = holds.But(people=wish.people)
    return crisis_out(crisis.declare(reason=wish.reason, by=by, at=at, but=but, ends_at=wish.ends_at))


def crisis_end(wish: CrisisEnd, *, by: User, at: datetime) -> CrisisOut:
    made = crisis.under_way()
    if made is None:
        raise NoSuch("No crisis is declared. Nothing was done.")
    crisis.end(made, because=wish.because, by=by, at=at)
    made.refresh_from_db()
    return crisis_out(made)


def act_edit(wish: ActEdit, *, by: User, at: datetime) -> asked.ActOut:
    act, part = found_act(wish.act), wish.part - 1
    made = correcting.edit(act, text=wish.text, title=wish.title, reason=wish.reason, by=by, at=at, part=part)
    return told.act_out(made)


def act_retract(wish: ActRetract, *, by: User, at: datetime) -> asked.ActOut:
    made = correcting.take_down(found_act(wish.act), reason=wish.reason, by=by, at=at, part=wish.part - 1)
    return told.act_out(made)


def act_down(wish: ActDown, *, by: User, at: datetime) -> asked.ActOut:
    act = found_act(wish.act)
    correcting.note_taken_down(act, by=by, at=at, part=wish.part - 1)
    return told.act_out(act)


def online_list(wish: OnlineList, *, by: User, at: datetime) -> OnlineOut:
    require_reader(by, at)
    rows = published.still_online()
    if wish.channel:
        rows = rows.filter(channel=wish.channel)
    return OnlineOut(online=[_online(item) for item in rows[: wish.limit]])


def _online(item: Published) -> OnlineRow:
    return OnlineRow(
        act=item.act_id,
        channel=item.channel_id,
        ref=item.ref,
        permalink=item.act.permalink,
        since=item.since,
        expires_at=item.expires_at,
        overdue_at=item.overdue_at,
        status=item.status,
        checked_at=item.checked_at,
        says=item.says,
        parts=[
            OnlinePart(number=part.number + 1, ref=part.ref, permalink=part.permalink, status=part.status)
            for part in item.parts.all()
        ],
    )


def pulse_get(wish: asked.Nothing, *, by: User, at: datetime) -> PulseOut:
    now = beats.pulse(at)
    allowed = [
        AllowedRow(channel=one.channel.pk, left=one.left, until=one.until, due=one.due, says=one.says)
        for one in allowances.forecasts(at=at)
    ]
    return PulseOut(
        alive=now.alive,
        workers=now.workers,
        last=now.last,
        swept=now.swept,
        queue=now.queue,
        waiting=now.waiting,
        next_due=now.next_due,
        allowances=allowed,
    )
