"""What sending costs and how long it stays, for the pages on which an act is looked at before it leaves."""

from __future__ import annotations

from datetime import datetime

from django import template

from gatepost.channels.models import Channel
from gatepost.gate.models import Act
from gatepost.networks.limits import limits
from gatepost.publishing.costs import said

register = template.Library()


@register.filter
def costs(act: Act) -> str:
    """What its network charges, in a sentence; "" where it charges nothing."""
    return said(act.kind, act.content, act.channel)


@register.filter
def part_kind(channel: Channel) -> str:
    """What a further part of a post becomes on this channel."""
    words = {"thread": "the next posts of a thread", "comments": "comments of our own under it"}
    return words.get(limits(channel.network).parts, "")


@register.filter
def parts_of(act: Act) -> list[tuple[int, dict[str, object]]]:
    """The further parts of an act by their numbers; the post itself is part 1."""
    return list(enumerate(act.content.get("parts", ()), 2))


@register.filter
def ends(act: Act) -> datetime | None:
    """When it is taken down again, signed off with it."""
    moment = act.content.get("expires_at")
    return datetime.fromisoformat(moment) if moment else None
