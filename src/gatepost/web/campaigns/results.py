"""What came of a campaign: the count over time, what each way and each post brought, figures typed in."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from gatepost.people.authority import NotAllowed
from gatepost.publishing.campaigns import require_planner
from gatepost.publishing.models import Campaign, CampaignFigure, CampaignPart
from gatepost.publishing.results import Results, Way, add_figure, put_back, results_of, take_out
from gatepost.web.campaigns.chart import bars, counted, lines, said
from gatepost.web.campaigns.form import number_of
from gatepost.web.frame.given import day_of, number
from gatepost.web.frame.problems import ERRORS, Problem, Unclear, done, problem
from gatepost.web.frame.who import me
from gatepost.web.permission import needs

SHOWN = 100  # posts on the page; the table to take away has all that are counted


@needs("signed in")
@require_http_methods(["GET", "HEAD", "POST"])
def results(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Campaign.objects.select_related("owner"), pk=pk)
    if request.method != "POST":
        return render(request, "campaigns/results.html", _page(request, found))
    person, at = me(request), timezone.now()
    try:
        if request.POST.get("do") in ("out", "back"):
            wanted = number(request.POST.get("figure", ""))
            figure = get_object_or_404(CampaignFigure, pk=wanted, campaign=found)
            if request.POST["do"] == "out":
                take_out(figure, by=person, at=at)
                return done(
                    request, "The figure counts no longer. It stays below, to be put back.", "campaign_results", pk
                )
            put_back(figure, by=person, at=at)
            return done(request, "The figure counts again.", "campaign_results", pk)
        what, part = _counted(found, request.POST.get("what", ""))
        value = number_of(request.POST.get("value", "")[:40], "value")
        if value is None:
            raise Unclear("Give the figure in digits, for example 1,200.", "value")
        on = day_of(request.POST.get("on", "")[:20], "on")
        source = request.POST.get("source", "")[:300]
        add_figure(found, what=what, value=value, on=on, source=source, by=person, at=at, part=part)
    except ERRORS as error:
        shown = problem(error, title="The figure is not kept yet", field="value")
        return render(request, "campaigns/results.html", _page(request, found, shown), status=422)
    return done(request, "The figure is kept.", "campaign_results", pk)


def _counted(found: Campaign, given: str) -> tuple[str, CampaignPart | None]:
    """ "measure", or "brought:12" with the number of a part. Raises Unclear."""
    what, _, part = given.partition(":")
    if what == "measure" and not part:
        return what, None
    mine = found.parts.filter(pk=number(part)).first()
    if mine is None:
        raise Unclear("Choose what the figure counts.", "what")
    return what, mine


def _page(request: HttpRequest, found: Campaign, shown: Problem | None = None) -> dict[str, Any]:
    got = results_of(found)
    given = request.POST if shown else {}
    today = timezone.localdate()
    return {
        "campaign": found,
        "got": got,
        "said": said(found, got.course),
        "line": lines(found, got.course, today),
        "brought": bars([(way.title, way.brought) for way in got.ways]),
        "responses": bars([(way.title, way.responses) for way in got.ways]),
        "posts": got.posts[:SHOWN],
        "left_out": max(len(got.posts) - SHOWN, 0),
        "followed": any(one.followed is not None for one in got.posts),
        "counts": _choices(found, got),
        "may": _may(request),
        "what": given.get("what", ""),
        "value": given.get("value", ""),
        "on": given.get("on", today.isoformat()),
        "source": given.get("source", ""),
        "problem": shown,
        "per_result": counted(got.per_result),
        "silent": [way for way in got.ways if way.posts and not way.told],
    }


def _choices(found: Campaign, got: Results) -> list[tuple[str, str]]:
    """What a figure can be of: the count itself, and for each part of the mix whom it reached and what it brought."""
    ways: list[Way] = [way for way in got.ways if way.parts]
    choices = [("measure", f"Where the count stands: {found.measure}")] if found.measure else []
    for way in ways:
        for part in way.parts:
            choices.append((f"brought:{part.pk}", f"{part.title}: brought"))
            choices.append((f"reached:{part.pk}", f"{part.title}: people reached"))
    return choices


def _may(request: HttpRequest) -> bool:
    try:
        require_planner(me(request), timezone.now())
    except NotAllowed:
        return False
    return True
