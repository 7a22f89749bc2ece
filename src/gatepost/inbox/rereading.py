"""Reading open conversations, and those closed lately, a second time: comments are changed and taken off after the poll
has passed them, and not every network tells of it, or its call was lost.

Slowly: a few messages of each channel a minute, in the channel's own turn of reading, so that never two readings run
for one channel and what the network says of waiting holds for both. What has changed goes through the same door as
everything else (retold.take_changes). A message that is not there is asked for once more an hour later before it counts
as taken off: a network that cannot be read well may say so by mistake. For some days more it is asked about all the
same, so that what was put back, or was never gone, is there again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.db.models import Q, QuerySet

from gatepost.channels.models import Channel
from gatepost.inbox.intake import connected, take_in
from gatepost.inbox.models import BY_HAND, Message
from gatepost.inbox.reread_models import Reread
from gatepost.ledger.models import Line
from gatepost.networks.charges import reading_costs
from gatepost.networks.limits import figure
from gatepost.networks.protocol import Incoming, ReadFailed
from gatepost.networks.rereading import Again, Rereads

PAUSE = timedelta(minutes=1)  # between two goes at one channel
PRACTICE = timedelta(minutes=2)  # a round of the practice town
SURE_AFTER = timedelta(hours=1)
BACK_WITHIN = timedelta(days=14)  # what is gone may be there again
STUCK, STUCK_WAITING = 2, 6
"""Failures at one place after which the next messages are asked about: where a person must mend something, and where
the network says how long to wait."""
OPEN = ("new", "answering", "referred")
CLOSED_BY = ("message.answered", "message.closed")
CLOSED_MOST = 5_000  # of each of these lines, the latest


def why_not(channel: Channel) -> str:
    """Why this channel is not read a second time, in a sentence; "" when it is."""
    if not figure(channel.network, "reread"):
        return "This network cannot be asked about single messages."
    if settings.REREAD_HOURS <= 0:
        return "It is switched off (GATEPOST_REREAD_HOURS)."
    if reading_costs(channel.network) and not settings.REREAD_PAID:
        return "The network charges for every message it shows, so it is off (GATEPOST_REREAD_PAID)."
    if channel.ill_since is not None:  # an account that is not well is told that things are gone which are not
        return "It waits until the channel is read well again."
    return ""


def turn_of(channel: Channel) -> Reread | None:
    return Reread.objects.filter(channel=channel).first()


def due(*, at: datetime) -> list[int]:
    """Channels that are to be asked now, the one that has waited longest first."""
    ready = Channel.objects.filter(Q(read_after=None) | Q(read_after__lte=at), state="live").exclude(network="by_hand")
    turns = {one.channel_id: one for one in Reread.objects.filter(channel__in=ready)}
    waited: list[tuple[datetime, int]] = []
    for channel in ready:
        turn = turns.get(channel.pk)
        when = (turn.next_at or turn.begun_at) if turn else channel.created_at
        if when <= at and not why_not(channel):
            waited.append((when, channel.pk))
    return [number for _, number in sorted(waited)]


def reread(channel: Channel, *, at: datetime) -> int:
    """Asks about the next few messages of one channel. Returns how many."""
    if channel.state != "live" or (channel.read_after and channel.read_after > at) or why_not(channel):
        return 0
    turn, _ = Reread.objects.get_or_create(channel=channel, defaults={"begun_at": at})
    if turn.next_at is not None and turn.next_at > at:
        return 0
    sure = _missed_long(turn, at=at)
    asked = sure or (_next(channel, turn, at=at) if turn.begun_at <= at else {})
    if not asked:
        if turn.begun_at <= at:
            _round_over(channel, turn, at=at)
        _keep(turn, at=at)
        return 0
    try:
        seen = _seen(channel, tuple(asked))
    except ReadFailed as fault:
        return _later(channel, turn, asked, fault, sure=bool(sure), at=at)
    gone = [ref for ref in seen.gone if ref in asked]
    taken = [one for one in seen.messages if one.ref in asked]
    if sure:
        taken += [_gone(channel, ref, at=at) for ref in gone]
    try:
        take_in(channel, taken, cursor=None, at=at)
    except (OperationalError, InterfaceError):
        raise  # the database is away: nothing is wrong with what was read
    except Exception as error:
        said = f"The desk could not take in what it read ({type(error).__name__}). Its log says where."
        _later(channel, turn, asked, ReadFailed(said, None), sure=bool(sure), at=at)
        raise
    missed = {} if sure else _missed(turn, [asked[ref] for ref in gone], at=at)
    turn.missed = _but(turn, asked) | missed
    if not sure:
        turn.reached, turn.looked = max(asked.values()), turn.looked + len(asked)
    turn.failed, turn.says = 0, ""
    _keep(turn, at=at)
    return len(asked)


def _seen(channel: Channel, refs: tuple[str, ...]) -> Again:
    """Raises ReadFailed, whatever went wrong."""
    try:
        network = connected(channel)
        return network.again(refs) if isinstance(network, Rereads) else Again()
    except (ReadFailed, OperationalError, InterfaceError):
        raise
    except Exception as error:  # a connector must not raise; if one does, the page says so and the others go on
        raise ReadFailed(f"The connector failed: {type(error).__name__}.", None) from error


def _but(turn: Reread, asked: Mapping[str, int]) -> dict[str, str]:
    """What was missed, without those that were asked about now."""
    return {key: since for key, since in turn.missed.items() if int(key) not in asked.values()}


def _missed(turn: Reread, numbers: Sequence[int], *, at: datetime) -> dict[str, str]:
    """Since when these have not been there; without those that are known to be gone."""
    rows = Message.objects.filter(pk__in=numbers, gone_at=None).values_list("pk", flat=True)
    return {str(number): turn.missed.get(str(number), at.isoformat()) for number in rows}


def _keep(turn: Reread, *, at: datetime) -> None:
    """With when this channel's next go is: in a minute, at the next round, or when what was missed is asked for."""
    since = [datetime.fromisoformat(when) + SURE_AFTER for when in turn.missed.values()]
    turn.next_at = max(at + PAUSE, min([turn.begun_at, *since]))
    turn.save()


