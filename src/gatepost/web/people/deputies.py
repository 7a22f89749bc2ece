"""Who signs in a person's stead, from when until when and for what; and when they are away."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from gatepost.channels.models import Channel
from gatepost.ledger.models import Line
from gatepost.people import deputies as actions
from gatepost.people.authority import approves_staff
from gatepost.people.models import Absence, Deputy, User
from gatepost.rulebook.actions import in_force
from gatepost.web.frame.given import end_of_day, number
from gatepost.web.frame.lines import spoken
from gatepost.web.frame.problems import ERRORS, Unclear, done, refused
from gatepost.web.frame.who import me
from gatepost.web.permission import needs

KINDS = (("publish", "Posts"), ("reply", "Answers"), ("delete", "Taking down what is ours"), ("hide", "Hiding"))


@needs("signed in")
@require_http_methods(["GET", "HEAD", "POST"])
def person_deputies(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(User, pk=pk)
    if request.method != "POST":
        return render(request, "people/deputies.html", _context(request, found))
    try:
        said = _act(request, found)
    except ERRORS as error:
        return refused(request, "people/deputies.html", _context(request, found), error)
    return done(request, said, "person_deputies", pk)


def _act(request: HttpRequest, found: User) -> str:
    by, at, given = me(request), timezone.now(), request.POST
    match given.get("act"):
        case "appoint":
            deputy = User.objects.filter(pk=number(given.get("deputy", "")), is_active=True).first()
            if deputy is None:
                raise Unclear("Choose who stands in.", "deputy")
            starts, until = _dates(request, "deputy", at)
            channels = [number(one) for one in given.getlist("channels")]
            kinds = given.getlist("kinds")
            actions.appoint(found, deputy, starts=starts, until=until, channels=channels, kinds=kinds, by=by, at=at)
            return f"{deputy.name} may sign in the stead of {found.name}."
        case "end":
            row = get_object_or_404(Deputy, pk=number(given.get("row", "")), person=found)
            actions.end(row, by=by, at=at)
            return f"{row.deputy.name} no longer signs in the stead of {found.name}."
        case "away":
            starts, until = _dates(request, "away", at)
            actions.go_away(found, starts=starts, until=until, by=by, at=at)
            return f"{found.name} is down as away. Reminders go to whoever stands in."
        case "back":
            gone = get_object_or_404(Absence, pk=number(given.get("row", "")), person=found)
            actions.come_back(gone, by=by, at=at)
            return f"{found.name} is back."
    raise Unclear("The desk does not know what to do with that.")


def _dates(request: HttpRequest, name: str, at: datetime) -> tuple[datetime, datetime]:
    """From the beginning of the first day, or now when that is today or empty, until the end of the last."""
    first = end_of_day(request.POST.get(f"{name}_from", ""), f"{name}_from")
    last = end_of_day(request.POST.get(f"{name}_until", ""), f"{name}_until")
    if last is None:
        raise Unclear("Say until when.", f"{name}_until")
    return max(at, first - timedelta(days=1)) if first else at, last


def _context(request: HttpRequest, found: User) -> dict[str, Any]:
    at = timezone.now()
    person = me(request)
    channels = list(Channel.objects.exclude(state="closed").order_by("name"))
    names = {channel.pk: channel.name for channel in channels}
    kinds = [*KINDS, *((f"post:{kind.id}", f"Posts: {kind.title}") for kind in in_force(at).post_kinds)]
    titles = dict(kinds)
    rows = Deputy.objects.filter(person=found, ended_at=None, until__gt=at).select_related("deputy", "made_by")
    lent = Deputy.objects.filter(deputy=found, ended_at=None, until__gt=at)
    gone = Absence.objects.filter(person=found, ended_at=None, until__gt=at)
    return {
        "person": found,
        "rows": [(row, _scope(row, names, titles), _last(row.until)) for row in rows.order_by("starts")],
        "stands_in": [(row, _last(row.until)) for row in lent.select_related("person").order_by("starts")],
        "away": [(row, _last(row.until)) for row in gone.order_by("starts")],
        "others": User.objects.filter(is_active=True).exclude(pk=found.pk).order_by("name"),
        "channels": channels,
        "kinds": kinds,
        "may_manage": person == found or person.is_admin or approves_staff(person, at),
        "given": request.POST,
        "chosen_channels": [number(one) for one in request.POST.getlist("channels")],
        "chosen_kinds": request.POST.getlist("kinds"),
        "history": spoken(
            Line.objects.filter(
                subject=f"person:{found.pk}",
                verb__in=["deputy.appointed", "deputy.ended", "person.away", "person.back"],
            ).order_by("-id")[:20]
        ),
    }


def _last(until: datetime) -> datetime:
    """A moment of the last day, when a term ends with that day."""
    return until - timedelta(microseconds=1)


def _scope(row: Deputy, names: dict[int, str], titles: dict[str, str]) -> str:
    on = ", ".join(names.get(number_, f"channel {number_}") for number_ in row.channels) or "every channel"
    what = ", ".join(titles.get(kind, kind) for kind in row.kinds) or "Everything"
    return f"{what}, on {on}"
