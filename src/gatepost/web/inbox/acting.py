"""What is done about a message: each a form that posts, calls one action and comes back to the conversation."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_POST

from gatepost.gate import actions as gate
from gatepost.gate.holds import is_held
from gatepost.gate.models import Act
from gatepost.inbox import actions, referrals
from gatepost.inbox.corrections import correct_label
from gatepost.inbox.listing import Filter
from gatepost.inbox.models import Message, Referral
from gatepost.ledger.governing import clause_for
from gatepost.people.models import User
from gatepost.web.frame.given import number
from gatepost.web.frame.problems import ERRORS, Unclear, done, refused
from gatepost.web.frame.who import me
from gatepost.web.inbox.drafting import TEXT_LIMIT, Draft
from gatepost.web.inbox.page import conversation_context, list_context
from gatepost.web.inbox.views import found
from gatepost.web.inbox.words import listed, word_of
from gatepost.web.permission import needs

Doing = Callable[[Message, User, datetime], str]


def _do(request: HttpRequest, pk: int, doing: Doing, *, field: str = "", draft: Draft | None = None) -> HttpResponse:
    """Runs one action; what it answers is said on the page it comes back to. Errors keep what was written."""
    now = timezone.now()
    message = found(pk)
    try:
        words = doing(message, me(request), now)
    except ERRORS as error:
        message = found(pk)
        context = {
            **list_context(Filter(me=me(request).pk), person=me(request), at=now),
            **conversation_context(request, message, at=now, draft=draft),
            "given": request.POST.dict(),
        }
        title = "This was not done" if not field else "Nothing has been sent"
        return refused(request, "inbox/conversation.html", context, error, title=title, field=field)
    return done(request, words, "message", pk)


@needs("reader")
@require_POST
def reply(request: HttpRequest, pk: int) -> HttpResponse:
    """An answer: an approved wording as it stands (no field `text`), or words of one's own."""
    form = request.POST.dict()
    draft = Draft.of(form)

    def doing(message: Message, person: User, now: datetime) -> str:
        if "text" in form and not draft.text.strip():
            raise Unclear("Write an answer, or choose an approved wording.", "reply")
        if "text" not in form and not draft.wording:
            raise Unclear("Choose an approved wording first.", "wordings")
        if len(draft.text) >= TEXT_LIMIT:
            raise Unclear("This answer is longer than the desk keeps. Shorten it.", "reply")
        act = actions.reply(
            message,
            by=person,
            at=now,
            wording=draft.wording,
            text=draft.text,
            answers={name: words for name, words in draft.answers.items() if words.strip()},
            by_hand=form.get("by_hand") == "1",
            privately=draft.privately,
        )
        if act.by_hand and act.state == "signed_off":
            return "It is signed off. Say it by hand now, then record it below."
        return _said_of(act, "Your private message" if draft.privately else "Your answer")

    return _do(request, pk, doing, field="reply", draft=draft if "text" in form else None)


def _said_of(act: Act, what: str) -> str:
    if act.state == "signed_off":
        if is_held(act, at=timezone.now()):
            return f"{what} is covered by a standing sign-off. A hold is on: it leaves when the hold ends, not before."
        return f"{what} is covered by a standing sign-off and is on its way."
    return f"{what} waits for its sign-off. Nothing has been sent yet."


@needs("reader")
@require_POST
def refer(request: HttpRequest, pk: int) -> HttpResponse:
    """Refers the message to the departments chosen."""
    chosen = request.POST.getlist("to")[:20]

    def doing(message: Message, person: User, now: datetime) -> str:
        if not chosen:
            raise Unclear("Choose the department this goes to.", "refer")
        note = request.POST.get("note", "").replace("\x00", "")
        why = request.POST.get("details_because", "").replace("\x00", "")
        with transaction.atomic():
            made = [
                referrals.refer(message, name, by=person, at=now, note=note, details_because=why) for name in chosen
            ]
        return f"Referred to {listed([one.name for one in made])}. The e-mail is on its way."

    return _do(request, pk, doing)


