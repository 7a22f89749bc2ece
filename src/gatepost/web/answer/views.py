"""A department without an account answers a referral, asks back or hands it back, by the link in its e-mail.

The page shows this one referral and nothing else of the desk. Personal details are masked, unless the referral was made
with them; then somebody asks for them here, and that is recorded.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from allauth.core.internal import ratelimit
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from gatepost.inbox import referral_answers as answers
from gatepost.inbox.models import ReferralLink
from gatepost.inbox.referral_answers import AnswerError
from gatepost.inbox.referral_letters import hidden_in, out_of_hours_phone, said_of
from gatepost.rulebook.actions import in_force
from gatepost.web.frame.problems import ERRORS, refused, see
from gatepost.web.intake.files import served
from gatepost.web.permission import needs

SIGHT = timedelta(hours=1)
TRIES = {"answer": "60/h/ip", "answer_miss": "30/h/ip"}


@needs("anybody")
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows no details and uses nothing up: programs that look at links in e-mails do no harm."""
    at = timezone.now()
    link = answers.found(token)
    if link is None:
        if not ratelimit.consume(request, app="gatepost", action="answer_miss", config=TRIES, limit_get=True):
            return render(request, "answer/gone.html", {"slow": True}, status=429)
        return render(request, "answer/gone.html", {}, status=404)
    if request.method != "POST":
        if request.method == "GET":
            answers.opened(link, at=at)
        return render(request, "answer/answer.html", _context(request, link, token, at))
    try:
        _do(request, link, at)
    except ERRORS as error:
        link = answers.found(token)
        if link is None:
            raise Http404 from error
        return refused(request, "answer/answer.html", _context(request, link, token, at), error, field="text")
    return see(request.path)


@needs("anybody")
@require_safe
def answer_file(request: HttpRequest, token: str, pk: int) -> HttpResponse:
    """What hangs on the message, to a department that was given the personal details and has asked for them."""
    at, link = timezone.now(), answers.found(token)
    if link is None:
        if not ratelimit.consume(request, app="gatepost", action="answer_miss", config=TRIES, limit_get=True):
            return render(request, "answer/gone.html", {"slow": True}, status=429)
        return render(request, "answer/gone.html", {}, status=404)
    try:
        answers.require_open(link, at=at)
    except AnswerError:
        return see(reverse("answer", args=[token]))
    if not _sees(request, link, at):
        return see(reverse("answer", args=[token]))
    found = get_object_or_404(link.referral.message.attachments.exclude(sha256=""), pk=pk)
    response = served(found, by=link, at=at)
    response["Cache-Control"] = "private, no-store"
    return response


def _do(request: HttpRequest, link: ReferralLink, at: datetime) -> None:
    if not ratelimit.consume(request, app="gatepost", action="answer", config=TRIES):
        raise AnswerError("Too many tries from here. Wait an hour, then go on. Nothing was kept.")
    form = request.POST
    match form.get("do", ""):
        case "details":
            answers.details_shown(link, at=at)
            request.session[_key(link)] = (at + SIGHT).isoformat()
        case "take":
            answers.take(link, name=form.get("name", ""), at=at)
        case "say":
            answers.say(link, form.get("kind", ""), form.get("text", ""), name=form.get("name", ""), at=at)
        case _:
            raise AnswerError("The page does not know what to do with that. Nothing was kept.")


def _key(link: ReferralLink) -> str:
    return f"answer.{link.referral_id}"


def _sees(request: HttpRequest, link: ReferralLink, at: datetime) -> bool:
    until = request.session.get(_key(link), "")
    return link.referral.details and bool(until) and at < datetime.fromisoformat(until)


def _context(request: HttpRequest, link: ReferralLink, token: str, at: datetime) -> dict[str, Any]:
    referral, pack = link.referral, in_force(at)
    context: dict[str, Any] = {
        "referral": referral,
        "message": referral.message,
        "organisation": pack.organisation,
        "closed": "",
        "now": at,
    }
    try:
        answers.require_open(link, at=at)
    except AnswerError as error:
        return {**context, "closed": str(error)}
    sees = _sees(request, link, at)
    notes = referral.notes.exclude(kind="taken").order_by("at", "pk")
    return {
        **context,
        "sees": sees,
        "masked": said_of(referral),
        "files": list(referral.message.attachments.exclude(sha256="").order_by("place")),
        "token": token,
        "note": referral.note if sees else hidden_in(referral.note, pack),
        "notes": [(one, one.text if sees else hidden_in(one.text, pack)) for one in notes],
        "taken": referral.notes.filter(kind="taken").first(),
        "phone": out_of_hours_phone(referral, pack),
        "given": request.POST,
    }
