"""The calendar in other calendars: the feed itself, and the page where its addresses are made and revoked."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from gatepost.channels.models import Channel
from gatepost.publishing.campaigns import open_campaigns
from gatepost.publishing.feeds_out import as_ical, feed_of, make_feed, revoke_feed
from gatepost.publishing.models import CalendarFeed, Campaign
from gatepost.web.frame.given import number
from gatepost.web.frame.problems import ERRORS, done, refused
from gatepost.web.frame.who import me
from gatepost.web.permission import needs


@needs("anybody")
@require_safe
def calendar_feed(request: HttpRequest, secret: str) -> HttpResponse:
    """Whoever has the address reads it: other calendars sign in nowhere."""
    feed = feed_of(secret)
    if feed is None:
        raise Http404
    at = timezone.now()
    CalendarFeed.objects.filter(pk=feed.pk).update(last_used_at=at)
    body = as_ical(feed, desk=settings.PUBLIC_URL, zone=settings.TIME_ZONE, at=at)
    answer = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    answer["Cache-Control"] = "private, no-store"
    answer["Content-Disposition"] = 'inline; filename="gatepost.ics"'
    answer["X-Robots-Tag"] = "noindex"
    return answer


@needs("signed in")
@require_http_methods(["GET", "HEAD", "POST"])
def feeds(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return render(request, "calendar/feeds.html", _context(request))
    given, by, at = request.POST, me(request), timezone.now()
    try:
        if given.get("act") == "revoke":
            feed = get_object_or_404(CalendarFeed, pk=number(given.get("feed", "")))
            revoke_feed(feed, by=by, at=at)
            return done(request, f"The address for “{feed.title}” gives nothing any more.", "calendar_feeds")
        channel = Channel.objects.filter(pk=number(given.get("channel", ""))).first()
        campaign = Campaign.objects.filter(pk=number(given.get("campaign", ""))).first()
        feed, secret = make_feed(title=given.get("title", ""), channel=channel, campaign=campaign, by=by, at=at)
    except ERRORS as error:
        return refused(request, "calendar/feeds.html", _context(request), error, field="title")
    # shown in this very answer and kept nowhere
    link = settings.PUBLIC_URL + reverse("calendar_feed", args=[secret])
    return render(request, "calendar/feeds.html", {**_context(request), "link": link, "made": feed})


def _context(request: HttpRequest) -> dict[str, Any]:
    return {
        "feeds": CalendarFeed.objects.filter(person=me(request), revoked_at=None)
        .select_related("channel", "campaign")
        .order_by("-made_at"),
        "channels": Channel.objects.exclude(state="closed").order_by("practice", "name"),
        "campaigns": open_campaigns(),
        "given": request.POST.get("title", "") if request.method == "POST" else "",
    }
