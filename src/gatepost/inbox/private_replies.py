"""One private message to the writer of a public comment: only where the policy allows it (else private spaces stay
private), only where the network takes one, only once, and only for some days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from gatepost.gate.ground import NOT_GOING, ONCE
from gatepost.gate.models import Act
from gatepost.inbox.models import BY_HAND, Message
from gatepost.inbox.problems import InboxError
from gatepost.ledger.models import Line
from gatepost.networks.limits import figure, network_title
from gatepost.policy.pack import Pack

CLOSED = "desk:private_replies"  # what keeps the private space of others theirs


@dataclass(frozen=True, slots=True)
class PrivateReply:
    """Whether a comment may be answered privately. `clause`: that allows it, or keeps it closed; "" where the pack has
    none. `until`: the end of the network's time for it. `why_not`: "" when it may."""

    clause: str
    until: datetime
    days: int
    network: str
    why_not: str = ""
    allowed: bool = False  # by the policy
    sent: Act | None = None  # the one there is already
    refused: Act | None = None  # the one after which the network takes none for this comment any more


def private_reply_of(message: Message, *, pack: Pack, at: datetime) -> PrivateReply | None:
    """None where the network has nothing of the kind, or the message is private itself."""
    days = int(figure(message.channel.network, "private_reply_days") or 0)
    if not days or message.private or message.kind in BY_HAND:
        return None
    name = network_title(message.channel.network)
    until = message.posted_at + timedelta(days=days)
    allowed = pack.checks.private_reply
    sent, refused = of_message(message), refused_for_good(message)
    clause = allowed or pack.governing(CLOSED)
    why_not = ""
    if not allowed:
        why_not = "The policy does not let us begin a private conversation."
    elif sent is not None:
        why_not = f"A private message answers this already. {ONCE.format(name)}"
    elif refused is not None:
        why_not = f"{refused.says} See in the Page's own inbox on {name} what was said there, and go on in it."
    elif message.gone_at is not None:
        why_not = "Its writer has taken the comment off: there is nothing left to answer."
    elif at >= until:
        ended = f"{timezone.localtime(until):%H:%M on %-d %B}"
        why_not = f"Too late: {name} took a private answer for {days} days, until {ended}."
    return PrivateReply(clause, until, days, name, why_not, bool(allowed), sent, refused)


def of_message(message: Message) -> Act | None:
    """The private message that answers this comment, sent or on its way."""
    rows = Act.objects.filter(subject=message.subject, kind="reply", content__contains={"privately": True})
    return rows.exclude(state__in=NOT_GOING).order_by("created_at").first()


def refused_for_good(message: Message) -> Act | None:
    """The private message which the network refused in such a way that it takes no other for this comment: because
    somebody has answered it in the Page's own inbox, as a rule. The record holds the network's code."""
    codes = figure(message.channel.network, "private_reply_closed") or []
    rows = Act.objects.filter(subject=message.subject, kind="reply", content__contains={"privately": True})
    refused = {f"act:{act.pk}": act for act in rows.filter(state="refused").order_by("-created_at")}
    if not codes or not refused:
        return None
    lines = Line.objects.filter(subject__in=refused, verb="act.refused", detail__code__in=codes)
    told = set(lines.values_list("subject", flat=True))
    return next((act for subject, act in refused.items() if subject in told), None)


def require_way(message: Message, *, pack: Pack, at: datetime) -> PrivateReply:
    """Raises InboxError with the reason when this comment cannot be answered privately."""
    way = private_reply_of(message, pack=pack, at=at)
    if way is None:
        name = network_title(message.channel.network)
        raise InboxError(f"{name} has no private answer to this. Answer it where it was said.")
    if way.why_not:
        raise InboxError(f"{way.why_not} Answer in public, or by telephone or letter.")
    return way
