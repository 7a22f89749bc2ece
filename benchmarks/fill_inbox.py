"""Fills a new desk through its own actions: `_with_django benchmarks.fill_inbox 10000`. Residents of the town write.

Two channels, one conversation of 60 messages, posts and answers that wait for their sign-off, referrals.
"""

from __future__ import annotations

import random
import sys
from datetime import datetime, timedelta

from django.utils import timezone

from gatepost.channels import actions as channels
from gatepost.channels.models import Channel
from gatepost.inbox import actions as inbox
from gatepost.inbox.intake import take_in
from gatepost.inbox.models import Message
from gatepost.inbox.referrals import refer
from gatepost.ledger.actions import System
from gatepost.networks.protocol import Incoming
from gatepost.people import actions as people
from gatepost.people.models import Role, User
from gatepost.publishing import actions as publishing
from gatepost.rulebook.actions import adopt, in_force
from gatepost.sandbox import residents

BY = System("benchmark")
BATCH = 200
LONG = 60  # messages of the longest conversation
POSTS = 20  # that wait for their sign-off
ANSWERS = 3  # of ours in the longest conversation: the policy allows no more


def fill(count: int, seed: int = 1) -> None:
    """`count` messages over the last thirty days, `LONG` of them in one conversation."""
    at = timezone.now()
    chance = random.Random(seed)
    officer = people.add_person(name="Nell Okafor", email="nell@example.org", by=BY, at=at, is_admin=True)
    people.give_role(officer, Role.objects.get(pk="communications_officer"), by=BY, at=at)
    author = people.add_person(name="Sam Whitlock", email="sam@example.org", by=BY, at=at)
    used = [_channel(network, officer, author, at) for network in ("facebook", "x")]
    began = at - timedelta(days=30)
    adopt(in_force(at), by=BY, at=began)  # it was in force when the first of them wrote
    said = [_said(number, began + number * timedelta(days=30) / count, chance) for number in range(count)]
    for start in range(0, count, BATCH):
        channel = used[(start // BATCH) % len(used)]
        batch = said[start : start + BATCH]
        take_in(channel, batch, cursor=str(start), at=batch[-1].posted_at)
    _work(used, author, at)


def _channel(network: str, officer: User, author: User, at: datetime) -> Channel:
    made = channels.connect(
        network=network,
        name=f"{network.title()} account",
        external_id=f"10000000{network}",
        credentials={"token": "practice-token"},
        by=officer,
        at=at,
        base_url="http://127.0.0.1:9/nobody",
        practice=True,
    )
    channels.sign_off(made, by=officer, at=at)
    channels.approve_staff(author, made, by=officer, at=at)
    made.refresh_from_db()
    return made


def _said(number: int, moment: datetime, chance: random.Random) -> Incoming:
    """One message; the last ones by one resident in one thread."""
    who = chance.choice(residents.people())
    text = residents.fill(chance.choice(residents.templates()), who, chance)
    author = f"{who.id}{number // 40}"
    return Incoming(
        ref=f"m{number}",
        kind="comment",
        author_ref=author,
        author_name=who.name,
        text=text,
        posted_at=moment,
        thread_ref=f"t{number}",
    )


def _work(used: list[Channel], author: User, at: datetime) -> None:
    long = [
        Incoming(
            ref=f"long{number}",
            kind="comment",
            author_ref="longest",
            author_name="Casey Sample",
            text=f"And another thing, number {number}: the lift in the north block is still broken. It is a disgrace.",
            posted_at=at - timedelta(hours=LONG - number),
            thread_ref="longest",
        )
        for number in range(LONG)
    ]
    take_in(used[0], long, cursor="long", at=at)
    for message in Message.objects.filter(contact__external_id="longest").order_by("pk")[:ANSWERS]:
        inbox.reply(message, text="Thank you for telling us. An engineer comes on Tuesday morning.", by=author, at=at)
    complaints = Message.objects.filter(state="new", decision__decided__contains=["complaint"]).order_by("pk")
    for message in complaints.exclude(contact__external_id="longest")[:100]:
        refer(message, "complaints", by=author, at=at)
    pack = in_force(at)
    for number in range(POSTS):
        draft = publishing.Draft(
            text=f"Notice {number}: the community hall is open on Saturday from 10am. Everybody is welcome.",
            kind=pack.post_kinds[0].id,
            channels=[channel.pk for channel in used],
            aim=pack.aims[0].id,
            audiences=[pack.audiences[0].id],
        )
        post = publishing.save_draft(draft, by=author, at=at)
        publishing.submit(post, by=author, at=at)


if __name__ == "__main__":
    fill(int(sys.argv[1]))
