"""The best free time: from the channel's own figures, on how many posts it rests, and nothing with too few."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from gatepost.channels.models import Channel
from gatepost.ledger.actions import System
from gatepost.people.models import User
from gatepost.publishing.actions import Draft, save_draft
from gatepost.publishing.archive import add_event
from gatepost.publishing.best_time import ENOUGH, Taken, best_kind, suggest
from gatepost.publishing.models import ArchivedItem
from tests import factories

pytestmark = pytest.mark.django_db
NOW = datetime(2027, 2, 3, 8, 0, tzinfo=UTC)  # a Wednesday
MONDAY = datetime(2027, 1, 4, tzinfo=UTC)


@pytest.fixture
def officer() -> User:
    return factories.officer()


@pytest.fixture
def channel(officer: User) -> Channel:
    return factories.channel(by=officer)


def kept(channel: Channel, sent: datetime, counts: dict[str, int], after: timedelta = timedelta(days=1)) -> None:
    facts: dict[str, object] = {"content": {}}
    item = ArchivedItem.objects.create(
        act=uuid.uuid4(),
        kind="publish",
        network=channel.network,
        channel=channel.pk,
        channel_name=channel.name,
        sent_at=sent,
        facts=facts,
        rendered="",
        digest="",
        kept_at=sent,
    )
    add_event(item, "shown", {"counts": counts}, moment=sent + after, by=System("test"), at=sent + after)


def past(channel: Channel, posts: int) -> None:
    """Weekdays in turn at 10am with few responses and at 5pm with many."""
    for number in range(posts):
        day = MONDAY + timedelta(days=number // 5 * 7 + number % 5)
        evening = number % 2
        kept(channel, day + timedelta(hours=17 if evening else 10), {"likes": 20 if evening else 5, "views": 900})


def test_too_few_posts_say_nothing_but_how_many_there_are(channel: Channel) -> None:
    past(channel, ENOUGH - 1)
    best = suggest(channel, pack=factories.pack(), at=NOW)
    assert (best.moment, best.posts) == (None, ENOUGH - 1)


def test_the_hour_that_was_taken_best_and_is_free(channel: Channel, officer: User) -> None:
    past(channel, 14)
    best = suggest(channel, pack=factories.pack(), at=NOW)
    assert best.moment == datetime(2027, 2, 3, 17, tzinfo=UTC)
    assert (best.posts, best.alike, best.usual, best.overall, best.weekend) == (14, 7, 20, 12.5, False)
    draft = Draft("The hall is open.", kind="news", channels=[channel.pk], not_before=best.moment)
    save_draft(draft, by=officer, at=timezone.now())
    again = suggest(channel, pack=factories.pack(), at=NOW)
    assert again.moment == datetime(2027, 2, 4, 17, tzinfo=UTC)
    friday = datetime(2027, 2, 5, 18, tzinfo=UTC)
    assert suggest(channel, pack=factories.pack(), at=NOW, first=friday).moment == datetime(2027, 2, 8, 17, tzinfo=UTC)


def test_bank_holidays_and_other_channels_do_not_count(channel: Channel, officer: User) -> None:
    past(factories.channel(by=officer), 14)
    assert suggest(channel, pack=factories.pack(), at=NOW).posts == 0
    past(channel, 14)
    good_friday = datetime(2027, 3, 26, 8, tzinfo=UTC)
    moment = suggest(channel, pack=factories.pack(), at=good_friday).moment
    assert moment == datetime(2027, 3, 30, 16, tzinfo=UTC)  # after Easter Monday, and in summer time


def test_young_figures_and_none_do_not_count(channel: Channel) -> None:
    for number in range(ENOUGH):
        kept(channel, MONDAY + timedelta(days=number), {"likes": 9}, after=timedelta(minutes=10))
        kept(channel, MONDAY + timedelta(days=number), {})
    assert suggest(channel, pack=factories.pack(), at=NOW).posts == 0


def test_no_hour_that_stands_out_is_named() -> None:
    flat = [Taken(MONDAY + timedelta(days=number % 5, hours=10), 5) for number in range(20)]
    assert best_kind(flat) is None
    scattered = [Taken(MONDAY + timedelta(days=number % 5, hours=number % 13), 5) for number in range(20)]
    assert best_kind(scattered) is None
