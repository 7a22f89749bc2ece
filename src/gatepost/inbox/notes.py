"""Notes: what colleagues, and departments, tell each other of a conversation. Nobody outside sees them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from gatepost.channels.actions import require_reader
from gatepost.inbox.models import Message, Note
from gatepost.inbox.problems import InboxError
from gatepost.ledger.actions import Actor, record
from gatepost.people.models import User
from gatepost.policy.reading import read
from gatepost.rulebook.actions import in_force

LONGEST = 10_000


@transaction.atomic
def add_note(message: Message, text: str, *, by: Actor, at: datetime, source: str = "") -> Note:
    """Keeps a note at a message. `source` names who says it where that is not somebody of the desk; then `by` may be a
    part of the desk. Personal details in it are marked, so that they are masked where it is shown."""
    if isinstance(by, User):
        require_reader(by, at)
    elif not source:
        raise InboxError("A note that nobody of the desk wrote must say who did.")
    words = text.replace("\x00", "").replace("\r\n", "\n").strip()
    if not words:
        raise InboxError("Write the note first.")
    if len(words) > LONGEST:
        raise InboxError(f"At most {LONGEST:,} characters. Keep what is longer as a document and say where it lies.")
    found = read(words, in_force(at).words).spans
    spans = [[one.start, one.end, one.label, one.kind] for one in found if one.label == "personal_details"]
    made = Note.objects.create(
        message=message,
        text=words,
        spans=spans,
        by=by if isinstance(by, User) else None,
        source=source[:160],
        at=at,
    )
    record("message.noted", message.subject, by=by, at=at, detail={"note": made.pk})
    return made


@transaction.atomic
def strike_note(note: Note, *, by: User, at: datetime) -> None:
    """Its author takes a note back; its words are gone, that there was one stays."""
    if note.by_id != by.pk:
        raise InboxError("Only whoever wrote a note may strike it.")
    if Note.objects.filter(pk=note.pk, struck_at=None).update(struck_at=at, text="", spans=[]):
        record("message.note_struck", note.message.subject, by=by, at=at, detail={"note": note.pk})


def notes_of(messages: Iterable[int]) -> list[Note]:
    """The notes at the messages of these numbers, the oldest first."""
    return list(Note.objects.filter(message__in=list(messages)).select_related("by").order_by("at", "pk"))
