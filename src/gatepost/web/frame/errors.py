"""Pages for what cannot be shown: in the look, in plain words, each with a way out."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from gatepost.web.outage import server_error
from gatepost.web.permission import needs


def _page(request: HttpRequest, status: int, title: str, says: str, what: str) -> HttpResponse:
    if request.path.startswith("/api/"):
        return JsonResponse({"error": {"what": f"{title}. {says}", "clause": "", "mend": what}}, status=status)
    return render(request, "frame/error.html", {"title": title, "says": says, "what": what}, status=status)


@needs("anybody")
def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    says = "The desk could not read what was sent. Nothing has been changed or sent."
    return _page(request, 400, "That did not arrive whole", says, "Go back in your browser and try again.")


@needs("anybody")
def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    says = str(exception) or "You are signed in, but this page is not for you."
    return _page(request, 403, "You may not see this", says, "Ask an administrator of the desk if you need it.")


@needs("anybody")
def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    says = "There is nothing at this address. It may have been mistyped, or what was here has gone."
    return _page(request, 404, "Nothing here", says, "Start again from the front page.")


@needs("anybody")
def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without a valid token: the page was open since before sign-in, or cookies are turned off."""
    says = "The page was open for too long, or this browser keeps no cookies. Nothing has been changed or sent."
    return _page(request, 403, "This form is too old", says, "Go back, copy what you wrote, reload and send it again.")


__all__ = ["bad_request", "forbidden", "not_found", "server_error", "stale_form"]
