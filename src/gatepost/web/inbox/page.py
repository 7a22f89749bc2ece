"""Everything a conversation's page shows, gathered once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, Subquery
from django.http import HttpRequest
from django.urls import reverse

from gatepost.channels.models import Channel
from gatepost.gate.models import Act
from gatepost.inbox.conditions import accounts_of
from gatepost.inbox.lines import page_of
from gatepost.inbox.listing import Filter
from gatepost.inbox.models import Conversation, Message
from gatepost.inbox.reply_drafts import drafts_at
from gatepost.ledger.models import Line
from gatepost.networks.limits import limits
from gatepost.people.models import User
from gatepost.policy.model import LABELS
from gatepost.rulebook.actions import in_force
from gatepost.web.desk.facts import list_facts, message_facts
from gatepost.web.desk.ways import hand_of, ways_of
from gatepost.web.frame.acts import listed
from gatepost.web.frame.events import events
from gatepost.web.frame.lines import Spoken, spoken
from gatepost.web.frame.who import me
from gatepost.web.inbox.anew import anew_of
from gatepost.web.inbox.correcting import correcting
from gatepost.web.inbox.drafting import Draft, checked
from gatepost.web.inbox.found import about, found_in, hazards_in
from gatepost.web.inbox.heard import heard_of
from gatepost.web.inbox.querystring import querystring_of
from gatepost.web.inbox.rows import hidden_because, lines_of, newest, text_of
from gatepost.web.inbox.says import says_of
from gatepost.web.inbox.thread import thread_of
from gatepost.web.inbox.words import manner, word_of
from gatepost.web.moderation.pause import pause_facts
from gatepost.web.referrals.using import said_by_department

# Steps of the machine that tell nobody what was decided.
UNTOLD = ("act.claimed", "act.given_back", "details.shown")
OTHERS = 5  # conversations of the same person
DECIDED = 30  # lines of the record


@dataclass(frozen=True, slots=True)
class Before:
    """Another conversation of the same person, by its latest message. `account`: on another account of theirs."""

    message: Message
    text: str
    account: str = ""


@dataclass(frozen=True, slots=True)
class Above:
    """The post a comment stands under. `ours`: `url` is a page of the desk."""

    title: str
    url: str
    ours: bool


def list_context(wanted: Filter, *, person: User, after: int = 0, at: datetime) -> dict[str, Any]:
    """The list pane: views, filters, a page of lines."""
    messages, more = page_of(wanted, after=after, at=at)
    return {
        "wanted": wanted,
        "back": f"{reverse('inbox')}{querystring_of(wanted.pairs(), after=after)}",
        **list_facts(wanted, person, at),
        "rows": lines_of(messages),
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
    person = me(request)
    begun, elsewhere = drafts_at(message, person)
    accounts = accounts_of(message.contact_id)
    if draft is None:
        chosen = pack.wordings.get(request.GET.get("wording", ""))
        heard = said_by_department(message, request.GET)
        alone = begun is not None and begun.privately  # other words for the same reader
        draft = Draft(chosen.text, chosen.id, privately=alone) if chosen else Draft(heard, privately=alone)
        if not chosen and not heard and begun is not None:
            draft = Draft(begun.text, begun.wording, begun.answers, begun.privately)
    thread = thread_of(message, person=person, at=at)
    said = correcting(message)
    check = checked(message, draft, pack=pack, at=at)
    siblings = [said.message.pk for said in thread.said if said.message is not None]
    return {
        "message": message,
        "who": str(message.contact),
        "thread": thread,
        "found": found_in(message, [one for one, _ in said.said]),
        "about": about(message, pack),
        "hazards": hazards_in(message, pack),
        "manner": manner(message.decision.sentiment, message.decision.language),
        "anew": anew_of(message, pack) if said.said else None,
        "says": says_of(message, pack=pack, at=at),
        "heard": heard_of(message, pack),
        "correcting": said,
        **message_facts(message, person, siblings, at),
        "begun": begun,
        "drafts_elsewhere": elsewhere,
        "draft": draft,
        "check": check,
        "hand": hand_of(message, thread.waiting, at, refused=thread.refused),
        **ways_of(message, check.findings, answers=thread.answers, accounts=accounts, pack=pack, at=at),
        "wording": pack.wordings.get(draft.wording),
        "under": post_above(message),
        "before": before(message, accounts),
        "accounts": len(accounts),
        "decided": decided_lines(thread.subjects),
        "limits": limits(message.channel.network),
        "abuse": (abuse := hidden_because(message)),
        **(pause_facts(person, at) if abuse else {}),
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


def before(message: Message, accounts: Sequence[int]) -> Sequence[Before]:
    """The person's other conversations, on every account that somebody has linked, the latest first."""
    latest = Message.objects.filter(conversation=OuterRef("pk")).order_by("-posted_at", "-pk").values("pk")[:1]
    others = Conversation.objects.filter(contact__in=accounts).exclude(pk=message.conversation_id)
    numbers = others.annotate(latest=Subquery(latest)).exclude(latest=None).order_by("-started_at").values("latest")
    rows = Message.objects.filter(pk__in=numbers[:OTHERS]).select_related("decision", "channel", "contact").defer("raw")
    return [
        Before(
            one,
            hidden_because(one) or text_of(one, 90),
            str(one.contact) if one.contact_id != message.contact_id else "",
        )
        for one in rows.order_by("-posted_at")
    ]


def decided_lines(subjects: Sequence[str]) -> list[Spoken]:
    """What was decided and done about this conversation, and by whom: its lines of the record, the latest first."""
    found = Line.objects.filter(subject__in=list(subjects)).exclude(verb__in=UNTOLD).order_by("-pk")[:DECIDED]
    return spoken(found)
