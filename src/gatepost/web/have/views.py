"""Where somebody says that they have an alarm, by the link in an e-mail or a call, without an account."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from allauth.core.internal import ratelimit
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from gatepost.inbox import calling
from gatepost.inbox.models import AlarmLink
from gatepost.inbox.problems import InboxError
from gatepost.rulebook.actions import in_force
from gatepost.web.frame.given import number
from gatepost.web.frame.problems import ERRORS, refused
from gatepost.web.permission import needs

TRIES = {"have": "60/h/ip", "have_miss": "30/h/ip"}


@needs("anybody")
@require_http_methods(["GET", "HEAD", "POST"])
def have(request: HttpRequest, token: str = "") -> HttpResponse:
    """GET shows no word of a message and takes nothing: programs that look at links in e-mails do no harm. Without a
    token it is where the link in a trial of an on-call line leads."""
    at = timezone.now()
    if not token:
        return render(request, "have/have.html", {"trial": True})
    link = calling.found_link(token, at=at)
    if link is None:
        slow = not ratelimit.consume(request, app="gatepost", action="have_miss", config=TRIES, limit_get=True)
        return render(request, "have/have.html", {"gone": True}, status=429 if slow else 404)
    if request.method == "POST":
        try:
            if not ratelimit.consume(request, app="gatepost", action="have", config=TRIES):
                raise InboxError("Too many tries from here. Ring a colleague; nothing was taken.")
            form = request.POST
            calling.take_by_link(link, name=form.get("name", ""), at=at, upto=number(form.get("upto", "")))
        except ERRORS as error:
            link.alarm.refresh_from_db()
            return refused(request, "have/have.html", _about(link, request, at), error, field="name")
        link.alarm.refresh_from_db()
    return render(request, "have/have.html", _about(link, request, at))


def _about(link: AlarmLink, request: HttpRequest, at: datetime) -> dict[str, Any]:
    others = list(calling.waiting(at).exclude(pk=link.alarm_id).order_by("pk").values_list("pk", "kind"))
    return {
        "alarm": link.alarm,
        "more": len(others),
        "grave": sum(kind == "person" for _, kind in others),
        "upto": max([link.alarm_id, *(key for key, _ in others)]),
        "message": link.alarm.message,
        "person": link.person,
        "given": request.POST,
        "organisation": in_force(at).organisation,
        "now": at,
    }
