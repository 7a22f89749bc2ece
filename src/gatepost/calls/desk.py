"""Work on messages by name: searched, given, labelled, put off, noted, joined, many at once, and undone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, Field

from gatepost.calls import asked, told
from gatepost.calls.doing import found_message
from gatepost.calls.found import NoSuch, one_of
from gatepost.channels.actions import require_reader
from gatepost.gate import by_hand
from gatepost.gate.models import Act
from gatepost.inbox import changes, joining, notes, presence, reply_drafts, turning, writers
from gatepost.inbox.changes import Wish
from gatepost.inbox.labels import make_label
from gatepost.inbox.listing import Filter, key_of, numbers_after
from gatepost.inbox.masking import masked, spans_of
from gatepost.inbox.models import Change, Contact, Label, Message, Note
from gatepost.people.models import User

Row = tuple[type[asked.Asked], Callable[..., BaseModel], type[BaseModel], str]
Id = asked.Id
View = Literal["", "mine", "unassigned", "soon", "complaints", "held", "referred", "snoozed", "done", "all"]


class Search(asked.Asked):
    """Messages of a view, danger first; with anything looked for and no `view`, of the whole history. `words` as for a
    search engine: "quoted words", or, -not. `own_label`: its number. `after`: the `next` of the answer before."""

    view: View = ""
    words: Annotated[str, Field(max_length=100)] = ""
    label: asked.Name = ""
    own_label: Id | None = None
    clause: Annotated[str, Field(max_length=60)] = ""
    topic: Annotated[str, Field(max_length=60)] = ""
    contact: Id | None = None
    channel: Id | None = None
    assignee: Id | None = None
    since: date | None = None
    until: date | None = None
    limit: Annotated[int, Field(ge=1, le=100)] = 50
    after: Annotated[str, Field(max_length=40, pattern=r"^[0-9]{1,40}$")] | None = None

    def filter(self, me: int) -> Filter:
        return Filter(
            show=self.view,
            label=self.label,
            channel=self.channel or 0,
            q=self.words.strip().replace("\x00", ""),
            mark=self.own_label or 0,
            clause=self.clause,
            topic=self.topic,
            contact=self.contact or 0,
            who=self.assignee or 0,
            since=self.since,
            until=self.until,
            me=me,
        )


class MessagesChange(asked.Asked):
    """One thing done to many messages. `person` for "assign" (none: nobody has it), `label` by name for "label" and
    "unlabel", `until` for "snooze", `because` for "close". It can be undone for a day: change.undo."""

    messages: Annotated[list[Id], Field(min_length=1, max_length=changes.MOST)]
    verb: Literal["assign", "assign_next", "label", "unlabel", "snooze", "wake", "close", "reopen"]
    person: Id | None = None
    label: Annotated[str, Field(max_length=40)] = ""
    until: AwareDatetime | None = None
    because: Annotated[str, Field(max_length=300)] = ""


class ChangeUndo(asked.Asked):
    change: Id


class NoteAdd(asked.Asked):
    message: Id
    text: Annotated[str, Field(max_length=notes.LONGEST)]


class NoteGet(asked.Asked):
    note: Id


class DraftKeep(asked.Asked):
    """An answer begun; no `text` ends it."""

    message: Id
    text: Annotated[str, Field(max_length=reply_drafts.LONGEST)]
    wording: asked.Name = ""
    privately: bool = False


class Here(asked.Asked):
    """Said again every 20 seconds while somebody has the message open; `gone` when they leave it."""

    message: Id
    replying: bool = False
    gone: bool = False


class Merge(asked.Asked):
    message: Id
    into: Id


class Turn(asked.Asked):
    """`text`: what was written for the public; it goes to the department. `wording`: what is said in public instead."""

    message: Id
    text: Annotated[str, Field(max_length=20_000)]
    department: asked.Name
    wording: asked.Name = ""


class Said(asked.Asked):
    """An answer by hand has been said: where it stands, or for a call or a letter `how`."""

    act: UUID
    permalink: Annotated[str, Field(max_length=600)] = ""
    how: Annotated[str, Field(max_length=200)] = ""


class ContactGet(asked.Asked):
    contact: Id


class ContactMark(asked.Asked):
    """`kind`: "journalist", "councillor", or "" for neither."""

    contact: Id
    kind: Literal["journalist", "councillor", ""]


class ContactLink(asked.Asked):
    """`because`: how you know that both accounts are one person's."""

    contact: Id
    other: Id
    because: Annotated[str, Field(max_length=300)]


class ChangedOut(BaseModel):
    """`change` undoes it; none where nothing had to change. `refused`: why, for each message that stayed as it was."""

    change: int | None
    changed: list[int]
    refused: dict[int, str]


class NoteOut(BaseModel):
    """Personal details are left out of `text` by name."""

    id: int
    message: int
    text: str
    by: int | None
    source: str
    at: datetime
    struck_at: datetime | None


