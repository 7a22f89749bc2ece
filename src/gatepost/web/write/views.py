"""Write: one text for every channel, checked as it is written, saved as a draft or submitted for sign-off."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from gatepost.gate.checking import Stopped
from gatepost.gate.content import MOST_PARTS
from gatepost.gate.facts import facts_of
from gatepost.people.models import User
from gatepost.policy.pack import Pack
from gatepost.publishing import actions as publishing
from gatepost.publishing import film
from gatepost.publishing.campaigns import campaigns_for
from gatepost.publishing.earlier import alike
from gatepost.publishing.models import Post
from gatepost.publishing.picture_words import start_of_alt
from gatepost.publishing.pictures import PictureError
from gatepost.publishing.renditions import SHAPES
from gatepost.publishing.templates import templates
from gatepost.publishing.uploads import FILM_LIMIT, UploadError
from gatepost.rulebook.actions import in_force
from gatepost.web.frame.problems import ERRORS, Problem, done, problem
from gatepost.web.frame.who import me
from gatepost.web.permission import needs
from gatepost.web.write import parts
from gatepost.web.write.adding import added
from gatepost.web.write.begun import Clashed, chosen, clashed, forget, keep, links_looked_at, others, typed
from gatepost.web.write.form import Form, numbers, of_post, of_request
from gatepost.web.write.looked import Looked, answered, lines_of, look, mended
from gatepost.web.write.who import channels_for, signers

LEFT = ("sending", "sent", "unconfirmed")
FIELDS = {"kind of post": "kind", "aim": "aim", "audience": "audience", "channel": "channels", "link": "link"}


@needs("signed in")
@require_http_methods(["GET", "POST"])
def write(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    person, at = me(request), timezone.now()
    post = Post.objects.select_related("author", "changed_by").filter(pk=pk).first() if pk else None
    if pk and post is None:
        raise Http404
    if request.method == "GET":
        form = _first(request, person, post, at)
        looked = None if post or form.text.strip() else look(form, channels_for(person, at)[0], at=at, begun=False)
        return _page(request, form, post, at=at, looked=looked)
    return _sent(request, person, post, at)


def _first(request: HttpRequest, person: User, post: Post | None, at: datetime) -> Form:
    """The form to begin with: what was typed and not kept, an earlier version, a template, the post, or an empty one
    for the day the calendar was asked for."""
    begun = typed(request, person, post) or chosen(request, post)
    if begun is not None:
        return begun
    if post is not None:
        return of_post(post)
    open_, _ = channels_for(person, at)
    day = request.GET.get("day", "")[:10]
    return Form(channels=frozenset(channel.pk for channel in open_), timed=bool(day), day=day)


def _sent(request: HttpRequest, person: User, post: Post | None, at: datetime) -> HttpResponse:
    form = of_request(request.POST)
    do = request.POST.get("do", "keep")
    if do.startswith("forget:"):
        forget(do[7:], person, at)
        return done(request, "Thrown away. The post as it was last kept is unchanged.", *_here(post))
    before = _signed(post)
    try:
        ready, coming = added(request, person, at)
        form = replace(form.with_pictures(ready), coming=tuple(coming))
        if do.startswith("drop:"):
            return _page(request, form.without(do[5:]), post, at=at)
        if do.startswith("part-"):
            return _page(request, parts.done(form, do), post, at=at)
        if do.startswith("mend:"):
            open_, _ = channels_for(person, at)
            return _page(request, mended(form, look(form, open_, at=at), do[5:]), post, at=at)
        if do in ("add", "check"):
            return _page(request, form, post, at=at)
        saved = publishing.save_draft(form.draft(at), by=person, at=at, post=post, version=form.version or None)
        post, form = saved, replace(form, version=saved.version)
        forget(form.copy, person, at)
        void = " The sign-off it had is void: it has to be signed again." if before else ""
        if do == "submit":
            publishing.submit(post, by=person, at=at)
            return done(request, f"Submitted for sign-off. Nothing goes out until it is signed.{void}", "post", post.pk)
        return done(request, f"Kept. Nothing has been submitted or sent.{void}", "write_edit", post.pk)
    except publishing.Clash as error:
        if post is None:
            raise
        shown = problem(error, title="Somebody else has changed this post")
        clash = clashed(post, form, in_force(at), at)
        return _page(request, clash.form, post, at=at, problem=shown, clash=clash)
    except ERRORS as error:
        return _refused(request, form, post, error, at)


def _here(post: Post | None) -> tuple[Any, ...]:
    return ("write_edit", post.pk) if post else ("write",)


def _signed(post: Post | None) -> bool:
    return post is not None and any(act.state == "signed_off" for act in publishing.acts_of(post))


def _field(error: Exception) -> str:
    if isinstance(error, PictureError | UploadError):
        return "picture"
    words = str(error)
    return next((field for said, field in FIELDS.items() if said in words), "")


def _refused(request: HttpRequest, form: Form, post: Post | None, error: Exception, at: datetime) -> HttpResponse:
    shown = problem(error, title="This could not be done yet", field=_field(error))
    looked = None
    if isinstance(error, Stopped):
        open_, _ = channels_for(me(request), at)
        looked = look(form, open_, at=at)
        lines = lines_of(error.findings, looked) or shown.lines
        shown = Problem("This cannot go for sign-off yet", lines)
    return _page(request, form, post, at=at, problem=shown, looked=looked)


def _page(
    request: HttpRequest,
    form: Form,
    post: Post | None,
    *,
    at: datetime,
    problem: Problem | None = None,
    looked: Looked | None = None,
    clash: Clashed | None = None,
) -> HttpResponse:
    person = me(request)
    form = form if form.copy else replace(form, copy=str(uuid4()))
    open_, closed = channels_for(person, at)
    acts = publishing.acts_of(post) if post else []
    pack = in_force(at)
    context: dict[str, Any] = {
        "form": form,
        "post": post,
        "looked": looked or look(form, open_, at=at),
        "channels": open_,
        "closed": closed,
        "pack": pack,
        "campaigns": campaigns_for(form.campaign),
        "signers": signers(person, at),
        "waiting": [act for act in acts if act.state == "to_sign_off"],
        "signed": [act for act in acts if act.state == "signed_off"],
        "left": [act for act in acts if act.parts_out or act.state in LEFT],
        "problem": problem,
        "clash": clash,
        "copies": [] if request.method == "POST" else others(person, post, form),
        "alike": alike(form.text, at=at, but=post.pk if post else 0),
        "templates": [] if post else templates(),
        "most_bytes": settings.MEDIA_LIMIT_BYTES,
        "most_megabytes": settings.MEDIA_LIMIT_BYTES // 1024 // 1024,
        "films": film.there(),
        "film_megabytes": FILM_LIMIT // 2**20,
        "shapes": SHAPES.items(),
        "in_pictures": _in_pictures(form, pack),
        "part_takers": parts.takers(open_),
        "most_parts": MOST_PARTS - 1,
        "late_after": settings.LATE_AFTER_MINUTES,
    }
    return render(request, "write/write.html", context, status=422 if problem else 200)


def _in_pictures(form: Form, pack: Pack) -> dict[str, str]:
    """The words that were read in the pictures of a form, by digest, as a beginning of what each shows."""
    facts = facts_of(item.media.pk for item in form.pictures)
    return {digest: start_of_alt(fact.words, pack) for digest, fact in facts.items()}


@needs("signed in")
@require_POST
def check(request: HttpRequest) -> HttpResponse:
    """What the policy says of the form as it stands, for htmx, while somebody writes. What is typed is kept for its
    writer; the post is not changed."""
    at = timezone.now()
    person = me(request)
    form = of_request(request.POST)
    number = min(numbers([request.POST.get("post", "")]), default=0)
    open_, _ = channels_for(person, at)
    looked = look(form, open_, at=at)
    context = {
        "form": form,
        "looked": looked,
        "channels": open_,
        "late_after": settings.LATE_AFTER_MINUTES,
        "live": True,
        "links_waiting": links_looked_at(form, person, at),
        "kept_at": keep(request, form, person, number, at),
        "alike": alike(form.text, at=at, but=number),
        "new_asks": frozenset(item.finding.check for item in looked.asks) != answered(request.POST),
    }
    return render(request, "write/checked.html", context)
