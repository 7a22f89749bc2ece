"""What is with departments: the list by answer-by time, and one referral with everything that passed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from gatepost.inbox import referral_chasing
from gatepost.inbox import referrals as actions
from gatepost.inbox.models import Referral
from gatepost.inbox.referral_letters import hidden_in
from gatepost.inbox.states import OPEN_REFERRALS
from gatepost.ledger.models import Line
from gatepost.people.models import User
from gatepost.rulebook.actions import in_force
from gatepost.web.frame.given import number
from gatepost.web.frame.lines import spoken
from gatepost.web.frame.problems import ERRORS, Unclear, done, refused
from gatepost.web.frame.who import me
from gatepost.web.inbox.rows import text_of
from gatepost.web.permission import needs

PAGE = 50
TABS = {"": "With a department", "late": "Late", "asked": "Ask us", "back": "Handed back", "answered": "Answered"}


def tab_of(rows: QuerySet[Referral], show: str, at: datetime) -> QuerySet[Referral]:
    match show:
        case "late":
            return rows.filter(state__in=OPEN_REFERRALS, answer_by__lt=at)
        case "asked":
            return rows.filter(state="asked")
        case "back":
            return rows.filter(state="handed_back")
        case "answered":
            return rows.filter(state="answered")
        case _:
            return rows.filter(state__in=OPEN_REFERRALS)


@needs("reader")
@require_safe
def referrals(request: HttpRequest) -> HttpResponse:
    at = timezone.now()
    show = request.GET.get("show", "")
    show = show if show in TABS else ""
    department = request.GET.get("department", "")[:60]
    every = Referral.objects.select_related("message__channel", "message__decision", "by")
    if department:
        every = every.filter(department=department)
    page = number(request.GET.get("page", ""), 4)
    order = ["-answered_at"] if show == "answered" else ["-message__danger", "answer_by"]
    found = list(tab_of(every, show, at).order_by(*order, "pk")[page * PAGE : (page + 1) * PAGE + 1])
    pack = in_force(at)
    names = dict(Referral.objects.values_list("department", "department").distinct())
    context = {
        "rows": [(one, text_of(one.message, 140)) for one in found[:PAGE]],
        "tabs": [(key, title, key == show, tab_of(every, key, at).count()) for key, title in TABS.items()],
        "show": show,
        "department": department,
        "departments": [(key, pack.departments[key].name if key in pack.departments else key) for key in names],
        "next": page + 1 if len(found) > PAGE else 0,
        "now": at,
    }
    return render(request, "referrals/referrals.html", context)


Doing = Callable[[Referral, str, User, datetime], str]


def _tell(one: Referral, text: str, person: User, at: datetime) -> str:
    actions.tell(one, text, by=person, at=at)
    return f"Your answer is on its way to {one.name} by e-mail."


def _answer(one: Referral, text: str, person: User, at: datetime) -> str:
    actions.answer(one, text, by=person, at=at)
    return f"Kept: what {one.name} said."


def _back(one: Referral, text: str, person: User, at: datetime) -> str:
    actions.hand_back(one, text, by=person, at=at)
    return "Kept: they hand it back. It is with us again."


def _again(one: Referral, text: str, person: User, at: datetime) -> str:
    actions.reopen(one, text, by=person, at=at)
    return f"{one.name} are asked again, with a new answer-by time."


def _remind(one: Referral, text: str, person: User, at: datetime) -> str:
    referral_chasing.remind_now(one, by=person, at=at)
    return "A reminder is on its way."


DOING: dict[str, Doing] = {"tell": _tell, "answer": _answer, "back": _back, "again": _again, "remind": _remind}


@needs("reader")
@require_http_methods(["GET", "HEAD", "POST"])
def referral(request: HttpRequest, pk: int) -> HttpResponse:
    at = timezone.now()
    one = _found(pk)
    if request.method != "POST":
        return render(request, "referrals/referral.html", _context(one, at))
    wish = request.POST.get("do", "")
    try:
        if wish not in DOING:
            raise Unclear("The page does not know what to do with that.")
        words = DOING[wish](one, request.POST.get("text", "").replace("\x00", ""), me(request), at)
    except ERRORS as error:
        context = {**_context(_found(pk), at), "given": request.POST}
        return refused(request, "referrals/referral.html", context, error, field=f"text-{wish}")
    return done(request, words, "referral", pk)


def _found(pk: int) -> Referral:
    rows = Referral.objects.select_related("message__channel", "message__decision", "message__contact", "by")
    return get_object_or_404(rows, pk=pk)


def _context(one: Referral, at: datetime) -> dict[str, Any]:
    pack = in_force(at)
    found = pack.departments.get(one.department)
    lines = Line.objects.filter(subject=one.subject).order_by("-pk")[:100]
    return {
        "referral": one,
        "said": text_of(one.message, 2_000),
        "notes": [(note, hidden_in(note.text, pack)) for note in one.notes.select_related("by").order_by("at", "pk")],
        "letters": one.letters.order_by("at", "pk"),
        "links": one.links.order_by("at", "pk"),
        "department": found,
        "clock": pack.clocks.get(one.clock),
        "lines": spoken(lines),
        "open": one.state in OPEN_REFERRALS,
        "note": hidden_in(one.note, pack),
        "details_because": hidden_in(one.details_because, pack),
        "now": at,
    }
