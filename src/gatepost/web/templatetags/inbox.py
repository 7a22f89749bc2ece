"""Tags of the inbox: addresses with filters, time left in the list."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from datetime import datetime

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from gatepost.inbox.lines import ListedMessage
from gatepost.inbox.listing import WITH_US
from gatepost.inbox.models import Change, Message
from gatepost.inbox.threads import SaidAct
from gatepost.web.frame import times
from gatepost.web.frame.places import address
from gatepost.web.inbox.querystring import querystring_of
from gatepost.web.inbox.says import Desk, Offer
from gatepost.web.inbox.thread import WITHDRAWABLE
from gatepost.web.inbox.words import listed
from gatepost.web.templatetags.look import icon

register = template.Library()

MODERATION_WORDS = {
    "hide": "Hide",
    "unhide": "Put back",
    "remove": "Remove",
    "approve": "Let through",
    "block": "Block the account",
    "unblock": "Unblock the account",
    "mute": "Mute the account",
    "unmute": "Unmute the account",
    "close": "Close comments",
    "reopen": "Open comments again",
}


register.simple_tag(querystring_of)


@register.simple_tag
def time_left(message: Message | ListedMessage, now: datetime) -> SafeString:
    """How long until a message must be answered, as small as the list needs it."""
    look = "gp-initem__left"
    if message.state not in (*WITH_US, "referred"):
        words = times.when(message.received_at, now)
        return format_html(
            '<span class="{}"><time datetime="{}">{}</time></span>', look, message.received_at.isoformat(), words
        )
    if message.due_at is None:
        return format_html('<span class="{}">No answer due</span>', look)
    how = times.urgency(message.due_at, now)
    span = times.length(message.due_at - now)
    words = f"Late by {span}" if how == "late" else span
    return format_html(
        '<span class="{}">{}<time datetime="{}">{}</time></span>',
        {"late": f"{look} gp-initem__left--late", "soon": f"{look} gp-initem__left--soon"}.get(how, look),
        icon("alarm-clock" if how == "late" else "clock"),
        message.due_at.isoformat(),
        words,
    )


@register.simple_tag
def address_of(name: str, *args: object) -> str:
    """The address of a page of another screen."""
    return address(name, *args)


@register.filter
def replace_underscores(words: str) -> str:
    return words.replace("_", " ")


@register.filter
def is_web(address: str) -> bool:
    """Whether an address a network gave us may be a link: http and https only."""
    return address.startswith(("https://", "http://"))


@register.simple_tag
def advised_desks(desks: Iterable[Desk]) -> list[Desk]:
    return [desk for desk in desks if desk.advised]


@register.filter
def verb_words(verb: str) -> str:
    """A verb of the record as words: "act.signed_off" is "act signed off"."""
    return verb.replace(".", " ").replace("_", " ")


@register.filter
def moderation_words(kind: str) -> str:
    return MODERATION_WORDS.get(kind, kind)


@register.simple_tag
def standing_lines(offers: Sequence[Offer]) -> list[str]:
    """What the wordings offered need before they leave: one line when it is the same for all."""
    now = timezone.now()
    lines: dict[str, list[int]] = {}
    for number, offer in enumerate(offers, start=1):
        words = "No standing sign-off: somebody must sign it off before it leaves."
        if offer.standing is not None:
            on = times.date(offer.standing.at, now)
            words = f"Standing sign-off by {offer.standing.signer}, {on}. Sent unchanged, it needs no other."
        lines.setdefault(words, []).append(number)
    if len(lines) == 1:
        return list(lines)
    return [f"{listed([str(number) for number in numbers])}: {words}" for words, numbers in lines.items()]


@register.filter
def withdrawable(act: SaidAct) -> bool:
    """Whether an act can still be taken back."""
    return act.state in WITHDRAWABLE


@register.filter
def changed_it(change: Change | None, message: Message) -> bool:
    """Whether a change that can be undone was one to this message."""
    return change is not None and any(item[0] == message.pk for item in change.items)


@register.filter
def in_set(act: SaidAct, held: Container[object]) -> bool:
    return act.pk in held
