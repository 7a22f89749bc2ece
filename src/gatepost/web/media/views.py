"""The media library, and one picture or film: what it shows, whose it is, who agreed, where it is still online."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from gatepost.channels.actions import reads_messages
from gatepost.gate.facts import MediaFact
from gatepost.inbox.masking import masked
from gatepost.people.authority import NotAllowed
from gatepost.people.models import User
from gatepost.policy.reading import read as read_words
from gatepost.publishing import film, rights
from gatepost.publishing import library as shelves
from gatepost.publishing.library import add_subtitles, drop_subtitles
from gatepost.publishing.models import Consent, Media
from gatepost.publishing.picture_words import start_of_alt
from gatepost.publishing.pictures import PictureError
from gatepost.publishing.rights import About, describe, note_consent, read_form, withdraw_consent
from gatepost.publishing.subtitle_files import LARGEST
from gatepost.publishing.uploads import FILM_LIMIT
from gatepost.rulebook.actions import in_force
from gatepost.web.frame.problems import ERRORS, Problem, Unclear, done, problem
from gatepost.web.frame.who import me
from gatepost.web.permission import needs
from gatepost.web.write.adding import added
from gatepost.web.write.form import numbers, zone
from gatepost.web.write.when import WhenError, read

PAGE = 24


@needs("signed in")
@require_http_methods(["GET", "POST"])
def library(request: HttpRequest) -> HttpResponse:
    """Searches the library; POST adds files."""
    shown = None
    if request.method == "POST":
        try:
            ready, coming = added(request, me(request), timezone.now())
            if not ready and not coming:
                raise PictureError("Choose a file first.")
            if len(ready) == 1 and not coming:
                return done(request, "Added. Say what it shows and where it is from.", "media_item", ready[0].pk)
            words = f"{len(coming)} on the way: films take a while to prepare. " if coming else ""
            return done(request, f"{len(ready)} added. {words}Say what each shows and where it is from.", "media")
        except ERRORS as error:
            shown = problem(error, field="picture")
    words = request.GET.get("q", "")[:200]
    kind = request.GET.get("kind", "")
    page = min(numbers([request.GET.get("page", "")]), default=0)
    films = {"films": True, "pictures": False}.get(kind)
    found = list(shelves.search(words, films=films)[page * PAGE : (page + 1) * PAGE + 1])
    context = {
        "found": found[:PAGE],
        "more": page + 1 if len(found) > PAGE else 0,
        "words": words,
        "kind": kind,
        "ending": rights.ending(timezone.now()) if reads_messages(me(request), timezone.now()) else [],
        "problem": shown,
        "films": film.there(),
        "most_bytes": settings.MEDIA_LIMIT_BYTES,
        "most_megabytes": settings.MEDIA_LIMIT_BYTES // 2**20,
        "film_megabytes": FILM_LIMIT // 2**20,
    }
    return render(request, "media/library.html", context, status=422 if shown else 200)


@needs("signed in")
@require_http_methods(["GET", "POST"])
def media(request: HttpRequest, sha256: str) -> HttpResponse:
    found = Media.objects.select_related("added_by").filter(pk=sha256).first()
    if found is None:
        raise Http404
    if request.method == "GET":
        return _page(request, found)
    person, at = me(request), timezone.now()
    wish = request.POST.get("do", "")
    try:
        if said := _do(request, found, wish, person, at):
            return done(request, said, "media_item", sha256)
    except ERRORS as error:
        return _page(request, found, problem(error, title="This was not kept", field=_field(wish)))
    raise Http404


def _field(wish: str) -> str:
    return {"consent": "who", "subtitles": "subtitles"}.get(wish, "")


def _do(request: HttpRequest, found: Media, wish: str, by: User, at: datetime) -> str:
    """Does what a button asks for and says so; "" for a button there is not."""
    given = {name: request.POST.get(name, "") for name in ("alt", "source", "licence", "words")}
    if wish == "describe":
        describe(found, About(**given, people="people" in request.POST), by=by, at=at)
        return "Kept."
    if wish == "subtitles":
        file = request.FILES.get("subtitles")
        if file is None:
            raise Unclear("Choose the file with the subtitles first.", "subtitles")
        kept = add_subtitles(found, file.read(LARGEST + 1), request.POST.get("language", "en").strip(), by=by, at=at)
        return f"{kept.cues} subtitles kept. Read them through once: machines mishear names."
    if wish == "consent":
        return _consent(request, found, by, at)
    name, _, number = wish.partition(":")
    pk = min(numbers([number]), default=0)
    if name == "unsubtitle" and (subtitles := found.subtitles.filter(pk=pk).first()):
        drop_subtitles(subtitles, by=by, at=at)
        return "The subtitles are taken away."
    if name == "withdraw" and (consent := found.consents.filter(pk=pk).select_related("media").first()):
        out = withdraw_consent(consent, because=request.POST.get("because", ""), by=by, at=at)
        left = f" It is still out on {len(out)} channel{'' if len(out) == 1 else 's'}: see below." if out else ""
        return f"Noted. Nothing with this picture leaves any more.{left}"
    return ""


def _consent(request: HttpRequest, found: Media, by: User, at: datetime) -> str:
    file = request.FILES.get("form")
    data = file.read(rights.FORM_LIMIT + 1) if file else b""
    given = _day(request, "given", at) or timezone.localtime(at).date()
    note_consent(
        found,
        request.POST.get("who", ""),
        given_on=given,
        expires_on=_day(request, "expires", at),
        form=data,
        form_name=(file.name or "form") if file else "",
        by=by,
        at=at,
    )
    return "The consent is noted."


def _day(request: HttpRequest, name: str, at: datetime) -> date | None:
    words = request.POST.get(name, "").strip()[:60]
    if not words:
        return None
    try:
        return date.fromisoformat(words)
    except ValueError:
        pass
    try:
        return timezone.localtime(read(f"{words} 12:00", now=at, zone=zone()).moment).date()
    except WhenError as error:
        raise Unclear(str(error), name) from error


def _page(request: HttpRequest, found: Media, shown: Problem | None = None) -> HttpResponse:
    out = rights.out_there(found)
    keeper = reads_messages(me(request), timezone.now())
    fact = MediaFact.objects.filter(pk=found.pk).first() or MediaFact(sha256=found.pk)
    pack = in_force(timezone.now())
    offered = start_of_alt(fact.words, pack)
    context: dict[str, Any] = {
        "media": found,
        "fact": fact,
        "in_picture": masked(fact.words, read_words(fact.words, pack.words).spans) if fact.words else "",
        "offered": offered,
        "begun": offered if request.GET.get("begin") == "words" and not found.alt else "",
        "subtitles": list(found.subtitles.all()),
        "consents": list(found.consents.select_related("by")) if keeper else [],
        "keeper": keeper,
        "out": out,
        "used": [act for act in rights.using(found) if act not in out],
        "today": timezone.localtime().date(),
        "problem": shown,
        "typed": request.POST if shown else {},
    }
    return render(request, "media/media.html", context, status=422 if shown else 200)


@needs("signed in")
@require_safe
def consent_form(request: HttpRequest, pk: int) -> HttpResponse:
    """The signed form, as a file to keep: never shown inside a page of ours."""
    kept = Consent.objects.filter(pk=pk).exclude(form_sha256="").first()
    if kept is None:
        raise Http404
    try:
        form = read_form(kept, by=me(request), at=timezone.now())
    except NotAllowed as error:
        raise PermissionDenied(str(error)) from error
    answer = HttpResponse(form, content_type="application/octet-stream")
    answer["Content-Disposition"] = f'attachment; filename="consent-{kept.pk}"'
    answer["Cache-Control"] = "private, no-store"
    return answer
