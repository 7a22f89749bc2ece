"""Holding everything, a channel, a campaign or a kind of act, seeing what is held, and letting go."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from gatepost.channels.models import Channel
from gatepost.gate import allowances, crisis, holds, review
from gatepost.gate.models import Act, Hold
from gatepost.people.authority import signs_off
from gatepost.publishing.campaigns import open_campaigns
from gatepost.web.frame.acts import listed
from gatepost.web.frame.given import number
from gatepost.web.frame.problems import ERRORS, done, refused
from gatepost.web.frame.who import me
from gatepost.web.hold.form import KIND_WORDS, Wish, but, ends_at, named, people, scope, wish_of
from gatepost.web.permission import needs

SHOWN = 50


@needs("signed in")
@require_http_methods(["GET", "HEAD", "POST"])
def hold(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return render(request, "hold/hold.html", _context(request, Wish()))
    at, by, wish = timezone.now(), me(request), wish_of(request.POST)
    do = request.POST.get("act", "")
    try:
        if do == "end":
            return _ended(request, get_object_or_404(Hold, pk=number(request.POST.get("hold", ""))))
        if do == "extend":
            held = get_object_or_404(Hold, pk=number(request.POST.get("hold", "")))
            until = ends_at(wish.ends, now=at, at=f"ends-{held.pk}")
            holds.extend(held, by=by, at=at, ends_at=until, ends_itself=wish.itself)
            return done(request, "The hold has another end.", "hold")
        made = holds.hold(
            reason=wish.reason,
            by=by,
            at=at,
            moderation_may_go=wish.moderation,
            but=but(wish),
            ends_at=ends_at(wish.ends, now=at),
            ends_itself=wish.itself,
            **scope(wish),  # type: ignore[arg-type]  # of the names of holds.hold
        )
    except ERRORS as error:
        title, field = ("Not done", "") if do in ("end", "extend") else ("Not held", "reason")
        return refused(request, "hold/hold.html", _context(request, wish), error, title=title, field=field)
    return done(request, f"Held: {named(made)}. Nothing of it leaves until you have looked at it again.", "hold")


def _ended(request: HttpRequest, held: Hold) -> HttpResponse:
    wait = holds.end_hold(held, by=me(request), at=timezone.now())
    if not wait:
        return done(request, "The hold is ended. It had kept nothing back.", "hold")
    things = "One thing waits" if wait == 1 else f"{wait} things wait"
    return done(request, f"The hold is ended. {things} for you to look at before anything leaves.", "hold_review")


def _context(request: HttpRequest, wish: Wish) -> dict[str, Any]:
    at = timezone.now()
    waiting = Act.objects.filter(state="signed_off", review=None).select_related("channel").order_by("due_at")
    missed = Act.objects.filter(state="missed").select_related("channel").order_by("due_at")
    covered = listed(holds.held_acts(at=at).filter(review=None)[:SHOWN])
    active = list(holds.active())
    return {
        "wish": wish,
        "holds": [(held, named(held), _spared(held)) for held in active],
        "held": covered,
        "held_ids": {item.act.pk for item in covered},
        "missed": listed(missed[:SHOWN]),
        "next": listed(waiting[:8]),
        "to_review": review.waiting().count(),
        "crisis": crisis.under_way(),
        "may_declare": crisis.may_declare(me(request), at),
        "channels": Channel.objects.filter(state="live").order_by("name"),
        "campaigns": open_campaigns(),
        "kinds": KIND_WORDS.items(),
        "people": people(),
        "allowances": allowances.forecasts(at=at),
        "may": signs_off(me(request), at),
    }


def _spared(held: Hold) -> str:
    """Whose acts and which wordings go on, in words."""
    names = [person.name for person in people().filter(pk__in=held.people)]
    words = [f"What {' and '.join(names)} {'writes' if len(names) == 1 else 'write'} goes on."] if names else []
    words += ["The prepared statements go on."] if held.statements else []
    words += [f"{len(held.spared)} named acts go on."] if held.spared else []
    return " ".join(words)
