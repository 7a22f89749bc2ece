"""A desk with an officer who has signed every wording, a member of staff and a live channel."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from gatepost.channels.models import Channel
from gatepost.gate.models import Act
from gatepost.inbox.listing import Filter, numbers_after
from gatepost.inbox.models import Message
from gatepost.networks.protocol import Incoming, Page
from gatepost.people.models import User
from tests import factories

AT = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)  # a Tuesday
COMPLAINT = "This is a disgrace, I want to complain about your service. Third time I have reported it and nobody came."
DETAILS = "Please ring me on 01632 960123 or write to casey@example.org, my heating is broken. Can somebody help?"
ABUSE = "Your receptionist is a useless stupid bitch and I will punch her in the face"


@dataclass
class Desk:
    officer: User
    staff: User
    channel: Channel

    def message(self, text: str = COMPLAINT, **fields: Any) -> Message:
        return factories.message(text, channel=self.channel, **fields)


def make_desk() -> Desk:
    officer = factories.officer(standing=True)
    channel = factories.channel(by=officer, name="Practice page")
    return Desk(officer, factories.staff(channel, by=officer), channel)


def index_plans() -> None:
    """From here on this transaction reads in order from an index whatever one can give so. The planner knows how large
    the tables are now, not what earlier tests left in them."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
        cursor.execute("SET LOCAL enable_sort = off; SET LOCAL enable_incremental_sort = off")
        cursor.execute("ANALYZE inbox_message, inbox_nameword")


def found(wanted: Filter, at: datetime | None = None) -> list[int]:
    """The numbers of what the list shows, in its order."""
    return numbers_after(wanted, 0, 1000, at or timezone.now())


def said(ref: str, text: str = "When do you open on Saturday?", **fields: Any) -> Incoming:
    given: dict[str, Any] = {"kind": "comment", "author_ref": "r1", "author_name": "Casey Sample", "posted_at": AT}
    return Incoming(ref=ref, text=text, **{**given, **fields})


class Reads:
    """A network that gives the pages laid ready, or raises."""

    key = "facebook"

    def __init__(self, *pages: Page | Exception) -> None:
        self.pages = list(pages)
        self.cursors: list[str] = []

    def read_since(self, cursor: str) -> Page:
        self.cursors.append(cursor)
        page = self.pages.pop(0)
        if isinstance(page, Exception):
            raise page
        return page


def reads(monkeypatch: pytest.MonkeyPatch, *pages: Page | Exception) -> Reads:
    network = Reads(*pages)
    answer: Callable[[object], Reads] = lambda account: network  # noqa: E731  # shorter than a function here
    monkeypatch.setattr("gatepost.inbox.intake.connect", answer)
    return network


def become(act: Act, state: str) -> Act:
    """As the worker would have left it, without its steps."""
    Act.objects.filter(pk=act.pk).update(state=state)
    act.refresh_from_db()
    return act
