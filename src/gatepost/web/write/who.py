"""For which channels a person may write, and why not for the others; who signs what they write."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from gatepost.channels.actions import may_write
from gatepost.channels.models import Channel
from gatepost.networks.limits import listens_only
from gatepost.people.models import Holding, User


@dataclass(frozen=True, slots=True)
class Closed:
    """A channel somebody may not choose now. `clause` is the one that says so, if one does."""

    channel: Channel
    why: str
    clause: str = ""


def channels_for(person: User, at: datetime) -> tuple[list[Channel], list[Closed]]:
    """Channels the person may write for, and the others with the reason."""
    open_, closed = [], []
    used = Channel.objects.exclude(state="closed").exclude(network__in=listens_only())
    for channel in used.order_by("practice", "name", "pk"):
        if channel.state == "proposed":
            closed.append(Closed(channel, "Communications has not signed it off yet"))
        elif channel.state == "paused":
            closed.append(Closed(channel, "it is paused"))
        elif not may_write(person, channel, at):
            closed.append(Closed(channel, "you are not approved for it", "desk:approvals"))
        else:
            open_.append(channel)
    return open_, closed


def signers(person: User, at: datetime) -> list[str]:
    """The names of those who may sign what this person writes, holders before deputies."""
    held = Holding.objects.in_force(at).filter(role__signs_off=True).exclude(person=person).select_related("person")
    return list(dict.fromkeys(holding.person.name for holding in held.order_by("deputy", "starts")))
