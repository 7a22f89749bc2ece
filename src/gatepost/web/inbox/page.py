"""Everything a conversation's page shows, gathered once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, Subquery
from django.http import HttpRequest

from gatepost.channels.models import Channel
from gatepost.gate.states import ACT
from gatepost.inbox.models import Contact, Message
from gatepost.inbox.states import MESSAGE, REFERRAL
from gatepost.networks.limits import limits
from gatepost.policy.model import LABELS
from gatepost.rulebook.actions import in_force
from gatepost.web.inbox.drafting import Draft, checked
from gatepost.web.inbox.found import found_in
from gatepost.web.inbox.rows import TABS, Filter, hidden_because, lines_of, newest, page_of, text_of
from gatepost.web.inbox.says import says_of
from gatepost.web.inbox.thread import thread_of
from gatepost.web.inbox.words import word_of

# What the record calls the things that change a conversation or the list; the live stream names its events so.
VERBS = (
    "message.arrived",
    "message.passed_on",
    "message.hidden",
    "message.shown",
    "message.removed",
    "act.submitted",
    "evidence.kept",
    *(f"message.{verb}" for verb in MESSAGE.table),
    *(f"act.{verb}" for verb in ACT.table),
    *(f"referral.{verb}" for verb in REFERRAL.table),
)


def events(*beginnings: str) -> str:
    """The names of live events whose verbs begin so: "message-arrived act-sent"."""
    return " ".join(dict.fromkeys(verb.replace(".", "-") for verb in VERBS if verb.startswith(beginnings)))


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


def list_context(wanted: Filter, *, after: int = 0, at: datetime) -> dict[str, Any]:
    """The list pane: tabs, filters, a page of lines."""
    messages, more = page_of(wanted, after=after)
    return {
        "wanted": wanted,
        "tabs": [
            Tab(title, wanted.pairs(show=show), show == wanted.show and not wanted.q, counted=not show)
            for show, title in TABS.items()
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
        "draft": draft,
        "check": checked(message, draft, pack=pack, at=at),
        "wording": pack.wordings.get(draft.wording),
        "before": before(message.contact, message, at),
        "limits": limits(message.channel.network),
        "abuse": hidden_because(message),
        "subjects": " ".join(thread.subjects),
        "thread_events": events("message.", "act.", "referral.", "evidence."),
        "pack": pack,
        "now": at,
    }


def before(contact: Contact, message: Message, at: datetime, most: int = 5) -> Sequence[Before]:
    """The contact's other conversations, the latest first."""
    latest = Message.objects.filter(conversation=OuterRef("pk")).order_by("-posted_at", "-pk").values("pk")[:1]
    others = contact.conversations.exclude(pk=message.conversation_id).order_by("-started_at")
    numbers = others.annotate(latest=Subquery(latest)).exclude(latest=None).values_list("latest", flat=True)[:most]
    rows = Message.objects.filter(pk__in=list(numbers)).select_related("decision", "channel").order_by("-posted_at")
    return [Before(one, hidden_because(one) or text_of(one, 90)) for one in rows]
