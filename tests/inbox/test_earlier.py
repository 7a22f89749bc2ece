"""What somebody wrote before: counted from the desk's rows and within one batch, and seen by the rules."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from gatepost.inbox import past as past_desk
from gatepost.inbox.earlier import of_message, of_writers
from gatepost.inbox.intake import take_in
from gatepost.inbox.models import Message
from gatepost.networks.protocol import Incoming
from gatepost.policy.pack import Pack
from gatepost.policy.replay import Past
from gatepost.rulebook.actions import adopt
from gatepost.rulebook.models import Shadow
from gatepost.rulebook.shadow import comparison, start
from tests import factories
from tests.rulebook.packs import shipped

DAY = timedelta(days=1)


def looking_back(days: int = 7) -> Pack:
    rule = (
        '[[rule]]\nid = "often"\nclause = "usage.4"\npriority = 5\n'
        f"when = {{ history = {{ messages = 3, days = {days} }} }}\n"
        "then = { urgent = true }\n\n[[rule]]"
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
    pack = looking_back()
    adopt(pack, by=boss, at=now)
    take_in(channel, incoming("a", "b"), cursor="1", at=now + DAY)
    take_in(channel, incoming("late"), cursor="2", at=now + 20 * DAY)
    urgent = dict(Message.objects.values_list("ref", "urgent"))
    assert urgent == {"old": False, "a": False, "b": True, "late": False}
    items = [item for item in past_desk.since(now + DAY, pack) if isinstance(item, Past)]
    assert [item.message.earlier for item in items] == [(1,), (0, 1), ()]


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


@pytest.mark.django_db
def test_three_in_ninety_days_at_intake_beside_it_and_in_a_replay_and_what_is_erased_is_not_counted() -> None:
    boss = factories.officer()
    channel = factories.channel(by=boss)
    now = timezone.now()
    factories.pack(now - 300 * DAY)
    start(looking_back(90), by=boss, at=now)
    for place, ago in enumerate((200, 89, 40)):
        take_in(channel, incoming(str(place)), cursor=str(place), at=now - ago * DAY)
    assert not comparison(Shadow.objects.get()).otherwise
    take_in(channel, incoming("third"), cursor="9", at=now)
    assert comparison(Shadow.objects.get()).otherwise == 1
    third = Message.objects.get(ref="third")
    assert of_message(third, days=90) == (40, 89)
    assert of_message(third, days=0) == ()
    new = looking_back(90)

    def replayed() -> tuple[int, ...]:
        (only,) = [one for one in past_desk.since(now - DAY, new) if isinstance(one, Past)]
        return only.message.earlier

    assert replayed() == (40, 89)
    Message.objects.filter(ref="1").update(erased_at=now)
    assert replayed() == of_message(third, days=90) == (40,)
    with CaptureQueriesContext(connection) as asked:
        known = of_writers(channel, ["resident", "nobody"], packs=[new], at=now + DAY)
    assert (len(asked), known.seen("resident", now + DAY)) == (1, (1, 41))
    with CaptureQueriesContext(connection) as asked:
        of_writers(channel, ["resident"], packs=[], at=now)
    assert not len(asked)
    Message.objects.filter(ref="third").update(erased_at=now)
    assert replayed() == ()
