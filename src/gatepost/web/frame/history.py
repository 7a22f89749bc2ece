"""The history of one thing, from the record: its newest lines, how many there are, and the way to the earlier ones."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.http import HttpRequest

from gatepost.ledger.models import Line
from gatepost.web.frame.given import number
from gatepost.web.frame.lines import Spoken, spoken

SHOWN = 100  # lines on one page


@dataclass(frozen=True, slots=True)
class History:
    """`lines` are in their order, the newest last: those from `first` to `last` of `count`. `page` 1 has the newest."""

    lines: tuple[Spoken, ...]
    count: int
    page: int

    @property
    def last(self) -> int:
        return self.count - (self.page - 1) * SHOWN

    @property
    def first(self) -> int:
        return self.last - len(self.lines) + 1

    @property
    def earlier(self) -> int:
        """The page with those before; 0 when there are none."""
        return self.page + 1 if self.first > 1 else 0


def history_of(request: HttpRequest, subjects: Collection[str]) -> History:
    """What the record says of these subjects; `?history=2` asks for the lines before the newest SHOWN."""
    rows = Line.objects.filter(subject__in=subjects)
    count = rows.count()
    page = max(1, min(number(request.GET.get("history", "")), -(-count // SHOWN)))
    newest = rows.order_by("-id")[(page - 1) * SHOWN : page * SHOWN]
    return History(tuple(spoken(list(newest)[::-1])), count, page)
