"""Holding everything or one channel, seeing what is held, and letting go."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from gatepost.channels.models import Channel
from gatepost.gate import holds
from gatepost.gate.models import Act, Hold
from gatepost.people.authority import signs_off
from gatepost.web.frame.acts import listed
from gatepost.web.frame.given import number
from gatepost.web.frame.problems import ERRORS, Unclear, done, refused
from gatepost.web.frame.who import me
from gatepost.web.permission import needs

SHOWN = 50


@needs("signed in")
@require_http_methods(["GET", "HEAD", "POST"])
def hold(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return render(request, "hold/hold.html", _context(request, {"what": "all", "moderation": "yes"}))
    given = {
        "what": request.POST.get("what", "all"),
        "reason": request.POST.get("reason", ""),
        "moderation": request.POST.get("moderation", ""),
    }
    at, by = timezone.now(), me(request)
    try:
        if request.POST.get("act") == "end":
            ended = get_object_or_404(Hold, pk=number(request.POST.get("hold", "")))
            holds.end_hold(ended, by=by, at=at)
            return done(request, "The hold is ended. What missed its time meanwhile waits for a decision.", "hold")
        channel = _channel(given["what"])
        may_go = bool(given["moderation"])
        holds.hold(reason=given["reason"], channel=channel, moderation_may_go=may_go, by=by, at=at)
    except ERRORS as error:
        return refused(request, "hold/hold.html", _context(request, given), error, title="Not held", field="reason")
    return done(request, f"{channel.name if channel else 'Everything'} is held until you let it go.", "hold")


def _channel(what: str) -> Channel | None:
    """The channel "channel:5" names; None for "all"."""
    if what == "all":
        return None
    found = Channel.objects.filter(pk=number(what.removeprefix("channel:"))).first()
    if found is None:
        raise Unclear("Choose what to hold.", "what-all")
    return found


def _context(request: HttpRequest, given: dict[str, str]) -> dict[str, Any]:
    waiting = Act.objects.filter(state="signed_off").select_related("channel").order_by("due_at")
    missed = Act.objects.filter(state="missed").select_related("channel").order_by("due_at")
    covered = listed(holds.held_acts()[:SHOWN])
    return {
        "given": {**given, "channel": number(given["what"].removeprefix("channel:"))},
        "holds": holds.active(),
        "held": covered,
        "held_ids": {item.act.pk for item in covered},
        "missed": listed(missed[:SHOWN]),
        "next": listed(waiting[:8]),
        "channels": Channel.objects.filter(state="live").order_by("name"),
        "may": signs_off(me(request), timezone.now()),
    }
