"""What hangs on a message: fetched behind the address guard, looked at, kept under its digest in the data folder."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction

from gatepost.inbox.file_kinds import LARGEST, kind_of
from gatepost.inbox.intake_models import Attachment
from gatepost.inbox.models import Message
from gatepost.jobs import Job, enqueue
from gatepost.ledger.actions import Actor, record
from gatepost.networks.guard import GuardedTransport
from gatepost.networks.pages import fetch
from gatepost.networks.protocol import Attached, Incoming

MOST = 20  # of one message
ORPHANED = timedelta(days=1)
SWEPT = 500  # files taken out in one go


class NotFetched(Exception):
    """It could not be fetched now; asking again later may help."""


@dataclass(frozen=True, slots=True)
class Looked:
    """What an attachment with its bytes turned out to be."""

    mime: str = ""
    sha256: str = ""
    size: int = 0
    says: str = ""


def folder() -> Path:
    found: Path = settings.DATA / "attachments"
    return found


def path_of(sha256: str) -> Path:
    return folder() / sha256[:2] / sha256


def look(data: bytes) -> Looked:
    """Keeps the bytes when they are of a kind that is kept. Safe to repeat; what nothing points at is swept."""
    try:
        kind = kind_of(data)
    except Exception:  # one strange file must not stop the messages that came with it
        return Looked(size=len(data), says="It could not be looked at.")
    if kind.refused:
        return Looked(size=len(data), says=kind.refused)
    digest = hashlib.sha256(data).hexdigest()
    there = path_of(digest)
    if not there.exists():
        there.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.NamedTemporaryFile(dir=there.parent, delete=False) as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(file.name).replace(there)
    return Looked(kind.mime, digest, len(data))


def prepare(incoming: Sequence[Incoming]) -> Mapping[str, Sequence[tuple[Attached, Looked | None]]]:
    """Looks at what came with its bytes, before a transaction is open. By the ref of the message."""
    return {
        item.ref: [(one, look(one.data) if one.data else None) for one in item.attachments[:MOST]]
        for item in incoming
        if item.attachments
    }


def keep(
    messages: Sequence[Message], prepared: Mapping[str, Sequence[tuple[Attached, Looked | None]]], *, at: datetime
) -> None:
    """Rows for what hangs on new messages; what is elsewhere is fetched by the queue. In the caller's transaction."""
    rows = []
    for message in messages:
        for place, (one, looked) in enumerate(prepared.get(message.ref, ())):
            usable = one.url.startswith(("https://", "http://")) and len(one.url) <= 2000
            says = "" if looked or usable else f"It is larger than {LARGEST // 2**20} MB, or its address is none."
            row = Attachment(message=message, place=place, name=one.name[:200], at=at, size=one.size, says=says)
            if looked:
                row.mime, row.sha256, row.size, row.says = looked.mime, looked.sha256, looked.size, looked.says
            elif usable:
                row.url = one.url
            rows.append(row)
    for row in Attachment.objects.bulk_create(rows):
        if row.url:
            enqueue(Job.FETCH_ATTACHMENT, attachment=row.pk)


def fetch_one(attachment: Attachment, *, at: datetime) -> None:
    """Fetches what is elsewhere. Raises NotFetched when trying again may help; the last word stands in `says`."""
    if attachment.mime or not attachment.url:
        return
    transport = GuardedTransport(allow_private=attachment.message.channel.allow_private)
    got = fetch(attachment.url, transport=transport, seconds=30.0, most=LARGEST)
    looked = Looked(says=got.broken) if got.broken else look(got.data)
    Attachment.objects.filter(pk=attachment.pk).update(
        mime=looked.mime, sha256=looked.sha256, size=looked.size, says=looked.says, at=at
    )
    if got.broken and "private network" not in got.broken and "larger" not in got.broken:
        raise NotFetched(got.broken)


@transaction.atomic
def open_one(attachment: Attachment, *, by: Actor, at: datetime) -> bytes:
    """The bytes, for somebody who may see the message; that they looked is kept. Raises OSError when they are not
    there."""
    data = path_of(attachment.sha256).read_bytes()
    detail = {"attachment": attachment.pk, "sha256": attachment.sha256[:12]}
    record("attachment.opened", attachment.message.subject, by=by, at=at, detail=detail)
    return data


def sweep(*, at: datetime) -> int:
    """Takes out files that no message holds any more. Returns how many."""
    gone = 0
    for path in folder().glob("??/*"):
        if gone >= SWEPT:
            break
        age = at.timestamp() - path.stat().st_mtime
        if age > ORPHANED.total_seconds() and not Attachment.objects.filter(sha256=path.name).exists():
            path.unlink(missing_ok=True)
            gone += 1
    return gone
