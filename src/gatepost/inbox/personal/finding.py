"""Finding everything about a person, by account, name, number or e-mail address, in every table of the register.

Accounts are proposed with the reason why and never joined by the desk: which of them are one person, a person says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import Count, F, Q, TextField
from django.db.models.functions import Cast, Left, Lower

from gatepost.inbox.models import BARE, Contact, Message
from gatepost.inbox.personal.covering import covered_all
from gatepost.inbox.personal.marks import figures, mark, plain
from gatepost.inbox.personal.officer import PersonalError
from gatepost.inbox.personal.register import ELSEWHERE, MESSAGES, PLACES, Place
from gatepost.inbox.personal_models import PersonRequest
from gatepost.inbox.search import LEAST, called, may_hold

KINDS = {"account": "Account", "name": "Name", "number": "Telephone number", "email": "E-mail address"}
MOST = 200  # rows of one table
LONGEST = 200
SHORTEST = {"account": 2, "name": 3, "number": 6, "email": 5}
CLIP = 160
BEGINNING = CLIP * 12  # read of a row: of a message of a megabyte its beginning is shown as well
GLANCE, READ = 1000, 50_000  # messages read to see how many hold something, and at most before an index is asked
_ANYTHING_ELSE = r"\D*"  # between the figures of a number, as people set them


@dataclass(frozen=True, slots=True)
class Account:
    """An account that may be this person's, and why."""

    contact: Contact
    why: tuple[str, ...]
    messages: int


@dataclass(frozen=True, slots=True)
class Mention:
    """Words of others, or of ours, in which the person is named. `text` has personal details covered."""

    place: str  # title of the table
    model: str
    pk: int
    message: int | None  # the message it hangs on
    contact: int | None  # whose words these are
    why: str
    text: str

    @property
    def key(self) -> str:
        return f"{self.model}:{self.pk}"


@dataclass(frozen=True, slots=True)
class Kept:
    """Rows elsewhere that are dealt with by other means."""

    place: str
    count: int
    what_to_do: str


@dataclass(frozen=True, slots=True)
class Found:
    accounts: tuple[Account, ...] = ()
    mentions: tuple[Mention, ...] = ()
    elsewhere: tuple[Kept, ...] = ()
    cut: bool = False  # some table has more than MOST rows
    before: tuple[PersonRequest, ...] = field(default_factory=tuple)  # ended requests of somebody known by the same


def tidy(known_by: Mapping[str, str]) -> dict[str, str]:
    """What is looked for, by kind. Raises PersonalError for nothing, or for what would find half the town."""
    found: dict[str, str] = {}
    for kind, title in KINDS.items():
        value = " ".join(str(known_by.get(kind, "")).split())
        if not value:
            continue
        if len(value) > LONGEST:
            raise PersonalError(f"{title}: at most {LONGEST} characters.", kind)
        size = len(figures(value)) if kind == "number" else len(plain(kind, value))
        if size < SHORTEST[kind]:
            raise PersonalError(f"{title}: “{value}” is too short to find one person by.", kind)
        if kind == "email" and "@" not in value:
            raise PersonalError(f"{title}: “{value}” has no @. Write it like casey@example.org.", kind)
        found[kind] = value
    if not found:
        raise PersonalError(
            "Say whom to look for: an account, a name, a telephone number or an e-mail address.", "name"
        )
    return found


def find(known_by: Mapping[str, str]) -> Found:
    """Everything about somebody. Reads only; who asked is recorded by whoever calls (requests.py)."""
    wanted = tidy(known_by)
    accounts = _accounts(wanted)
    mentions, cut = _mentions(wanted)
    own = {one.contact.pk for one in accounts}
    writers: dict[int, str] = {}
    for one in mentions:  # who gave this number or address in words of their own may be this person
        if one.model == MESSAGES.model and one.contact is not None and one.contact not in own:
            writers.setdefault(one.contact, one.why)
    joined = {one.contact.known_id for one in accounts if one.contact.known_id}
    linked = Contact.objects.filter(known__in=joined).exclude(pk__in=own)
    accounts += _counted({one.pk: (one, ["linked to another by somebody here"]) for one in linked})
    own |= {one.contact.pk for one in accounts}
    more = Contact.objects.filter(pk__in=[pk for pk, why in writers.items() if why != KINDS["name"] and pk not in own])
    accounts += _counted({one.pk: (one, [f"wrote this {writers[one.pk].lower()}"]) for one in more})
    return Found(tuple(accounts), tuple(mentions), tuple(_elsewhere(wanted)), cut, tuple(_before(wanted)))


