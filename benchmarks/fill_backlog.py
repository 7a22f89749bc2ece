"""A backlog of calls in a new desk, read to its end: `_with_django benchmarks.fill_backlog 10000`.

Of the calls every fifth is doubled, every tenth message is taken off again, and all are shuffled: deletions come before
their message. The baseline is the bare reading of the same calls in the same run, without database and policy.
"""

from __future__ import annotations

import json
import random
import sys
import time
from datetime import timedelta
from typing import Any
from unittest import mock

from django.utils import timezone

from benchmarks.fill_inbox import BY, _channel
from gatepost.channels.models import Channel
from gatepost.inbox import intake
from gatepost.inbox.deliveries import BATCH
from gatepost.inbox.models import Delivery, Message
from gatepost.networks.facebook_delivery import messages_in
from gatepost.networks.protocol import Incoming, Page
from gatepost.people import actions as people
from gatepost.people.models import Role
from gatepost.rulebook.actions import adopt, in_force
from gatepost.sandbox import residents

AGO = timedelta(days=2)


class Silent:
    """A network that has called, and of which reading finds nothing new."""

    key = "facebook"

    def __init__(self, page: str) -> None:
        self.page = page

    def read_since(self, cursor: str) -> Page:
        return Page((), cursor)

    def messages_in(self, body: bytes) -> tuple[Incoming, ...]:
        return messages_in(body, self.page)


def call(page: str, number: int, verb: str, text: str, began: int) -> bytes:
    later = 50_000 if verb == "remove" else 0
    value: dict[str, Any] = {"item": "comment", "verb": verb, "post_id": f"{page}_1", "comment_id": f"1_{number}"}
    value |= {"parent_id": f"{page}_1", "from": {"id": str(7 + number % 500), "name": "Ada Sample"}, "message": text}
    value["created_time"] = began + number + later
    change = {"id": page, "time": began + number + later, "changes": [{"field": "feed", "value": value}]}
    return json.dumps({"object": "page", "entry": [change]}).encode()


def fill(count: int, seed: int = 1) -> None:
    """Prints what was read, in which state it is, and how long it took beside the baseline."""
    at, chance = timezone.now(), random.Random(seed)
    officer = people.add_person(name="Nell Okafor", email="nell@example.org", by=BY, at=at, is_admin=True)
    people.give_role(officer, Role.objects.get(pk="communications_officer"), by=BY, at=at)
    author = people.add_person(name="Sam Whitlock", email="sam@example.org", by=BY, at=at)
    channel = _channel("facebook", officer, author, at)
    began = at - AGO
    adopt(in_force(at), by=BY, at=began)
    texts = [
        residents.fill(chance.choice(residents.templates()), chance.choice(residents.people()), chance)
        for _ in range(count)
    ]
    wanted = [(number, "add") for number in range(count)]
    wanted += [(number, "add") for number in range(0, count, 5)]
    wanted += [(number, "remove") for number in range(0, count, 10)]
    chance.shuffle(wanted)
    page, first = channel.external_id, int(began.timestamp())
    calls = [call(page, number, verb, texts[number], first) for number, verb in wanted]
    Delivery.objects.bulk_create([Delivery(channel=channel, body=body, at=at) for body in calls], batch_size=2000)
    start = time.perf_counter()
    for body in calls:
        messages_in(body, page)
    bare = time.perf_counter() - start
    with mock.patch.object(intake, "connect", return_value=Silent(page)):  # nothing is behind the address
        start, goes, left = time.perf_counter(), 0, [len(calls)]
        while left[-1]:
            intake.read_channel(Channel.objects.get(pk=channel.pk), at=timezone.now())
            goes += 1
            left.append(Delivery.objects.filter(read_at=None).count())
        took = time.perf_counter() - start
    _proved(channel, count)
    print(f"{len(calls):,} calls of {count:,} messages, in {goes} goes and batches of {BATCH}; waiting: {left}")
    print(f"read, decided and kept in {took:.1f} s: {len(calls) / took:,.0f} calls a second")
    print(f"bare reading of the same calls: {bare:.2f} s; the desk takes {took / bare:,.0f} times as long")


def _proved(channel: Channel, count: int) -> None:
    """Exits 1 when something is missing, twice there, out of order or not taken off."""
    found = list(Message.objects.filter(channel=channel).order_by("posted_at").values_list("ref", "gone_at"))
    wrong = []
    if [ref for ref, _ in found] != [f"1_{number}" for number in range(count)]:
        wrong.append("the messages are not all there once, in order")
    if [ref for ref, gone in found if gone] != [f"1_{number}" for number in range(0, count, 10)]:
        wrong.append("what was taken off is not known")
    if Delivery.objects.exclude(failed="").exists():
        wrong.append("a call could not be read")
    if wrong:
        sys.exit("; ".join(wrong))


if __name__ == "__main__":
    fill(*map(int, sys.argv[1:]))
