"""How the person on duty is reached away from the desk."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from gatepost.inbox import calling
from gatepost.inbox.alarms import everybody, on_duty, patience
from gatepost.inbox.models import AlarmCall, CallLine
from gatepost.networks.calling import USUAL
from gatepost.people.authority import signs_off
from gatepost.people.models import User
from gatepost.rulebook.actions import in_force
from gatepost.web.frame.given import number
from gatepost.web.frame.problems import ERRORS, done, refused
from gatepost.web.frame.who import me
from gatepost.web.permission import needs


@needs("reader")
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def on_call(request: HttpRequest) -> HttpResponse:
    """Who is told and when; whoever signs off connects a line and sees its key this once."""
    person, at = me(request), timezone.now()
    if request.method != "POST":
        return render(request, "on_call/on_call.html", _context(person, at))
    form = request.POST
    try:
        if form.get("do") in ("end", "try"):
            line = get_object_or_404(CallLine, pk=number(form.get("line", "")))
            if form["do"] == "end":
                calling.end_line(line, by=person, at=at)
                return done(request, f"Nothing more goes to {line.title}. Its numbers are forgotten.", "on_call")
            calling.try_line(line, by=person, at=at)
            return done(request, "The on-call phone is called now, with words that say it is a trial.", "on_call")
        made, key = calling.connect_line(_line(request), by=person, at=at)
    except ERRORS as error:
        context = {**_context(person, at), "given": form.dict()}
        return refused(request, "on_call/on_call.html", context, error, field="title")
    return render(request, "on_call/on_call.html", {**_context(person, at), "made": made, "key": key})


def _line(request: HttpRequest) -> calling.Line:
    form = {name: str(value).replace("\x00", "") for name, value in request.POST.items()}
    return calling.Line(
        title=form.get("title", ""),
        url=form.get("url", ""),
        first=form.get("first", ""),
        deputy=form.get("deputy", ""),
        template=form.get("template", ""),
        form="form" if form.get("form") == "form" else "json",
        authorisation=form.get("authorisation", ""),
        allow_private="allow_private" in form,
        at_night_only="at_night_only" in form,
        every=number(form.get("every", "")),
        deputy_after=number(form.get("deputy_after", "")),
    )


def _context(person: User, at: datetime) -> dict[str, Any]:
    latest = AlarmCall.objects.select_related("line", "alarm").order_by("-pk")[:10]
    return {
        "lines": calling.lines(),
        "calls": list(latest),
        "first": on_duty(at),
        "all": everybody(at),
        "minutes": int(patience(in_force(at)).total_seconds() // 60),
        "may": signs_off(person, at),
        "given": {"template": USUAL, "every": "5", "deputy_after": "15", "form": "json"},
        "now": at,
    }
