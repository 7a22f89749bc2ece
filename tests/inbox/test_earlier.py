"""What somebody wrote before: counted from the desk's rows and within one batch, and seen by the rules."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from gatepost.inbox import earlier
from gatepost.inbox import past as past_desk
from gatepost.inbox.earlier import MOST, Earlier
from gatepost.inbox.intake import take_in
from gatepost.inbox.models import Message
from gatepost.networks.protocol import Incoming
from gatepost.policy.pack import Pack
from gatepost.policy.replay import Past
from gatepost.rulebook.actions import adopt
from tests import factories
from tests.rulebook.packs import shipped

AT = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def test_days_ago_the_latest_first_and_no_longer_than_the_window() -> None:
    known = Earlier()
    assert known.seen("a", AT - 31 * DAY) == ()
    assert known.seen("a", AT - 20 * DAY) == (11,)
    assert known.seen("b", AT - DAY) == ()
    assert known.seen("a", AT) == (20,)
    assert known.seen("a", AT) == (0, 20)
    assert known.seen("a", AT - timedelta(seconds=5)) == (0, 0, 19)  # clocks of two machines may differ


def test_no_more_are_counted_than_a_condition_asks_for() -> None:
    known = Earlier()
    for _ in range(MOST + 20):
        found = known.seen("a", AT)
    assert len(found) == MOST


def test_writers_long_silent_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(earlier, "_PRUNE_EVERY", 3)
    known = Earlier()
    for writer, at in (("a", AT - 40 * DAY), ("b", AT - DAY), ("c", AT)):
        known.seen(writer, at)
    assert set(known._times) == {"b", "c"}


def looking_back() -> Pack:
    rule = (
        '[[rule]]\nid = "often"\nclause = "usage.4"\npriority = 5\n'
        "when = { history = { messages = 3, days = 7 } }\nthen = { urgent = true }\n\n[[rule]]"
    )
    pack = shipped(rules=('[[rule]]\nid = "thanks"', rule + '\nid = "thanks"'))
    assert any(one.id == "often" for one in pack.rules)
    return pack


def incoming(*refs: str) -> list[Incoming]:
    return [
        Incoming(
            ref=ref, kind="comment", text="Hello", author_ref="resident", author_name="Casey Sample",
            posted_at=timezone.now(),
        )
        for ref in refs
    ]  # fmt: skip


@pytest.mark.django_db
def test_intake_counts_rows_and_the_batch_itself() -> None:
    boss = factories.officer()
    channel = factories.channel(by=boss)
    now = timezone.now()
    take_in(channel, incoming("old"), cursor="0", at=now)
    adopt(looking_back(), by=boss, at=now)
    take_in(channel, incoming("a", "b"), cursor="1", at=now + DAY)
    take_in(channel, incoming("late"), cursor="2", at=now + 20 * DAY)
    urgent = dict(Message.objects.values_list("ref", "urgent"))
    assert urgent == {"old": False, "a": False, "b": True, "late": False}
    items = [item for item in past_desk.since(now + DAY) if isinstance(item, Past)]
    assert [item.message.earlier for item in items] == [(1,), (0, 1), (19, 19, 20)]


@pytest.mark.django_db
def test_other_words_of_a_message_are_decided_on_with_what_was_sent_before_it() -> None:
    boss = factories.officer()
    channel = factories.channel(by=boss)
    now = timezone.now()
    adopt(looking_back(), by=boss, at=now)
    take_in(channel, incoming("a", "b", "c"), cursor="1", at=now)
    take_in(channel, [replace(*incoming("d"), text="Hello")], cursor="2", at=now + DAY)
    edited = replace(*incoming("d"), text="Hello again", changed_at=now + DAY)
    take_in(channel, [edited], cursor="3", at=now + DAY + timedelta(hours=1))
    kept = Message.objects.get(ref="d")
    assert (kept.text, kept.urgent) == ("Hello again", True)
