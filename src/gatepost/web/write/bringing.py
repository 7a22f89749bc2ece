"""Bringing posts in: a spreadsheet with a dry run, a news feed, and a post that comes again."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from gatepost.publishing.actions import save_draft
from gatepost.publishing.bringing import (
    COLUMNS,
    LARGEST,
    BringError,
    bring_in,
    draft_of_item,
    read_csv,
    read_feed,
    repeat,
)
from gatepost.publishing.models import Post
from gatepost.rulebook.actions import in_force
from gatepost.web.frame.problems import ERRORS, Problem, Unclear, done, problem
from gatepost.web.frame.who import me
from gatepost.web.permission import needs
from gatepost.web.write.form import numbers, zone
from gatepost.web.write.when import WhenError, read
from gatepost.web.write.who import channels_for


def _when(at: datetime) -> Any:
    def moment(words: str) -> datetime:
        try:
            return read(words[:80], now=at, zone=zone()).moment
        except WhenError as error:
            raise ValueError(str(error)) from error

    return moment


@needs("signed in")
@require_http_methods(["GET", "POST"])
def bring(request: HttpRequest) -> HttpResponse:
    """do=look: a dry run of the file; do=keep: all of it as drafts; do=feed, item:N: a feed and one of its entries."""
    person, at = me(request), timezone.now()
    open_, _ = channels_for(person, at)
    pack = in_force(at)
    context: dict[str, Any] = {"columns": COLUMNS, "channels": open_, "pack": pack, "feed": "", "csv": ""}
    shown: Problem | None = None
    do = request.POST.get("do", "")
    try:
        if do in ("look", "keep"):
            file = request.FILES.get("file")
            text = file.read(LARGEST + 1) if file else request.POST.get("csv", "").encode("utf-8", "replace")
            if not text.strip():
                raise Unclear("Choose a file first.", "file")
            reading = read_csv(text, channels=open_, pack=pack, when=_when(at), at=at)
            if do == "keep" and not reading.wrong:
                posts = bring_in([draft for _, draft in reading.drafts], by=person, at=at)
                return done(request, f"{len(posts)} drafts made. Nothing has been submitted or sent.", "posts")
            context |= {"reading": reading, "csv": text.decode("utf-8-sig", "replace")}
        elif do == "feed" or do.startswith("item:"):
            url = request.POST.get("feed", "").strip()[:600]
            context["feed"] = url
            context["feed_title"], items = read_feed(url, by=person, at=at)
            context["items"] = items
            number = min(numbers([do.removeprefix("item:")]), default=len(items))
            if do.startswith("item:") and number < len(items):
                draft = draft_of_item(
                    items[number], kind=pack.post_kinds[0].id, channels=[channel.pk for channel in open_]
                )
                made = save_draft(draft, by=person, at=at)
                return done(request, "This is a draft from the feed. Make it your own.", "write_edit", made.pk)
    except ERRORS as error:
        shown = problem(error, title="Nothing was brought in", field="feed" if isinstance(error, BringError) else "")
    return render(request, "write/bring.html", {**context, "problem": shown}, status=422 if shown else 200)


@needs("signed in")
@require_POST
def repeat_post(request: HttpRequest, pk: int) -> HttpResponse:
    """Makes a draft for each time a post comes again."""
    post = Post.objects.filter(pk=pk).first()
    if post is None:
        raise Http404
    at = timezone.now()
    try:
        words = request.POST.get("until", "").strip()[:60]
        try:
            until = read(f"{words} 23:59", now=at, zone=zone()).moment
        except WhenError as error:
            raise BringError(str(error)) from error
        post.not_before = timezone.localtime(post.not_before, zone()) if post.not_before else None
        made = repeat(post, request.POST.get("every", ""), until, by=me(request), at=at)
    except ERRORS as error:
        return done(request, f"{error} No drafts were made.", "post", pk)
    return done(request, f"{len(made)} drafts made, each with its own day. Submit each for sign-off.", "posts")
