"""Work on one message or many at once, kept so that it can be undone where nothing has changed since.

Nothing here leaves the desk: sending, hiding and referring are for one message at a time and have no undo of this kind.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from gatepost.channels.actions import require_may_write
from gatepost.gate.models import Act
from gatepost.gate.states import OPEN
from gatepost.inbox import labels, snoozing
from gatepost.inbox.actions import close, reopen
from gatepost.inbox.assigning import assign, assign_next
from gatepost.inbox.marks import own_marks
from gatepost.inbox.models import Change, Label, Message
from gatepost.inbox.problems import InboxError
from gatepost.ledger.actions import record
from gatepost.lifecycle import Conflict, advance
from gatepost.people.authority import NotAllowed
from gatepost.people.models import User

MOST = 200  # messages at once
UNDOABLE = timedelta(hours=24)
NO = (InboxError, Conflict, NotAllowed)


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be done: `verb` of VERBS with what it needs."""

    verb: str
    person: User | None = None
    label: Label | None = None
    until: datetime | None = None
    because: str = ""


@dataclass(frozen=True, slots=True)
class Done:
    """What came of it. `refused` says why for each message that stayed as it was."""

    change: Change | None
    changed: tuple[int, ...]
    refused: Mapping[int, str] = field(default_factory=dict)


def _label(wish: Wish) -> Label:
    if wish.label is None:
        raise InboxError("Choose a label first.")
    return wish.label


def _snooze(message: Message, wish: Wish, by: User, at: datetime) -> None:
    if wish.until is None:
        raise InboxError("Say until when.")
    snoozing.snooze(message, until=wish.until, by=by, at=at)


def _next(message: Message, wish: Wish, by: User, at: datetime) -> None:
    if assign_next(message, by=by, at=at) is None:
        raise InboxError("Nobody is on duty who could take this. Choose a person.")


VERBS: dict[str, Callable[[Message, Wish, User, datetime], object]] = {
    "assign": lambda message, wish, by, at: assign(message, wish.person, by=by, at=at),
    "assign_next": _next,
    "label": lambda message, wish, by, at: labels.put_label(message, _label(wish), by=by, at=at),
    "unlabel": lambda message, wish, by, at: labels.take_label(message, _label(wish), by=by, at=at),
    "snooze": _snooze,
    "wake": lambda message, wish, by, at: snoozing.wake(message, by=by, at=at),
    "close": lambda message, wish, by, at: close(message, because=wish.because, by=by, at=at),
    "reopen": lambda message, wish, by, at: reopen(message, by=by, at=at),
}


def _as_it_is(message: Message) -> dict[str, Any]:
    return {
        "assignee": message.assignee_id,
        "assigned_at": message.assigned_at.isoformat() if message.assigned_at else None,
        "snoozed_until": message.snoozed_until.isoformat() if message.snoozed_until else None,
        "labels": sorted(own_marks(message.marks)),
        "state": message.state,
        "done_because": message.done_because,
    }


def do(wish: Wish, messages: Sequence[Message], *, by: User, at: datetime) -> Done:
    """Does one thing to each message: all that can be, the others with the reason. Raises InboxError where the wish
    itself makes no sense, or every message refuses it alike (with that reason)."""
    if wish.verb not in VERBS:
        raise InboxError(f"“{wish.verb}” is not something that can be done here. There are: {', '.join(VERBS)}.")
    if not messages:
        raise InboxError("Choose at least one message.")
    if len(messages) > MOST:
        raise InboxError(f"At most {MOST} messages at once.")
    items: list[list[Any]] = []
    refused: dict[int, str] = {}
    with transaction.atomic():
        for message in messages:
            before = _as_it_is(Message.objects.get(pk=message.pk))
            try:
                with transaction.atomic():
                    VERBS[wish.verb](message, wish, by, at)
            except NO as error:
                refused[message.pk] = str(error)
                continue
            after = _as_it_is(Message.objects.get(pk=message.pk))
            if after != before:
                items.append([message.pk, before, after])
        change = Change.objects.create(verb=wish.verb, items=items, by=by, at=at) if items else None
        if change is not None and len(messages) > 1:
            detail = {"verb": wish.verb, "messages": len(items)}
            record("messages.changed", f"change:{change.pk}", by=by, at=at, detail=detail)
    if not items and refused:
        raise InboxError(next(iter(refused.values())))
    return Done(change, tuple(item[0] for item in items), refused)


@transaction.atomic
def undo(change: Change, *, by: User, at: datetime) -> Done:
    """Puts back what a change did, for each message that is still as the change left it."""
    change = Change.objects.select_for_update().get(pk=change.pk)
    if change.by_id != by.pk:
        raise InboxError("Only whoever did this can undo it.")
    if change.undone_at is not None:
        raise InboxError("This has been undone already.")
    if at - change.at > UNDOABLE:
        raise InboxError("This was more than a day ago. Change the messages by hand.")
    back: list[int] = []
    refused: dict[int, str] = {}
    for number, before, after in change.items:
        message = Message.objects.select_for_update(of=("self",)).select_related("channel").get(pk=number)
        if _as_it_is(message) != after:
            refused[number] = "It has changed since."
            continue
        require_may_write(by, message.channel, at)
        _put_back(message, before, by=by, at=at)
        back.append(number)
    Change.objects.filter(pk=change.pk).update(undone_at=at)
    record("messages.change_undone", f"change:{change.pk}", by=by, at=at, detail={"messages": len(back)})
    return Done(change, tuple(back), refused)


# How a message gets back from one state to another when closing or opening it is undone.
_WAY_BACK = {
    ("done", "new"): "reopened",
    ("done", "answering"): "unclosed_answering",
    ("done", "answered"): "unclosed_answered",
    ("done", "referred"): "unclosed_referred",
    ("new", "done"): "closed",
    ("new", "answered"): "unopened_answered",
    ("new", "referred"): "referred",
}


def _put_back(message: Message, before: Mapping[str, Any], *, by: User, at: datetime) -> None:
    others = set(message.marks) - set(own_marks(message.marks))
    Message.objects.filter(pk=message.pk).update(
        assignee=before["assignee"],
        assigned_at=_moment(before["assigned_at"]),
        snoozed_until=_moment(before["snoozed_until"]),
        marks=sorted([*others, *before["labels"]]),
    )
    if before["state"] != message.state:
        verb = _WAY_BACK[message.state, before["state"]]
        if verb == "unclosed_answering":
            verb = _unclosed(message)
        advance(message, verb, by=by, at=at, clauses=["desk:inbox"], done_because=before["done_because"])
    else:
        record("message.put_back", message.subject, by=by, at=at)


def _unclosed(message: Message) -> str:
    """An answer that was on its way when the message was closed may have come to its end since."""
    replies = Act.objects.filter(subject=message.subject, kind="reply")
    if replies.filter(state__in=OPEN).exists():
        return "unclosed_answering"
    return "unclosed_answered" if replies.filter(state="sent").exists() else "reopened"


def _moment(kept: str | None) -> datetime | None:
    return datetime.fromisoformat(kept) if kept else None
