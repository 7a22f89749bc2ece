"""Where the desk holds what people outside said or what was said about them, table by table.

Finding, handing over and erasing go by this list, and tests/rules/test_personal.py holds it against the models: a table
that hangs on a message, a conversation or a contact and holds a column of class contact or content stands here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from django.apps import apps
from django.db import models

Hangs = Literal["message", "conversation", "contact", ""]


@dataclass(frozen=True, slots=True)
class Place:
    """One table. `path` leads from its rows to a message, a conversation or a contact (`hangs`). Erasing sets the
    columns of `clear`, or deletes the rows (`delete`). `words`: its columns of plain text, in which somebody's name,
    number or address may stand. `shown`: the columns a person is told of when they ask; staff are not named."""

    model: str  # "inbox.Referral"
    path: str
    title: str
    hangs: Hangs = "message"
    clear: Mapping[str, Any] = field(default_factory=dict)
    delete: bool = False
    words: Sequence[str] = ()
    shown: Sequence[str] = ()
    fixed: bool = False  # it cannot be changed, only emptied
    threes: bool = False  # an index has its `words` letter by letter (migrations 0026 and 0031)
    keeps: str = ""  # the kind of record (policy/retention.py) by which it has a time of its own

    @property
    def rows(self) -> models.QuerySet[Any]:
        found: models.QuerySet[Any] = apps.get_model(self.model)._default_manager.all()
        return found

    def of(self, things: Any) -> models.QuerySet[Any]:
        """Its rows that belong to these messages, conversations or contacts."""
        return self.rows.filter(**{f"{self.path}__in": things})


MESSAGES = Place(
    "inbox.Message",
    "",
    "Messages",
    clear={"text": "", "raw": {}, "permalink": "", "parent_ref": "", "done_because": ""},
    words=("text", "done_because"),
    threes=True,
    shown=("posted_at", "received_at", "kind", "private", "text", "permalink", "state", "visibility", "done_because"),
)

# In the order in which they are shown to somebody who asks.
PLACES: tuple[Place, ...] = (
    Place(
        "inbox.Referral",
        "message",
        "Referrals to departments",
        clear={"note": "", "answer": "", "says": "", "details_because": ""},
        words=("note", "answer", "details_because"),
        threes=True,
        shown=("at", "department", "note", "answer_by", "state", "answered_at", "answer"),
    ),
    Place(
        "inbox.ReferralNote",
        "referral__message",
        "What departments and we said of a referral",
        clear={"text": ""},
        words=("text",),
        threes=True,
        shown=("at", "kind", "text"),
    ),
    Place(
        "inbox.Case",
        "message",
        "Complaints, hazards and requests",
        clear={"summary": "", "closed_because": ""},
        words=("summary", "closed_because"),
        shown=("at", "kind", "received_at", "summary", "state", "closed_because"),
    ),
    Place(
        "inbox.CaseStep",
        "case__message",
        "Steps taken in them",
        clear={"note": ""},
        words=("note",),
        shown=("happened_at", "step", "note"),
    ),
    Place(
        "inbox.CaseExtension",
        "case__message",
        "Times made longer",
        clear={"because": ""},
        words=("because",),
        shown=("told_at", "law", "because"),
    ),
    Place(
        "inbox.CasePause",
        "case__message",
        "Times that stood still",
        clear={"because": ""},
        words=("because",),
        shown=("since", "until", "because"),
    ),
    Place(
        "inbox.HandOver",
        "case__message",
        "Handed over to other systems",
        clear={"body": "", "says": ""},
        words=("body",),
        shown=("at", "state", "sent_at"),
    ),
    Place(
        "inbox.Evidence",
        "message",
        "Evidence",
        clear={"text": "", "author_name": "", "author_ref": "", "raw": {}, "picture": "", "reason": ""},
        words=("text", "author_name", "reason"),
        threes=True,
        shown=("at", "text", "author_name", "posted_at", "reason", "clause", "sha256"),
        fixed=True,
        keeps="evidence",
    ),
    Place(
        "inbox.Ruling",
        "message",
        "Decisions to hide, remove, warn or block",
        clear={"reason": "", "more_than": "", "lifted_because": ""},
        words=("reason", "more_than", "lifted_because"),
        shown=("at", "kind", "reason", "clause", "done_at", "until", "lifted_at", "lifted_because"),
    ),
    Place(
        "inbox.Appeal",
        "ruling__message",
        "Reviews asked for",
        clear={"words": "", "answer": ""},
        words=("words", "answer"),
        shown=("at", "words", "state", "answer", "decided_at"),
    ),
    Place(
        "inbox.AbuseStep",
        "record__message",
        "Steps about abuse of staff",
        clear={"words": ""},
        words=("words",),
        shown=("at", "kind", "words"),
        fixed=True,
    ),
    Place("inbox.AbuseRecord", "message", "Records of abuse of staff", shown=("at",)),
    Place("inbox.Alarm", "message", "Alarms", clear={"did": ""}, words=("did",), shown=("at", "kind", "taken_at")),
    Place(
        "inbox.Note",
        "message",
        "Notes of ours",
        clear={"text": "", "spans": [], "source": ""},
        words=("text", "source"),
        threes=True,
        shown=("at", "text"),
    ),
    Place(
        "inbox.Attachment",
        "message",
        "What hung on messages",
        delete=True,
        words=("name",),
        threes=True,
        shown=("name", "mime", "size", "sha256"),
    ),
    Place(
        "inbox.Version",
        "message",
        "What it said before it was changed",
        delete=True,
        words=("text",),
        threes=True,
        shown=("changed_at", "what", "text"),
    ),
    Place("inbox.Passage", "message", "By what a long message is found", delete=True),
    Place("inbox.NameWord", "contact", "By what somebody’s name is found", hangs="contact", delete=True),
    Place("inbox.ReplyDraft", "message", "Answers begun", delete=True, words=("text",), shown=("at", "text")),
    Place("inbox.OutsideReading", "message", "What the outside reader said", clear={"found": [], "says": ""}),
    Place(
        "inbox.Reveal",
        "message",
        "Looks at masked details",
        clear={"reason": ""},
        words=("reason",),
        shown=("at", "until", "reason"),
    ),
    Place("inbox.Correction", "message", "Corrections of labels", shown=("at", "label", "holds")),
    Place("inbox.AlarmCall", "alarm__message", "Calls to the on-call phone", shown=("at", "taken_at")),
    Place("inbox.AlarmLink", "alarm__message", "Links that took alarms", shown=("at",)),
    Place("inbox.Redecision", "message", "Decided anew after a correction", shown=("at", "label", "holds")),
    Place(
        "inbox.LegalHold",
        "message",
        "Legal holds",
        words=("reason", "ended_because"),
        shown=("at", "reason", "ended_at"),
    ),
    Place("inbox.Erased", "message", "What was erased before", shown=("at", "because")),
)

# Tables that hold people's data and hang on no message: where they are looked through, and how they are dealt with.
ELSEWHERE: tuple[tuple[str, tuple[str, ...], str, str], ...] = (
    (
        "inbox.ReachedTo",
        ("person",),
        "Up to when somebody got and read private messages of ours",
        "It goes with the last message of the account.",
    ),
    (
        "inbox.ReachedMessage",
        ("ref",),
        "Private messages of ours that were delivered",
        "It goes with the last message of the account.",
    ),
    (
        "inbox.Known",
        ("because",),
        "Why accounts were linked as one person's",
        "It goes with the last message of the last account, or when the accounts are parted on the person's page.",
    ),
    (
        "gate.Invitation",
        ("name", "email"),
        "People outside who were asked to sign off",
        "Part of the record of who agreed to what; it cannot be changed.",
    ),
    (
        "publishing.Consent",
        ("who", "form_name"),
        "Consents of people shown in pictures",
        "Withdraw the consent with its picture, under Pictures and films.",
    ),
    (
        "gate.MediaFact",
        ("words",),
        "Words that were read in pictures of ours",
        "They keep the picture from going out with somebody's details. Look at it under Pictures and films.",
    ),
    (
        "publishing.ArchivedItem",
        ("title", "text"),
        "What the organisation published",
        "The organisation's own published words; take a post down under Posts.",
    ),
    (
        "publishing.Post",
        ("title", "text"),
        "Posts and drafts",
        "Change or withdraw it under Posts.",
    ),
)