@needs("reader")
@require_POST
def moderate(request: HttpRequest, pk: int) -> HttpResponse:
    """Hides, removes or puts back, with the reason and the clause."""
    kind = request.POST.get("kind", "")
    names = {"hide": "The hiding", "remove": "The removal", "unhide": "Putting it back"}

    def doing(message: Message, person: User, now: datetime) -> str:
        act = actions.moderate(
            message,
            kind,
            reason=request.POST.get("reason", "").replace("\x00", ""),
            clause=request.POST.get("clause", ""),
            more_than=request.POST.get("more_than", "").replace("\x00", ""),
            by=person,
            at=now,
        )
        return _said_of(act, names.get(act.kind, "It"))

    return _do(request, pk, doing)


@needs("reader")
@require_POST
def keep_evidence(request: HttpRequest, pk: int) -> HttpResponse:
    """Keeps what was said as it stands, with its digest in the record, without hiding it."""

    def doing(message: Message, person: User, now: datetime) -> str:
        reason = request.POST.get("reason", "").replace("\x00", "")
        about = "desk:abuse" if "staff_abuse" in message.decision.decided else "desk:moderation"
        clause = clause_for(about, now)
        actions.keep_evidence(message, reason=reason, clause=clause, by=person, at=now)
        return "It is kept as it stands, with its digest in the record."

    return _do(request, pk, doing)


@needs("reader")
@require_POST
def withdraw(request: HttpRequest, pk: int, act: UUID) -> HttpResponse:
    """Takes back what was asked for about a message, before it leaves."""
    siblings = Message.objects.filter(conversation__messages=pk)
    one = get_object_or_404(Act, pk=act, subject__in=[message.subject for message in siblings.only("pk")])

    def doing(message: Message, person: User, now: datetime) -> str:
        gate.withdraw(one, by=person, at=now)
        return "Withdrawn. Nothing has been sent."

    return _do(request, pk, doing)


@needs("reader")
@require_POST
def reveal(request: HttpRequest, pk: int) -> HttpResponse:
    """Shows this person the masked details of one message of the conversation for ten minutes."""

    def doing(message: Message, person: User, now: datetime) -> str:
        siblings = Message.objects.filter(conversation=message.conversation_id).select_related("channel")
        wanted = number(request.POST.get("message", ""))
        target = siblings.filter(pk=wanted).first() if wanted else message
        if target is None:
            raise Unclear("That message is not part of this conversation.")
        actions.reveal(target, reason=request.POST.get("reason", "").replace("\x00", ""), by=person, at=now)
        return "The details are shown to you for 10 minutes. Your name is kept with the reason."

    return _do(request, pk, doing)


@needs("reader")
@require_POST
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Says that the readers were wrong: the field `what` holds a label and whether it holds, "complaint no"."""

    def doing(message: Message, person: User, now: datetime) -> str:
        label, _, holds = request.POST.get("what", "").partition(" ")
        if holds not in ("yes", "no"):
            raise Unclear("Choose what the message is, or is not.", "what")
        kept = correct_label(message, label, holds=holds == "yes", by=person, at=now)
        said = "this is" if kept.holds else "this is not"
        anew = "The policy has decided anew; what it said before is kept beside that."
        return f"Kept: {said} “{word_of(kept.label).title}”. {anew}"

    return _do(request, pk, doing)


@needs("reader")
@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    def doing(message: Message, person: User, now: datetime) -> str:
        actions.close(message, because=request.POST.get("because", "").replace("\x00", ""), by=person, at=now)
        return "Closed. It is under Done and can be opened again."

    return _do(request, pk, doing)


@needs("reader")
@require_POST
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    def doing(message: Message, person: User, now: datetime) -> str:
        actions.reopen(message, by=person, at=now)
        return "Open again. It is with us."

    return _do(request, pk, doing)


@needs("reader")
@require_POST
def answer_referral(request: HttpRequest, pk: int, referral: int) -> HttpResponse:
    """Keeps what the department said."""
    one = get_object_or_404(Referral.objects.select_related("message__channel"), pk=referral, message=pk)

    def doing(message: Message, person: User, now: datetime) -> str:
        referrals.answer(one, request.POST.get("answer", "").replace("\x00", ""), by=person, at=now)
        return f"Kept: what {one.name} said."

    return _do(request, pk, doing)
