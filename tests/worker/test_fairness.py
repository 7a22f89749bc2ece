"""Deep channels and the others in the worker's own queue: nobody waits for a backlog to end."""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Protocol

import pytest
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from gatepost.channels.models import Channel
from gatepost.inbox import deliveries, intake
from gatepost.inbox.models import Delivery, Message
from gatepost.networks.facebook_delivery import messages_in
from gatepost.networks.protocol import Incoming, Page
from gatepost.worker import loops, run
from tests import factories
from tests.inbox.scene import AT
from tests.inbox.test_backlog import call

pytestmark = pytest.mark.django_db(transaction=True)

WAITS = 120.0  # seconds until a test that hangs fails


class HasNumber(Protocol):
    @property
    def external_id(self) -> str: ...


@dataclass
class Pages:
    """Networks that call: one of each channel. `tell` hears of each call before it is read, `whole` when all of a
    channel's calls have been."""

    tell: Callable[[str], None] = lambda page: None
    whole: dict[str, threading.Event] = field(default_factory=dict)
    went_wrong: list[str] = field(default_factory=list)

    def connect(self, account: HasNumber) -> OnePage:
        return OnePage(self, account.external_id)


@dataclass
class OnePage:
    pages: Pages
    page: str
    key: str = "facebook"

    def read_since(self, cursor: str) -> Page:
        if not Delivery.objects.filter(channel__external_id=self.page, read_at=None).exists():
            self.pages.whole[self.page].set()
        return Page((), cursor)

    def messages_in(self, body: bytes) -> tuple[Incoming, ...]:
        self.pages.tell(self.page)
        return messages_in(body, self.page)


@pytest.fixture
def pages(monkeypatch: pytest.MonkeyPatch) -> Pages:
    found = Pages()
    monkeypatch.setattr(intake, "connect", found.connect)
    with connection.cursor() as cursor:  # jobs that other tests committed stay
        cursor.execute("TRUNCATE procrastinate_jobs CASCADE")
    return found


def channels(pages: Pages, deep: Sequence[int], *, most: int = 300) -> list[Channel]:
    """As many channels, each with as many calls that wait to be read; of `most` messages, told again and again."""
    by = factories.officer()
    found = [factories.channel(by=by, name=f"Page {place}") for place in range(len(deep))]
    for channel, calls in zip(found, deep, strict=True):
        pages.whole[channel.external_id] = threading.Event()
        bodies = (call(channel.external_id, number % most, "add") for number in range(calls))
        Delivery.objects.bulk_create([Delivery(channel=channel, body=body, at=AT) for body in bodies])
    assert len(pages.whole) == len(deep)
    return found


@contextmanager
def queue() -> Iterator[None]:
    """The worker's queue, as `gatepost worker` runs it."""
    stop = threading.Event()

    thread = threading.Thread(target=run._queue, args=(stop,))
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(WAITS)
        gc.collect()  # connections of the threads that have ended


def test_messages_of_other_channels_are_decided_while_a_deep_one_is_being_read(pages: Pages) -> None:
    deep, one, other = channels(pages, [2_100, 3, 3])
    seen = []

    def tell(page: str) -> None:
        if page == deep.external_id:
            seen.append(page)
            if len(seen) == 300:  # in the midst of it, and no further before the others have been read
                others = all(pages.whole[channel.external_id].wait(WAITS) for channel in (one, other))
                pages.went_wrong += [] if others else ["the others waited for the deep one"]

    pages.tell = tell
    loops.polling()
    assert list(ProcrastinateJob.objects.order_by("pk").values_list("lock", flat=True)) == [
        f"read:{channel.pk}" for channel in (deep, one, other)
    ]
    with queue():
        assert pages.whole[deep.external_id].wait(WAITS * 4)
    assert pages.went_wrong == []
    for channel, said in ((deep, 300), (one, 3), (other, 3)):
        assert Message.objects.filter(channel=channel).exclude(decision=None).count() == said
    assert not Delivery.objects.filter(read_at=None).exists()


def test_more_deep_channels_than_are_read_at_once_let_a_short_one_between(
    pages: Pages, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deliveries, "MOST", 20)
    monkeypatch.setattr(deliveries, "BATCH", 10)
    *deep, short = channels(pages, [50, 50, 50, 50, 50, 3])
    seen = {channel.external_id: 0 for channel in deep}

    def tell(page: str) -> None:
        if page in seen:
            seen[page] += 1
            if seen[page] == 21 and not pages.whole[short.external_id].wait(WAITS):  # its second go
                pages.went_wrong.append(page)

    pages.tell = tell
    loops.polling()
    with queue():
        for channel in deep:
            assert pages.whole[channel.external_id].wait(WAITS)
    assert pages.went_wrong == []
    assert Message.objects.count() == 253
