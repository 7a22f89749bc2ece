"""A written policy brought in: handed over, read by a job, looked over clause by clause, made a draft."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from gatepost.people.authority import require_sign_off, signs_off
from gatepost.policy.importing.paper import MOST_BYTES
from gatepost.policy.kinds import clause_kinds
from gatepost.rulebook import imports
from gatepost.rulebook.models import PolicyImport
from gatepost.web.frame.problems import ERRORS, Unclear, see
from gatepost.web.frame.who import me
from gatepost.web.permission import needs
from gatepost.web.policy import review, to_do
from gatepost.web.policy.clause_form import KINDS
from gatepost.web.policy.fields import words
from gatepost.web.policy.reading import reads_packs
from gatepost.web.policy.saying_no import refused, said_of
from gatepost.web.policy.who import names_of


@needs("signed in")
@require_http_methods(["GET", "HEAD", "POST"])
def hand_in(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    handed = list(PolicyImport.objects.defer("file", "found").select_related("draft").order_by("-pk")[:20])
    context = {
        "handed": handed,
        "names": names_of(one.by for one in handed),
        "may": signs_off(me(request), now),
        "most": MOST_BYTES // 1_000_000,
        "endings": imports.ENDINGS,
    }
    if request.method != "POST":
        return render(request, "policy/import.html", context)
    try:
        require_sign_off(me(request), now)
        file = request.FILES.get("file")
        if file is None:
            raise Unclear("Choose the file that holds the policy.", "file")
        if str(file.name).rpartition(".")[2].lower() not in imports.ENDINGS:
            raise Unclear(f"Choose a file that ends in {', '.join(imports.ENDINGS)}.", "file")
        made = imports.hand_in(str(file.name), file.read(MOST_BYTES + 1), by=me(request), at=now)
    except ERRORS as error:
        return refused(request, "policy/import.html", context, error, {"file"}, title="Not taken")
    return see(reverse("policy_import_review", args=[made.pk]))


@needs("signed in")
@require_http_methods(["GET", "HEAD", "POST"])
@reads_packs
def look_over(request: HttpRequest, pk: int) -> HttpResponse:
    """How far the reading is; then each clause beside the guess, to be accepted, changed or left out."""
    found, now = get_object_or_404(PolicyImport.objects.select_related("draft").defer("file"), pk=pk), timezone.now()
    context: dict[str, Any] = {"handed": found, "may": signs_off(me(request), now)}
    if "piece" in request.GET:
        return render(request, "policy/import_state.html", context)
    if found.found is None:
        return render(request, "policy/import_wait.html", context)
    pack = review.pack_of_import(found)
    kinds = [("", "Nothing usual"), *((one.id, f"{one.number}. {one.title}") for one in clause_kinds().values())]
    context |= {
        "rows": review.rows(found, pack),
        "loose": review.loose(found, pack),
        "unknown": [one for one in found.found["sentences"] if one["became"] == "not understood"],
        "sentences": len(found.found["sentences"]),
        "pack": pack,
        "kinds": KINDS.items(),
        "abouts": kinds,
        "given_title": pack.title,
        "remarks": found.found.get("remarks", ()),
    }
    left = imports.to_do(found.found, pack)
    context["to_do"] = to_do.on_review(left, review.names(context), review.numbers(context))
    if request.method != "POST":
        return render(request, "policy/review.html", context)
    context |= {"given_title": request.POST.get("title", ""), "rows": review.rows(found, pack, request.POST)}
    context["loose"] = review.loose(found, pack, request.POST)
    try:
        changes = review.read(found, pack, request.POST)
        made = imports.accept(found, changes, title=words(request.POST, "title")[:120], by=me(request), at=now)
    except (*ERRORS, ValueError) as error:
        return refused(
            request, "policy/review.html", context, said_of(error), review.names(context), title="No draft yet"
        )
    return see(reverse("policy_draft", args=[made.pk]))
