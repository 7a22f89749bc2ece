"""Declaring a crisis, seeing who declared it and why, and ending it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from gatepost.gate import crisis
from gatepost.gate.models import Crisis
from gatepost.rulebook.actions import in_force
from gatepost.web.frame.problems import ERRORS, Unclear, done, refused
from gatepost.web.frame.who import me
from gatepost.web.hold.form import but, ends_at, people, wish_of
from gatepost.web.permission import needs


@needs("signed in")
@require_http_methods(["GET", "HEAD", "POST"])
def declare(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return render(request, "hold/crisis.html", _context(request))
    at, by, wish = timezone.now(), me(request), wish_of(request.POST)
    try:
        if request.POST.get("act") == "end":
            made = crisis.under_way()
            if made is None:
                raise Unclear("No crisis is declared any more. Somebody has ended it.")
            wait = crisis.end(made, because=request.POST.get("because", ""), by=by, at=at)
            said = f"The crisis is ended. {wait} to look at before anything leaves." if wait else "The crisis is ended."
            return done(request, said, "hold_review" if wait else "hold")
        crisis.declare(reason=wish.reason, by=by, at=at, but=but(wish), ends_at=ends_at(wish.ends, now=at))
    except ERRORS as error:
        field = "because" if request.POST.get("act") == "end" else "reason"
        context = {**_context(request), "wish": wish, "because": request.POST.get("because", "")}
        return refused(request, "hold/crisis.html", context, error, title="Not done", field=field)
    return done(request, "The crisis is declared. Everything but the prepared statements is held.", "hold_crisis")


def _context(request: HttpRequest) -> dict[str, object]:
    at = timezone.now()
    pack, says = in_force(at), crisis.overlay(at)
    return {
        "crisis": crisis.under_way(),
        "earlier": Crisis.objects.exclude(ended_at=None).select_related("by", "ended_by").order_by("-at")[:10],
        "says": says,
        "clause": says.clause if says else pack.governing(crisis.OTHERWISE),
        "declares": [pack.roles[role].title for role in says.declares] if says else [],
        "approvers": [pack.roles[role].title for role in says.approvers] if says else [],
        "statements": [pack.wordings[one] for one in says.statements] if says else [],
        "may": crisis.may_declare(me(request), at),
        "people": people(),
    }
