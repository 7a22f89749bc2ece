"""Versions of a post: what each save changed, word by word, and the way back to any of them."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from gatepost.publishing import actions as publishing
from gatepost.publishing.merging import changes
from gatepost.publishing.models import Post, PostVersion
from gatepost.publishing.planner import title_of
from gatepost.rulebook.actions import in_force
from gatepost.web.permission import needs
from gatepost.web.write.form import numbers
from gatepost.web.write.told import Told, told

PAGE = 20


@dataclass(frozen=True, slots=True)
class Step:
    kept: PostVersion
    told: list[Told]
    first: bool  # nothing is kept from before it


@needs("signed in")
@require_safe
def versions(request: HttpRequest, pk: int) -> HttpResponse:
    post = Post.objects.select_related("author", "changed_by").filter(pk=pk).first()
    if post is None:
        raise Http404
    pack = in_force(timezone.now())
    rows = PostVersion.objects.filter(post=post).select_related("by")
    before = min(numbers([request.GET.get("before", "")]), default=0)
    found = list((rows.filter(version__lt=before) if before else rows)[: PAGE + 1])
    steps = []
    for place, kept in enumerate(found[:PAGE]):
        older = found[place + 1] if place + 1 < len(found) else None
        steps.append(Step(kept, told(changes(older.content if older else {}, kept.content), pack), older is None))
    left = any(act.state in ("sending", "sent", "unconfirmed") for act in publishing.acts_of(post))
    context = {
        "post": post,
        "title": title_of(post),
        "steps": steps,
        "can_change": not left,
        "more": found[PAGE - 1].version if len(found) > PAGE else 0,
    }
    return render(request, "write/versions.html", context)