def _next(channel: Channel, turn: Reread, *, at: datetime) -> dict[str, int]:
    """The next messages of this round, by their ref."""
    rows = wanted(channel, at=at).filter(pk__gt=turn.reached).order_by("pk")
    return dict(rows.values_list("ref", "pk")[: int(figure(channel.network, "reread"))])


def wanted(channel: Channel, *, at: datetime) -> QuerySet[Message]:
    """What is read a second time: public messages with us or a department, and those closed in the last days; also when
    they were taken off not long ago."""
    rows = Message.objects.filter(channel=channel, private=False, erased_at=None)
    rows = rows.filter(Q(gone_at=None) | Q(gone_at__gt=at - BACK_WITHIN))
    rows = rows.exclude(visibility="removed").exclude(kind__in=BY_HAND)
    return rows.filter(Q(state__in=OPEN) | Q(pk__in=_closed_since(at - timedelta(days=settings.REREAD_CLOSED_DAYS))))


def _closed_since(since: datetime) -> list[int]:
    found: list[str] = []
    for verb in CLOSED_BY:
        lines = Line.objects.filter(verb=verb).order_by("-pk").values_list("subject", "at")[:CLOSED_MOST]
        found += [subject for subject, at in lines if at >= since]
    return [int(subject[8:]) for subject in found if subject.startswith("message:")]


def _missed_long(turn: Reread, *, at: datetime) -> dict[str, int]:
    """Messages that were not there an hour ago, by their ref."""
    sure = [int(key) for key, since in turn.missed.items() if datetime.fromisoformat(since) + SURE_AFTER <= at]
    most = int(figure(turn.channel.network, "reread"))
    rows = Message.objects.filter(pk__in=sure, erased_at=None, gone_at=None).exclude(visibility="removed")
    found: dict[str, int] = dict(rows.order_by("pk").values_list("ref", "pk")[:most])
    if sure and not found:  # gone or erased by another way meanwhile
        turn.missed = {key: since for key, since in turn.missed.items() if int(key) not in sure}
    return found


def _gone(channel: Channel, ref: str, *, at: datetime) -> Incoming:
    """Words for the door: this is no longer there."""
    return Incoming(ref, "comment", "", "", "", at, gone=True)


def _round_over(channel: Channel, turn: Reread, *, at: datetime) -> None:
    """The next one begins so many hours after this one began."""
    every = PRACTICE if channel.practice else timedelta(hours=settings.REREAD_HOURS)
    begins = max(turn.begun_at + every, at + PAUSE)
    turn.whole_at, turn.whole = at, turn.looked
    turn.begun_at, turn.reached, turn.looked, turn.failed, turn.says = begins, 0, 0, 0, ""


def _later(
    channel: Channel, turn: Reread, asked: Mapping[str, int], fault: ReadFailed, *, sure: bool, at: datetime
) -> int:
    """What the network says of waiting holds for all reading of this channel. Messages that cannot be asked about do
    not keep those behind them from their turn: the next round asks about them again."""
    seconds = fault.retry_after
    if seconds is not None:
        until = at + timedelta(seconds=max(1.0, min(seconds, 3600.0)))
        rows = Channel.objects.filter(Q(read_after=None) | Q(read_after__lt=until), pk=channel.pk)
        rows.update(read_after=until)
    turn.failed += 1
    if turn.failed >= (STUCK if seconds is None else STUCK_WAITING):
        turn.failed, turn.missed = 0, _but(turn, asked)
        turn.reached = turn.reached if sure else max(asked.values())
    turn.next_at, turn.says = at + timedelta(seconds=max(600.0, seconds or 3600.0)), fault.reason[:400]
    turn.save()
    return 0


def told_of(channel: Channel) -> dict[str, Any]:
    """For the coverage page: the round, and why there is none."""
    return {"turn": turn_of(channel), "why_not": why_not(channel), "days": settings.REREAD_CLOSED_DAYS}
