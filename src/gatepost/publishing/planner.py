"""What left and what will leave between two moments, on which channels, and what is only planned."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Q
from django.utils import timezone

from gatepost.channels.models import Channel
from gatepost.gate import holds
from gatepost.gate.legible import known_of
from gatepost.gate.models import Act
from gatepost.policy.cadence import Cadence, Kept, kept
from gatepost.publishing.models import Campaign, Post, Variant

MOST = 2000  # acts or drafts of one look
SHOWN = ("to_sign_off", "signed_off", "sending", "sent", "unconfirmed", "missed", "refused", "declined", "expired")
MOVABLE = ("Draft", "To sign off", "Signed off", "Held", "Missed its time", "Not signed in time")


@dataclass(frozen=True, slots=True)
class Filter:
    """What is looked at; 0 and "" mean everything."""

    channel: int = 0
    campaign: int = 0
    audience: str = ""


@dataclass(frozen=True, slots=True)
class Planned:
    """A post at one time in one state, on one or more channels. `acts` is empty for a draft."""

    at: datetime
    word: str
    title: str
    post: Post | None
    acts: tuple[Act, ...]
    channels: tuple[Channel, ...]

    @property
    def campaign(self) -> Campaign | None:
        return self.post.campaign if self.post else None

    @property
    def movable(self) -> bool:
        return self.post is not None and self.word in MOVABLE


def moment_of(day: date) -> datetime:
    """The beginning of a day where the organisation is. A day with a clock change has an hour more or less."""
    return timezone.make_aware(datetime.combine(day, time.min))


def short(words: str) -> str:
    """The words in one line, cut at a blank after at most 80 characters."""
    words = " ".join(words.split())
    return words if len(words) <= 80 else words[:79].rsplit(" ", 1)[0] + "…"


def title_of(post: Post) -> str:
    return short(post.title or post.text) or "Post without words"


def time_of(act: Act) -> datetime | None:
    return act.sent_at or act.due_at or act.planned_at or known_of(act).not_before


def planned(begin: datetime, end: datetime, wanted: Filter | None = None) -> list[Planned]:
    """In order of time. Acts of one post at one minute in one state stand together."""
    wanted = wanted or Filter()
    still = Q(due_at=None, sent_at=None) & (
        Q(planned_at__gte=begin, planned_at__lt=end)
        | Q(
            planned_at=None,
            content__not_before__gte=(begin - timedelta(days=1)).isoformat()[:10],
            content__not_before__lt=(end + timedelta(days=2)).isoformat()[:10],
        )
    )
    inside = Q(sent_at__gte=begin, sent_at__lt=end) | Q(sent_at=None, due_at__gte=begin, due_at__lt=end)
    acts = Act.objects.filter(inside | still, kind="publish", state__in=SHOWN).select_related("channel")
    if wanted.channel:
        acts = acts.filter(channel=wanted.channel)
    rows = [(act, at) for act in acts[:MOST] if (at := time_of(act)) is not None and begin <= at < end]
    held = set(
        holds.held_acts(at=timezone.now()).filter(pk__in=[act.pk for act, _ in rows]).values_list("pk", flat=True)
    )
    posts = posts_of(act for act, _ in rows)
    groups: dict[tuple[object, ...], Planned] = {}
    for act, at in rows:
        word = "Held" if act.pk in held else act.MACHINE.words[act.state]
        post = posts.get(act.subject)
        if not _wanted(post, wanted):
            continue
        key = (post.pk if post else act.pk, at.replace(second=0, microsecond=0), word)
        before = groups.get(key)
        title = title_of(post) if post else (act.content.get("title") or act.content.get("text") or str(act))[:80]
        groups[key] = Planned(
            at,
            word,
            title,
            post,
            (*(before.acts if before else ()), act),
            (*(before.channels if before else ()), act.channel),
        )
    return sorted([*groups.values(), *_drafts(begin, end, wanted)], key=lambda one: (one.at, one.title))


def posts_of(acts: Iterable[Act]) -> dict[str, Post]:
    """The post of each act that is a post's variant, by the act's subject."""
    numbers = [int(act.subject[8:]) for act in acts if act.subject.startswith("variant:")]
    rows = Variant.objects.filter(pk__in=numbers).select_related("post__campaign", "post__author")
    return {row.subject: row.post for row in rows}


def _wanted(post: Post | None, wanted: Filter) -> bool:
    if post is None:
        return not (wanted.campaign or wanted.audience)
    return (not wanted.campaign or post.campaign_id == wanted.campaign) and (
        not wanted.audience or wanted.audience in post.audiences
    )


def _drafts(begin: datetime, end: datetime, wanted: Filter) -> Iterator[Planned]:
    rows = Post.objects.filter(submitted_at=None, withdrawn_at=None, not_before__gte=begin, not_before__lt=end)
    if wanted.campaign:
        rows = rows.filter(campaign=wanted.campaign)
    if wanted.audience:
        rows = rows.filter(audiences__contains=[wanted.audience])
    if wanted.channel:
        rows = rows.filter(variants__channel=wanted.channel)
    for post in rows.select_related("campaign", "author").prefetch_related("variants__channel")[:MOST]:
        channels = tuple(variant.channel for variant in post.variants.all())
        if post.not_before is not None:
            yield Planned(post.not_before, "Draft", title_of(post), post, (), channels)


def counted(one: Planned) -> bool:
    """Whether it keeps a promise: what was refused or declined, and a draft nobody has submitted, does not."""
    return one.word not in ("Draft", "Refused", "Declined", "Missed its time", "Not signed in time")


def week_kept(channel: Channel, promises: Iterable[Cadence], week: Iterable[Planned]) -> Kept | None:
    """How a channel's week (Monday to Sunday) stands to the policy's promise; None where there is none."""
    promise = next((one for one in promises if one.network == channel.network), None)
    if promise is None:
        return None
    return kept(promise, [one.at for one in week if channel in one.channels and counted(one)])
