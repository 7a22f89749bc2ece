"""The calendar: a month, a week by channel, a day by the hour, or a list by day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from gatepost.channels.models import Channel
from gatepost.publishing.campaigns import campaigns_for
from gatepost.publishing.occasions import marked_days
from gatepost.publishing.planner import moment_of, planned
from gatepost.rulebook.actions import in_force
from gatepost.web.calendar.asked import VIEWS, Asked, asked
from gatepost.web.calendar.moves import undone_by
from gatepost.web.calendar.slots import days_of, hours_of, rows_of
from gatepost.web.permission import needs

NAMES = {"month": "Month", "week": "Week", "day": "Day", "list": "List"}


@needs("signed in")
@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    wish = asked(request, today)
    context = {**_frame(wish, today), **_view(wish, today), **undone_by(request)}
    return render(request, f"calendar/{wish.view}.html", context)


def _view(wish: Asked, today: date) -> dict[str, Any]:
    pack = in_force(timezone.now())
    found = planned(moment_of(wish.first), moment_of(wish.last + timedelta(days=1)), wish.wanted)
    month = wish.on.month if wish.view == "month" else 0
    days = days_of(wish.first, wish.last, found, today, marked_days(pack, wish.first, wish.last), month)
    queries = {day.date: wish.at(day.date, "day") for day in days}
    shown: dict[str, Any] = {"days": days, "nothing": not found, "day_queries": queries}
    if wish.view == "week":
        shown["rows"] = rows_of(days, pack, wish.wanted.channel, today)
    if wish.view == "month":
        shown["weeks"] = [days[place : place + 7] for place in range(0, len(days), 7)]
    if wish.view == "day":
        shown["day"], shown["hours"] = days[0], hours_of(days[0])
    return shown


def _frame(wish: Asked, today: date) -> dict[str, Any]:
    pack = in_force(timezone.now())
    return {
        "wish": wish,
        "today": today,
        "before": wish.step(-1),
        "after": wish.step(1),
        "today_query": wish.at(today, wish.view),
        "now_shown": wish.first <= today <= wish.last and (wish.view != "month" or wish.on.month == today.month),
        "views": [(name, NAMES[name], wish.as_view(name).query) for name in VIEWS],
        "channels": Channel.objects.exclude(state="closed").order_by("practice", "name"),
        "campaigns": campaigns_for(wish.wanted.campaign),
        "audiences": pack.audiences,
    }