def _accounts(wanted: Mapping[str, str]) -> list[Account]:
    found: dict[int, tuple[Contact, list[str]]] = {}
    for kind in ("account", "name", "email"):
        if kind in wanted:
            for contact in _contacts(kind, wanted[kind])[:MOST]:
                found.setdefault(contact.pk, (contact, []))[1].append(f"{KINDS[kind].lower()} is the same")
    return _counted(found)


def _counted(contacts: Mapping[int, tuple[Contact, list[str]]]) -> list[Account]:
    """Contacts and why, each with how many messages it wrote: asked once for them all."""
    if not contacts:
        return []
    rows = Message.objects.filter(contact__in=contacts).order_by().values_list("contact").annotate(Count("pk"))
    wrote = dict(rows)
    return [Account(contact, tuple(why), wrote.get(pk, 0)) for pk, (contact, why) in contacts.items()]


def _contacts(kind: str, value: str) -> Any:
    rows = Contact.objects.exclude(name="", handle="", external_id__startswith="erased:").order_by("-pk")
    if kind == "account":
        name = plain("account", value)
        return rows.annotate(bare=Lower(BARE)).filter(
            Q(bare=name) | Q(external_id__iexact=name) | Q(external_id__iexact=value.strip(), external_id=value.strip())
        )
    if kind == "email":
        return rows.filter(Q(external_id__iexact=value) | Q(handle__iexact=value))
    return rows.filter(called(value))


def _said(columns: Sequence[str], kind: str, value: str) -> Q:
    """A condition on one column after another: it holds what somebody is known by."""
    found = Q(pk__in=[])
    for column in columns:
        if kind == "number":
            found |= Q(**{f"{column}_text__regex": _ANYTHING_ELSE.join(figures(value))})
        elif kind == "account":
            name = plain("account", value)
            # Most rows do not hold it at all, which is quicker to see than that it stands by itself.
            alone = Q(**{f"{column}__iregex": rf"(^|[^\w]){re.escape(name)}($|[^\w])"})
            found |= Q(**{f"{column}__icontains": name}) & alone
        else:
            found |= Q(**{f"{column}__icontains": value})
    return found


def rows_with(place: Place, kind: str, value: str, *, reading: bool = False) -> Any:
    """Rows of a table in whose words this stands. `reading`: found by reading them all, along no index of letters."""
    rows = place.rows
    if kind == "number":
        rows = rows.annotate(**{f"{column}_text": Cast(F(column), TextField()) for column in place.words})
    if place is MESSAGES:
        rows = rows.filter(erased_at=None)
    if place.threes and not reading and (letters := _letters(kind, value)):
        rows = rows.filter(may_hold(letters, rows.model._meta.db_table, place.words))
    return rows.filter(_said(place.words, kind, value))


def _letters(kind: str, value: str) -> str:
    """What stands letter by letter (or, of a number, figure by figure) in every row that is looked for; "" when that is
    too little for the index, so that every row has to be read."""
    letters = figures(value) if kind == "number" else plain("account", value) if kind == "account" else value
    if len(letters) < LEAST or (kind == "number" and not letters.isascii()):
        return ""
    return letters


def _mentions(wanted: Mapping[str, str]) -> tuple[list[Mention], bool]:
    """What they say is covered for all together at the end: one by one takes ten times as long."""
    found: dict[str, Mention] = {}
    cut = False
    for place in (MESSAGES, *(one for one in PLACES if one.words)):
        for kind, value in wanted.items():
            rows = _latest(place, kind, value)
            cut = cut or len(rows) > MOST
            for row in rows[:MOST]:
                one = _mention(place, row, kind)
                found.setdefault(one.key, one)
    hidden = covered_all(one.text for one in found.values())
    return [replace(one, text=_clipped(hidden.get(one.text, ""))) for one in found.values()], cut


