"""For people outside: the rules of the house, what was decided against them by its reference, and asking for a review.

No account, no name, no address. What they wrote on the network is not shown: a reference may have been overheard.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from allauth.core.internal import ratelimit
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from gatepost.inbox import appeals
from gatepost.inbox.appeals import AppealError
from gatepost.inbox.models import Ruling
from gatepost.policy.model import Clause
from gatepost.policy.pack import Pack
from gatepost.policy.strikes import ladder, process_of
from gatepost.rulebook.actions import in_force
from gatepost.web.frame.problems import refused, see
from gatepost.web.permission import needs

LOOKS = {"review": "30/h/ip"}
ASKS = {"review_ask": "5/d/ip"}
DID = {
    "hide": "hid what you wrote",
    "remove": "removed what you wrote",
    "warn": "warned you",
    "block": "blocked your account",
    "mute": "limited your account",
    "report": "reported what you wrote to the network",
    "close": "closed the comments under a post",
}


@needs("anybody")
@require_http_methods(["GET", "HEAD", "POST"])
def review(request: HttpRequest) -> HttpResponse:
    """What we take away and what stays; and the way in with a reference."""
    at = timezone.now()
    context = _house(at)
    if request.method != "POST":
        return render(request, "review/house.html", context)
    given = request.POST.get("reference", "").strip()[:40]
    try:
        return see(reverse("review_one", args=[_looked_up(request, given).reference_shown]))
    except AppealError as error:
        return refused(request, "review/house.html", {**context, "given": given}, error, field="reference")


@needs("anybody")
@require_http_methods(["GET", "HEAD", "POST"])
def review_one(request: HttpRequest, reference: str) -> HttpResponse:
    """One decision, to whoever has its reference."""
    at = timezone.now()
    try:
        ruling = _looked_up(request, reference)
    except AppealError as error:
        return refused(request, "review/house.html", {**_house(at), "given": reference[:40]}, error, field="reference")
    if request.method != "POST":
        return render(request, "review/decision.html", _context(ruling, at))
    words = request.POST.get("words", "")
    try:
        if not ratelimit.consume(request, app="gatepost", action="review_ask", config=ASKS):
            raise AppealError("Too many reviews were asked for from here today. Try again tomorrow, or write to us.")
        appeals.ask(ruling, words, at=at)
    except AppealError as error:
        context = {**_context(ruling, at), "words": words[: appeals.LONGEST + 1]}
        return refused(request, "review/decision.html", context, error, field="words")
    return see(request.path)


def _looked_up(request: HttpRequest, reference: str) -> Ruling:
    """Raises AppealError. Only wrong references are counted, so that many people behind one address can look theirs up;
    after too many, none is looked up from there for a while."""
    found = appeals.found(reference) if _counted(request, dry_run=True) else None
    if found is None and not _counted(request):
        raise AppealError("Too many wrong references were tried from here. Wait an hour, then try again.")
    if found is None:
        raise AppealError("We know no decision with this reference. Check it letter by letter: it has ten.")
    return found


def _counted(request: HttpRequest, *, dry_run: bool = False) -> bool:
    usage = ratelimit.consume(request, app="gatepost", action="review", config=LOOKS, dry_run=dry_run, limit_get=True)
    return bool(usage is not None)


def _context(ruling: Ruling, at: datetime) -> dict[str, Any]:
    pack = in_force(at)
    process = process_of(pack)
    appeal = getattr(ruling, "appeal", None)
    return {
        "organisation": pack.organisation,
        "ruling": ruling,
        "did": DID[ruling.kind],
        "clause_in_full": _clause(pack, ruling.clause),
        "appeal": appeal,
        "why_not": "" if appeal else appeals.why_not(ruling, process, at),
        "within": process.within,
        "restored": ruling.lifted_at is not None and ruling.kind == "hide",
    }


def _clause(pack: Pack, name: str) -> Clause | None:
    return pack.clause(name) if name in pack.numbers else None


def _name(rule: str) -> str:
    return rule.replace("_", " ").capitalize()


def _house(at: datetime) -> dict[str, Any]:
    pack = in_force(at)
    taken = [rule for rule in pack.rules if rule.then.moderate != "none"]
    return {
        "organisation": pack.organisation,
        "title": pack.title,
        "rules": [(_name(rule.id), rule.then.moderate, _clause(pack, rule.clause)) for rule in taken],
        "criticism": pack.clause_about("lawful_speech"),
        "ladder": ladder(pack),
        "process": process_of(pack),
    }
