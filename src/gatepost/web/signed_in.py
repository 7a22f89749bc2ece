"""Holds every view to what it names: a view that names nothing is shown to nobody. What only shows asks for the policy
once."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone

from gatepost.channels.actions import require_reader
from gatepost.inbox.personal.officer import require_officer
from gatepost.people.authority import NotAllowed
from gatepost.rulebook.asked_once import asked_once
from gatepost.web.frame.who import me


class SignedInMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with asked_once() if request.method in ("GET", "HEAD") else nullcontext():
            return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        needs = getattr(view, "needs", "nobody")
        if needs in ("anybody", "signature"):
            return None
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if needs in ("reader", "officer"):
            try:
                (require_reader if needs == "reader" else require_officer)(me(request), timezone.now())
            except NotAllowed as error:
                raise PermissionDenied(str(error)) from error
            return None
        if needs == "signed in" or (needs == "administrator" and request.user.is_admin):
            return None
        raise PermissionDenied("This page is for administrators of the desk.")
