"""The inbox list: which messages, in which order, a page at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from gatepost.gate.models import Act
from gatepost.gate.states import OPEN
from gatepost.inbox.masking import masked, spans_of
from gatepost.inbox.models import Message, Referral
from gatepost.inbox.search import about
from gatepost.policy.model import LABELS
from gatepost.web.frame.waiting import COUNTED_TO
from gatepost.web.inbox.words import URGENT, Word, in_order

PAGE = 25
CLIP = 240  # code points of a message in the list
TABS = {"": "With us", "referred": "Referred", "done": "Done"}
WITH_US = ("new", "answering")
# What a line is made of: the rest of a message and its decision is much more, and costs more to read than to ask for.
SHOWN = (
    "text",
    "state",
    "visibility",
    "private",
    "urgent",
    "due_at",
    "received_at",
    "done_because",
    "channel__name",
    "channel__network",
    "contact__name",
    "contact__handle",
    "decision__decided",
    "decision__spans",
    "decision__answer",
    "decision__clauses",
)


@dataclass(frozen=True, slots=True)
class Filter:
    """What the list shows: a tab of TABS, a label of the policy, a channel, words looked for."""

    show: str = ""
    label: str = ""
    channel: int = 0
    q: str = ""

    @staticmethod
    def of(query: Mapping[str, Any]) -> Filter:
        """From an address; what makes no sense there is left out."""
        show, label, channel = query.get("show", ""), query.get("label", ""), query.get("channel", "")
        return Filter(
            show if show in TABS else "",
            label if label in LABELS or label == "urgent" else "",
            int(channel) if channel.isdecimal() and len(channel) < 10 else 0,
            query.get("q", "").strip()[:100].replace("\x00", ""),
        )

    def pairs(self, **changes: object) -> dict[str, object]:
        """As the fields of an address, without the empty ones."""
        named = {"show": self.show, "label": self.label, "channel": self.channel, "q": self.q, **changes}
        return {name: value for name, value in named.items() if value}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the list. `text` holds no personal details; "" with `hidden` when it is abuse."""

    message: Message
    text: str
    hidden: str
    tags: tuple[Word, ...]
    with_whom: str
    no_answer: bool


def open_referrals() -> Exists:
    return Exists(Referral.objects.filter(message=OuterRef("pk")).exclude(state="answered"))


def matching(wanted: Filter) -> QuerySet[Message]:
    """The messages of a tab under its filters, in no order."""
    found = Message.objects.all()
    if wanted.q:
        found = found.filter(about(wanted.q))
    elif wanted.show == "referred":
        found = found.filter(Q(state="referred") | Q(state="answered") & open_referrals())
    elif wanted.show == "done":
        found = found.filter(Q(state="done") | Q(state="answered") & ~open_referrals())
    else:
        found = found.filter(state__in=WITH_US)
    if wanted.label == "urgent":
        found = found.filter(urgent=True)
    elif wanted.label:
        found = found.filter(decision__decided__contains=[wanted.label])
    if wanted.channel:
        found = found.filter(channel_id=wanted.channel)
    return found


def by_time_left(found: QuerySet[Message]) -> QuerySet[Message]:
    return found.order_by("-urgent", F("due_at").asc(nulls_last=True), "-pk")


def below(last: Message, *, newest_first: bool) -> Q:
    """What comes after `last` in the list's order."""
    if newest_first:
        return Q(received_at__lt=last.received_at) | Q(received_at=last.received_at, pk__lt=last.pk)
    same = Q(due_at=last.due_at) if last.due_at else Q(due_at=None)
    later = Q(due_at__gt=last.due_at) | Q(due_at=None) if last.due_at else Q(pk=None)
    within = Q(urgent=last.urgent) & (later | same & Q(pk__lt=last.pk))
    return within | Q(urgent=False) if last.urgent else within


def page_of(wanted: Filter, *, after: int = 0, size: int = PAGE) -> tuple[list[Message], int]:
    """A page of messages and the id to go on after, 0 at the end. `after` is the last id of the page before."""
    newest_first = wanted.show == "done" or bool(wanted.q)
    found = matching(wanted)
    last = Message.objects.only("pk", "urgent", "due_at", "received_at").filter(pk=after).first() if after else None
    if last is not None:
        found = found.filter(below(last, newest_first=newest_first))
    ordered = found.order_by("-received_at", "-pk") if newest_first else by_time_left(found)
    numbers = list(ordered.values_list("pk", flat=True)[: size + 1])
    more = numbers[size - 1] if len(numbers) > size else 0
    rows = Message.objects.select_related("channel", "contact", "decision").only(*SHOWN).in_bulk(numbers[:size])
    return [rows[number] for number in numbers[:size] if number in rows], more


def count(wanted: Filter) -> int:
    """How many, looked at no further than the frame counts."""
    return matching(wanted)[: COUNTED_TO + 1].count()


def newer_than(wanted: Filter, number: int) -> int:
    """How many messages of this list came after message `number`."""
    return matching(wanted).filter(pk__gt=number)[: COUNTED_TO + 1].count()


def newest() -> int:
    """The id of the newest message there is."""
    return Message.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def text_of(message: Message, clip: int = CLIP) -> str:
    """A message in one line without personal details."""
    whole = masked(message.text, spans_of(message.decision.spans))
    line = " ".join(whole[: clip * 4].split())
    return line if len(line) <= clip else f"{line[:clip].rsplit(' ', 1)[0]}…"


def hidden_because(message: Message) -> str:
    """Why the words of a message stay out of lists; "" when they need not."""
    decided = message.decision.decided
    if "staff_abuse" in decided:
        return "Not shown here: abuse to a member of staff. Nobody answers it."
    if "offensive" in decided or "hate" in decided:
        return "Not shown here: offensive words."
    return ""


def lines_of(messages: Sequence[Message], at: datetime) -> list[Row]:
    """Messages as lines of the list, with who has each. Two queries for all of them."""
    subjects = {message.subject: message.pk for message in messages}
    waiting: dict[int, Act] = {}
    for act in Act.objects.filter(subject__in=subjects, state__in=[*OPEN, "refused"]).order_by("created_at"):
        waiting[subjects[act.subject]] = act
    passed: dict[int, list[str]] = {}
    for one in Referral.objects.filter(message__in=messages).exclude(state="answered").order_by("at"):
        words = f"{one.name}: e-mail failed" if one.state == "failed" else one.name
        if one.answer_by < at:
            words += ", answer late"
        passed.setdefault(one.message_id, []).append(words)
    rows = []
    for message in messages:
        tags = in_order(list(message.decision.decided))
        if message.urgent:
            tags = [URGENT, *tags]
        hidden = hidden_because(message)
        rows.append(
            Row(
                message=message,
                text="" if hidden else text_of(message),
                hidden=hidden,
                tags=tuple(tags),
                with_whom=_with_whom(message, waiting.get(message.pk), passed.get(message.pk, [])),
                no_answer=not message.decision.answer,
            )
        )
    return rows


def _with_whom(message: Message, act: Act | None, passed: list[str]) -> str:
    parts = []
    if message.state == "done":
        return f"Closed: {message.done_because}"
    if act is not None:
        what = {"reply": "Answer", "hide": "Hiding", "remove": "Removal", "unhide": "Restoring"}.get(act.kind, act.kind)
        parts.append(f"{what}: {act.get_state_display().lower()}")
    elif message.state == "answered":
        parts.append("Answered")
    if passed:
        parts.append(f"With {', '.join(passed)}")
    return ". ".join(parts) or "Nobody yet"
