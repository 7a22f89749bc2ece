"""The frame of every page: what its bar, navigation, hold line and foot show."""

from __future__ import annotations

from typing import Any

from django.db import DatabaseError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from gatepost.web.frame.facts import Facts, facts_of
from gatepost.web.frame.places import places_of


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context of every template: `frame` (facts, asked for once and only when shown), `places`, `now`."""
    now = timezone.now()

    def facts() -> Facts:
        try:
            return facts_of(request, now)
        except DatabaseError:  # an error page must not fail over its own frame
            return Facts()

    return {
        "frame": SimpleLazyObject(facts),
        "places": SimpleLazyObject(lambda: places_of(request)),
        "now": now,
    }
