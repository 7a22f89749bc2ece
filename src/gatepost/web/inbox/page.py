"""Everything a conversation's page shows, gathered once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, Subquery
from django.http import HttpRequest

from gatepost.channels.models import Channel
from gatepost.gate.models import Act
from gatepost.inbox.listing import VIEWS, Filter
from gatepost.inbox.models import Contact, Message
from gatepost.networks.limits import limits
from gatepost.policy.model import LABELS
from gatepost.rulebook.actions import in_force
from gatepost.web.frame.acts import listed
from gatepost.web.frame.events import events
from gatepost.web.inbox.correcting import correcting
from gatepost.web.inbox.drafting import Draft, checked
from gatepost.web.inbox.found import found_in
from gatepost.web.inbox.heard import heard_of
from gatepost.web.inbox.rows import hidden_because, lines_of, newest, page_of, text_of
from gatepost.web.inbox.says import says_of
from gatepost.web.inbox.thread import thread_of
from gatepost.web.inbox.words import word_of


@dataclass(frozen=True, slots=True)
class Tab:
    title: str
    fields: dict[str, object]
    current: bool
    counted: bool = False  # the frame's count of the inbox stands beside it


@dataclass(frozen=True, slots=True)
class Before:
    """An earlier conversation of the same contact, by its latest message."""

    message: Message
    text: str


@dataclass(frozen=True, slots=True)
class Above:
    """The post a comment stands under. `ours`: `url` is a page of the desk."""

    title: str
    url: str
    ours: bool


def list_context(wanted: Filter, *, after: int = 0, at: datetime) -> dict[str, Any]:
    """The list pane: tabs, filters, a page of lines."""
    messages, more = page_of(wanted, after=after)
    return {
        "wanted": wanted,
        "tabs": [
            Tab(title, wanted.pairs(show=show), show == wanted.show and not wanted.q, counted=not show)
            for show, title in VIEWS.items()
        ],
        "rows": lines_of(messages, at),
        "more": wanted.pairs(after=more) if more else None,
        "after": after,
        "labels": [word_of(label) for label in ("urgent", *LABELS)],
        "channels": Channel.objects.exclude(state="proposed").order_by("name"),
        "newest": newest(),
        "fields": wanted.pairs(),
        "list_events": events("message."),
        "now": at,
    }


def conversation_context(
    request: HttpRequest, message: Message, *, at: datetime, draft: Draft | None = None
) -> dict[str, Any]:
    """The three panes of one conversation. `draft` keeps what somebody wrote when an action was refused."""
    pack = in_force(at)
    if draft is None:
        chosen = pack.wordings.get(request.GET.get("wording", ""))
        draft = Draft(chosen.text, chosen.id) if chosen else Draft()
    thread = thread_of(message, person=request.user, at=at)  # type: ignore[arg-type]  # the view needs "signed in"
    return {
        "message": message,
        "who": str(message.contact),
        "thread": thread,
        "found": found_in(message),
        "says": says_of(message, pack=pack, at=at),
        "heard": heard_of(message, pack),
        "correcting": correcting(message),
        "draft": draft,
        "check": checked(message, draft, pack=pack, at=at),
        "wording": pack.wordings.get(draft.wording),
        "under": post_above(message),
        "before": before(message.contact, message, at),
        "limits": limits(message.channel.network),
        "abuse": hidden_because(message),
        "subjects": " ".join(thread.subjects),
        "thread_events": events("message.", "act.", "referral.", "evidence."),
        "pack": pack,
        "now": at,
    }


def post_above(message: Message) -> Above | None:
    """The post of ours that a message stands under, when the network said which: our page of it where the desk sent
    it, else its address on the network where that is known."""
    if not message.post_ref or message.post_ref == message.ref:
        return None
    act = Act.objects.filter(channel=message.channel_id, ref=message.post_ref, kind="publish").first()
    if act is None:
        address = message.channel.seen_at(message.post_ref, "")
        return Above("", address, ours=False) if address else None
    item = listed([act])[0]
    return Above(item.title, item.url, ours=True)


def before(contact: Contact, message: Message, at: datetime, most: int = 5) -> Sequence[Before]:
    """The contact's other conversations, the latest first."""
    latest = Message.objects.filter(conversation=OuterRef("pk")).order_by("-posted_at", "-pk").values("pk")[:1]
    others = contact.conversations.exclude(pk=message.conversation_id).order_by("-started_at")
    numbers = others.annotate(latest=Subquery(latest)).exclude(latest=None).values_list("latest", flat=True)[:most]
    rows = Message.objects.filter(pk__in=list(numbers)).select_related("decision", "channel").order_by("-posted_at")
    return [Before(one, hidden_because(one) or text_of(one, 90)) for one in rows]
