"""Versions of the policy: which was in force when, each readable as it was, compared, rolled back to, called off."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from gatepost.gate.seal import four_words
from gatepost.inbox.models import Message
from gatepost.people.authority import signs_off
from gatepost.policy.coverage import coverage
from gatepost.policy.plainly import FIELD_WORDS
from gatepost.rulebook import actions, shadow
from gatepost.rulebook.models import Adoption, PackDraft, PackVersion, Shadow
from gatepost.web.frame.given import number
from gatepost.web.frame.problems import ERRORS, Unclear, done
from gatepost.web.frame.who import me
from gatepost.web.permission import needs
from gatepost.web.policy.draft_views import as_zip
from gatepost.web.policy.notes import bound
from gatepost.web.policy.reading import reads_packs
from gatepost.web.policy.saying_no import refused
from gatepost.web.policy.sheet import sections
from gatepost.web.policy.shown import choices, chosen, difference, state
from gatepost.web.policy.trial_views import ClauseCount
from gatepost.web.policy.who import names_of

MOST = 200  # adoptions shown


@dataclass(frozen=True, slots=True)
class Row:
    adoption: Adoption
    by: str
    words: str
    state: str  # "In force", "Planned", "Withdrawn" or ""


@needs("signed in")
@require_http_methods(["GET", "HEAD", "POST"])
def versions(request: HttpRequest) -> HttpResponse:
    now, post = timezone.now(), request.POST
    if request.method != "POST":
        return render(request, "policy/versions.html", _context(request, now))
    try:
        if post.get("act") == "withdraw":
            planned = get_object_or_404(Adoption, pk=number(post.get("adoption", "")))
            actions.withdraw(planned, by=me(request), at=now)
            return done(request, "Called off. What is in force stays in force.", "policy_versions")
        if post.get("act") == "roll_back":
            if not post.get("sure"):
                raise Unclear("Tick the box to say that you mean it.", f"sure-{post.get('to', '')[:12]}")
            kept = actions.roll_back(by=me(request), at=now, to=post.get("to", ""))
            return done(request, f"{kept.title}, version {kept.version}, is in force again.", "policy_versions")
        raise Unclear("Choose what to do.")
    except ERRORS as error:
        return refused(request, "policy/versions.html", _context(request, now), error)


def _context(request: HttpRequest, now: datetime) -> dict[str, Any]:
    found = list(Adoption.objects.select_related("pack").defer("pack__files").order_by("-in_force_from", "-pk")[:MOST])
    current = Adoption.objects.begun(now).first()
    names = names_of([one.by for one in found] + [one.withdrawn_by for one in found if one.withdrawn_by])
    rows = [Row(one, names[one.by], ", ".join(four_words(one.pack_id)), _state(one, current, now)) for one in found]
    now_in_force = current.pack_id if current else ""
    earlier = {one.adoption.pack_id: one.adoption.pk for one in reversed(rows) if not one.state}
    known = choices()
    old = f"version:{now_in_force}"
    return {
        "rows": rows,
        "current": current,
        "earlier": {pk for digest, pk in earlier.items() if digest != now_in_force},  # the latest time of each version
        "old": old,
        "new": next((one.key for one in known if one.key != old), ""),
        "may": signs_off(me(request), now),
        "choices": known,
    }


def _state(one: Adoption, current: Adoption | None, now: datetime) -> str:
    if one.withdrawn_at is not None:
        return "Withdrawn"
    if one.in_force_from > now:
        return "Planned"
    return "In force" if current is not None and one.pk == current.pk else ""


@needs("signed in")
@require_GET
@reads_packs
def version(request: HttpRequest, digest: str) -> HttpResponse:
    kept = get_object_or_404(PackVersion.objects.defer("files"), pk=digest)
    pack, now = actions.pack_of(digest), timezone.now()
    adoptions = list(Adoption.objects.filter(pack=kept).order_by("-in_force_from"))
    context = {
        "kept": kept,
        "pack": pack,
        "sections": sections(pack),
        "covered": {row.clause: bound(row.by, pack) for row in coverage(pack)},
        "state": state(pack, now),
        "adoptions": adoptions,
        "names": names_of(one.by for one in adoptions),
        "words": ", ".join(four_words(digest)),
        "may": signs_off(me(request), now),
    }
    return render(request, "policy/version.html", context)


@needs("signed in")
@require_GET
def version_download(request: HttpRequest, digest: str) -> HttpResponse:
    kept = get_object_or_404(PackVersion, pk=digest)
    return as_zip(kept.files, f"{kept.pack_id}-{digest[:12]}.zip")


@needs("signed in")
@require_GET
def compare(request: HttpRequest) -> HttpResponse:
    """What differs between any two versions or drafts, in words a board can read."""
    old, new = request.GET.get("old", ""), request.GET.get("new", "")
    context: dict[str, Any] = {"choices": choices(), "old": old, "new": new}
    if old and new:
        try:
            before, after = chosen(old), chosen(new)
        except ERRORS as error:
            return refused(request, "policy/compare.html", context, error, title="These cannot be compared")
        context |= {"difference": difference(before, after), "before": before, "after": after}
    return render(request, "policy/compare.html", context)


@needs("signed in")
@require_http_methods(["GET", "HEAD", "POST"])
def beside(request: HttpRequest) -> HttpResponse:
    """The draft that runs beside the policy, or the last one that did: what it would have decided otherwise."""
    now = timezone.now()
    if request.method == "POST":
        try:
            shadow.stop(by=me(request), at=now)
        except ERRORS as error:
            return refused(request, "policy/shadow.html", _beside(request, now), error)
        return done(request, "The trial beside the policy is ended. Its figures stay.", "policy_shadow")
    return render(request, "policy/shadow.html", _beside(request, now))


def _beside(request: HttpRequest, now: datetime) -> dict[str, Any]:
    found = Shadow.objects.select_related("pack").defer("pack__files").order_by("-active", "-pk").first()
    context: dict[str, Any] = {"shadow": found, "may": signs_off(me(request), now)}
    if found is not None:
        told = shadow.comparison(found, examples=10)
        numbers = actions.pack_of(found.pack_id).numbers
        context |= {
            "told": told,
            "name": names_of([found.by])[found.by],
            "fields": sorted(
                ((FIELD_WORDS[name], count) for name, count in told.fields.items()), key=lambda one: -one[1]
            ),
            "clauses": sorted(
                (ClauseCount(clause, count) for clause, count in told.clauses.items()),
                key=lambda one: numbers.get(one.clause, 10**6),
            ),
            "examples": Message.objects.filter(decision__in=told.examples).order_by("-pk"),
        }
    context["drafts"] = PackDraft.objects.filter(closed_at=None).order_by("-changed_at")
    return context
