"""A week of posts: what left and what will leave, on which channel, and what is only planned."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Q
from django.utils import timezone

from gatepost.channels.models import Channel
from gatepost.gate import holds
from gatepost.gate.content import from_json
from gatepost.gate.models import Act
from gatepost.publishing.models import Post
from gatepost.web.frame.places import address
from gatepost.web.posts.listing import posts_of, title_of

MOST = 1000  # acts of one week
LOOKS = {
    "sent": "sent",
    "sending": "signed",
    "signed_off": "signed",
    "to_sign_off": "waiting",
    "unconfirmed": "unconfirmed",
    "missed": "unconfirmed",
    "refused": "unconfirmed",
    "declined": "unconfirmed",
}
SIGNS = {
    "Draft": "pencil",
    "Held": "circle-pause",
    "Sent": "check",
    "Sending": "send",
    "Signed off": "signature",
    "To sign off": "circle-dashed",
    "Unconfirmed": "circle-help",
    "Missed its time": "alarm-clock",
    "Refused": "circle-x",
    "Declined": "circle-x",
}


@dataclass(frozen=True, slots=True)
class Slot:
    """A post at one time in one state, on one or more channels."""

    at: datetime
    word: str
    look: str
    title: str
    url: str
    channels: tuple[Channel, ...]

    @property
    def sign(self) -> str:
        return SIGNS[self.word]


@dataclass(frozen=True, slots=True)
class Day:
    date: date
    slots: tuple[Slot, ...]
    today: bool


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def bounds(monday: date) -> tuple[datetime, datetime]:
    """The week's beginning and end as moments; a week with a clock change has an hour more or less."""
    begin = timezone.make_aware(datetime.combine(monday, time.min))
    return begin, timezone.make_aware(datetime.combine(monday + timedelta(days=7), time.min))


def _moment(act: Act) -> datetime | None:
    return act.sent_at or act.due_at or from_json(act.content).not_before


def slots_of(monday: date) -> list[Slot]:
    """The slots of a week in order of time."""
    begin, end = bounds(monday)
    planned = Q(due_at=None, sent_at=None, content__not_before__gte=begin.isoformat()[:10])
    in_week = Q(sent_at__gte=begin, sent_at__lt=end) | Q(sent_at=None, due_at__gte=begin, due_at__lt=end)
    acts = Act.objects.filter(in_week | planned, kind="publish", state__in=LOOKS).select_related("channel")
    rows = [(act, at) for act in acts[:MOST] if (at := _moment(act)) is not None and begin <= at < end]
    held = set(holds.held_acts().filter(pk__in=[act.pk for act, _ in rows]).values_list("pk", flat=True))
    posts = posts_of(act for act, _ in rows)
    groups: dict[tuple[object, ...], Slot] = {}
    for act, at in rows:
        word = "Held" if act.pk in held else act.MACHINE.words[act.state]
        look = "held" if act.pk in held else LOOKS[act.state]
        post = posts.get(act.subject)
        minute = at.replace(second=0, microsecond=0)
        key = (post.pk if post else act.pk, minute, word)
        title, url = (title_of(post), address("post", post.pk)) if post else (str(act), address("sign_off_act", act.pk))
        before = groups[key].channels if key in groups else ()
        groups[key] = Slot(at, word, look, title, url, (*before, act.channel))
    drafts = _drafts(begin, end)
    return sorted([*groups.values(), *drafts], key=lambda slot: (slot.at, slot.title))


def _drafts(begin: datetime, end: datetime) -> Iterable[Slot]:
    rows = Post.objects.filter(submitted_at=None, withdrawn_at=None, not_before__gte=begin, not_before__lt=end)
    for post in rows.prefetch_related("variants__channel")[:MOST]:
        if post.not_before is not None:
            channels = tuple(variant.channel for variant in post.variants.all())
            yield Slot(post.not_before, "Draft", "draft", title_of(post), address("write_edit", post.pk), channels)


def days_of(monday: date, slots: Iterable[Slot], today: date) -> list[Day]:
    by_day: dict[date, list[Slot]] = {}
    for slot in slots:
        by_day.setdefault(timezone.localtime(slot.at).date(), []).append(slot)
    days = [monday + timedelta(days=number) for number in range(7)]
    return [Day(day, tuple(by_day.get(day, ())), day == today) for day in days]


def table_of(days: Iterable[Day]) -> list[tuple[Channel, list[tuple[Slot, ...]]]]:
    """A row a channel, a cell a day: the channels that are live and those with something in the week."""
    week = list(days)
    used = {channel.pk for day in week for slot in day.slots for channel in slot.channels}
    channels = Channel.objects.filter(Q(state__in=["live", "paused"]) | Q(pk__in=used)).order_by("practice", "name")
    return [
        (channel, [tuple(slot for slot in day.slots if channel in slot.channels) for day in week])
        for channel in channels
    ]
