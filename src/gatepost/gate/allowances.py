"""How many posts a network takes from a channel in a while, shared by all workers and told to people.

Known from limits.toml, corrected by what the network's answers say. A place is taken before a post is begun, in the
same transaction, so that ten workers together send no more than one may. The practice town has no limit of its own
and is believed only when it says one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F, QuerySet
from django.utils import timezone

from gatepost.channels.models import Channel
from gatepost.gate.content import WRITES
from gatepost.gate.models import Act, Allowance
from gatepost.networks.charges import write_window
from gatepost.networks.limits import network_title
from gatepost.networks.protocol import Left

FEW = 10  # posts that a network still takes beside those due: from there on people are told


@dataclass(frozen=True, slots=True)
class Forecast:
    """What a channel's network still takes, and what of ours waits for it in that time."""

    channel: Channel
    left: int
    until: datetime
    due: int

    @property
    def waits(self) -> int:
        return max(0, self.due - self.left)

    @property
    def says(self) -> str:
        """One sentence for people."""
        name, clock = network_title(self.channel.network), f"{timezone.localtime(self.until):%H:%M}"
        more = f"{name} allows {self.left:,} more until {clock}" if self.left else f"{name} allows none until {clock}"
        wait = "" if not self.waits else f"; {self.waits} {'post' if self.waits == 1 else 'posts'} will wait"
        return f"{more}{wait}."


def used_up(at: datetime) -> QuerySet[Allowance, int]:
    """Channels whose network takes nothing more for now."""
    rows = Allowance.objects.filter(resets_at__gt=at, used__gte=F("most"))
    return rows.values_list("channel_id", flat=True)


def take(acts: Sequence[Act], *, at: datetime) -> dict[object, datetime]:
    """Takes a place for each act that puts something before the public, in the caller's transaction. Returns those for
    which there is none, by act, with the moment from which there is again."""
    without: dict[object, datetime] = {}
    wanting = [act for act in acts if act.kind in WRITES]
    for _, channel in sorted({act.channel_id: act.channel for act in wanting}.items()):  # one order for all workers
        mine = [act for act in wanting if act.channel_id == channel.pk]
        row = _window(channel, at=at)
        if row is None:
            continue
        free = max(0, row.most - row.used)
        Allowance.objects.filter(pk=channel.pk).update(used=row.used + min(free, len(mine)))
        without |= {act.pk: row.resets_at for act in mine[free:]}
    return without


def _window(channel: Channel, *, at: datetime) -> Allowance | None:
    """The channel's present window, locked; a new one when the last has ended. None: no limit is known."""
    row = Allowance.objects.select_for_update().filter(pk=channel.pk).first()
    if row is not None and row.resets_at > at:
        return row
    known = None if channel.practice else write_window(channel.network)
    if known is None:
        return None
    values = {"most": known.most, "used": 0, "resets_at": at + timedelta(seconds=known.seconds)}
    if row is None:  # two workers may find none: the second waits here and reads what the first has made
        Allowance.objects.bulk_create([Allowance(channel=channel, **values)], ignore_conflicts=True)
        return Allowance.objects.select_for_update().get(pk=channel.pk)
    Allowance.objects.filter(pk=channel.pk).update(**values)
    return Allowance.objects.get(pk=channel.pk)


def hear(channel: Channel, told: Left, *, at: datetime) -> None:
    """What a network's answer says of its limit. Within one window the larger count holds: answers overtake each
    other."""
    resets = at + timedelta(seconds=told.seconds)
    used = max(0, told.most - told.left)
    row = Allowance.objects.select_for_update().filter(pk=channel.pk).first()
    same = row is not None and abs((row.resets_at - resets).total_seconds()) < 60 and row.most == told.most
    if row is not None and same:
        used = max(used, row.used)
    values = {"most": told.most, "used": used, "resets_at": resets}
    Allowance.objects.update_or_create(channel=channel, defaults=values)


def _forecast(channel: Channel, row: Allowance | None, at: datetime) -> Forecast | None:
    """None: no limit is known."""
    if row is not None:
        left, until = max(0, row.most - row.used), row.resets_at
    else:
        known = None if channel.practice else write_window(channel.network)
        if known is None:
            return None
        left, until = known.most, at + timedelta(seconds=known.seconds)
    waiting = Act.objects.filter(channel=channel, kind__in=WRITES, state="signed_off", due_at__lte=until, review=None)
    return Forecast(channel, left, until, waiting[:1000].count())


def forecasts(*, at: datetime) -> list[Forecast]:
    """Of every live channel of whose network a limit is known."""
    live = Channel.objects.filter(state="live").order_by("name")
    known = Allowance.objects.filter(channel__state="live", resets_at__gt=at).in_bulk()
    return [found for channel in live if (found := _forecast(channel, known.get(channel.pk), at)) is not None]


def tight(channels: Sequence[Channel], *, leaves: datetime, at: datetime) -> list[Forecast]:
    """Of these channels, on which little more is taken in the time in which something is to leave."""
    live = [channel for channel in channels if channel.state == "live"]
    known = Allowance.objects.filter(channel__in=live, resets_at__gt=at).in_bulk()
    found = [_forecast(channel, known.get(channel.pk), at) for channel in live]
    return [one for one in found if one is not None and leaves <= one.until and one.left - one.due < FEW]
