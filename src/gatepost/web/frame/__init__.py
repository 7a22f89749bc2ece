"""The frame of every page: what its bar, navigation, hold line and foot show."""

from __future__ import annotations

from typing import Any

from django.db import DatabaseError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from gatepost.web.frame.facts import Facts, facts_of
from gatepost.web.frame.places import places_of


def facts(request: HttpRequest) -> Facts:
    """The facts of the frame, asked for once in a request."""
    known: Facts | None = getattr(request, "gatepost_facts", None)
    if known is None:
        try:
            known = facts_of(request, timezone.now())
        except DatabaseError:  # an error page must not fail over its own frame
            known = Facts()
        request.gatepost_facts = known  # type: ignore[attr-defined]  # a note on the request
    return known


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context of every template: `frame` (facts, asked for only when shown), `places`, `now`, and `base_page`, which
    a page with live parts extends: its content alone when that is asked for (js/live.js)."""
    return {
        "frame": SimpleLazyObject(lambda: facts(request)),
        "places": SimpleLazyObject(lambda: places_of(request)),
        "now": timezone.now(),
        "base_page": "frame/live.html" if "live" in request.GET else "frame/base.html",
    }
