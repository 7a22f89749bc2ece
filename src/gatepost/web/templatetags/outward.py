"""What sending costs and how long it stays, for the pages on which an act is looked at before it leaves."""

from __future__ import annotations

from datetime import datetime

from django import template

from gatepost.channels.models import Channel
from gatepost.gate.models import Act
from gatepost.networks.charges import Cost, cost
from gatepost.networks.limits import limits, network_title, source

register = template.Library()


@register.filter
def costs(act: Act) -> str:
    """ "X charges $0.2, 13 times as much as without the link."; "" where the network charges nothing."""
    content, network = act.content, act.channel.network
    found = cost(network, act.kind, str(content.get("text", "")), str(content.get("link", "")))
    if found is None:
        return ""
    if parts := content.get("parts", ()):
        each = [cost(network, act.kind, str(part.get("text", ""))) for part in parts]
        found = Cost(found.dollars + sum(one.dollars for one in each if one))
    practice = " Not in the practice town." if act.channel.practice else ""
    read_on = source(network, "cost_post")[1]
    return f"{network_title(network)} charges {found.says} (price of {read_on}).{practice}"


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
