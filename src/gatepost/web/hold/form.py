"""What a person chose to hold: read from the form, and the sentence that says it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import QuerySet
from django.http import QueryDict

from gatepost.channels.models import Channel
from gatepost.gate.holds import But
from gatepost.gate.models import Hold
from gatepost.people.models import User
from gatepost.publishing.models import Campaign
from gatepost.web.frame.given import number
from gatepost.web.frame.problems import Unclear
from gatepost.web.write.when import WhenError, read

KINDS = {"posts": ("publish", "edit"), "replies": ("reply",)}
KIND_WORDS = {"posts": "All posts, not answers", "replies": "All answers, not posts"}


@dataclass(frozen=True, slots=True)
class Wish:
    """The form as it was filled in. `what`: all, posts, replies, channel:5, campaign:3."""

    what: str = "all"
    reason: str = ""
    moderation: bool = True
    ends: str = ""
    itself: bool = False
    people: Sequence[int] = field(default_factory=tuple)

    @property
    def channel(self) -> int:
        return number(self.what.removeprefix("channel:"))

    @property
    def campaign(self) -> int:
        return number(self.what.removeprefix("campaign:"))


def wish_of(given: QueryDict) -> Wish:
    return Wish(
        what=given.get("what", "all")[:40],
        reason=given.get("reason", ""),
        moderation=bool(given.get("moderation")),
        ends=given.get("ends", "")[:100],
        itself=bool(given.get("itself")),
        people=tuple(filter(None, (number(one) for one in given.getlist("people")[:200]))),
    )


def scope(wish: Wish) -> dict[str, object]:
    """The arguments of holds.hold that say what. Raises Unclear."""
    if wish.what == "all":
        return {}
    if wish.what in KINDS:
        return {"kinds": KINDS[wish.what]}
    if wish.channel and (channel := Channel.objects.filter(pk=wish.channel).first()):
        return {"channel": channel}
    if wish.campaign and Campaign.objects.filter(pk=wish.campaign).exists():
        return {"campaign": wish.campaign}
    raise Unclear("Choose what to hold.", "what-all")


def ends_at(words: str, *, now: datetime, at: str = "ends") -> datetime | None:
    """A day and a time as typed; None for nothing. Raises Unclear."""
    if not words.strip():
        return None
    try:
        return read(words, now=now, zone=ZoneInfo(settings.TIME_ZONE)).moment
    except WhenError as error:
        raise Unclear(str(error), at) from error


def but(wish: Wish) -> But:
    return But(people=wish.people)


def people() -> QuerySet[User]:
    return User.objects.filter(is_active=True).order_by("name")


def named(held: Hold) -> str:
    """What a hold covers, in a few words."""
    if held.channel is not None:
        return held.channel.name
    if held.act_id:
        return "One post"
    if held.campaign:
        campaign = Campaign.objects.filter(pk=held.campaign).first()
        return f"The campaign {campaign.name}" if campaign else "A campaign"
    if held.kinds:
        words = [KIND_WORDS[name] for name, kinds in KINDS.items() if set(kinds) == set(held.kinds)]
        return words[0] if words else "Some kinds of act"
    return "Everything"
