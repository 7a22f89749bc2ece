"""Keep: what was published, found by its words; one item with all that is known; what is still online; copies."""

from __future__ import annotations

import json
from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.http.request import QueryDict
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from gatepost.channels.models import Channel
from gatepost.gate.models import Published
from gatepost.gate.published import still_online
from gatepost.publishing.archive import LISTED, Wanted, campaigns_kept, found, listed, seen_of
from gatepost.publishing.archive_copy import copy_in_pieces, key_words
from gatepost.publishing.archive_files import SUFFIX, Format
from gatepost.publishing.models import ArchivedEvent, ArchivedItem
from gatepost.web.frame.given import number
from gatepost.web.frame.history import history_of
from gatepost.web.frame.problems import Unclear, refused
from gatepost.web.frame.who import me
from gatepost.web.permission import needs

SHOWN = 40
AT_ONCE = 20_000  # items of a copy taken by the browser; more by the command
KINDS = {"publish": "Posts", "reply": "Replies"}


def _day(given: str) -> date | None:
    try:
        day = date.fromisoformat(given[:10]) if given else None
    except ValueError:
        return None
    return day if day is None or 1900 <= day.year < 2200 else None


def wanted_of(given: QueryDict) -> Wanted:
    kind = given.get("kind", "")
    return Wanted(
        words=given.get("words", "").replace("\x00", "")[:200],
        channel=number(given.get("channel", "")),
        campaign=number(given.get("campaign", "")),
        first=_day(given.get("first", "")),
        last=_day(given.get("last", "")),
        kind=kind if kind in KINDS else "",
    )


def _page(request: HttpRequest) -> int:
    return max(1, min(number(request.GET.get("page", "")), 2500))


@needs("reader")
@require_safe
def archive(request: HttpRequest) -> HttpResponse:
    return render(request, "archive/archive.html", _found(request))


def _found(request: HttpRequest) -> dict[str, Any]:
    wanted, page = wanted_of(request.GET), _page(request)
    rows = listed(wanted, (page - 1) * SHOWN, SHOWN + 1)
    asked = wanted.as_json()
    return {
        "wanted": wanted,
        "asked": asked,
        "items": rows[:SHOWN],
        "status": {
            row.act_id: row.get_status_display()
            for row in Published.objects.filter(pk__in=[item.act for item in rows[:SHOWN]])
        },
        "newer": urlencode({**asked, "page": page - 1}) if page > 1 else "",
        "older": urlencode({**asked, "page": page + 1}) if len(rows) > SHOWN else "",
        "channels": Channel.objects.order_by("practice", "name"),
        "campaigns": campaigns_kept(),
        "kinds": KINDS.items(),
        "key": key_words(),
        "most": f"{AT_ONCE:,}",
    }


@needs("reader")
@require_safe
def item(request: HttpRequest, act: UUID) -> HttpResponse:
    kept = get_object_or_404(ArchivedItem, act=act)
    context = {
        "item": kept,
        "facts": kept.facts,
        "events": [
            (event, json.dumps(event.facts, indent=1, sort_keys=True, ensure_ascii=False))
            for event in kept.events.all()
        ],
        "raw": json.dumps(kept.facts, indent=1, sort_keys=True, ensure_ascii=False),
        "published": Published.objects.filter(pk=act).first(),
        "history": history_of(request, [f"act:{act}"]),
    }
    return render(request, "archive/item.html", context)


@needs("reader")
@require_safe
def rendered(request: HttpRequest, act: UUID) -> HttpResponse:
    """The page kept with an item, to take away. It is never shown as a page of the desk's."""
    kept = get_object_or_404(ArchivedItem, act=act)
    return _to_take_away(kept.rendered, f"{act}.html")


@needs("reader")
@require_safe
def seen(request: HttpRequest, act: UUID, event: int) -> HttpResponse:
    """The page of what the network showed at one look."""
    look = get_object_or_404(ArchivedEvent.objects.select_related("item"), pk=event, item__act=act, kind="shown")
    return _to_take_away(seen_of(look.item, look), f"{act}-seen-{event}.html")


def _to_take_away(page: str, name: str) -> HttpResponse:
    answer = HttpResponse(page, content_type="text/html; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


@needs("reader")
@require_safe
def online(request: HttpRequest) -> HttpResponse:
    page = _page(request)
    channel = number(request.GET.get("channel", ""))
    rows = still_online()
    if channel:
        rows = rows.filter(channel=channel)
    if request.GET.get("order") == "expiry":
        rows = rows.filter(expires_at__isnull=False).order_by("expires_at")
    shown = list(rows[(page - 1) * SHOWN : page * SHOWN + 1])
    rows_kept = ArchivedItem.objects.filter(act__in=[row.act_id for row in shown]).defer(*LISTED)
    kept = {one.act: one for one in rows_kept}
    asked = {"channel": channel or "", "order": "expiry" if request.GET.get("order") == "expiry" else ""}
    asked = {name: value for name, value in asked.items() if value}
    context = {
        "rows": [(row, kept.get(row.act_id)) for row in shown[:SHOWN]],
        "channel": channel,
        "by_expiry": "order" in asked,
        "channels": Channel.objects.order_by("practice", "name"),
        "newer": urlencode({**asked, "page": page - 1}) if page > 1 else "",
        "older": urlencode({**asked, "page": page + 1}) if len(shown) > SHOWN else "",
    }
    return render(request, "archive/online.html", context)


@needs("reader")
@require_POST
def copy(request: HttpRequest) -> HttpResponseBase:
    """A signed copy of what is wanted, as a file that leaves while it is made."""
    wanted = wanted_of(request.POST)
    form: Format = "warc" if request.POST.get("form") == "warc" else "zip"
    count = found(wanted)[: AT_ONCE + 1].count()
    if count > AT_ONCE:
        says = (
            f"That is more than {AT_ONCE:,} items, too many for a browser. Narrow it down, or let whoever runs this "
            "server take it with: gatepost archive export FILE"
        )
        return refused(request, "archive/archive.html", _found(request), Unclear(says), title="No copy was made")
    name = f"gatepost-archive-{timezone.localdate():%Y-%m-%d}{SUFFIX[form]}"
    answer = StreamingHttpResponse(copy_in_pieces(wanted, form=form, by=me(request)))
    answer["Content-Type"] = "application/zip" if form == "zip" else "application/gzip"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
