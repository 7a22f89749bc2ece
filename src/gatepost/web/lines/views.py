"""Approved lines: what we say on a topic, who looks after it, what it said before, and what is at odds with it now."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from gatepost.channels.actions import reads_messages
from gatepost.people.authority import signs_off
from gatepost.people.models import User
from gatepost.policy.model import Line
from gatepost.publishing.contradictions import AtOdds, at_odds
from gatepost.rulebook.lines import current, end_line, save_line, value_of
from gatepost.rulebook.models import ApprovedLine, LineVersion
from gatepost.web.frame.places import address
from gatepost.web.frame.problems import ERRORS, done, problem
from gatepost.web.frame.who import me
from gatepost.web.lines.form import Form, of_request, of_version
from gatepost.web.permission import needs

SOON = timedelta(days=7)
REVIEW = timedelta(days=182)  # proposed for a new line


@needs("signed in")
@require_safe
def lines(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    rows = LineVersion.objects.filter(line__ended_at=None).select_related("line__owner")
    latest = sorted(rows.order_by("line_id", "-number").distinct("line_id"), key=lambda one: one.line.topic.casefold())
    context = {
        "lines": [(version, _review(version.line, today)) for version in latest],
        "ended": ApprovedLine.objects.exclude(ended_at=None).order_by("-ended_at")[:50],
        "may": signs_off(me(request), timezone.now()),
    }
    return render(request, "lines/lines.html", context)


def _review(line: ApprovedLine, today: date) -> str:
    """late, soon or ""."""
    if line.review_on <= today:
        return "late"
    return "soon" if line.review_on <= today + SOON else ""


@needs("signed in")
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    person, at = me(request), timezone.now()
    form = Form(owner=person.pk, review_on=(timezone.localdate() + REVIEW).isoformat())
    shown = None
    if request.method == "POST":
        form = of_request(request.POST)
        try:
            made = save_line(form.wanted(), by=person, at=at)
        except ERRORS as error:
            shown = problem(error, title="The line is not set yet", field="text")
        else:
            return done(request, _told(made), "line", made.pk)
    context = {"form": form, "people": _people(), "problem": shown, "may": signs_off(person, at)}
    return render(request, "lines/new.html", context, status=422 if shown else 200)


def _people() -> Any:
    return User.objects.filter(is_active=True).order_by("name")


def _told(line: ApprovedLine) -> str:
    odds = at_odds(_value(line), at=timezone.now())
    if not odds:
        return f"Our line on {line.topic} is set. Nothing planned or online is at odds with it."
    some = "1 text is" if len(odds) == 1 else f"{len(odds)} texts are"
    return f"Our line on {line.topic} is set. {some} at odds with it now: see below."


def _value(line: ApprovedLine) -> Line:
    return value_of(current(line), line.topic)


@needs("signed in")
@require_http_methods(["GET", "HEAD", "POST"])
def line(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(ApprovedLine.objects.select_related("owner"), pk=pk)
    person, at = me(request), timezone.now()
    form, shown = of_version(found, current(found)), None
    if request.method == "POST":
        try:
            if request.POST.get("do") == "end":
                end_line(found, by=person, at=at)
                return done(request, f"Nobody is held to the line on {found.topic} any more.", "lines")
            form = of_request(request.POST)
            saved = save_line(form.wanted(), by=person, at=at, line=found)
        except ERRORS as error:
            shown = problem(error, title="The line is not changed yet", field="text")
        else:
            return done(request, _told(saved), "line", pk)
    return render(request, "lines/line.html", _one(request, found, form, shown), status=422 if shown else 200)


def _one(request: HttpRequest, found: ApprovedLine, form: Form, shown: Any) -> dict[str, Any]:
    at = timezone.now()
    versions = list(found.versions.select_related("by"))
    # Replies and their words are shown to those who may read what they answer.
    reader = reads_messages(me(request), at)
    odds = at_odds(_value(found), at=at) if found.ended_at is None and reader else []
    return {
        "line": found,
        "now": versions[0],
        "versions": versions,
        "review": _review(found, timezone.localdate()),
        "odds": [(one, _address(one)) for one in odds],
        "reader": reader,
        "form": form,
        "people": _people(),
        "problem": shown,
        "may": signs_off(me(request), at) and found.ended_at is None,
    }


def _address(one: AtOdds) -> str:
    if one.post is not None:
        return address("write_edit", one.post)
    return address("archive_item" if one.where == "online" else "sign_off_act", one.act)
