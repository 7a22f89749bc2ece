"""What the address of the calendar asks for, and the addresses of its other views."""

from __future__ import annotations

import calendar
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal
from urllib.parse import urlencode

from django.http import HttpRequest

from gatepost.publishing.planner import Filter
from gatepost.web.frame.given import number

View = Literal["month", "week", "day", "list"]
VIEWS: tuple[View, ...] = ("month", "week", "day", "list")
DAY, WEEK = timedelta(days=1), timedelta(days=7)


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def day_asked(given: str, today: date) -> date:
    """The day of an address; today when it is none the calendar can show."""
    try:
        asked = date.fromisoformat(given[:10])
    except ValueError:
        return today
    return asked if abs(asked.year - today.year) <= 50 else today


@dataclass(frozen=True, slots=True)
class Asked:
    """A view around a day, and what is left out of it."""

    view: View
    on: date
    wanted: Filter

    @property
    def first(self) -> date:
        """The first day shown; a month begins on the Monday of its first week."""
        if self.view == "day":
            return self.on
        if self.view == "month":
            return monday_of(self.on.replace(day=1))
        return monday_of(self.on)

    @property
    def last(self) -> date:
        if self.view == "day":
            return self.on
        if self.view == "month":
            end = self.on.replace(day=calendar.monthrange(self.on.year, self.on.month)[1])
            return monday_of(end) + 6 * DAY
        return self.first + 6 * DAY

    def step(self, by: int) -> Asked:
        """The same view one day, week or month on or back."""
        if self.view == "day":
            return replace(self, on=self.on + by * DAY)
        if self.view == "month":
            months = self.on.year * 12 + self.on.month - 1 + by
            return replace(self, on=date(months // 12, months % 12 + 1, 1))
        return replace(self, on=self.first + by * WEEK)

    @property
    def query(self) -> str:
        given = {"view": self.view if self.view != "week" else "", "on": self.on.isoformat(), **self.filters}
        return urlencode({name: value for name, value in given.items() if value})

    @property
    def filters(self) -> dict[str, str]:
        """The filters that are set, as they stand in an address."""
        given = {
            "channel": str(self.wanted.channel or ""),
            "campaign": str(self.wanted.campaign or ""),
            "audience": self.wanted.audience,
        }
        return {name: value for name, value in given.items() if value}

    def as_view(self, view: View) -> Asked:
        return replace(self, view=view)

    def at(self, on: date, view: View) -> str:
        return replace(self, on=on, view=view).query


def asked(request: HttpRequest, today: date) -> Asked:
    """`?week=2026-11-24` is understood beside `?view=week&on=2026-11-24`."""
    given = request.GET
    view = given.get("view", "week")
    return Asked(
        view=view if view in VIEWS else "week",
        on=day_asked(given.get("on") or given.get("week", ""), today),
        wanted=Filter(
            channel=number(given.get("channel", "")),
            campaign=number(given.get("campaign", "")),
            audience=given.get("audience", "")[:80],
        ),
    )
