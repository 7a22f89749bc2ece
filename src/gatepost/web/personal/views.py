"""People's data: whom somebody asks about, what was found, the request, its file, and erasing.

What somebody is known by comes in the body of a form and goes back in the page: it is in no address and in no log.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gatepost.inbox.personal import requests
from gatepost.inbox.personal.bundle import hand_over
from gatepost.inbox.personal.erasing import counted, on_their_way
from gatepost.inbox.personal.finding import KINDS
from gatepost.inbox.personal.finding import find as looked_for
from gatepost.inbox.personal.holds import in_force as holds_in_force
from gatepost.inbox.personal.retention import preview
from gatepost.inbox.personal_models import PersonRequest
from gatepost.ledger.models import Line
from gatepost.web.frame.given import day_of, number
from gatepost.web.frame.lines import spoken
from gatepost.web.frame.problems import ERRORS, Unclear, done, refused
from gatepost.web.frame.who import me
from gatepost.web.permission import needs

HINTS = {
    "account": "A handle, a number, or the address of a profile",
    "name": "As they call themselves, or as others write it",
    "number": "However it is written: spaces and +44 do not matter",
    "email": "Theirs, or as others write it",
}
ENDED = 20


@needs("officer")
@require_safe
def personal(request: HttpRequest) -> HttpResponse:
    return render(request, "personal/personal.html", _front())


def _front() -> dict[str, Any]:
    now = timezone.now()
    return {
        "fields": _fields({}),
        "waiting": requests.waiting(at=now),
        "ended": PersonRequest.objects.filter(state__in=("erased", "closed")).order_by("-ended_at")[:ENDED],
        "told": preview(at=now),
        "holds": holds_in_force(),
    }


def _fields(given: Mapping[str, str]) -> list[dict[str, str]]:
    return [
        {"kind": kind, "title": title, "hint": HINTS[kind], "value": given.get(kind, "")}
        for kind, title in KINDS.items()
    ]


def _known(request: HttpRequest) -> dict[str, str]:
    return {kind: request.POST.get(kind, "").replace("\x00", "")[:400].strip() for kind in KINDS}


@needs("officer")
@require_POST
def find(request: HttpRequest) -> HttpResponse:
    """Looks for somebody, and from what was found begins a request."""
    known, at, by = _known(request), timezone.now(), me(request)
    begin = request.POST.get("act") == "begin"
    try:
        found = looked_for(known) if begin else requests.look_for(known, by=by, at=at)
    except ERRORS as error:
        return refused(request, "personal/personal.html", {**_front(), "fields": _fields(known)}, error)
    context = {
        "fields": _fields(known),
        "known": {kind: value for kind, value in known.items() if value},
        "found": found,
        "chosen": request.POST.getlist("contact") if begin else [str(one.contact.pk) for one in found.accounts[:1]],
        "mentions_chosen": request.POST.getlist("mention"),
        "given": request.POST,
        "today": timezone.localdate().isoformat(),
    }
    if not begin:
        return render(request, "personal/found.html", context)
    try:
        made = requests.ask(
            kind=request.POST.get("kind", ""),
            known_by=known,
            identity=request.POST.get("identity", ""),
            received_on=day_of(request.POST.get("received_on", ""), "received_on"),
            contacts=[number(one) for one in request.POST.getlist("contact")],
            mentions=request.POST.getlist("mention"),
            by=by,
            at=at,
        )
    except ERRORS as error:
        return refused(request, "personal/found.html", context, error)
    words = f"Request {made.pk} is begun. Until when it is to be answered stands beside its title."
    return done(request, words, "peoples_data_request", made.pk)


@needs("officer")
@require_http_methods(["GET", "HEAD", "POST"])
def request_page(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(PersonRequest, pk=pk)
    if request.method != "POST":
        return render(request, "personal/request.html", _one(found))
    at, by, given = timezone.now(), me(request), request.POST
    try:
        match given.get("act"):
            case "choose":
                requests.choose(
                    found,
                    contacts=[number(one) for one in given.getlist("contact")],
                    mentions=given.getlist("mention"),
                    identity=given.get("identity", ""),
                    by=by,
                    at=at,
                )
                said = "Kept."
            case "erase":
                keep = bool(given.get("keep_evidence"))
                ended = requests.erase(found, keep_evidence=keep, sure=bool(given.get("sure")), by=by, at=at)
                said = ended.says
            case "close":
                requests.close(found, because=given.get("because", ""), by=by, at=at)
                said = "The request has ended. What the person is known by is forgotten."
            case _:
                raise Unclear("The desk does not know what to do with that.")
    except ERRORS as error:
        found.refresh_from_db()
        return refused(request, "personal/request.html", {**_one(found), "given": given}, error)
    return done(request, said, "peoples_data_request", pk)


def _one(found: PersonRequest) -> dict[str, Any]:
    open_ = found.state in ("open", "exported")
    messages = requests.messages_of(found) if open_ else []
    again = looked_for(found.known_by) if open_ else None
    return {
        "one": found,
        "open": open_,
        "again": again,
        "chosen": [str(pk) for pk in found.contacts],
        "mentions_chosen": found.mentions,
        "known": [(KINDS[kind], value) for kind, value in found.known_by.items()],
        "theirs": len(messages),
        "counts": [(title, count) for title, count in counted(messages).items() if count],
        "going": len(on_their_way(messages)),
        "spared": requests.spared(found) if open_ else 0,
        "history": spoken(Line.objects.filter(subject=found.subject).order_by("-id")[:20]),
    }


@needs("officer")
@require_POST
def file(request: HttpRequest, pk: int) -> HttpResponse:
    """The file for the person, made now; the desk keeps none."""
    found = get_object_or_404(PersonRequest, pk=pk)
    try:
        body = hand_over(found, by=me(request), at=timezone.now())
    except ERRORS as error:
        return refused(request, "personal/request.html", _one(found), error)
    answer = HttpResponse(body, content_type="application/zip")
    answer["Content-Disposition"] = f'attachment; filename="request-{found.pk}.zip"'
    answer["Cache-Control"] = "no-store"
    return answer
