"""A campaign as a table to take away: the plan, the mix, the posts, and what came of all of it."""

from __future__ import annotations

import csv
import io

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe

from gatepost.publishing.archive_files import plain_cell
from gatepost.publishing.models import Campaign
from gatepost.publishing.planner import time_of
from gatepost.publishing.results import results_of
from gatepost.web.campaigns.form import plain
from gatepost.web.campaigns.views import posts_of
from gatepost.web.permission import needs


@needs("signed in")
@require_safe
def table(request: HttpRequest, pk: int) -> HttpResponse:
    """The campaign as CSV: the plan, the mix with its cost, the posts with where they stand, the results."""
    found = get_object_or_404(Campaign.objects.select_related("owner"), pk=pk)
    out = io.StringIO()
    rows = csv.writer(out)

    def put(*cells: object) -> None:
        rows.writerow([plain_cell("" if cell is None else str(cell)) for cell in cells])

    put("Campaign", found.name)
    put("Goal", found.goal)
    put("From", found.begins)
    put("To", found.ends)
    put("Counted", found.measure)
    put("Before", plain(found.baseline))
    put("Target", plain(found.target))
    put("For", ", ".join(found.audiences))
    put("Outcome", found.outcome)
    put()
    put("Part", "What", "Channel", "Day", "Planned cost (£)", "Spent (£)")
    for part in found.parts.select_related("channel"):
        put(part.get_kind_display(), part.title, part.channel or "", part.on, plain(part.cost), plain(part.spent))
    put()
    put("Post", "Channel", "Stands", "Time", "Address")
    for _post, title, _url, acts, moment in posts_of(found):
        if not acts:
            put(title, "", "Draft", timezone.localtime(moment).isoformat() if moment else "", "")
        for act in acts:
            at = time_of(act)
            when = timezone.localtime(at).isoformat() if at else ""
            put(title, act.channel.name, act.get_state_display(), when, act.permalink)
    got = results_of(found)
    put()
    put("Way", "Posts", "Responses", "Views", "Link followed", "Reached", "Brought", "Cost (£)", "Of it planned only")
    for way in got.ways:
        posts = way.posts if way.kind == "channel" else ""
        told = (way.title, posts, way.responses, way.views, way.followed, plain(way.reached), plain(way.brought))
        put(*told, plain(way.cost), "yes" if way.planned else "")
    put()
    names = sorted({name for one in got.posts for name in one.counts})
    put(
        "Published",
        "Channel",
        "Sent",
        "Responses",
        *(name.capitalize() for name in names),
        "Link followed",
        "Looked at",
    )
    for one in got.posts:
        counts = (one.counts.get(name) for name in names)
        seen = timezone.localtime(one.seen_at).isoformat() if one.seen_at else ""
        sent = timezone.localtime(one.sent_at).isoformat()
        put(one.title, one.channel_name, sent, one.responses, *counts, one.followed, seen)
    put()
    put("Figure of", "What", "Day", "Figure", "From", "Noted by")
    for figure in reversed(got.figures):
        what = figure.part.title if figure.part else found.measure
        put(what, figure.get_what_display(), figure.on, plain(figure.value), figure.source, figure.by.name)
    answer = HttpResponse(out.getvalue().encode("utf-8-sig"), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="campaign-{found.pk}.csv"'
    return answer