class NotesOut(BaseModel):
    notes: list[NoteOut]


class DraftOut(BaseModel, from_attributes=True):
    person: Annotated[int, Field(validation_alias="person_id")]
    text: str
    wording: str
    privately: bool
    at: datetime


class DraftsOut(BaseModel):
    drafts: list[DraftOut]


class PresentOut(BaseModel):
    person: int
    replying: bool
    seen_at: datetime


class PresencesOut(BaseModel):
    here: list[PresentOut]


class TurnedOut(BaseModel):
    referral: asked.ReferralOut
    answer: asked.ActOut | None
    private: int | None


class AccountOut(BaseModel):
    id: int
    network: str
    known: int | None
    kind: str


class ContactOut(BaseModel):
    """The accounts somebody has linked as one person's. Names are not told."""

    accounts: list[AccountOut]


def search(wish: Search, *, by: User, at: datetime) -> asked.MessagesOut:
    require_reader(by, at)
    numbers = numbers_after(wanted := wish.filter(by.pk), int(wish.after or 0), wish.limit + 1, at)
    rows = Message.objects.select_related("decision").in_bulk(page := numbers[: wish.limit])
    shown = [rows[number] for number in page if number in rows]
    return asked.MessagesOut(
        messages=[told.message_out(message) for message in shown],
        next=str(key_of(shown[-1], wanted)) if len(numbers) > wish.limit and shown else None,
    )


def change(wish: MessagesChange, *, by: User, at: datetime) -> ChangedOut:
    require_reader(by, at)
    found = Message.objects.select_related("channel").in_bulk(wish.messages)
    if missing := [number for number in wish.messages if number not in found]:
        raise NoSuch(f"There is no message {missing[0]} on this desk. Look at its number again.")
    person = _person(wish.person) if wish.person else None
    label = _label(wish, by, at) if wish.verb in ("label", "unlabel") else None
    wanted = Wish(wish.verb, person=person, label=label, until=wish.until, because=wish.because)
    return _changed(changes.do(wanted, [found[number] for number in dict.fromkeys(wish.messages)], by=by, at=at))


def _label(wish: MessagesChange, by: User, at: datetime) -> Label:
    if wish.verb == "label":
        return make_label(wish.label, by=by, at=at)
    return one_of(
        Label.objects.filter(name__iexact=wish.label.strip()).order_by("-pk"), f"There is no label “{wish.label}”."
    )


def _person(pk: int) -> User:
    return one_of(User.objects.filter(pk=pk, is_active=True), f"There is nobody with the number {pk} on this desk.")


def _changed(done: changes.Done) -> ChangedOut:
    number = done.change.pk if done.change else None
    return ChangedOut(change=number, changed=list(done.changed), refused=dict(done.refused))


def change_undo(wish: ChangeUndo, *, by: User, at: datetime) -> ChangedOut:
    require_reader(by, at)
    one = one_of(Change.objects.filter(pk=wish.change), f"There is no change {wish.change} on this desk.")
    return _changed(changes.undo(one, by=by, at=at))


def _note(note: Note) -> NoteOut:
    return NoteOut(
        id=note.pk,
        message=note.message_id,
        text=masked(note.text, spans_of(note.spans)),
        by=note.by_id,
        source=note.source,
        at=note.at,
        struck_at=note.struck_at,
    )


def note_add(wish: NoteAdd, *, by: User, at: datetime) -> NoteOut:
    return _note(notes.add_note(found_message(wish.message, by, at), wish.text, by=by, at=at))


def notes_list(wish: asked.MessageGet, *, by: User, at: datetime) -> NotesOut:
    message = found_message(wish.message, by, at)
    siblings = Message.objects.filter(conversation=message.conversation_id)
    return NotesOut(notes=[_note(note) for note in notes.notes_of(siblings.values_list("pk", flat=True))])


def note_strike(wish: NoteGet, *, by: User, at: datetime) -> NoteOut:
    require_reader(by, at)
    note = one_of(
        Note.objects.select_related("message").filter(pk=wish.note), f"There is no note {wish.note} on this desk."
    )
    notes.strike_note(note, by=by, at=at)
    return _note(Note.objects.get(pk=note.pk))


def draft_keep(wish: DraftKeep, *, by: User, at: datetime) -> DraftsOut:
    message = found_message(wish.message, by, at)
    reply_drafts.keep_draft(message, wish.text, by=by, at=at, wording=wish.wording, privately=wish.privately)
    return drafts_list(asked.MessageGet(message=wish.message), by=by, at=at)


def drafts_list(wish: asked.MessageGet, *, by: User, at: datetime) -> DraftsOut:
    rows = found_message(wish.message, by, at).reply_drafts.order_by("-at")
    return DraftsOut(drafts=[DraftOut.model_validate(one) for one in rows])


