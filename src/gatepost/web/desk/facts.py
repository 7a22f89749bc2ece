"""What the panes of the inbox need of the desk's own work: views, colleagues, labels, notes, drafts, undoing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from gatepost.inbox.assigning import colleagues, on_duty
from gatepost.inbox.listing import VIEWS, Filter
from gatepost.inbox.marks import own_in
from gatepost.inbox.masking import spans_of
from gatepost.inbox.models import Change, Label, Message, Note
from gatepost.inbox.notes import notes_of
from gatepost.inbox.presence import others_at
from gatepost.inbox.saved_views import views_for
from gatepost.people.models import User
from gatepost.policy.model import Span
from gatepost.policy.topics import topic_title, topics_of
from gatepost.rulebook.actions import in_force
from gatepost.web.desk.until import CHOICES

OFFERED_FOR = timedelta(minutes=10)  # how long undoing is offered on the list
FIRST = ("", "mine", "unassigned")  # views that stand as tabs; the others are one press away
DID = {
    "take": "Taken",
    "release": "Given back",
    "assign": "Given",
    "assign_next": "Given in turn",
    "label": "Labelled",
    "unlabel": "Label taken off",
    "snooze": "Put off",
    "wake": "Back",
    "close": "Closed",
    "reopen": "Opened again",
}


@dataclass(frozen=True, slots=True)
class View:
    """A view of the list. `own`: the number of a saved one that this person may remove."""

    title: str
    fields: dict[str, object]
    current: bool
    counted: bool = False
    own: int = 0
    shared_by: str = ""


@dataclass(frozen=True, slots=True)
class Written:
    """A note with its personal details as spans to mask."""

    note: Note
    spans: tuple[Span, ...]
    own: bool


def views_of(wanted: Filter, person: User) -> dict[str, Any]:
    """Tabs, the views behind them, and what this person and others have saved."""
    rows = [
        View(title, {"show": show} if show else {}, show == wanted.show and not wanted.searching, counted=not show)
        for show, title in VIEWS.items()
    ]
    now = wanted.pairs()
    saved = [
        View(
            one.title,
            dict(one.fields),
            {key: str(value) for key, value in now.items()} == {key: str(value) for key, value in one.fields.items()},
            own=one.pk if one.owner_id == person.pk else 0,
            shared_by=one.owner.name if one.owner_id != person.pk else "",
        )
        for one in views_for(person)
    ]
    tabs = [row for show, row in zip(VIEWS, rows, strict=True) if show in FIRST]
    others = [row for show, row in zip(VIEWS, rows, strict=True) if show not in FIRST]
    away_from_tabs = next((row for row in [*others, *saved] if row.current), None)
    return {"tabs": tabs, "other_views": others, "saved_views": saved, "view_now": away_from_tabs}


def list_facts(wanted: Filter, person: User, at: datetime) -> dict[str, Any]:
    labels = list(Label.objects.filter(ended_at=None).order_by("name"))
    last = Change.objects.filter(by=person, undone_at=None, at__gt=at - OFFERED_FOR).order_by("-pk").first()
    return {
        **views_of(wanted, person),
        "colleagues": colleagues(at),
        "topics": [(topic, topic_title(topic)) for topic in topics_of(in_force(at))],
        "clause_names": [clause.id for clause in in_force(at).clauses],
        "own_labels": labels,
        "until_choices": CHOICES,
        "last_change": last,
        "last_did": DID.get(last.verb, last.verb) if last else "",
        "last_count": len(last.items) if last else 0,
        "on_duty": [duty.person.name for duty in on_duty(at)],
    }


def message_facts(message: Message, person: User, siblings: list[int], at: datetime) -> dict[str, Any]:
    """`siblings`: the messages of the conversation on the page."""
    names = dict(Label.objects.filter(pk__in=own_in(message.marks)).values_list("pk", "name"))
    notes = notes_of(siblings)
    return {
        "own_here": [(pk, names[pk]) for pk in own_in(message.marks) if pk in names],
        "notes": [Written(one, tuple(spans_of(one.spans)), one.by_id == person.pk) for one in notes],
        "presences": others_at(message, person, at),
        "mine_here": message.assignee_id == person.pk,
    }
