"""One person outside: their accounts as somebody has linked them, and what they said on each."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from gatepost.inbox import joining, writers
from gatepost.inbox.conditions import accounts_of
from gatepost.inbox.lines import page_of
from gatepost.inbox.listing import Filter
from gatepost.inbox.models import Contact
from gatepost.inbox.search import called
from gatepost.web.frame.given import number
from gatepost.web.frame.problems import ERRORS, Unclear, done, refused
from gatepost.web.frame.who import me
from gatepost.web.inbox.rows import lines_of
from gatepost.web.permission import needs

SHOWN = 20


def _context(contact: Contact, query: str = "") -> dict[str, object]:
    now = timezone.now()
    accounts = Contact.objects.filter(pk__in=accounts_of(contact.pk)).select_related("known__by").order_by("pk")
    messages, more = page_of(Filter(contact=contact.pk), size=SHOWN, at=now)
    return {
        "contact": contact,
        "accounts": accounts,
        "kinds": writers.KINDS.items(),
        "rows": lines_of(messages),
        "more": more,
        "query": query,
        "found": _others(query, [one.pk for one in accounts]) if query else [],
        "now": now,
    }


def _others(query: str, known: list[int]) -> QuerySet[Contact]:
    return Contact.objects.filter(called(query)).exclude(pk__in=known).order_by("-pk")[:SHOWN]


def _contact(pk: int) -> Contact:
    return get_object_or_404(Contact.objects.select_related("known"), pk=pk)


@needs("reader")
@require_GET
def contact(request: HttpRequest, contact: int) -> HttpResponse:
    query = request.GET.get("name", "").replace("\x00", "").strip()[:100]
    return render(request, "desk/contact.html", _context(_contact(contact), query))


@needs("reader")
@require_POST
def mark(request: HttpRequest, contact: int) -> HttpResponse:
    """What this person is, as somebody here knows it."""
    one = _contact(contact)
    try:
        writers.mark(one, request.POST.get("kind", "?"), by=me(request), at=timezone.now())
    except ERRORS as error:
        return refused(request, "desk/contact.html", _context(one), error, title="Nothing has changed")
    return done(request, "Kept. It counts for what they write from now on.", "desk_contact", contact)


@needs("reader")
@require_POST
def link(request: HttpRequest, contact: int) -> HttpResponse:
    """Another account is this person's too, with how somebody knows."""
    one = _contact(contact)
    form = request.POST
    try:
        other = Contact.objects.filter(pk=number(form.get("other", ""))).first()
        if other is None:
            raise Unclear("Choose the other account.", "other")
        joining.link(one, other, because=form.get("because", ""), by=me(request), at=timezone.now())
    except ERRORS as error:
        return refused(
            request,
            "desk/contact.html",
            {**_context(one, form.get("name", "")[:100]), "given": form.dict()},
            error,
            title="The accounts were not linked",
            field="because",
        )
    return done(request, "Linked. What either account said is one history now.", "desk_contact", contact)


@needs("reader")
@require_POST
def unlink(request: HttpRequest, contact: int) -> HttpResponse:
    one = _contact(contact)
    try:
        joining.unlink(one, by=me(request), at=timezone.now())
    except ERRORS as error:
        return refused(request, "desk/contact.html", _context(one), error)
    return done(request, "Parted. This account stands alone again.", "desk_contact", contact)
