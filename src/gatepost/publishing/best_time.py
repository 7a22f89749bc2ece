"""When a channel's own posts were taken best, and the next free time of that kind: from figures, or nothing at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from statistics import median

from django.utils import timezone

from gatepost.channels.models import Channel
from gatepost.policy.clocks import bank_holidays
from gatepost.policy.pack import Pack
from gatepost.publishing.models import ArchivedEvent
from gatepost.publishing.planner import Filter, planned

ENOUGH = 12  # posts with figures before anything is said
ENOUGH_ALIKE = 3  # of them at the hour that is named
YEAR = timedelta(days=365)
SETTLED = timedelta(hours=20)  # figures of a post younger than this still grow fast
MOST = 2000
AHEAD = 14  # days in which a free time is looked for
RESPONSES = ("likes", "reactions", "replies", "shares", "quotes")


@dataclass(frozen=True, slots=True)
class Taken:
    """One post of the past: when it left, and how many responses it had when last looked at."""

    at: datetime
    responses: int


@dataclass(frozen=True, slots=True)
class Best:
    """`moment` is None when nothing can be said; `posts` is on how many posts that rests."""

    moment: datetime | None
    posts: int
    alike: int = 0  # of them around this hour on such a day
    usual: float = 0  # responses in the middle of those
    overall: float = 0  # responses in the middle of all

    @property
    def weekend(self) -> bool:
        return self.moment is not None and timezone.localtime(self.moment).weekday() > 4


def history(channel: Channel, *, at: datetime) -> list[Taken]:
    """The channel's posts of the last year whose figures the network has told, by its last look at each."""
    rows = ArchivedEvent.objects.filter(
        kind="shown", item__kind="publish", item__channel=channel.pk, item__sent_at__gte=at - YEAR
    ).exclude(facts__has_key="part")
    found: dict[int, Taken] = {}
    for event in rows.select_related("item").order_by("-at")[:MOST]:
        counts = event.facts.get("counts") or {}
        sent = event.item.sent_at
        if counts and event.at - sent >= SETTLED:
            found.setdefault(event.item_id, Taken(sent, sum(int(counts.get(name, 0)) for name in RESPONSES)))
    return list(found.values())


def kind_of(moment: datetime) -> tuple[bool, int]:
    """(weekend?, hour) where the organisation is."""
    here = timezone.localtime(moment)
    return here.weekday() > 4, here.hour


def best_kind(past: Sequence[Taken]) -> tuple[tuple[bool, int], list[int]] | None:
    """The kind of time whose posts were taken best, with their responses; None when nothing stands out."""
    if len(past) < ENOUGH:
        return None
    kinds: dict[tuple[bool, int], list[int]] = {}
    for one in past:
        kinds.setdefault(kind_of(one.at), []).append(one.responses)
    alike = [(median(values), kind, values) for kind, values in kinds.items() if len(values) >= ENOUGH_ALIKE]
    if not alike:
        return None
    usual, kind, values = max(alike, key=lambda one: (one[0], len(one[2])))
    return (kind, values) if usual > median(one.responses for one in past) else None


def suggest(channel: Channel, *, pack: Pack, at: datetime, first: datetime | None = None) -> Best:
    """The next free time of the kind that was taken best, from `first` or an hour from now, within two weeks."""
    past = history(channel, at=at)
    chosen = best_kind(past)
    if chosen is None:
        return Best(None, len(past))
    (weekend, hour), values = chosen
    begin = max(first or at, at + timedelta(hours=1))
    apart = next((one.minutes_apart for one in pack.cadence if one.network == channel.network), 0) or 60
    end = begin + timedelta(days=AHEAD + 1)
    busy = [one.at for one in planned(begin - timedelta(days=1), end, Filter(channel=channel.pk))]
    day = timezone.localtime(begin).date()
    for step in range(AHEAD + 1):
        on = day + timedelta(days=step)
        moment = timezone.make_aware(datetime.combine(on, time(hour)))
        closed = on in bank_holidays(pack.hours.nation, on.year)
        near = any(abs(moment - one) < timedelta(minutes=apart) for one in busy)
        if (on.weekday() > 4) == weekend and moment >= begin and not closed and not near:
            overall = median(one.responses for one in past)
            return Best(moment, len(past), len(values), median(values), overall)
    return Best(None, len(past))
