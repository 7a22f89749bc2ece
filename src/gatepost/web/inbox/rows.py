"""The inbox list: which messages, in which order, a page at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from gatepost.gate.models import Act
from gatepost.gate.states import OPEN
from gatepost.inbox.listing import PAGE, Filter, key_of, matching, numbers_after, place_of
from gatepost.inbox.marks import labels_in, own_in
from gatepost.inbox.masking import masked, spans_of
from gatepost.inbox.models import Label, Message, Referral
from gatepost.inbox.personal.covering import covered
from gatepost.inbox.presence import replying_to
from gatepost.inbox.states import OPEN_REFERRALS
from gatepost.web.frame.waiting import COUNTED_TO
from gatepost.web.inbox.words import URGENT, Word, in_order

WHAT = {"reply": "Answer", "hide": "Hiding", "remove": "Removal", "unhide": "Restoring", "close": "Closing comments"}
CLIP = 240  # code points of a message in the list
# What a line is made of: the rest of a message and its decision is much more, and costs more to read than to ask for.
SHOWN = (
    "text",
    "state",
    "visibility",
    "private",
    "urgent",
    "danger",
    "due_at",
    "received_at",
    "snoozed_until",
    "done_because",
    "marks",
    "assignee__name",
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
class Row:
    """One line of the list. `text` holds no personal details; "" with `hidden` when it is abuse."""

    message: Message
    text: str
    hidden: str
    tags: tuple[Word, ...]
    own: tuple[str, ...]  # labels of the desk's own
    with_whom: str
    replying: str  # a colleague who is answering it now
    no_answer: bool


def page_of(
    wanted: Filter, *, after: int = 0, size: int = PAGE, at: datetime | None = None
) -> tuple[list[Message], int]:
    """A page of messages and the key to go on after, 0 at the end. `after` is what the page before gave."""
    numbers = numbers_after(wanted, place_of(after), size + 1, at or timezone.now())
    rows = Message.objects.select_related("channel", "contact", "decision", "assignee").only(*SHOWN)
    found = rows.in_bulk(numbers[:size])
    page = [found[number] for number in numbers[:size] if number in found]
    return page, key_of(page[-1]) if len(numbers) > size and page else 0


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
    for one in Referral.objects.filter(message__in=messages, state__in=OPEN_REFERRALS).order_by("at"):
        words = f"{one.name}: e-mail failed" if one.state == "failed" else one.name
        if one.answer_by < at:
            words += ", answer late"
        passed.setdefault(one.message_id, []).append(words)
    names = dict(
        Label.objects.filter(pk__in={pk for one in messages for pk in own_in(one.marks)}).values_list("pk", "name")
    )
    writing = replying_to([message.pk for message in messages], at)
    rows = []
    for message in messages:
        tags = in_order(labels_in(message.marks))
        if message.urgent and not message.danger:  # how grave it is stands above
            tags = [URGENT, *tags]
        hidden = hidden_because(message)
        rows.append(
            Row(
                message=message,
                text="" if hidden else text_of(message),
                hidden=hidden,
                tags=tuple(tags),
                own=tuple(names[pk] for pk in own_in(message.marks) if pk in names),
                replying=writing.get(message.pk, ""),
                with_whom=_with_whom(message, waiting.get(message.pk), passed.get(message.pk, [])),
                no_answer=not message.decision.answer,
            )
        )
    return rows


def _with_whom(message: Message, act: Act | None, passed: list[str]) -> str:
    parts = [message.assignee.name] if message.assignee else []
    if message.state == "done":
        return f"Closed: {covered(message.done_because)}"
    if act is not None:
        what = WHAT.get(act.kind, act.kind.capitalize())
        parts.append(f"{what}: {act.get_state_display().lower()}")
    elif message.state == "answered":
        parts.append("Answered")
    if passed:
        parts.append(f"With {', '.join(passed)}")
    return ". ".join(parts) or "Nobody yet"