def _latest(place: Place, kind: str, value: str) -> list[Any]:
    """The latest rows in whose words this stands, one more than are shown. What stands in many messages fills that soon
    by reading backwards; along the index all of them would be fetched first. A glance at the latest tells."""
    if place is MESSAGES and (enough := _enough(kind, value)):
        back = rows_with(place, kind, value, reading=True).filter(pk__gt=enough).order_by("-pk")
        rows = list(_read(place, back[: MOST + 1]))
        if len(rows) > MOST:
            return rows
    return list(_read(place, rows_with(place, kind, value).order_by("-pk")[: MOST + 1]))


def _enough(kind: str, value: str) -> int:
    """The number of a message after which more than MOST are likely to hold this; 0 where that lies too far back."""
    glance = _back(GLANCE)
    found = rows_with(MESSAGES, kind, value, reading=True).filter(pk__gt=glance).count() if glance else 0
    back = GLANCE * 2 * (MOST + 1) // found if found else READ + 1
    return _back(back) if back <= READ else 0


def _back(count: int) -> int:
    """The number of the message that so many came after; 0 when there are no more."""
    return Message.objects.order_by("-pk").values_list("pk", flat=True)[count : count + 1].first() or 0


def _read(place: Place, rows: Any) -> Any:
    """Of each row its number, the beginnings of its words, and the message it hangs on with whose words that is."""
    words = {f"said_{column}": Left(column, BEGINNING) for column in place.words}
    message = "" if place is MESSAGES else f"{place.path}__"
    if place is not MESSAGES and place.hangs != "message":
        return rows.values("pk", **words)
    return rows.values("pk", **words, of=F(f"{message}pk"), whose=F(f"{message}contact"))


def _mention(place: Place, row: Mapping[str, Any], kind: str) -> Mention:
    """With its words as they stand."""
    text = " / ".join(row[f"said_{column}"] for column in place.words if row[f"said_{column}"])[:BEGINNING]
    return Mention(place.title, place.model, row["pk"], row.get("of"), row.get("whose"), KINDS[kind], text)


def _clipped(text: str) -> str:
    shown = " ".join(text.split())
    return shown if len(shown) <= CLIP else f"{shown[:CLIP]} …"


def message_of(place: Place, row: Any) -> Message | None:
    """The message that a row of a table hangs on; None where it hangs on a conversation or a contact."""
    if place is MESSAGES:
        found: Message = row
        return found
    if place.hangs != "message":
        return None
    thing = row
    for step in place.path.split("__"):
        thing = getattr(thing, step)
    return thing if isinstance(thing, Message) else None


def _elsewhere(wanted: Mapping[str, str]) -> Iterator[Kept]:
    for model, columns, title, what in ELSEWHERE:
        place = Place(model, "", title, words=columns)
        condition = [rows_with(place, kind, value).values("pk") for kind, value in wanted.items()]
        numbers = {row["pk"] for rows in condition for row in rows[:MOST]}
        if numbers:
            yield Kept(title, len(numbers), what)


def marks_of(wanted: Mapping[str, str]) -> list[str]:
    """Keyed digests of what somebody is known by."""
    return sorted(mark(kind, plain(kind, value)) for kind, value in wanted.items())


def _before(wanted: Mapping[str, str]) -> list[PersonRequest]:
    asked = Q(pk__in=[])
    for one in marks_of(wanted):
        asked |= Q(marks__contains=[one])
    return list(PersonRequest.objects.filter(asked).exclude(state__in=("open", "exported")).order_by("-pk")[:10])


def place_of(model: str) -> Place:
    """Raises PersonalError for a table that is not in the register."""
    for place in (MESSAGES, *PLACES):
        if place.model == model:
            return place
    raise PersonalError("There is no such place on this desk.")
