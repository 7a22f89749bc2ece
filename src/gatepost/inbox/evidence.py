"""What somebody said, kept as it stands before anything is done about it. The database lets nobody change it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.db import transaction

from gatepost.channels.actions import require_may_write
from gatepost.gate.content import text_digest
from gatepost.gate.models import Act
from gatepost.inbox.models import Evidence, Message
from gatepost.inbox.picture import picture_of
from gatepost.inbox.problems import InboxError
from gatepost.ledger.actions import record
from gatepost.ledger.digest import canonical
from gatepost.networks.limits import network_title
from gatepost.people.models import User


def digest_of(
    *, text: str, author_name: str, author_ref: str, posted_at: datetime, raw: dict[str, Any], picture: str
) -> str:
    """SHA-256 in hex over what is kept; the picture counts by its own digest, and not at all where there is none."""
    facts: dict[str, Any] = {
        "text": text,
        "author_name": author_name,
        "author_ref": author_ref,
        "posted_at": posted_at.astimezone(UTC).isoformat(),
        "raw": raw,
    }
    if picture:
        facts["picture"] = text_digest(picture)
    return text_digest(canonical(facts).decode("utf-8", "surrogatepass"))


def is_whole(kept: Evidence) -> bool:
    """Whether what is kept still has the digest that the record names. Evidence that was erased by law has not."""
    return kept.sha256 == digest_of(
        text=kept.text,
        author_name=kept.author_name,
        author_ref=kept.author_ref,
        posted_at=kept.posted_at,
        raw=kept.raw,
        picture=kept.picture,
    )


def require_words(message: Message) -> None:
    """What was erased can be neither answered nor moderated. Raises InboxError."""
    if message.erased_at is not None:
        raise InboxError("What was said has been erased: there is nothing left to act on.")


@transaction.atomic
def keep_evidence(
    message: Message, *, reason: str, clause: str, by: User, at: datetime, act: Act | None = None
) -> Evidence:
    """Keeps text, author, time, the network's JSON and a picture, with a digest that also goes into the record."""
    require_may_write(by, message.channel, at)
    require_words(message)
    if not reason.strip():
        raise InboxError("Say why it is kept.")
    contact = message.contact
    picture = picture_of(
        network=network_title(message.channel.network),
        channel=message.channel.name,
        author=contact.name,
        handle=contact.handle,
        posted_at=message.posted_at,
        ref=message.ref,
        text=message.text,
        at=at,
    )
    facts: dict[str, Any] = {
        "text": message.text,
        "author_name": contact.name,
        "author_ref": contact.external_id,
        "posted_at": message.posted_at,
        "raw": message.raw,
        "picture": picture,
    }
    sha256 = digest_of(**facts)
    kept = Evidence.objects.create(
        message=message, act=act, sha256=sha256, reason=reason[:400], clause=clause, by=by, at=at, **facts
    )
    record("evidence.kept", message.subject, by=by, at=at, clauses=[clause], detail={"sha256": sha256})
    return kept
