"""A person asks: looking for what is held, saying which accounts are theirs, handing it over, erasing it.

Each step is the officer's and has its line in the record: numbers and keyed digests, never what somebody is known by.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from gatepost.inbox.models import Contact, Message
from gatepost.inbox.personal import finding
from gatepost.inbox.personal.erasing import drop_deliveries, forget, on_their_way, reword_changes
from gatepost.inbox.personal.finding import Found, marks_of, message_of, place_of, tidy
from gatepost.inbox.personal.holds import held, kind_is_held
from gatepost.inbox.personal.marks import figures, mark
from gatepost.inbox.personal.officer import PersonalError, require_officer
from gatepost.inbox.personal.register import MESSAGES, Place
from gatepost.inbox.personal_models import LegalHold, PersonRequest
from gatepost.ledger.actions import record
from gatepost.lifecycle import advance
from gatepost.people.models import User
from gatepost.policy.clocks import due
from gatepost.policy.model import Clock
from gatepost.policy.pack import Pack
from gatepost.policy.statutory import legal_times
from gatepost.rulebook.actions import in_force

BLOT = "█"
CLAUSE = ["desk:personal_data"]


def look_for(known_by: Mapping[str, str], *, by: User, at: datetime) -> Found:
    """Finds everything about somebody. That somebody looked is recorded, whom for is not. Raises NotAllowed,
    PersonalError."""
    require_officer(by, at)
    wanted = tidy(known_by)
    found = finding.find(wanted)
    detail = {"by": sorted(wanted), "was": marks_of(wanted), "accounts": len(found.accounts)}
    detail["mentions"] = len(found.mentions)
    record("person.looked_for", "people", by=by, at=at, clauses=CLAUSE, detail=detail)
    return found


def answer_by(received: date, pack: Pack) -> datetime:
    """The end of the month that the law gives, as the policy's clock or, where it has none, the law's has it."""
    law = legal_times()["subject_access"]
    own = next((clock for clock in pack.clocks.values() if clock.law == law.id), None)
    clock = own or Clock("subject_access", law.name, law.amount, law.unit, law.code, version=law.version)
    start = datetime.combine(received, time(12), tzinfo=ZoneInfo(pack.hours.timezone)).astimezone(UTC)
    return due(clock, start, pack.hours)


@transaction.atomic
def ask(
    *,
    kind: str,
    known_by: Mapping[str, str],
    identity: str,
    received_on: date,
    by: User,
    at: datetime,
    contacts: Sequence[int] = (),
    mentions: Sequence[str] = (),
) -> PersonRequest:
    """Begins a request: `contacts` are the accounts that the officer says are this person's, `mentions` what else
    belongs to it, as "inbox.Message:8". Raises NotAllowed, PersonalError."""
    require_officer(by, at)
    if kind not in ("access", "erasure"):
        raise PersonalError("Say what is wanted: to see it, or to have it erased.", "kind")
    wanted = tidy(known_by)
    if received_on > at.astimezone(UTC).date() + timedelta(days=1):
        raise PersonalError("The day on which it was asked lies in the future.", "received_on")
    made = PersonRequest.objects.create(
        kind=kind,
        known_by=wanted,
        contacts=_contacts(contacts),
        mentions=_mentions(mentions),
        identity=identity.strip()[:400],
        received_on=received_on,
        answer_by=answer_by(received_on, in_force(at)),
        by=by,
        at=at,
    )
    detail = {"kind": kind, "accounts": len(made.contacts), "mentions": len(made.mentions)}
    record("person_request.made", made.subject, by=by, at=at, clauses=CLAUSE, detail=detail)
    return made


@transaction.atomic
def choose(
    request: PersonRequest,
    *,
    contacts: Sequence[int],
    mentions: Sequence[str],
    by: User,
    at: datetime,
    identity: str | None = None,
) -> PersonRequest:
    """Says anew which accounts and mentions belong to an open request, and how it was made sure who asks."""
    require_officer(by, at)
    request = _open(request)
    request.contacts, request.mentions = _contacts(contacts), _mentions(mentions)
    if identity is not None:
        request.identity = identity.strip()[:400]
    request.save(update_fields=["contacts", "mentions", "identity"])
    detail = {"accounts": len(request.contacts), "mentions": len(request.mentions)}
    record("person_request.chosen", request.subject, by=by, at=at, clauses=CLAUSE, detail=detail)
    return request


def _open(request: PersonRequest) -> PersonRequest:
    found = PersonRequest.objects.select_for_update().get(pk=request.pk)
    if found.state in ("erased", "closed"):
        raise PersonalError("This request has ended. Begin another.")
    return found


def _contacts(numbers: Sequence[int]) -> list[int]:
    known = set(Contact.objects.filter(pk__in=list(numbers)).values_list("pk", flat=True))
    if missing := sorted(set(numbers) - known):
        raise PersonalError(f"There is no account {missing[0]} on this desk.", "contacts")
    return sorted(known)


def _mentions(keys: Sequence[str]) -> list[str]:
    for key in keys:
        model, _, number = key.rpartition(":")
        if not number.isdecimal() or not place_of(model).rows.filter(pk=int(number)).exists():
            raise PersonalError("One of the places you chose is not there any more. Look again.", "mentions")
    return sorted(set(keys))


def messages_of(request: PersonRequest) -> list[int]:
    """The numbers of everything its accounts wrote that is not erased."""
    rows = Message.objects.filter(contact__in=request.contacts, erased_at=None)
    return list(rows.order_by("pk").values_list("pk", flat=True))


def require_identity(request: PersonRequest) -> None:
    if not request.identity:
        raise PersonalError("Say first how you made sure that it is this person who asks.", "identity")
    if not request.contacts and not request.mentions:
        raise PersonalError("Say first which accounts are this person's, or what else belongs to them.", "contacts")


def spared(request: PersonRequest) -> int:
    """How many of its messages, and of the other places chosen, a legal hold keeps."""
    own = messages_of(request)
    others = set(request.mentions) - {f"{MESSAGES.model}:{number}" for number in own}
    return Message.objects.filter(held(), pk__in=own).count() + sum(map(_is_kept, others))


def _is_kept(key: str) -> bool:
    model, _, number = key.rpartition(":")
    place = place_of(model)
    row = place.rows.filter(pk=int(number)).first()
    return row is not None and not place.fixed and _on_hold(place, row)


def _on_hold(place: Place, row: Any) -> bool:
    """The row is a legal hold in force itself, or hangs on a message that one covers."""
    if isinstance(row, LegalHold) and row.ended_at is None:
        return True
    message = message_of(place, row)
    return message is not None and Message.objects.filter(held(), pk=message.pk).exists()


@transaction.atomic
def erase(request: PersonRequest, *, keep_evidence: bool, by: User, at: datetime, sure: bool = False) -> PersonRequest:
    """Erases what the accounts of a request wrote, and blots the person out of what else was chosen. `keep_evidence`:
    what was kept as evidence stays for its own time, for legal claims. What a legal hold covers stays, and the answer
    says so. Raises NotAllowed, PersonalError."""
    require_officer(by, at)
    request = _open(request)
    require_identity(request)
    if not sure:
        raise PersonalError("Tick the box to say that you mean it. It cannot be undone.", "sure")
    messages = messages_of(request)
    if going := on_their_way(messages):
        raise PersonalError(
            f"{len(going)} of our acts about this person’s messages have not come to an end. "
            "Withdraw them, or wait until they have left; then erase."
        )
    kept = spared(request)
    sparing = ["evidence"] if keep_evidence or kind_is_held("evidence") else []
    done = forget(messages, because="request", by=by, at=at, request=request, sparing=sparing)
    blotted = sum(_blot(key, request.known_by) for key in request.mentions)
    says = f"{_many(done, 'message')} erased" + (f", {_many(blotted, 'mention')} blotted out" if blotted else "")
    says += f". {kept} kept under a legal hold." if kept else "."
    says += " Evidence kept for its own time." if sparing else ""
    marks = marks_of(request.known_by)
    detail = {"messages": done, "mentions": blotted, "kept": kept, "evidence_kept": bool(sparing), "was": marks}
    advance(
        request,
        "erased",
        by=by,
        at=at,
        clauses=CLAUSE,
        detail=detail,
        known_by={},
        contacts=[],
        mentions=[],
        identity="",
        marks=marks,
        ended_at=at,
        says=says,
    )
    return request


def _many(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def _blot(key: str, known_by: Mapping[str, str]) -> int:
    """Blacks out, letter for letter, what somebody is known by in the words of one row; 1 when there was something."""
    model, _, number = key.rpartition(":")
    place = place_of(model)
    if place.fixed:
        return 0
    row = place.rows.select_for_update().filter(pk=int(number)).first()
    if row is None or _on_hold(place, row):
        return 0
    changed: dict[str, Any] = {}
    for column in place.words:
        text = str(getattr(row, column))
        without = blotted(text, known_by)
        if without != text:
            changed[column] = without
    if changed and place is MESSAGES:  # the same words as the network sent them
        changed["raw"] = {}
        drop_deliveries([row])
        reword_changes([row.pk], lambda text: blotted(text, known_by))
    if changed:
        place.rows.filter(pk=row.pk).update(**changed)
    return int(bool(changed))


def blotted(text: str, known_by: Mapping[str, str]) -> str:
    """The text with every place blacked out in which this account, name, number or address stands. As long as before,
    so that marks kept by their place stay where they are."""
    for pattern in patterns(known_by):
        text = pattern.sub(lambda found: BLOT * len(found[0]), text)
    return text


def patterns(known_by: Mapping[str, str]) -> list[re.Pattern[str]]:
    found: list[re.Pattern[str]] = []
    for kind, value in known_by.items():
        if kind == "number":
            digits = r"[\s().\-/]{0,3}".join(figures(value))
            found.append(
                re.compile(rf"(?:\+|00)?(?:44[\s().\-]{{0,3}})?(?:(?:\(0\)|0)[\s().\-]{{0,3}})?{digits}(?!\d)")
            )
        else:
            bare = value.lstrip("@") if kind == "account" else value
            words = r"\s+".join(re.escape(word) for word in bare.split())
            found.append(re.compile(rf"(?<!\w)@?{words}(?!\w)", re.IGNORECASE))
    return found


@transaction.atomic
def close(request: PersonRequest, *, because: str, by: User, at: datetime) -> PersonRequest:
    """Ends a request without erasing: answered, taken back, or refused with a reason."""
    require_officer(by, at)
    request = _open(request)
    if not because.strip():
        raise PersonalError("Say how it ended.", "because")
    advance(
        request,
        "closed",
        by=by,
        at=at,
        clauses=CLAUSE,
        detail={"because": mark("reason", because.strip()[:400])},
        marks=marks_of(request.known_by),
        known_by={},
        contacts=[],
        mentions=[],
        identity="",
        ended_at=at,
        says=because.strip()[:400],
    )
    return request


def waiting(*, at: datetime) -> Collection[PersonRequest]:
    """Open requests, soonest answer-by time first."""
    return list(PersonRequest.objects.filter(state__in=("open", "exported")).order_by("answer_by", "pk"))
