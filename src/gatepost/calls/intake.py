"""Intake for programs: what a message said before; what of each channel is on the desk, and mending it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, Field

from gatepost.calls.asked import Asked, Id, MessageGet, MessageOut
from gatepost.calls.found import one_of
from gatepost.calls.told import message_out
from gatepost.channels.actions import require_reader
from gatepost.channels.models import Channel
from gatepost.inbox import coverage, rereading
from gatepost.inbox.by_hand import Recorded, record_by_hand
from gatepost.inbox.intake_models import Gap, Version
from gatepost.inbox.masking import masked, spans_of
from gatepost.inbox.models import Message
from gatepost.inbox.personal.covering import covered
from gatepost.networks.protocol import ByHandKind
from gatepost.people.models import User


class VersionOut(BaseModel):
    """`said`: words that stood before; `gone`, `back`: taken off the network and put back. Personal details are left
    out of `text` by name."""

    what: Literal["said", "gone", "back"]
    text: str
    changed_at: datetime
    seen_at: datetime


class MessageVersionsOut(BaseModel):
    """The latest first."""

    message: int
    versions: list[VersionOut]


def message_versions(wish: MessageGet, *, by: User, at: datetime) -> MessageVersionsOut:
    require_reader(by, at)
    rows = Version.objects.filter(message=wish.message).select_related("decision").order_by("-changed_at", "-pk")[:200]
    return MessageVersionsOut(
        message=wish.message,
        versions=[
            VersionOut(
                what=row.what,  # type: ignore[arg-type]  # the column has these three alone
                text=masked(row.text, spans_of(row.decision.spans if row.decision else [])),
                changed_at=row.changed_at,
                seen_at=row.seen_at,
            )
            for row in rows
        ],
    )


class CoverageAsked(Asked):
    """`channel` left out: every channel in use."""

    channel: Id | None = None


class GapOut(BaseModel):
    """`filled_at` empty: something may be missing. `found`: messages of that time that came in afterwards."""

    id: int
    since: datetime
    until: datetime
    why: str
    filled_at: datetime | None
    found: int
    says: str
    settled_because: str


class CoverageOut(BaseModel):
    """`quiet_since`: nobody wrote since then; `usual`: how many did in the same hours of each of the last weeks.
    `unread_since`: it is tried since then and cannot be read. `…_told_at`: when its people were written to about it.
    `read_twice_at`: when the last round that looks for late changes of what is worked on ended; `read_twice_says`: why
    there is none now."""

    channel: int
    name: str
    whole: bool
    last_read_at: datetime | None
    last_heard_at: datetime | None
    behind_since: datetime | None
    calls_waiting: int
    calls_unreadable: int
    quiet_since: datetime | None
    quiet_told_at: datetime | None
    usual: list[int]
    unread_since: datetime | None
    unread_told_at: datetime | None
    read_twice_at: datetime | None
    read_twice_says: str
    gaps: list[GapOut]


class CoveragesOut(BaseModel):
    channels: list[CoverageOut]


class GapSettle(Asked):
    gap: Id
    because: Annotated[str, Field(max_length=300)]


class ReadAgain(Asked):
    channel: Id
    since: AwareDatetime


class ChannelAsked(Asked):
    channel: Id


def _channel(pk: int) -> Channel:
    return one_of(
        Channel.objects.exclude(state="closed").filter(pk=pk),
        f"There is no channel {pk} in use on this desk. Ask channels.list for those there are.",
    )


def _coverage_out(one: coverage.Coverage) -> CoverageOut:
    turn = rereading.turn_of(one.channel)
    return CoverageOut(
        channel=one.channel.pk,
        name=one.channel.name,
        whole=one.whole,
        last_read_at=one.channel.last_read_at,
        last_heard_at=one.channel.last_heard_at,
        behind_since=one.behind,
        calls_waiting=one.waiting,
        calls_unreadable=one.unreadable,
        quiet_since=one.quiet.since if one.quiet else None,
        quiet_told_at=one.quiet.told_at if one.quiet else None,
        usual=one.quiet.usual if one.quiet else [],
        unread_since=one.unread.since if one.unread else None,
        unread_told_at=one.unread.told_at if one.unread else None,
        read_twice_at=turn.whole_at if turn else None,
        read_twice_says=rereading.why_not(one.channel) or (turn.says if turn else ""),
        gaps=[
            GapOut(
                id=gap.pk,
                since=gap.since,
                until=gap.until,
                why=gap.why,
                filled_at=gap.filled_at,
                found=gap.found,
                says=gap.says,
                settled_because=covered(gap.settled_because),
            )
            for gap in one.gaps
        ],
    )


def coverage_list(wish: CoverageAsked, *, by: User, at: datetime) -> CoveragesOut:
    used = [_channel(wish.channel)] if wish.channel else list(Channel.objects.exclude(state="closed").order_by("name"))
    return CoveragesOut(channels=[_coverage_out(coverage.coverage_of(one, at=at)) for one in used])


def gap_settle(wish: GapSettle, *, by: User, at: datetime) -> CoveragesOut:
    gap = one_of(
        Gap.objects.select_related("channel").filter(pk=wish.gap),
        f"There is no gap {wish.gap} on this desk. Ask coverage.list for those there are.",
    )
    coverage.settle_gap(gap, because=wish.because, by=by, at=at)
    return coverage_list(CoverageAsked(channel=gap.channel_id), by=by, at=at)


def read_again(wish: ReadAgain, *, by: User, at: datetime) -> CoveragesOut:
    coverage.ask_to_read_again(_channel(wish.channel), wish.since, by=by, at=at)
    return coverage_list(CoverageAsked(channel=wish.channel), by=by, at=at)


def calls_again(wish: ChannelAsked, *, by: User, at: datetime) -> CoveragesOut:
    coverage.ask_unreadable_again(_channel(wish.channel), by=by, at=at)
    return coverage_list(CoverageAsked(channel=wish.channel), by=by, at=at)


class RecordByHand(Asked):
    """`key`: a UUID of your making; the same key twice is one message. `address` is needed for "elsewhere"."""

    key: UUID
    kind: ByHandKind
    text: Annotated[str, Field(max_length=100_000)]
    name: Annotated[str, Field(max_length=200)] = ""
    reach: Annotated[str, Field(max_length=300)] = ""
    address: Annotated[str, Field(max_length=600)] = ""
    happened_at: AwareDatetime | None = None


def message_record(wish: RecordByHand, *, by: User, at: datetime) -> MessageOut:
    message = record_by_hand(Recorded(**wish.model_dump()), by=by, at=at)
    return message_out(Message.objects.select_related("decision").get(pk=message.pk))


INTAKE: dict[str, tuple[type[Any], Callable[..., BaseModel], type[BaseModel], str]] = {
    "message.versions": (MessageGet, message_versions, MessageVersionsOut, "What a message said before it was changed"),
    "message.record": (RecordByHand, message_record, MessageOut, "Record a call, a letter or a comment elsewhere"),
    "coverage.list": (CoverageAsked, coverage_list, CoveragesOut, "What of each channel is on the desk, and its gaps"),
    "gap.settle": (GapSettle, gap_settle, CoveragesOut, "Somebody looked on the network for what a gap left out"),
    "channel.read_again": (ReadAgain, read_again, CoveragesOut, "Read a channel once more from a moment on"),
    "channel.calls_again": (ChannelAsked, calls_again, CoveragesOut, "Try calls again that could not be read"),
}
