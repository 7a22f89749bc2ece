"""What a call of Facebook's webhook says of Messenger: private messages to the Page, and that ours were delivered and
read.

The signature must have been checked before. Source: developers.facebook.com, Messenger Platform, webhook events
messages, message_deliveries and message_reads, read November 2026. Times there are in milliseconds.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from .fields import dig, ident, kept, objects, text, whole
from .protocol import Attached, Incoming
from .reaching import MESSAGE, How, Reached, ref_of

LARGEST = 1024 * 1024  # bytes of a call that are read
EVENTS = 1000
FIELDS = (
    ("feed", "comments and visitors' posts, their changes and removals"),
    ("messages", "private messages of people to the Page"),
    ("message_deliveries", "that a private message of ours was delivered"),
    ("message_reads", "that it was read"),
)
"""The fields of the Page to subscribe to in the app's webhook settings, and what each tells."""
KINDS = {
    "location": "A location",
    "fallback": "A link",
    "template": "A card",
    "image": "A picture",
    "video": "A film",
    "audio": "A voice message",
    "file": "A file",
}


def _events(body: bytes, page: str) -> Iterator[Mapping[str, Any]]:
    if len(body) > LARGEST or b'"messaging"' not in body:
        return
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return
    entries = (entry for entry in objects(told, "entry") if ident(entry, "id") == page)
    yield from [event for entry in entries for event in objects(entry, "messaging")][:EVENTS]


def _moment(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(min(max(milliseconds, 0), 4_000_000_000_000) / 1000, UTC)


def private_in(body: bytes, page: str) -> tuple[Incoming, ...]:
    """Private messages of people to the Page, in the order told."""
    read = (_message(event, page) for event in _events(body, page))
    return tuple(one for one in read if one is not None)


def _message(event: Mapping[str, Any], page: str) -> Incoming | None:
    person, message = ident(event, "sender", "id"), text(event, "message", "mid")
    ref = ref_of(person, message)
    if person == page or not MESSAGE.fullmatch(ref) or dig(event, "message", "is_echo") is True:
        return None
    sent = objects(event, "message", "attachments")[:20]
    attached = tuple(Attached("", "", url=address) for one in sent if (address := _file_at(one)))
    words = text(event, "message", "text")
    notes = dict.fromkeys(_told(one, words) for one in sent if not _file_at(one))
    words = "\n\n".join(filter(None, (words.strip() and words, *notes)))
    if not (words.strip() or attached):
        return None
    when = _moment(whole(event, "timestamp"))
    return Incoming(
        ref=ref,
        kind="message",
        text=words,
        author_ref=person,
        author_name="Somebody on Facebook",
        posted_at=when,
        thread_ref=f"t_{person}",
        private=True,
        raw=kept(dict(event)),
        attachments=attached,
        changed_at=when,
    )


def _file_at(sent: Mapping[str, Any]) -> str:
    """Where a file that was sent can be fetched; "" for a place on the map, a shared link and the like."""
    address = text(sent, "payload", "url")
    is_file = address.startswith("https://") and len(address) <= 2000 and text(sent, "type") != "fallback"
    return address if is_file else ""


def _told(sent: Mapping[str, Any], words: str) -> str:
    """A line in the place of what is no file, so that whoever reads the message knows of it."""
    kind = KINDS.get(text(sent, "type"), "Something")
    address = text(sent, "url") or text(sent, "payload", "url")
    if not address.startswith(("https://", "http://")) or len(address) > 2000:
        return f"[{kind} was sent. Open it on Facebook.]"
    return "" if address in words else f"[{kind} was sent: {address} ]"  # the space keeps the link a link


def reached_in(body: bytes, page: str) -> tuple[Reached, ...]:
    """That private messages of ours were delivered or read, in the order told."""
    read = (_reached(event, page) for event in _events(body, page))
    return tuple(one for one in read if one is not None)


def _reached(event: Mapping[str, Any], page: str) -> Reached | None:
    person, told = ident(event, "sender", "id"), dig(event, "delivery")
    how: How = "delivered" if isinstance(told, Mapping) else "read"
    told = told if how == "delivered" else dig(event, "read")
    mark = whole(told, "watermark")
    if not person.isdigit() or person == page or mark <= 0:
        return None
    named = dig(told, "mids")
    listed = [one for one in named if isinstance(one, str)][:200] if isinstance(named, list) else []
    refs = tuple(ref for one in listed if MESSAGE.fullmatch(ref := ref_of(person, one)))
    return Reached(person, how, _moment(mark), refs)
