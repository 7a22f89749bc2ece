"""Errors of the actions as an error summary, with what the person wrote still in the form.

try:
    holds.hold(reason=..., by=request.user, at=now)
except ERRORS as error:
    return refused(request, "hold/hold.html", {"reason": reason}, error, field="reason")
return done(request, "Everything is held.", "hold")
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from gatepost.calls.refusals import REFUSALS
from gatepost.gate.checking import Stopped


class Unclear(Exception):
    """What a person typed cannot be read; `field` is the id of the field it stands in."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


ERRORS = (Unclear, *REFUSALS)


@dataclass(frozen=True, slots=True)
class Line:
    text: str
    field: str = ""  # id of the field it leads to
    clause: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """What the error summary shows. Lines with a field are shown beside that field too: {{ problem.at.reason }}."""

    title: str
    lines: tuple[Line, ...]

    @property
    def at(self) -> dict[str, str]:
        """The first line of each field."""
        return {line.field: line.text for line in reversed(self.lines) if line.field}


def problem(error: Exception, *, title: str = "There is a problem", field: str = "") -> Problem:
    """`field` is the id of the form's field that mends it, when the error does not say."""
    if isinstance(error, Stopped):
        found = (Line(f"{item.message} {item.mend}".strip(), field, item.clause) for item in error.findings)
        return Problem(title, tuple(found))
    own = getattr(error, "field", "")
    return Problem(title, (Line(str(error), own or field, getattr(error, "clause", "")),))


def refused(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any],
    error: Exception,
    *,
    title: str = "There is a problem",
    field: str = "",
) -> HttpResponse:
    """The page again, status 422, with the error summary on top (frame/base.html shows `problem`)."""
    shown = problem(error, title=title, field=field)
    return render(request, template, {**context, "problem": shown}, status=422)


def done(request: HttpRequest, words: str, to: str, *args: Any) -> HttpResponse:
    """After an act: back to a page by its URL name (303), which says in a status line what was done."""
    messages.success(request, words)
    return see(reverse(to, args=args))


def see(url: str) -> HttpResponse:
    """A redirect that is always followed by GET."""
    response = HttpResponseRedirect(url)
    response.status_code = 303
    return response
