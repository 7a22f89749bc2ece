"""Taking a copy of the archive out of the desk, signed and noted in the record."""

from __future__ import annotations

from typing import IO, Any

from django.conf import settings
from django.utils import timezone

from gatepost.ledger.actions import Actor
from gatepost.publishing.archive import Wanted, exported, found
from gatepost.publishing.archive_digest import fingerprint
from gatepost.publishing.archive_files import Format, public_bytes, write
from gatepost.rulebook.actions import in_force
from gatepost.vault import archive_key

AT_ONCE = 200  # items read from the database together


def take_copy(out: IO[bytes], wanted: Wanted, *, form: Format, by: Actor) -> tuple[dict[str, Any], str]:
    """Writes what is wanted to `out`. Returns what the record says of it and the fingerprint of the key."""
    at = timezone.now()
    key = archive_key(settings.DATA)
    items = found(wanted).order_by("sent_at", "pk").prefetch_related("events").iterator(chunk_size=AT_ONCE)
    told = write(
        out,
        items,
        form=form,
        organisation=in_force(at).organisation,
        desk=settings.PUBLIC_URL,
        asked=wanted.as_json(),
        key=key,
        at=at,
    )
    words = fingerprint(public_bytes(key))
    exported(told, wanted, key=words, by=by, at=at)
    return told, words


def key_words() -> str:
    """The fingerprint of the desk's key, to give to whoever gets a copy. Makes the key when there is none yet."""
    return fingerprint(public_bytes(archive_key(settings.DATA)))
