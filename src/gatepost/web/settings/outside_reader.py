"""The outside reader: what would be sent and why, shown before it can be switched on; switching it on and off."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from gatepost.channels import outside_reader as actions
from gatepost.inbox.outside_reading import sent
from gatepost.people.authority import NotAllowed, signs_off
from gatepost.policy.outside import INSTRUCTION
from gatepost.rulebook.actions import in_force
from gatepost.web.frame.problems import ERRORS, Unclear, done, refused
from gatepost.web.frame.who import me
from gatepost.web.permission import needs

PAGE = "settings/outside_reader.html"
EXAMPLE = (
    "The boiler has been off for nine days and my mum is poorly. Ring me on 01632 960123 or write to "
    "casey@example.org. I am Casey Sample, flat 4, 18 Larch Close. @fernhill see https://example.org/photo"
)
LONGEST = 10_000


@needs("signed in")
@sensitive_post_parameters("key")
@require_http_methods(["GET", "HEAD", "POST"])
def outside_reader(request: HttpRequest) -> HttpResponse:
    try:
        actions.told(by=me(request), at=timezone.now())
    except NotAllowed as error:
        raise PermissionDenied(str(error)) from error
    if request.method != "POST":
        return render(request, PAGE, _context(request))
    given, by, at = request.POST, me(request), timezone.now()
    try:
        match given.get("act"):
            case "show":
                return render(request, PAGE, _context(request))
            case "on":
                reader = actions.switch_on(
                    base_url=given.get("address", ""),
                    model=given.get("model", ""),
                    key=given.get("key", ""),
                    allow_private=bool(given.get("allow_private")),
                    seen=bool(given.get("seen")),
                    by=by,
                    at=at,
                )
                return done(request, f"New messages also go to {reader.base_url} from now on.", "outside_reader")
            case "off":
                actions.switch_off(by=by, at=at)
                return done(request, "Nothing is sent any more. The key is forgotten.", "outside_reader")
        raise Unclear("The desk does not know what to do with that.")
    except ERRORS as error:
        return refused(request, PAGE, _context(request), error, title="Not switched", field="address")


def _context(request: HttpRequest) -> dict[str, Any]:
    person, at, given = me(request), timezone.now(), request.POST
    text = given.get("text", EXAMPLE)[:LONGEST]
    return {
        "reader": actions.in_use(),
        "may": person.is_admin or signs_off(person, at),
        "instruction": INSTRUCTION,
        "text": text,
        "sent": sent(text, in_force(at)),
        "address": given.get("address", ""),
        "model": given.get("model", ""),
        "allow_private": bool(given.get("allow_private")),
    }
