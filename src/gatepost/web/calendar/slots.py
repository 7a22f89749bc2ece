"""What is planned as the calendar draws it: slots in days, in a table by channel, in the hours of a day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from gatepost.channels.models import Channel
from gatepost.networks.limits import listens_only
from gatepost.policy.cadence import Kept
from gatepost.policy.days import Marked
from gatepost.policy.pack import Pack
from gatepost.publishing.planner import Planned, moment_of, week_kept
from gatepost.web.frame.places import address
from gatepost.web.frame.signs import SIGNS
from gatepost.web.frame.times import hour

LOOKS = {
    "Sent": "sent",
    "Sending": "signed",
    "Signed off": "signed",
    "To sign off": "waiting",
    "Held": "held",
    "Draft": "draft",
}


@dataclass(frozen=True, slots=True)
class Slot:
    """A post at one time in one state, on one or more channels."""

    what: Planned

    @property
    def look(self) -> str:
        return LOOKS.get(self.what.word, "unconfirmed")

    @property
    def sign(self) -> str:
        return SIGNS[self.what.word][1]

    @property
    def url(self) -> str:
        if self.what.post is None:
            return address("sign_off_act", self.what.acts[0].pk)
        return address("post" if self.what.acts else "write_edit", self.what.post.pk)

    @property
    def hour(self) -> str:
        """10:30am; with "summer time" or "winter time" in the hour that comes twice when the clocks go back."""
        return f"{hour(self.what.at)}{twice(self.what.at)}"


def twice(at: datetime) -> str:
    """Which of two this moment is, where its hour comes twice; else ""."""
    here = timezone.localtime(at)
    if here.replace(fold=0).utcoffset() == here.replace(fold=1).utcoffset():
        return ""
    return " summer time" if here.dst() else " winter time"


@dataclass(frozen=True, slots=True)
class Day:
    date: date
    slots: tuple[Slot, ...]
    today: bool
    marked: tuple[Marked, ...] = ()
    clocks: str = ""  # "The clocks go back at 2am."
    other: bool = False  # of another month than the one shown

    @property
    def bank_holiday(self) -> bool:
        return any(one.kind == "bank holiday" for one in self.marked)


def clock_change(day: date) -> str:
    """What the clocks do on a day, in a sentence."""
    # In UTC: the difference of two times of one zone is that of their clocks.
    length = moment_of(day + timedelta(days=1)).astimezone(UTC) - moment_of(day).astimezone(UTC)
    if length == timedelta(hours=24):
        return ""
    if length > timedelta(hours=24):
        return "The clocks go back: an hour comes twice."
    return "The clocks go forward: an hour is left out."


def days_of(
    first: date, last: date, found: Iterable[Planned], today: date, marks: dict[date, list[Marked]], month: int = 0
) -> list[Day]:
    by_day: dict[date, list[Slot]] = {}
    for one in found:
        by_day.setdefault(timezone.localtime(one.at).date(), []).append(Slot(one))
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    return [
        Day(
            day,
            tuple(by_day.get(day, ())),
            day == today,
            tuple(marks.get(day, ())),
            clock_change(day),
            bool(month) and day.month != month,
        )
        for day in days
    ]


@dataclass(frozen=True, slots=True)
class Row:
    """A channel's week. `gap` is how many days at the end of it nothing is planned for, when the promise is broken."""

    channel: Channel
    cells: tuple[tuple[Day, tuple[Slot, ...]], ...]
    kept: Kept | None
    gap: int

    @property
    def before(self) -> tuple[tuple[Day, tuple[Slot, ...]], ...]:
        return self.cells[: len(self.cells) - self.gap]

    @property
    def gap_days(self) -> tuple[Day, ...]:
        return tuple(day for day, _ in self.cells[len(self.cells) - self.gap :])


def _written_for() -> Q:
    return Q(state__in=["live", "paused"]) & ~Q(network__in=listens_only())


def rows_of(days: Sequence[Day], pack: Pack, channel: int, today: date) -> list[Row]:
    """The channels that are live and those with something in the week."""
    used = {one.pk for day in days for slot in day.slots for one in slot.what.channels}
    wanted = Q(pk=channel) if channel else _written_for() | Q(pk__in=used)
    week = [slot.what for day in days for slot in day.slots]
    rows = []
    for one in Channel.objects.filter(wanted).order_by("practice", "name"):
        cells = tuple((day, tuple(slot for slot in day.slots if one in slot.what.channels)) for day in days)
        kept = week_kept(one, pack.cadence, week) if one.state == "live" else None
        rows.append(Row(one, cells, kept, _gap(cells, kept, today)))
    return rows


def _gap(cells: Sequence[tuple[Day, tuple[Slot, ...]]], kept: Kept | None, today: date) -> int:
    """Empty days from the end of the week back, none of them past, when fewer posts are planned than promised."""
    if kept is None or not kept.missing:
        return 0
    empty = 0
    for day, slots in reversed(cells):
        if slots or day.date < today or day.bank_holiday:
            break
        empty += 1
    return empty if empty > 1 else 0


@dataclass(frozen=True, slots=True)
class Hour:
    """One hour of a day, as its clocks show it."""

    at: datetime
    name: str
    slots: tuple[Slot, ...]


USUAL = range(7, 21)  # shown though nothing is planned in them


def hours_of(day: Day) -> list[Hour]:
    """The hours of a day in order: 23, 24 or 25, from the first to the last that is usual or used."""
    at, end = moment_of(day.date).astimezone(UTC), moment_of(day.date + timedelta(days=1)).astimezone(UTC)
    hours = []
    while at < end:
        inside = tuple(slot for slot in day.slots if at <= slot.what.at < at + timedelta(hours=1))
        hours.append(Hour(at, f"{hour(at)}{twice(at)}", inside))
        at += timedelta(hours=1)
    change = bool(day.clocks)
    shown = [
        place for place, one in enumerate(hours) if one.slots or change or timezone.localtime(one.at).hour in USUAL
    ]
    return hours[shown[0] : shown[-1] + 1]
