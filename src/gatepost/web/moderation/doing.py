"""What is done on the pages of moderation: each a form that posts, calls one action and comes back."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from gatepost.gate.models import Act
from gatepost.inbox import abuse, alarms, blocking, exposure, moderating, notices
from gatepost.inbox.appeals import decide
from gatepost.inbox.models import AbuseRecord, Alarm, Message, Ruling
from gatepost.inbox.problems import LooksLawful
from gatepost.networks.powers import PowerKind, power
from gatepost.people.models import User
from gatepost.web.frame.given import end_of_day
from gatepost.web.frame.problems import ERRORS, Unclear, done, refused, see
from gatepost.web.frame.who import me
from gatepost.web.moderation.page import message_context, ruling_context
from gatepost.web.moderation.views import found, found_ruling
from gatepost.web.permission import needs

TAKES_AWAY: tuple[PowerKind, ...] = ("hide", "remove")


def _text(request: HttpRequest, name: str) -> str:
    return request.POST.get(name, "").replace("\x00", "")


@needs("reader")
@require_POST
def do(request: HttpRequest, pk: int) -> HttpResponse:
    """One action about a message: `do` names it."""
    now, person, one = timezone.now(), me(request), found(pk)
    wish = request.POST.get("do", "")
    doing: dict[str, Callable[[], str]] = {
        "act": lambda: _act(request, one, person, now),
        "unhide": lambda: _restore(request, one, person, now),
        "alarm": lambda: _take(request, one, person, now),
        "abuse": lambda: _abuse(request, one, person, now),
        "step": lambda: _step(request, one, person, now),
    }
    try:
        if wish not in doing:
            raise Unclear("The page does not know what to do with that. Nothing was done.")
        words = doing[wish]()
    except ERRORS as error:
        context = {**message_context(found(pk), person, now), "given": request.POST.dict()}
        kind = request.POST.get("kind", "")
        field = f"{getattr(error, 'field', '') or ('words' if wish == 'step' else 'reason')}-{kind}".rstrip("-")
        shown = Unclear(str(error), field) if isinstance(error, LooksLawful) else error
        return refused(request, "moderation/message.html", context, shown, title="This was not done", field=field)
    return done(request, words, "moderation_message", pk)


def _act(request: HttpRequest, message: Message, person: User, now: datetime) -> str:
    kind, reason, clause = request.POST.get("kind", ""), _text(request, "reason"), request.POST.get("clause", "")
    more_than = _text(request, "more_than")
    if kind in TAKES_AWAY and power(message.channel.network, kind).can == "desk":
        act = moderating.moderate(message, kind, reason=reason, clause=clause, by=person, at=now, more_than=more_than)
        return _on_its_way(act)
    until = end_of_day(_text(request, "until"), f"until-{kind}")
    made = blocking.rule(
        message, kind, reason=reason, clause=clause, by=person, at=now, until=until, more_than=more_than
    )
    if made.act is not None:
        return _on_its_way(made.act)
    if kind == "warn":
        return "The warning is recorded. Give it to them: the words are on the page of the decision."
    return "Decided, and what was said is kept. Now do it on the network, then say here that it is done."


def _on_its_way(act: Act) -> str:
    if act.state == "signed_off":
        return "A standing sign-off covers it: it is on its way. What was said is kept as evidence."
    return "It waits for its sign-off. What was said is kept as evidence; nothing has been done yet."


def _restore(request: HttpRequest, message: Message, person: User, now: datetime) -> str:
    reason, clause = _text(request, "reason"), request.POST.get("clause", "")
    act = moderating.moderate(message, "unhide", reason=reason, clause=clause, by=person, at=now)
    if act.state == "signed_off":
        return "It is being put back. Whoever looks its reference up reads that it was restored, and why."
    return "Putting it back waits for its sign-off."


def _take(request: HttpRequest, message: Message, person: User, now: datetime) -> str:
    alarms.take(get_object_or_404(Alarm, message=message), by=person, at=now, did=_text(request, "did"))
    return "You have taken the alarm. Everybody on the desk sees that it is with you."


def _abuse(request: HttpRequest, message: Message, person: User, now: datetime) -> str:
    abuse.open_record(message, aimed_at=_text(request, "aimed_at"), by=person, at=now)
    return "The record has begun. Offer support first."


def _step(request: HttpRequest, message: Message, person: User, now: datetime) -> str:
    kept = get_object_or_404(AbuseRecord, message=message)
    made = abuse.add_step(kept, request.POST.get("step", ""), _text(request, "words"), by=person, at=now)
    return f"Kept: {made.get_kind_display().lower()}."


@needs("reader")
@require_POST
def open_words(request: HttpRequest, pk: int) -> HttpResponse:
    """Shows this person the covered words of a message for ten minutes, and comes back to where they were."""
    exposure.open_words(found(pk), by=me(request), at=timezone.now())
    back = request.POST.get("next", "")
    if back.startswith("/") and url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        return see(back)
    return done(request, "The words are shown to you for 10 minutes.", "moderation_message", pk)


@needs("reader")
@require_POST
def record_file(request: HttpRequest, pk: int) -> HttpResponse:
    """The whole abuse record as a file, for the employer."""
    kept = get_object_or_404(
        AbuseRecord.objects.select_related("message__channel", "message__contact", "by"), message=pk
    )
    now, person = timezone.now(), me(request)
    try:
        found_there = abuse.exported(kept, by=person, at=now)
    except ERRORS as error:
        return refused(request, "moderation/message.html", message_context(found(pk), person, now), error)
    response = HttpResponse(
        json.dumps(found_there, indent=2, ensure_ascii=False), content_type="application/json; charset=utf-8"
    )
    response.headers["Content-Disposition"] = f'attachment; filename="abuse-record-{kept.pk}.json"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


@needs("reader")
@require_POST
def do_ruling(request: HttpRequest, pk: int) -> HttpResponse:
    """One action about a decision: done by hand, lifted, told, or reviewed."""
    now, person, one = timezone.now(), me(request), found_ruling(pk)
    wish = request.POST.get("do", "")
    try:
        words = _ruled(request, one, wish, person, now)
    except ERRORS as error:
        context = {**ruling_context(found_ruling(pk), person, now), "given": request.POST.dict()}
        field = {"lift": "because", "keep": "answer", "change": "answer"}.get(wish, "")
        return refused(request, "moderation/ruling.html", context, error, title="This was not done", field=field)
    return done(request, words, "moderation_ruling", pk)


def _ruled(request: HttpRequest, one: Ruling, wish: str, person: User, now: datetime) -> str:
    match wish:
        case "done":
            moderating.done_by_hand(one, by=person, at=now)
            return "Kept: it is done on the network."
        case "lift":
            end = blocking.lift(one, because=_text(request, "because"), by=person, at=now)
            if end is not None:
                return "It is being lifted." if end.state == "signed_off" else "Lifting it waits for its sign-off."
            if one.act_id:
                return "Lifted. Nothing had been done on the network yet, and nothing will be."
            return "Lifted. Undo it on the network too, if you have not yet."
        case "reply":
            act = notices.tell(one, "reply", by=person, at=now, text=_text(request, "text"))
            waits = act is not None and act.state == "to_sign_off"
            return "The notice waits for its sign-off." if waits else "The notice is on its way."
        case "hand":
            notices.tell(one, "hand", by=person, at=now)
            return "Kept: the notice was given by hand."
        case "keep" | "change" if getattr(one, "appeal", None) is not None:
            decide(one.appeal, change=wish == "change", answer=_text(request, "answer"), by=person, at=now)
            return "Decided. Whoever has the reference reads your answer."
    raise Unclear("The page does not know what to do with that. Nothing was done.")
