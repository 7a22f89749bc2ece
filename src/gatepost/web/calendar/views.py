"""The calendar: a week as a table by channel and day, or as a list by day."""

from __future__ import annotations

from datetime import date, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from gatepost.web.calendar.week import days_of, monday_of, slots_of, table_of
from gatepost.web.permission import needs


def day_asked(given: str, today: date) -> date:
    """The day of an address; today when it is none the calendar can show."""
    try:
        asked = date.fromisoformat(given[:10])
    except ValueError:
        return today
    return asked if abs(asked.year - today.year) <= 50 else today


@needs("signed in")
@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    monday = monday_of(day_asked(request.GET.get("week", ""), today))
    days = days_of(monday, slots_of(monday), today)
    context = {
        "monday": monday,
        "sunday": monday + timedelta(days=6),
        "before": monday - timedelta(days=7),
        "after": monday + timedelta(days=7),
        "this_week": monday == monday_of(today),
        "days": days,
        "table": table_of(days),
        "listed": request.GET.get("view") == "list",
    }
    return render(request, "calendar/calendar.html", context)
