"""Who has looked at masked details, of which message, and why: so that looking without need is seen."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from gatepost.inbox.models import Reveal
from gatepost.web.frame.given import number
from gatepost.web.permission import needs

PAGE = 50


@needs("officer")
@require_safe
def looked(request: HttpRequest) -> HttpResponse:
    rows = Reveal.objects.select_related("person", "message__channel").order_by("-pk")
    if before := number(request.GET.get("before", "")):
        rows = rows.filter(pk__lt=before)
    page = list(rows[: PAGE + 1])
    more = page[PAGE - 1].pk if len(page) > PAGE else 0
    return render(request, "personal/looked.html", {"rows": page[:PAGE], "more": more, "before": before})
