"""Saved filters, labels of the desk's own, and how often the readers were corrected."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gatepost.inbox import labels as naming
from gatepost.inbox import saved_views
from gatepost.inbox.listing import Filter
from gatepost.inbox.models import Label, SavedView
from gatepost.inbox.scores import reader_scores
from gatepost.web.desk.work import again
from gatepost.web.frame.problems import ERRORS, done, refused, see
from gatepost.web.frame.who import me
from gatepost.web.inbox.querystring import querystring_of
from gatepost.web.inbox.words import word_of
from gatepost.web.permission import needs


@needs("reader")
@require_POST
def save_view(request: HttpRequest) -> HttpResponse:
    """Keeps the filter of the list under a name."""
    person = me(request)
    wanted = Filter.of(request.POST.dict(), me=person.pk)
    try:
        shared = bool(request.POST.get("shared"))
        view = saved_views.save_view(request.POST.get("title", ""), wanted, shared=shared, by=person, at=timezone.now())
    except ERRORS as error:
        return again(request, error, message=None, title="The filter was not saved")
    done(request, f"Saved as “{view.title}”{', for everybody' if shared else ', for you alone'}.", "inbox")
    return see(f"{reverse('inbox')}{querystring_of(wanted.pairs())}")


@needs("reader")
@require_POST
def end_view(request: HttpRequest, view: int) -> HttpResponse:
    one = get_object_or_404(SavedView, pk=view)
    try:
        saved_views.end_view(one, by=me(request), at=timezone.now())
    except ERRORS as error:
        return again(request, error, message=None)
    return done(request, f"The filter “{one.title}” is removed.", "inbox")


@needs("reader")
@require_http_methods(["GET", "POST"])
def labels(request: HttpRequest) -> HttpResponse:
    """The labels there are; a new one."""
    if request.method == "POST":
        try:
            made = naming.make_label(request.POST.get("name", ""), by=me(request), at=timezone.now())
        except ERRORS as error:
            return refused(request, "desk/labels.html", _labels(), error, field="name")
        return done(request, f"There is a label “{made.name}” now.", "desk_labels")
    return render(request, "desk/labels.html", _labels())


def _labels() -> dict[str, object]:
    return {"labels": Label.objects.filter(ended_at=None).select_related("by").order_by("name")}


@needs("reader")
@require_POST
def end_label(request: HttpRequest, label: int) -> HttpResponse:
    one = get_object_or_404(Label, pk=label)
    naming.end_label(one, by=me(request), at=timezone.now())
    return done(request, f"“{one.name}” is offered no longer. Messages keep it.", "desk_labels")


@needs("reader")
@require_GET
def readers(request: HttpRequest) -> HttpResponse:
    """How often people said that the readers were wrong, label by label."""
    rows = [(word_of(row.label), row) for row in reader_scores()]
    return render(request, "desk/readers.html", {"rows": rows, "any": any(row.corrected for _, row in rows)})
