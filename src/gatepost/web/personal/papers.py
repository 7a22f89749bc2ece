"""The record of processing and the impact assessment, to read and to take along."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from gatepost.inbox.personal.processing import TITLES, Paper, as_markdown
from gatepost.inbox.personal.processing import paper as filled
from gatepost.web.permission import needs


def _paper(kind: str) -> Paper:
    for known in TITLES:
        if known == kind:
            return filled(known, at=timezone.now())
    raise Http404


@needs("officer")
@require_safe
def paper(request: HttpRequest, kind: str) -> HttpResponse:
    return render(request, "personal/paper.html", {"paper": _paper(kind)})


@needs("officer")
@require_safe
def text(request: HttpRequest, kind: str) -> HttpResponse:
    answer = HttpResponse(as_markdown(_paper(kind)), content_type="text/markdown; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{kind}.md"'
    return answer
