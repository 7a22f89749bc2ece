"""Answers said by hand and recorded, and answers that become referrals."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_POST

from gatepost.gate import by_hand
from gatepost.gate.models import Act
from gatepost.inbox import turning
from gatepost.web.desk.work import again
from gatepost.web.frame.problems import ERRORS, done
from gatepost.web.frame.who import me
from gatepost.web.inbox.drafting import Draft
from gatepost.web.inbox.views import found
from gatepost.web.permission import needs


@needs("reader")
@require_POST
def said(request: HttpRequest, pk: int, act: UUID) -> HttpResponse:
    """An answer was said by hand: where it stands, or how it was said."""
    message = found(pk)
    one = get_object_or_404(Act, pk=act, subject=message.subject, kind="reply")
    form = request.POST
    try:
        by_hand.said(
            one, permalink=form.get("permalink", ""), how=form.get("how", ""), by=me(request), at=timezone.now()
        )
    except ERRORS as error:
        return again(request, error, message=message, title="It was not recorded")
    return done(request, "Recorded. The answer counts from now on.", "message", pk)


@needs("reader")
@require_POST
def turn(request: HttpRequest, pk: int) -> HttpResponse:
    """What was written for the public goes to the department instead."""
    message, form = found(pk), request.POST
    try:
        came = turning.turn_into_referral(
            message,
            form.get("text", "").replace("\x00", ""),
            form.get("to", ""),
            wording=form.get("telling", ""),
            by=me(request),
            at=timezone.now(),
        )
    except ERRORS as error:
        return again(request, error, message=message, title="This was not referred", draft=Draft.of(form.dict()))
    words = f"Referred to {came.referral.name} with what you wrote. Nothing of it was said in public."
    if came.private is not None:
        words += " It stands as your draft in their private conversation."
    return done(request, words, "message", pk)
