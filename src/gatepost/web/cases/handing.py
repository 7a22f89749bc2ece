"""A case in one piece to take away, and the systems of the organisation that it may be handed over to."""

from __future__ import annotations

import hashlib

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from gatepost.inbox import handovers
from gatepost.inbox.bundle_html import html_of
from gatepost.inbox.bundle_pdf import pdf_of
from gatepost.inbox.bundles import bundle_of
from gatepost.inbox.models import HandOver, Receiver
from gatepost.ledger.digest import canonical
from gatepost.people.authority import signs_off
from gatepost.web.cases.views import context_of, found_case
from gatepost.web.frame.given import number
from gatepost.web.frame.problems import ERRORS, Unclear, done, refused
from gatepost.web.frame.who import me
from gatepost.web.permission import needs

BUNDLES = {"pdf": "application/pdf", "html": "text/html; charset=utf-8", "json": "application/json"}


@needs("reader")
@require_POST
def case_bundle(request: HttpRequest, pk: int) -> HttpResponse:
    """A file to keep: PDF, a page, or JSON. It is made by a form, because making one is written into the record."""
    one, at = found_case(pk), timezone.now()
    kind = request.POST.get("as", "")
    ending = kind if kind in BUNDLES else "pdf"
    try:
        made = bundle_of(one, by=me(request), at=at, details_because=request.POST.get("details_because", ""))
    except ERRORS as error:
        return refused(request, "cases/case.html", context_of(one, at), error, title="No bundle was made")
    body = canonical(made)
    sha256 = hashlib.sha256(body).hexdigest()
    made_as = {"pdf": pdf_of, "html": html_of}.get(ending)
    response = HttpResponse(made_as(made, sha256) if made_as else body, content_type=BUNDLES[ending])
    response.headers["Content-Disposition"] = f'attachment; filename="case-{one.pk}.{ending}"'
    response.headers["Cache-Control"] = "no-store"
    return response


@needs("reader")
@require_POST
def case_hand_over(request: HttpRequest, pk: int) -> HttpResponse:
    one, at = found_case(pk), timezone.now()
    try:
        receiver = Receiver.objects.filter(pk=number(request.POST.get("receiver", ""))).first()
        if receiver is None:
            raise Unclear("Choose the system it goes to.", "receiver")
        handovers.hand_over(one, receiver, by=me(request), at=at)
    except ERRORS as error:
        return refused(request, "cases/case.html", context_of(one, at), error, title="It was not handed over")
    return done(request, f"It is on its way to {receiver.title}.", "case", pk)


@needs("reader")
@require_POST
def handover_again(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(HandOver.objects.select_related("case"), pk=pk)
    at = timezone.now()
    try:
        handovers.again(row, by=me(request), at=at)
    except ERRORS as error:
        context = context_of(found_case(row.case_id), at)
        return refused(request, "cases/case.html", context, error, title="It was not sent again")
    return done(request, "It is tried again.", "case", row.case_id)


@needs("reader")
@require_http_methods(["GET", "HEAD", "POST"])
def receivers(request: HttpRequest) -> HttpResponse:
    """The systems; whoever signs off connects one and sees its secret this once."""
    person, at = me(request), timezone.now()
    context = {
        "receivers": handovers.receivers(),
        "may": signs_off(person, at),
        "given": request.POST,
    }
    if request.method != "POST":
        return render(request, "cases/receivers.html", context)
    form = request.POST
    try:
        if form.get("do") == "end":
            row = get_object_or_404(Receiver, pk=number(form.get("receiver", "")))
            handovers.end_receiver(row, by=person, at=at)
            return done(request, f"Nothing more goes to {row.title}.", "receivers")
        made, secret = handovers.connect_receiver(
            title=form.get("title", "").replace("\x00", ""),
            url=form.get("url", "").replace("\x00", ""),
            by=person,
            at=at,
            allow_private="allow_private" in form,
            details="details" in form,
        )
    except ERRORS as error:
        return refused(request, "cases/receivers.html", context, error, field="url")
    shown = {**context, "receivers": handovers.receivers(), "made": made, "secret": secret, "given": {}}
    return render(request, "cases/receivers.html", shown)
