"""The record: reading it, checking that it is unbroken, taking a copy."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from gatepost.inbox.verifying import verify_all
from gatepost.ledger.models import Line, Seal
from gatepost.ledger.verify import export as every_line
from gatepost.people.authority import answers_for_desk
from gatepost.web.frame.given import number
from gatepost.web.frame.lines import VERBS, spoken
from gatepost.web.frame.problems import ERRORS, refused, see
from gatepost.web.frame.who import me
from gatepost.web.permission import needs

SHOWN = 50


@needs("signed in")
@require_http_methods(["GET", "HEAD", "POST"])
def record(request: HttpRequest) -> HttpResponseBase:
    if request.method == "POST":
        try:
            report = verify_all(by=me(request), at=timezone.now())
        except ERRORS as error:
            return refused(request, "record/record.html", _context(request), error, title="It was not checked")
        said = messages.success if report.ok else messages.error
        said(request, report.says)
        return see(reverse("record"))
    return render(request, "record/record.html", _context(request))


def _context(request: HttpRequest) -> dict[str, Any]:
    wanted = {name: request.GET.get(name, "").strip()[:120] for name in ("subject", "verb", "clause")}
    lines = Line.objects.order_by("-id")
    if wanted["subject"]:
        lines = lines.filter(subject=wanted["subject"])
    if wanted["verb"]:
        lines = lines.filter(verb=wanted["verb"])
    if wanted["clause"]:
        lines = lines.filter(clauses__contains=[wanted["clause"]])
    before = number(request.GET.get("before", ""), 18)
    if before:
        lines = lines.filter(pk__lt=before)
    rows = list(lines[: SHOWN + 1])
    asked = {name: value for name, value in wanted.items() if value}
    older = urlencode({**asked, "before": rows[SHOWN - 1].pk}) if len(rows) > SHOWN else ""
    return {
        "may_verify": answers_for_desk(me(request), timezone.now()),
        "lines": spoken(rows[:SHOWN]),
        "wanted": wanted,
        "asked": asked,
        "newest": urlencode(asked) if before else None,
        "older": older,
        "verbs": sorted(VERBS.items(), key=lambda item: item[1]),
        "seal": Seal.objects.order_by("-id").defer("lines", "leaves").first(),
    }


@needs("signed in")
@require_safe
def export(request: HttpRequest) -> HttpResponseBase:
    """Every line as JSON, one a line, oldest first, while it is read."""
    name = f"gatepost-record-{timezone.localdate():%Y-%m-%d}.jsonl"
    answer = StreamingHttpResponse(_lines(), content_type="application/x-ndjson")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _lines() -> Iterator[str]:
    for line in every_line():
        yield json.dumps(line, ensure_ascii=False) + "\n"
