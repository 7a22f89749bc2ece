"""Complaints, hazards and requests for information: the list by the soonest clock, and one case with its course."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gatepost.inbox import cases as actions
from gatepost.inbox.models import Case, Message
from gatepost.inbox.referral_letters import hidden_in
from gatepost.ledger.models import Line
from gatepost.people.models import User
from gatepost.policy.cases import case_kinds
from gatepost.rulebook.actions import in_force
from gatepost.web.frame.given import number
from gatepost.web.frame.lines import spoken
from gatepost.web.frame.problems import ERRORS, Unclear, done, refused
from gatepost.web.frame.who import me
from gatepost.web.inbox.rows import text_of
from gatepost.web.permission import needs

PAGE = 50
TABS = {"": "Open", "late": "Late", "closed": "Closed"}


@needs("reader")
@require_safe
def cases(request: HttpRequest) -> HttpResponse:
    at = timezone.now()
    show = request.GET.get("show", "")
    show = show if show in TABS else ""
    kind = request.GET.get("kind", "")
    kind = kind if kind in case_kinds() else ""
    every = Case.objects.select_related("message__channel", "message__decision")
    if kind:
        every = every.filter(kind=kind)
    sets = {
        "": every.filter(state="open"),
        "late": every.filter(state="open", next_due__lt=at),
        "closed": every.filter(state="closed"),
    }
    page = number(request.GET.get("page", ""), 4)
    order = ("-pk",) if show == "closed" else ("-message__danger", "next_due", "pk")
    found = list(sets[show].order_by(*order)[page * PAGE : (page + 1) * PAGE + 1])
    context = {
        "rows": [(one, text_of(one.message, 140), actions.next_steps(one)) for one in found[:PAGE]],
        "tabs": [(key, title, key == show, sets[key].count()) for key, title in TABS.items()],
        "show": show,
        "kind": kind,
        "kinds": case_kinds().values(),
        "next": page + 1 if len(found) > PAGE else 0,
        "now": at,
    }
    return render(request, "cases/cases.html", context)


@needs("reader")
@require_POST
def case_open(request: HttpRequest, message: int) -> HttpResponse:
    one = get_object_or_404(Message.objects.select_related("channel", "decision"), pk=message)
    at = timezone.now()
    try:
        made = actions.open_case(one, request.POST.get("kind", ""), by=me(request), at=at)
    except ERRORS as error:
        context = {"message": one, "said": text_of(one, 400), "kinds": case_kinds().values()}
        return refused(request, "cases/refused.html", context, error, title="The case was not opened")
    since = f"{timezone.localtime(made.received_at):%H:%M on %-d %B}"
    return done(request, f"{made.title} opened. Its clocks run from {since}.", "case", made.pk)


def _moment(form: QueryDict, name: str) -> datetime | None:
    """A date and time of a form, in the desk's own zone; None when it is left empty."""
    given = form.get(name, "").strip()
    if not given:
        return None
    try:
        read = parse_datetime(given)
    except ValueError:
        read = None
    if read is None:
        raise Unclear("Give the date and the time, like 2026-11-24T09:30.", name)
    return timezone.make_aware(read) if timezone.is_naive(read) else read


def _words(form: QueryDict, name: str) -> str:
    return form.get(name, "").replace("\x00", "")


Doing = Callable[[Case, QueryDict, User, datetime], str]


def _step(one: Case, form: QueryDict, person: User, at: datetime) -> str:
    name = form.get("step", "")
    actions.take_step(one, name, by=person, at=at, happened_at=_moment(form, "happened_at"), note=_words(form, "note"))
    step = actions.kind_of(one).step(name)
    return f"Kept: {step.done.lower()}." if step else "Kept."


def _extend(one: Case, form: QueryDict, person: User, at: datetime) -> str:
    told = _moment(form, "told_at")
    if told is None:
        raise Unclear("Say when the person was told.", "told_at")
    actions.extend(one, form.get("law", ""), because=_words(form, "because"), told_at=told, by=person, at=at)
    return "The time is longer now, with its reason."


def _pause(one: Case, form: QueryDict, person: User, at: datetime) -> str:
    actions.pause(one, because=_words(form, "because"), by=person, at=at, since=_moment(form, "since"))
    return "Its clock stands still until you say that what was awaited has come."


def _resume(one: Case, form: QueryDict, person: User, at: datetime) -> str:
    actions.resume(one, by=person, at=at)
    return "Its clock runs on."


def _close(one: Case, form: QueryDict, person: User, at: datetime) -> str:
    actions.close_case(one, because=_words(form, "because"), by=person, at=at)
    return "Closed. You can open it again."


def _reopen(one: Case, form: QueryDict, person: User, at: datetime) -> str:
    actions.reopen_case(one, by=person, at=at)
    return "Open again."


DOING: dict[str, Doing] = {
    "step": _step,
    "extend": _extend,
    "pause": _pause,
    "resume": _resume,
    "close": _close,
    "reopen": _reopen,
}
FIELDS = {"step": "note", "extend": "because", "pause": "awaited", "close": "why"}


@needs("reader")
@require_http_methods(["GET", "HEAD", "POST"])
def case(request: HttpRequest, pk: int) -> HttpResponse:
    at = timezone.now()
    one = found_case(pk)
    if request.method != "POST":
        return render(request, "cases/case.html", context_of(one, at))
    wish = request.POST.get("do", "")
    try:
        if wish not in DOING:
            raise Unclear("The page does not know what to do with that.")
        words = DOING[wish](one, request.POST, me(request), at)
    except ERRORS as error:
        context = {**context_of(found_case(pk), at), "given": request.POST}
        return refused(request, "cases/case.html", context, error, field=FIELDS.get(wish, ""))
    return done(request, words, "case", pk)


def found_case(pk: int) -> Case:
    rows = Case.objects.select_related("message__channel", "message__decision", "message__contact", "by")
    return get_object_or_404(rows, pk=pk, kind__in=list(case_kinds()))


def context_of(one: Case, at: datetime) -> dict[str, Any]:
    pack = in_force(at)
    kind = actions.kind_of(one)
    running = actions.clocks(one, at=at)
    taken = one.steps.select_related("by").order_by("happened_at", "pk")
    steps = [(kind.step(row.step), row, hidden_in(row.note, pack)) for row in taken]
    may_grow = [row for row in running if row.extension and one.state == "open"]
    return {
        "case": one,
        "said": text_of(one.message, 2_000),
        "clause_id": actions.clause_of(one.kind, pack),
        "clocks": running,
        "steps": steps,
        "extensions": [
            (row, hidden_in(row.because, pack)) for row in one.extensions.select_related("by").order_by("at")
        ],
        "pauses": [(row, hidden_in(row.because, pack)) for row in one.pauses.select_related("by").order_by("since")],
        "standing": actions.paused(one),
        "next": actions.next_steps(one),
        "longer": [(row, actions.extension_words(row)) for row in may_grow],
        "may_stop": one.state == "open" and any(row.may_stop for row in running),
        "referrals": one.message.referrals.order_by("at"),
        "summary": hidden_in(one.summary, pack),
        "closed_because": hidden_in(one.closed_because, pack),
        "lines": spoken(Line.objects.filter(subject=one.subject).order_by("-pk")[:100]),
        "now": at,
    }
