"""Words that are abuse stay covered until a person opens them. Who opened them is kept, and when a break is due."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from gatepost.channels.actions import require_reader
from gatepost.inbox.masking import masked, spans_of
from gatepost.inbox.models import Message, Opened
from gatepost.ledger.actions import record
from gatepost.people.models import User

COVERED = {
    "staff_abuse": "Abuse to a member of staff",
    "hate": "Hatred of people for who they are",
    "offensive": "Offensive words",
}
SHOWN_FOR = timedelta(minutes=10)
BREAK_AFTER, WITHIN = 8, timedelta(hours=1)


def why_covered(message: Message) -> str:
    """What stands in its place while it is covered; "" for a message that is not."""
    return covered_for(message.decision.decided)


def covered_for(decided: Sequence[str]) -> str:
    """The same by the labels that were decided for a message."""
    return next((words for label, words in COVERED.items() if label in decided), "")


@transaction.atomic
def open_words(message: Message, *, by: User, at: datetime) -> Opened:
    """Shows one person the words of a covered message for ten minutes. That they were exposed to them is kept."""
    require_reader(by, at)
    made = Opened.objects.create(message=message, person=by, at=at, until=at + SHOWN_FOR)
    record("words.opened", message.subject, by=by, at=at, clauses=["desk:abuse"], detail={"opened": made.pk})
    return made


def open_until(messages: Iterable[Message], person: User, at: datetime) -> dict[int, datetime]:
    """Until when this person sees the words of which covered messages."""
    rows = Opened.objects.filter(message__in=messages, person=person, until__gt=at).order_by("until")
    return dict(rows.values_list("message_id", "until"))


def opened_lately(person: User, at: datetime) -> int:
    """How many covered messages somebody has opened within the hour; 0 while it is too few for a break."""
    rows = Opened.objects.filter(person=person, at__gt=at - WITHIN, at__lte=at)
    number = rows.values("message").distinct().count()
    return number if number >= BREAK_AFTER else 0


@dataclass(frozen=True, slots=True)
class Exposed:
    person: User
    first: datetime
    times: int


def exposed_to(message: Message) -> list[Exposed]:
    """Who opened these words, the first first."""
    found: dict[int, Exposed] = {}
    for row in Opened.objects.filter(message=message).select_related("person").order_by("at"):
        before = found.get(row.person_id)
        found[row.person_id] = Exposed(
            row.person, before.first if before else row.at, before.times + 1 if before else 1
        )
    return list(found.values())


def words_of(message: Message) -> str:
    """The words, with the personal details in them left out by name."""
    return masked(message.text, spans_of(message.decision.spans))
