"""A person's passkeys for signing off: registering one on this device, and taking one away."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from gatepost.people import passkeys as actions
from gatepost.people.models import Passkey
from gatepost.web.frame.given import number
from gatepost.web.frame.problems import ERRORS, Unclear, done, refused
from gatepost.web.frame.who import me
from gatepost.web.permission import needs

STATE = "passkey.state"


def _host(request: HttpRequest) -> str:
    return request.get_host().partition(":")[0]


@needs("signed in")
@require_http_methods(["GET", "HEAD", "POST"])
def passkeys(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return render(request, "settings/passkeys.html", _context(request))
    person, at = me(request), timezone.now()
    try:
        match request.POST.get("act"):
            case "register":
                state = request.session.pop(STATE, None)
                if state is None:
                    raise Unclear("This page had been open for too long. Try again.")
                made = actions.register(
                    person,
                    request.POST.get("passkey", ""),
                    state=state,
                    host=_host(request),
                    title=request.POST.get("title", ""),
                    by=person,
                    at=at,
                )
                return done(
                    request, f"The passkey “{made.title}” is registered. Sign off with it from now on.", "passkeys"
                )
            case "revoke":
                key = get_object_or_404(Passkey, pk=number(request.POST.get("key", "")), person=person)
                actions.revoke(key, by=person, at=at)
                return done(request, f"The passkey “{key.title}” signs nothing any more.", "passkeys")
        raise Unclear("The desk does not know what to do with that.")
    except ERRORS as error:
        return refused(request, "settings/passkeys.html", _context(request), error)


def _context(request: HttpRequest) -> dict[str, Any]:
    host = _host(request)
    possible = actions.possible(host, secure=request.is_secure())
    asked = ""
    if possible:
        options, request.session[STATE] = actions.begin(me(request), host=host)
        asked = json.dumps(options)
    rows = Passkey.objects.filter(person=me(request), revoked_at=None).order_by("-created_at")
    return {"keys": rows, "possible": possible, "asked": asked, "host": host}
