"""Drafts of the policy: the list, one draft with what it changes, its forms, and adopting it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from gatepost.gate.standing import unsigned_wordings
from gatepost.people.authority import require_sign_off, signs_off
from gatepost.people.models import Holding
from gatepost.policy.editing.changes import SetAbout, TakeOut
from gatepost.policy.pack import Pack
from gatepost.rulebook import drafts, imports, shadow, zipped
from gatepost.rulebook.actions import NoPolicy, in_force, pack_of
from gatepost.rulebook.models import DraftVersion, PackDraft, Trial
from gatepost.web.frame.given import number
from gatepost.web.frame.problems import ERRORS, Unclear, done, see
from gatepost.web.frame.who import me
from gatepost.web.permission import needs
from gatepost.web.policy import fields, to_do
from gatepost.web.policy.clause_form import suggested
from gatepost.web.policy.moment import moment_of
from gatepost.web.policy.parts import KINDS
from gatepost.web.policy.reading import reads_packs
from gatepost.web.policy.saying_no import refused, said_of
from gatepost.web.policy.shown import changed_wordings, difference, readable, state
from gatepost.web.policy.who import names_of

MOST_VERSIONS = 30  # of a draft, shown
MOST_PLACES = 8  # of what a draft changes, shown on its page; adopting shows all


def _in_force(at: datetime) -> Pack | None:
    try:
        return in_force(at)
    except NoPolicy:
        return None


@needs("signed in")
@require_http_methods(["GET", "HEAD", "POST"])
def draft_list(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    context = _list_context(request, now)
    if request.method != "POST":
        return render(request, "policy/drafts.html", context)
    context["given"] = request.POST
    try:
        made = _bring_in(request, now) if request.POST.get("act") == "bring_in" else _begin(request, now)
    except ERRORS as error:
        return refused(request, "policy/drafts.html", context, error, {"title", "version", "file"})
    return done(
        request, "The draft is there. Nothing changes on the desk until it is adopted.", "policy_draft", made.pk
    )


def _list_context(request: HttpRequest, now: datetime) -> dict[str, Any]:
    open_drafts = list(PackDraft.objects.filter(closed_at=None).order_by("-changed_at", "-pk"))
    closed = list(PackDraft.objects.exclude(closed_at=None).order_by("-closed_at", "-pk")[:20])
    pack = _in_force(now)
    return {
        "drafts": open_drafts,
        "closed": closed,
        "names": names_of(one.changed_by for one in (*open_drafts, *closed)),
        "pack": pack,
        "next_version": _next_version(pack),
        "may": signs_off(me(request), now),
    }


def _next_version(pack: Pack | None) -> str:
    """ "draft-1" gives "draft-2", "2026.9" gives "2026.10"; without a number, one is put behind."""
    if pack is None:
        return ""
    head = pack.version.rstrip("0123456789")
    tail = pack.version[len(head) :]
    return f"{head}{int(tail) + 1}" if 0 < len(tail) < 10 else f"{pack.version}-2"


def _begin(request: HttpRequest, now: datetime) -> PackDraft:
    post, by = request.POST, me(request)
    title, version = fields.words(post, "title"), fields.words(post, "version")
    if not title:
        raise Unclear("Say in a few words what the draft is for.", "title")
    draft = drafts.begin(title, digest=post.get("digest", "")[:64], by=by, at=now)
    pack = drafts.pack_of_draft(draft)
    if version and version != pack.version:
        named = SetAbout(
            title=pack.title, version=version[:300], organisation=pack.organisation, short_name=pack.short_name
        )
        drafts.save(draft, named, version=draft.version, by=by, at=now)
    return draft


def _bring_in(request: HttpRequest, now: datetime) -> PackDraft:
    require_sign_off(me(request), now)
    file = request.FILES.get("file")
    if file is None:
        raise Unclear("Choose the zip file of a policy pack.", "file")
    data = file.read(zipped.MOST_BYTES + 1)
    title = fields.words(request.POST, "title") or str(file.name or "")[:120]
    return drafts.bring_in(title, zipped.unpacked(data), by=me(request), at=now)


@needs("signed in")
@require_http_methods(["GET", "HEAD", "POST"])
def draft(request: HttpRequest, pk: int) -> HttpResponse:
    found, now = get_object_or_404(PackDraft, pk=pk), timezone.now()
    if request.method != "POST":
        return render(request, "policy/draft.html", context_of(request, found, now))
    post, by = request.POST, me(request)
    version = number(post.get("version", ""))
    try:
        match post.get("act"):
            case "undo":
                drafts.undo(found, version=version, by=by, at=now)
                return done(request, "The latest change is taken back.", "policy_draft", pk)
            case "put_away":
                drafts.put_away(found, version=version, by=by, at=now)
                return done(request, "The draft is put away. It can still be read.", "policy_drafts")
            case "try":
                trial = drafts.attempt(found, None, version=version, by=by, at=now)
                return done(request, "The draft is run over the last month.", "policy_trial", trial.pk)
            case "shadow":
                shadow.start(drafts.pack_of_draft(found), by=by, at=now)
                words = "The draft runs beside the policy from now on. Nothing comes of it but figures."
                return done(request, words, "policy_shadow")
        raise Unclear("Choose what to do with the draft.")
    except ERRORS as error:
        found.refresh_from_db()
        return refused(request, "policy/draft.html", context_of(request, found, now), error)


def context_of(request: HttpRequest, found: PackDraft, now: datetime) -> dict[str, Any]:
    pack, wrong = readable(found)
    current = _in_force(now)
    versions = list(DraftVersion.objects.filter(draft=found).defer("files").order_by("-number")[:MOST_VERSIONS])
    context: dict[str, Any] = {
        "draft": found,
        "pack": pack,
        "wrong": wrong,
        "versions": versions,
        "names": names_of(
            [found.made_by, found.changed_by, found.closed_by or found.made_by, *(one.by for one in versions)]
        ),
        "may": signs_off(me(request), now) and found.closed_at is None,
        "kinds": list(KINDS.values()),
    }
    if pack is not None:
        context |= {
            "counts": {kind.slug: len(kind.rows(pack)) for kind in KINDS.values() if kind.rows},
            "state": state(pack, now),
            "difference": difference(current, pack) if current is not None else None,
            **_cut(found, current, pack),
            "to_do": to_do.on_draft(imports.to_do_of(found, pack), found.pk),
            "handed": found.imports.exists(),
            "trial": Trial.objects.filter(digest=pack.digest, draft=found).order_by("-pk").first(),
        }
    return context


def _cut(found: PackDraft, current: Pack | None, pack: Pack) -> dict[str, str]:
    """A draft that changes much shows the first places, and where all of them are."""
    if current is None or len(difference(current, pack).groups) <= MOST_PLACES:
        return {"difference_upto": ":"}
    all_of_it = urlencode({"old": f"version:{current.digest}", "new": f"draft:{found.pk}"})
    return {"difference_upto": f":{MOST_PLACES}", "difference_more": f"{reverse('policy_compare')}?{all_of_it}"}


@needs("signed in")
@require_http_methods(["GET", "HEAD"])
@reads_packs
def part(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """One part of a draft: what is in it; where it is one form, that form."""
    found, now = get_object_or_404(PackDraft, pk=pk), timezone.now()
    kind = KINDS.get(slug)
    if kind is None:
        raise Http404
    pack = drafts.pack_of_draft(found)
    if kind.rows is None:
        return form(request, pk, slug, "all")
    context = {
        "draft": found,
        "kind": kind,
        "rows": kind.rows(pack),
        "may": signs_off(me(request), now) and found.closed_at is None,
        "failing": {one.id for one in state(pack, now).failing} if slug == "examples" else set(),
    }
    return render(request, "policy/part.html", context)


@needs("signed in")
@require_http_methods(["GET", "HEAD", "POST"])
@reads_packs
def form(request: HttpRequest, pk: int, slug: str, key: str) -> HttpResponse:
    """The form of one thing; posted, the change is tried over the last month before it is saved."""
    found, now = get_object_or_404(PackDraft, pk=pk), timezone.now()
    kind = KINDS.get(slug)
    if kind is None or (key == "new" and not kind.adds):
        raise Http404
    pack, name = drafts.pack_of_draft(found), "" if key == "new" else key
    try:
        parts = kind.form(pack, name, now)
        if slug == "clauses" and not name and "suggestion" in request.GET:
            parts = suggested(parts, request.GET["suggestion"])
    except KeyError as error:
        raise Http404 from error
    row = next((one for one in kind.rows(pack) if one.key == name), None) if kind.rows else None
    context = {
        "draft": found,
        "version": found.version,
        "kind": kind,
        "row": row,
        "fresh": not name,
        "parts": parts,
        "may": signs_off(me(request), now) and found.closed_at is None,
    }
    if request.method != "POST":
        return render(request, "policy/form.html", context)
    post = request.POST
    try:
        if post.get("act") == "take_out" and kind.out and name:
            change: Any = TakeOut(table=kind.out, id=name)
        else:
            change = kind.read(pack, name, post, now)
        trial = drafts.attempt(found, change, version=number(post.get("base", "")), by=me(request), at=now)
    except (*ERRORS, ValueError) as error:
        if post.get("act") == "take_out":
            return refused(request, "policy/form.html", context, said_of(error))
        context |= {"parts": fields.filled(parts, post), "version": number(post.get("base", ""))}
        return refused(request, "policy/form.html", context, said_of(error), fields.names(parts))
    return see(reverse("policy_trial", args=[trial.pk]))


@needs("signed in")
@require_http_methods(["GET", "HEAD"])
def download(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(PackDraft, pk=pk)
    kept = drafts.head(found)
    return as_zip(kept.files, f"draft-{found.pk}-version-{kept.number}.zip")


def as_zip(files: dict[str, str], name: str) -> HttpResponse:
    answer = HttpResponse(zipped.packed(files), content_type="application/zip")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@needs("signed in")
@require_http_methods(["GET", "HEAD", "POST"])
def adopt(request: HttpRequest, pk: int) -> HttpResponse:
    found, now = get_object_or_404(PackDraft, pk=pk), timezone.now()
    context = context_of(request, found, now)
    pack = context["pack"]
    if pack is None:
        return render(request, "policy/draft.html", context, status=422)
    current = _in_force(now)
    context |= {
        "current": current,
        "wordings": changed_wordings(current, pack),
        "takes": _takes(pack, now),
        "nobody_signs": not any(role.signs_off for role in pack.roles.values()),
        "same_version": current is not None and current.version == pack.version and current.digest != pack.digest,
        "given": request.POST,
    }
    if request.method != "POST":
        return render(request, "policy/adopt.html", context)
    post = request.POST
    try:
        if not post.get("sure"):
            raise Unclear("Tick the box to say that you have read what changes.", "sure")
        starts = moment_of(post, pack, now) if post.get("when") == "later" else None
        version = number(post.get("version", ""))
        kept = drafts.adopt_draft(found, version=version, starts=starts, by=me(request), at=now)
    except ERRORS as error:
        found.refresh_from_db()
        return refused(request, "policy/adopt.html", context, error, {"sure", "day", "time"}, title="Not adopted")
    if starts is not None:
        return done(request, "The draft is planned. It comes into force by itself.", "policy_versions")
    unsigned = len(unsigned_wordings(pack_of(kept.pk), now))
    if unsigned:
        what = "1 wording needs its" if unsigned == 1 else f"{unsigned} wordings need their"
        words = f"The draft is the policy now. {what} standing sign-off: until then each use waits for one."
        messages.warning(request, words)
        return see(reverse("policy_signing"))
    return done(request, "The draft is the policy now.", "policy")


def _takes(pack: Pack, now: datetime) -> str:
    """The role that whoever adopts it takes, because nobody on the desk would sign off under it; empty when somebody
    does."""
    roles = sorted(role.id for role in pack.roles.values() if role.signs_off)
    held = Holding.objects.filter(role_id__in=roles, person__is_active=True, starts__lte=now)
    return pack.roles[roles[0]].title if roles and not held.exclude(until__lte=now).exists() else ""
