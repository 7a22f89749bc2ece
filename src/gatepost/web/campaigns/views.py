"""Campaigns: the plan, what it costs, the posts of it, and how it ended."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from gatepost.channels.models import Channel
from gatepost.gate.models import Act
from gatepost.networks.limits import listens_only
from gatepost.people.authority import signs_off
from gatepost.publishing.campaigns import bring_back, close_campaign, delete_campaign, rests_on, save_campaign
from gatepost.publishing.models import Campaign, CampaignFigure, CampaignPart, Post
from gatepost.publishing.planner import time_of, title_of
from gatepost.publishing.results import course_of
from gatepost.rulebook.actions import in_force
from gatepost.web.campaigns.chart import said
from gatepost.web.campaigns.form import Form, of_campaign, of_request, plain
from gatepost.web.frame.places import address
from gatepost.web.frame.problems import ERRORS, Problem, done, problem
from gatepost.web.frame.who import me
from gatepost.web.permission import needs

MOST = 500  # posts of one campaign that are listed
KINDS = tuple(CampaignPart._meta.get_field("kind").choices or ())


def standing(campaign: Campaign, today: date) -> str:
    """Where it stands, in a word."""
    if campaign.put_away_at is not None:
        return "Put away"
    if campaign.closed_at is not None:
        return "Closed"
    if today < campaign.begins:
        return "To come"
    return "Over" if today > campaign.ends else "Running"


@needs("signed in")
@require_safe
def campaigns(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    counting = Prefetch("figures", CampaignFigure.objects.filter(what="measure", taken_out_at=None))
    rows = Campaign.objects.select_related("owner").prefetch_related("posts", counting)
    listed = [
        (one, standing(one, today), len(one.posts.all()), said(one, course_of(one, one.figures.all())))
        for one in rows.order_by("-begins", "name")[:300]
    ]
    context = {
        "open": [row for row in listed if row[0].closed_at is None and row[0].put_away_at is None],
        "closed": [row for row in listed if row[0].closed_at is not None and row[0].put_away_at is None],
        "away": [row[0] for row in listed if row[0].put_away_at is not None],
    }
    return render(request, "campaigns/campaigns.html", context)


@needs("signed in")
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    found = get_object_or_404(Campaign, pk=pk) if pk is not None else None
    form = of_campaign(found) if found else Form(begins=timezone.localdate().isoformat())
    shown = None
    if request.method == "POST":
        form = of_request(request.POST)
        try:
            saved = save_campaign(form.plan(), by=me(request), at=timezone.now(), campaign=found)
        except ERRORS as error:
            shown = problem(error, title="The campaign is not kept yet", field="name")
        else:
            return done(request, f"The plan of {saved.name} is kept.", "campaign", saved.pk)
    context = {
        "campaign": found,
        "form": form,
        "kinds": KINDS,
        "channels": Channel.objects.exclude(state="closed")
        .exclude(network__in=listens_only())
        .order_by("practice", "name"),
        "audiences": in_force(timezone.now()).audiences,
        "problem": shown,
    }
    return render(request, "campaigns/edit.html", context, status=422 if shown else 200)


@needs("signed in")
@require_http_methods(["GET", "HEAD", "POST"])
def campaign(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Campaign.objects.select_related("owner"), pk=pk)
    if request.method != "POST":
        return render(request, "campaigns/campaign.html", _one(request, found))
    person, at = me(request), timezone.now()
    try:
        if request.POST.get("do") == "delete":
            why = rests_on(found)
            if delete_campaign(found, by=person, at=at):
                said = f"{found.name} is put away. {why} Its posts, figures and costs stay, and it can be brought back."
                return done(request, said, "campaign", pk)
            return done(request, f"{found.name} is deleted. Its drafts stay, without a campaign.", "campaigns")
        if request.POST.get("do") == "bring_back":
            bring_back(found, by=person, at=at)
            return done(request, f"{found.name} is back, as it was.", "campaign", pk)
        close_campaign(found, outcome=request.POST.get("outcome", ""), by=person, at=at)
    except ERRORS as error:
        shown = problem(error, title="This could not be done", field="outcome")
        return render(request, "campaigns/campaign.html", _one(request, found, shown), status=422)
    return done(request, f"{found.name} is closed. What came of it is kept.", "campaign", pk)


def _one(request: HttpRequest, found: Campaign, shown: Problem | None = None) -> dict[str, Any]:
    parts = list(found.parts.select_related("channel"))
    spent = [part.spent for part in parts if part.spent is not None]
    names = {audience.id: audience.title for audience in in_force(timezone.now()).audiences}
    return {
        "campaign": found,
        "stands": standing(found, timezone.localdate()),
        "parts": parts,
        "planned": sum((part.cost for part in parts), Decimal(0)),
        "spent": sum(spent, Decimal(0)) if spent else None,
        "baseline": plain(found.baseline),
        "target": plain(found.target),
        "audiences": [names.get(one, one) for one in found.audiences],
        "posts": posts_of(found),
        "said": said(found, course_of(found, found.figures.filter(taken_out_at=None))),
        "may_delete": signs_off(me(request), timezone.now()),
        "rests_on": rests_on(found),
        "outcome": request.POST.get("outcome", "") if shown else "",
        "problem": shown,
    }


def posts_of(found: Campaign) -> list[tuple[Post, str, str, list[Act], Any]]:
    """Its posts, latest first: with title, address, acts, and the time of the first."""
    posts = list(found.posts.prefetch_related("variants").order_by("-changed_at")[:MOST])
    subjects = {variant.subject: post.pk for post in posts for variant in post.variants.all()}
    acts: dict[int, list[Act]] = {}
    rows = Act.objects.filter(subject__in=subjects, kind="publish").select_related("channel").order_by("created_at")
    for act in rows:
        acts.setdefault(subjects[act.subject], []).append(act)
    listed = []
    for post in posts:
        mine = acts.get(post.pk, [])
        page = address("post" if mine else "write_edit", post.pk)
        listed.append((post, title_of(post), page, mine, time_of(mine[0]) if mine else post.not_before))
    return listed
