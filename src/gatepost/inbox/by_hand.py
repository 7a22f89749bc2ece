"""Recording what reached somebody elsewhere: a telephone call, a letter, words in person, a comment on another's site.
It comes in by the same door as everything else: read by the policy, with its clocks and its place in the record."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction

from gatepost.channels.actions import require_reader
from gatepost.channels.models import Channel
from gatepost.inbox.intake import take_in
from gatepost.inbox.models import Message
from gatepost.inbox.problems import InboxError
from gatepost.ledger.actions import record
from gatepost.lifecycle import advance
from gatepost.networks.protocol import ByHandKind, Incoming
from gatepost.people.models import User
from gatepost.vault import lock

KINDS: dict[ByHandKind, str] = {
    "phone call": "Telephone call",
    "in person": "In person",
    "letter": "Letter",
    "elsewhere": "Comment on another site",
}
BOOK = "Recorded by hand"
TEXT = 100_000
LONGEST_AGO = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Recorded:
    """`text` is what was said, in the person's own words where somebody has them. `reach`: how to get back to them.
    `address`: of the page, for a comment elsewhere. `key` is made once for one form: sent twice, it is one message."""

    key: UUID
    kind: ByHandKind
    text: str
    name: str = ""
    reach: str = ""
    address: str = ""
    happened_at: datetime | None = None


def record_by_hand(what: Recorded, *, by: User, at: datetime) -> Message:
    """Keeps it as a message. Raises InboxError with what is missing."""
    require_reader(by, at)
    text, name, reach, address = what.text.strip(), what.name.strip(), what.reach.strip(), what.address.strip()
    happened = what.happened_at or at
    if what.kind not in KINDS:
        raise InboxError("Say how it reached you: a telephone call, in person, a letter, or a comment on another site.")
    if not text:
        raise InboxError("Write down what was said.")
    if len(text) > TEXT or len(name) > 200 or len(reach) > 300:
        raise InboxError(
            "This is longer than the desk keeps: 100,000 characters, a name of 200, 300 for how to reach them."
        )
    if what.kind == "elsewhere" and not address:
        raise InboxError("Enter the address of the page on which the comment stands.")
    if address and (not address.startswith(("https://", "http://")) or len(address) > 600):
        raise InboxError("The address of a page begins with https:// and has at most 600 characters.")
    if happened > at:
        raise InboxError("When it happened lies in the future. Enter when you heard it: clocks count from then.")
    if happened < at - LONGEST_AGO:
        raise InboxError("When it happened is more than a year ago. What is older is not recorded by hand.")
    ref = f"hand:{what.key}"
    with transaction.atomic():
        book = _book(by=by, at=at)
        known = Message.objects.filter(channel=book, ref=ref).first()
        if known is not None:
            return known
        # How to reach somebody stands in the words: there the desk masks it like every personal detail.
        said = f"{text}\n\nTo reach them: {reach}" if reach else text
        who = hashlib.sha256(" ".join(reach.casefold().split()).encode()).hexdigest()[:40] if reach else str(what.key)
        item = Incoming(
            ref=ref,
            kind=what.kind,
            text=said,
            author_ref=f"hand:{who}",
            author_name=name or f"Somebody ({KINDS[what.kind].lower()})",
            posted_at=happened,
            thread_ref=ref,
            permalink=address,
            private=what.kind != "elsewhere",
        )
        take_in(book, [item], cursor=None, at=at)
        message = Message.objects.get(channel=book, ref=ref)
        detail = {"kind": what.kind, "happened_at": happened.isoformat()}
        record("message.recorded_by_hand", message.subject, by=by, at=at, detail=detail)
    return message


def _book(*, by: User, at: datetime) -> Channel:
    """The channel of everything recorded by hand, made when it is first needed."""
    found = Channel.objects.filter(network="by_hand").exclude(state="closed").first()
    if found is not None:
        return found
    made, new = Channel.objects.get_or_create(
        network="by_hand",
        external_id="desk",
        base_url="",
        defaults={"name": BOOK, "credentials": lock({}, settings.DATA), "created_at": at},
    )
    if new:
        record(
            "channel.connected",
            f"channel:{made.pk}",
            by=by,
            at=at,
            clauses=["desk:connectors"],
            detail={"network": "by_hand"},
        )
        # No account of the organisation's on any network: there is nothing for Communications to agree to.
        advance(made, "signed_off", by=by, at=at, signed_off_at=at)
    return made