def here(wish: Here, *, by: User, at: datetime) -> PresencesOut:
    message = found_message(wish.message, by, at)
    if wish.gone:
        presence.gone(message, by=by, at=at)
    else:
        presence.here(message, replying=wish.replying, by=by, at=at)
    others = presence.others_at(message, by, at)
    return PresencesOut(
        here=[PresentOut(person=one.person_id, replying=one.replying, seen_at=one.seen_at) for one in others]
    )


def merge(wish: Merge, *, by: User, at: datetime) -> asked.MessageOut:
    joining.merge(found_message(wish.message, by, at), found_message(wish.into, by, at), by=by, at=at)
    return told.message_out(found_message(wish.message, by, at))


def split(wish: asked.MessageGet, *, by: User, at: datetime) -> asked.MessageOut:
    joining.split(found_message(wish.message, by, at), by=by, at=at)
    return told.message_out(found_message(wish.message, by, at))


def turn(wish: Turn, *, by: User, at: datetime) -> TurnedOut:
    message = found_message(wish.message, by, at)
    came = turning.turn_into_referral(message, wish.text, wish.department, wording=wish.wording, by=by, at=at)
    return TurnedOut(
        referral=told.referral_out(came.referral),
        answer=told.act_out(came.answer) if came.answer else None,
        private=came.private.pk if came.private else None,
    )


def said(wish: Said, *, by: User, at: datetime) -> asked.ActOut:
    require_reader(by, at)
    act = one_of(Act.objects.filter(pk=wish.act, kind="reply"), f"There is no answer {wish.act} on this desk.")
    return told.act_out(by_hand.said(act, permalink=wish.permalink, how=wish.how, by=by, at=at))


def _contact(pk: int, by: User, at: datetime) -> Contact:
    require_reader(by, at)
    return one_of(Contact.objects.filter(pk=pk), f"There is no contact {pk} on this desk.")


def _accounts(contact: Contact) -> ContactOut:
    contact.refresh_from_db()
    rows = Contact.objects.filter(known=contact.known_id) if contact.known_id else [contact]
    return ContactOut(
        accounts=[AccountOut(id=one.pk, network=one.network, known=one.known_id, kind=one.kind) for one in rows]
    )


def contact_get(wish: ContactGet, *, by: User, at: datetime) -> ContactOut:
    return _accounts(_contact(wish.contact, by, at))


def contact_mark(wish: ContactMark, *, by: User, at: datetime) -> ContactOut:
    return _accounts(writers.mark(_contact(wish.contact, by, at), wish.kind, by=by, at=at))


def contact_link(wish: ContactLink, *, by: User, at: datetime) -> ContactOut:
    one = _contact(wish.contact, by, at)
    joining.link(one, _contact(wish.other, by, at), because=wish.because, by=by, at=at)
    return _accounts(one)


def contact_unlink(wish: ContactGet, *, by: User, at: datetime) -> ContactOut:
    one = _contact(wish.contact, by, at)
    joining.unlink(one, by=by, at=at)
    return _accounts(one)


DESK: dict[str, Row] = {
    "messages.search": (Search, search, asked.MessagesOut, "Messages of a view, or found by words, label, clause, day"),
    "messages.change": (MessagesChange, change, ChangedOut, "Give, label, put off, close or open many at once"),
    "change.undo": (ChangeUndo, change_undo, ChangedOut, "Put back what a change did"),
    "note.add": (NoteAdd, note_add, NoteOut, "A note for colleagues at a message"),
    "notes.list": (asked.MessageGet, notes_list, NotesOut, "The notes of a conversation"),
    "note.strike": (NoteGet, note_strike, NoteOut, "Take back a note of your own"),
    "reply_draft.keep": (DraftKeep, draft_keep, DraftsOut, "Keep an answer begun"),
    "reply_drafts.list": (asked.MessageGet, drafts_list, DraftsOut, "Answers begun for a message"),
    "message.here": (Here, here, PresencesOut, "Say that you read or answer a message; who else does"),
    "message.merge": (Merge, merge, asked.MessageOut, "Join a conversation to another of the same person"),
    "message.split": (asked.MessageGet, split, asked.MessageOut, "From this message on it is another matter"),
    "message.turn": (Turn, turn, TurnedOut, "A referral instead of a public answer"),
    "message.said": (Said, said, asked.ActOut, "Record an answer that was said by hand"),
    "contact.get": (ContactGet, contact_get, ContactOut, "The accounts linked as one person's"),
    "contact.mark": (ContactMark, contact_mark, ContactOut, "Say that a writer is a journalist or a councillor"),
    "contact.link": (ContactLink, contact_link, ContactOut, "Two accounts are one person's"),
    "contact.unlink": (ContactGet, contact_unlink, ContactOut, "An account is not that person's after all"),
}
