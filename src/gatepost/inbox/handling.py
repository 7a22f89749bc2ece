"""Who may see to a message: refer it, open a case for it, end work on it."""

from __future__ import annotations

from datetime import datetime

from gatepost.channels.actions import reads_messages, require_may_write
from gatepost.inbox.models import Message
from gatepost.ledger.models import Line
from gatepost.people.models import User


def require_may_handle(person: User, message: Message, at: datetime) -> None:
    """Whoever is approved for its channel. What was recorded by hand came in on no channel that people are approved
    for: whoever wrote it down sees to it as well, as long as they read messages at all. Raises NotAllowed."""
    if message.channel.network == "by_hand" and reads_messages(person, at) and recorded(message, by=person):
        return
    require_may_write(person, message.channel, at)


def recorded(message: Message, *, by: User) -> bool:
    """Did this person write it down? The record says so, and cannot be changed."""
    lines = Line.objects.filter(subject=message.subject, verb="message.recorded_by_hand", actor=by.actor)
    return lines.exists()
