"""What a department says without an account, by its link or by e-mail. It comes to Communications; nothing of it goes
out."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from gatepost.inbox.models import Referral, ReferralLink, ReferralNote
from gatepost.inbox.notes import LONGEST, add_note
from gatepost.inbox.problems import Refusal
from gatepost.inbox.referrals import ANSWER_LIMIT, with_us_again
from gatepost.ledger.actions import Actor, record
from gatepost.lifecycle import advance
from gatepost.people.actions import hashed

MOST_NOTES = 30
NAME_LIMIT = 160
VERBS = {"answer": "answered", "question": "asked", "handed_back": "handed_back"}


class AnswerError(Refusal):
    """A department's link does not do this; the message says why and what to do. Nothing was kept."""


def found(token: str) -> ReferralLink | None:
    """The link of a secret, whatever has become of it."""
    if not 20 <= len(token) <= 100:
        return None
    rows = ReferralLink.objects.select_related("referral__message__channel", "referral__message__decision")
    return rows.filter(token_hash=hashed(token)).first()


def require_open(link: ReferralLink, *, at: datetime) -> None:
    """Raises AnswerError when this link does nothing any more, with why."""
    referral = link.referral
    if referral.state == "answered":
        raise AnswerError("This has been answered. Thank you: there is nothing more to do.")
    if referral.state == "handed_back":
        raise AnswerError("This was handed back. There is nothing more to do.")
    if at >= link.expires_at:
        raise AnswerError("This link has expired. Ask Communications for a new one.")


@transaction.atomic
def opened(link: ReferralLink, *, at: datetime) -> None:
    """Keeps that the page was opened, once."""
    if ReferralLink.objects.filter(pk=link.pk, opened_at=None).update(opened_at=at):
        record("referral.opened", link.referral.subject, by=link, at=at, detail={"link": link.pk})


@transaction.atomic
def details_shown(link: ReferralLink, *, at: datetime) -> None:
    """The department asked to see the personal details, which it may. Raises AnswerError."""
    require_open(link, at=at)
    if not link.referral.details:
        raise AnswerError("This was referred without the personal details. Ask us for them, and say why.")
    subject = link.referral.message.subject
    record(
        "details.shown", subject, by=link, at=at, clauses=["desk:personal_data"], detail={"referral": link.referral_id}
    )


@transaction.atomic
def take(link: ReferralLink, *, name: str, at: datetime) -> None:
    """Somebody says that they have it: the desk need not ring them."""
    require_open(link, at=at)
    author = _name(name)
    referral = Referral.objects.select_for_update(of=("self",)).get(pk=link.referral_id)
    if referral.taken_at is not None:
        return
    Referral.objects.filter(pk=referral.pk).update(taken_at=at)
    ReferralNote.objects.create(referral=referral, kind="taken", author=author, via="link", at=at)
    record("referral.taken", referral.subject, by=link, at=at, clauses=[referral.clause])


@transaction.atomic
def say(link: ReferralLink, kind: str, text: str, *, name: str, at: datetime) -> ReferralNote:
    """By its link a department answers ("answer"), asks back ("question") or hands it back ("handed_back").
    Raises AnswerError, Conflict."""
    if kind not in VERBS:
        raise AnswerError("The page does not know what to do with that. Nothing was kept.")
    require_open(link, at=at)
    note = heard(link.referral, kind, text, author=_name(name), via="link", by=link, at=at)
    if kind != "question":
        ReferralLink.objects.filter(referral=link.referral_id, used_at=None).update(used_at=at)
    return note


def _name(name: str) -> str:
    words = " ".join(name.split())[:NAME_LIMIT]
    if not words:
        raise AnswerError("Give your name, so that we know who to come back to.", "name")
    return words


@transaction.atomic
def heard(
    referral: Referral, kind: str, text: str, *, author: str, via: str, by: Actor, at: datetime, letter: str = ""
) -> ReferralNote:
    """Keeps what a department said and puts its message before Communications again. Raises AnswerError, Conflict."""
    words = text.replace("\x00", "").strip()
    if not words:
        raise AnswerError("Write something first.")
    if len(words) > ANSWER_LIMIT:
        raise AnswerError(f"This is longer than {ANSWER_LIMIT:,} characters. Shorten it; nothing was kept.")
    if ReferralNote.objects.filter(referral=referral).count() >= MOST_NOTES:
        raise AnswerError("There is a great deal written here already. Ring Communications.")
    fields = {"answer": words, "answered_at": at} if kind == "answer" else {}
    row = Referral.objects.select_for_update(of=("self",)).select_related("message").get(pk=referral.pk)
    advance(row, VERBS[kind], by=by, at=at, clauses=["desk:referrals"], detail={"via": via}, **fields)
    note = ReferralNote.objects.create(
        referral=row, kind=kind, text=words, author=author[:NAME_LIMIT], via=via, letter=letter[:300], at=at
    )
    _into_the_conversation(note, row, by=by, at=at)
    with_us_again(row, by=by, at=at)
    return note


def _into_the_conversation(note: ReferralNote, referral: Referral, *, by: Actor, at: datetime) -> None:
    """As a note that Communications may use. Only they can make an answer of it."""
    begins = {"question": "They ask us: ", "handed_back": "They hand it back: "}.get(note.kind, "")
    add_note(referral.message, (begins + note.text)[:LONGEST], by=by, at=at, source=referral.name)
