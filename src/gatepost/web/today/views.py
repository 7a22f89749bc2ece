"""The front page: what needs somebody now."""

from __future__ import annotations

from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from gatepost.channels.actions import reads_messages
from gatepost.people.links import lately_handed
from gatepost.web.frame import facts
from gatepost.web.frame.who import me
from gatepost.web.permission import needs
from gatepost.web.today.facts import today_of


@needs("signed in")
@require_safe
def today(request: HttpRequest) -> HttpResponse:
    frame = facts(request)
    shown = today_of(me(request), timezone.now(), signer=frame.signs_off, waiting=frame.sign_off)
    # Who may not read messages finds nothing here of what residents say. Whoever signs off may.
    reads = frame.signs_off or reads_messages(me(request), timezone.now())
    if not reads:
        shown = replace(shown, clocks=[], referrals=[], failed_referrals=[])
    handed = lately_handed(me(request), at=timezone.now())
    return render(request, "today/today.html", {"today": shown, "handed": handed, "reads": reads})
