"""After a hold: each item it kept back, with what it says, and the four things that can become of it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from gatepost.gate import review
from gatepost.gate.models import Act
from gatepost.people.authority import signs_off
from gatepost.web.frame.acts import Listed, listed
from gatepost.web.frame.problems import ERRORS, Unclear, done, refused
from gatepost.web.frame.times import when
from gatepost.web.frame.who import me
from gatepost.web.hold.form import ends_at, named
from gatepost.web.permission import needs

SHOWN = 30


@dataclass(frozen=True, slots=True)
class Item:
    listed: Listed
    held_by: str
    late: bool

    @property
    def act(self) -> Act:
        return self.listed.act


@needs("signed in")
@require_http_methods(["GET", "HEAD", "POST"])
def look(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return render(request, "hold/review.html", _context(request))
    act = get_object_or_404(Act.objects.select_related("channel"), pk=_key(request.POST.get("item", "")))
    try:
        said = _decided(request, act)
    except ERRORS as error:
        context = {**_context(request), "wrong": act.pk, "given": request.POST}
        return refused(request, "hold/review.html", context, error, title="Not done", field=f"item-{act.pk}")
    return done(request, said, "hold_review" if review.waiting().exists() else "hold")


def _decided(request: HttpRequest, act: Act) -> str:
    at, by = timezone.now(), me(request)
    wish = request.POST.get("do", "")
    if wish == "keep":
        return f"Kept. It leaves {when(review.keep(act, by=by, at=at), at)}."
    if wish == "move":
        to = ends_at(request.POST.get("to", "")[:100], now=at, at=f"to-{act.pk}")
        if to is None:
            raise Unclear("Say to what day and time it is moved.", f"to-{act.pk}")
        review.move(act, to=to, by=by, at=at)
        return f"Moved to {when(to, at)}. It is to be signed off for that time."
    if wish == "rewrite":
        review.send_back(act, reason=request.POST.get("why", ""), by=by, at=at)
        return "Sent back to its author. Its sign-off is void."
    if wish == "withdraw":
        review.take_back(act, by=by, at=at)
        return "Withdrawn. It does not go out."
    raise Unclear("Choose one of the four: keep, move, send back or withdraw.")


def _key(given: str) -> UUID:
    try:
        return UUID(given)
    except ValueError as error:
        raise Http404 from error


def _context(request: HttpRequest) -> dict[str, object]:
    at = timezone.now()
    rows = list(review.waiting()[:SHOWN])
    return {
        "items": [
            Item(
                item, named(item.act.review) if item.act.review else "", bool(item.act.due_at and item.act.due_at < at)
            )
            for item in listed(rows)
        ],
        "count": review.waiting().count(),
        "may": signs_off(me(request), at),
    }
