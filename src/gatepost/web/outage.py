"""What people see while the database is away: what is wrong, that nothing is lost, and what to do.

Two ways lead here: errors in views reach the middleware; errors before or after the view reach Django's handler for
status 500, which is `server_error`.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

import psycopg
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.templatetags.static import static
from django.utils.html import escape

PAGE = """<!DOCTYPE html>
<html lang="en-GB" class="govuk-template"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
<title>{title} - Gatepost</title><link rel="stylesheet" href="{css}"></head>
<body class="govuk-template__body gp"><main class="gp-page" id="main">
<div class="gp-head"><div><h1>{title}</h1><p class="gp-head__lead">{wrong}</p></div></div>
<p class="gp-gap-above">{lost}</p>
<p class="gp-buttons gp-gap-above"><a class="govuk-button" href="{again}">Try again</a></p></main></body></html>
"""
LOST = (
    "Nothing that was saved is lost, and nothing goes out meanwhile. What you had just typed may not be saved: "
    "go back in your browser to copy it."
)


def reason(error: BaseException | None) -> tuple[str, str] | None:
    """A title and a sentence for an outage of the database; None for any other error."""
    if not isinstance(error, (OperationalError, InterfaceError)):
        return None
    cause = error.__cause__
    code = (cause.sqlstate if isinstance(cause, psycopg.Error) else None) or ""
    if code == "53100":
        return "The disk is full", "The database has no room left on its disk. Whoever runs the desk must make room."
    if code == "53300":
        return "The desk is very busy", "The database has no free connection. Try again in a moment."
    if code and not code.startswith(("08", "57P")):
        return "The desk could not finish this", "The database gave up on this request. Try again in a moment."
    wrong = (
        "The desk cannot reach its database and tries again by itself. If this lasts longer than a minute, "
        "whoever runs the desk should look at `gatepost doctor`."
    )
    return "The database does not answer", wrong


def outage_page(request: HttpRequest, title: str, wrong: str) -> HttpResponse:
    """The 503 answer: JSON for programs, of the shape of the API's errors; a page for people."""
    response: HttpResponse
    if request.path.startswith("/api/") or "application/json" in request.headers.get("Accept", ""):
        response = JsonResponse({"error": {"what": f"{title}. {wrong}", "clause": "", "mend": LOST}}, status=503)
    else:
        again = request.get_full_path() if request.method == "GET" else request.path
        page = PAGE.format(
            title=escape(title), wrong=escape(wrong), lost=escape(LOST), css=static("gatepost.css"), again=escape(again)
        )
        response = HttpResponse(page, status=503)
    response["Retry-After"] = "5"
    response["Cache-Control"] = "no-store"
    return response


class OutageMiddleware:
    """Turns an unreachable database into a page that says so. Stands first in MIDDLEWARE."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        why = reason(exception)
        return outage_page(request, *why) if why else None


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's handler for errors nobody caught (`handler500` in web/urls.py)."""
    if why := reason(sys.exc_info()[1]):
        return outage_page(request, *why)
    wrong = "Something went wrong that the desk did not foresee. It is in the desk's log with the time."
    response = outage_page(request, "The desk made a mistake", wrong)
    response.status_code = 500
    del response["Retry-After"]
    return response
