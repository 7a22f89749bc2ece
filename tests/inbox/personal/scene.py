"""A person who wrote twice, a neighbour who wrote about them, and what the desk did about it. All invented."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.utils import timezone

from gatepost.inbox.actions import close, keep_evidence, reveal
from gatepost.inbox.models import Contact, Message
from gatepost.inbox.notes import add_note
from gatepost.inbox.referrals import answer, refer
from gatepost.inbox.reply_drafts import keep_draft
from tests.inbox.scene import Desk

NUMBER = "07700 900123"
EMAIL = "casey@example.org"
NAME = "Casey Sample"
HANDLE = "@caseys"
OWN = f"Third time I have reported it and nobody came. Ring me on {NUMBER} or write to {EMAIL}."
ABOUT = "My neighbour Casey Sample (07700-900 123) plays drums all night, ring Robin on 01632 960777 about it."


def in_days(days: int) -> datetime:
    return timezone.now() + timedelta(days=days)


@dataclass
class Told:
    desk: Desk
    own: Message
    second: Message
    about: Message
    at: datetime = field(default_factory=timezone.now)

    @property
    def contact(self) -> Contact:
        return self.own.contact


def told(desk: Desk) -> Told:
    at = timezone.now()
    who = {
        "author_ref": "casey-1",
        "author_name": NAME,
        "author_handle": HANDLE,
        "permalink": "https://example.org/c/1",
    }
    own = desk.message(OWN, at=at, raw={"message": OWN, "from": NAME}, thread_ref="t1", **who)
    second = desk.message("When are you open on Saturday?", at=at, thread_ref="t2", **who)
    about = desk.message(ABOUT, at=at, author_ref="drew-1", author_name="Drew Nextdoor", thread_ref="t3")
    referral = refer(own, "complaints", by=desk.staff, at=at, note=f"{NAME} is on {NUMBER}")
    answer(referral, f"Repairs rang {NUMBER}", by=desk.staff, at=at)
    keep_evidence(own, reason="In case of a claim", clause="usage.7", by=desk.staff, at=at)
    add_note(own, f"{NAME} called from {NUMBER} again", by=desk.staff, at=at)
    keep_draft(second, f"Dear {NAME}, we will ring {NUMBER}", by=desk.staff, at=at)
    reveal(own, reason=f"To ring {NAME}", by=desk.staff, at=at)
    for one in (own, second, about):
        one.refresh_from_db()
        close(one, because=f"{NAME} was rung on {NUMBER}", by=desk.staff, at=at)
        one.refresh_from_db()
    return Told(desk, own, second, about, at)
