"""Taking a copy of the archive out of the desk, signed and noted in the record, as it is made."""

from __future__ import annotations

import tempfile
from array import array
from collections.abc import Callable, Generator, Iterator
from typing import IO, Any, cast

from django.conf import settings
from django.utils import timezone

from gatepost.ledger.actions import Actor
from gatepost.publishing.archive import Wanted, broken_off, exported, found
from gatepost.publishing.archive_digest import fingerprint
from gatepost.publishing.archive_files import BLOCK, Format, Steps, public_bytes, steps
from gatepost.publishing.archived import ArchivedItem
from gatepost.rulebook.actions import in_force
from gatepost.vault import archive_key

AT_ONCE = 100  # items read from the database together


class Drain:
    """A file that is emptied while it is written: beyond a few megabytes what is in it lies on disk."""

    def __init__(self) -> None:
        self._kept = tempfile.SpooledTemporaryFile(max_size=8 * BLOCK)  # noqa: SIM115  (closed by close)

    def write(self, data: bytes) -> int:
        return self._kept.write(data)

    def flush(self) -> None:
        """Nothing to do: what is written is taken."""

    def taken(self) -> Iterator[bytes]:
        """What has been written since this was last asked."""
        self._kept.seek(0)
        while block := self._kept.read(BLOCK):
            yield block
        self._kept.seek(0)
        self._kept.truncate()

    def close(self) -> None:
        self._kept.close()


def _items(wanted: Wanted) -> Iterator[ArchivedItem]:
    """The oldest first, a few at a time: which they are is settled at the beginning."""
    keys = array("q", found(wanted).order_by("sent_at", "pk").values_list("pk", flat=True).iterator(chunk_size=2000))
    for begin in range(0, len(keys), AT_ONCE):
        rows = ArchivedItem.objects.filter(pk__in=keys[begin : begin + AT_ONCE].tolist())
        yield from rows.order_by("sent_at", "pk").prefetch_related("events")


def _steps_of(out: IO[bytes], wanted: Wanted, form: Format) -> tuple[Steps, str]:
    at, key = timezone.now(), archive_key(settings.DATA)
    made = steps(
        out,
        _items(wanted),
        form=form,
        organisation=in_force(at).organisation,
        desk=settings.PUBLIC_URL,
        asked=wanted.as_json(),
        key=key,
        at=at,
    )
    return made, fingerprint(public_bytes(key))


def take_copy(
    out: IO[bytes], wanted: Wanted, *, form: Format, by: Actor, tell: Callable[[int], None] = lambda _: None
) -> tuple[dict[str, Any], str]:
    """Writes what is wanted to `out`; `tell` hears after each file how many items are written. Returns what the record
    says of it and the fingerprint of the key."""
    made, words = _steps_of(out, wanted, form)
    while True:
        try:
            tell(next(made))
        except StopIteration as end:
            told: dict[str, Any] = end.value
            break
    exported(told, wanted, key=words, by=by, at=timezone.now())
    return told, words


def copy_in_pieces(wanted: Wanted, *, form: Format, by: Actor) -> Generator[bytes, None, None]:
    """The same as bytes that leave while it is made. Whoever stops taking them has a part of it, which no signature
    holds; that is noted as well."""
    drain, items, whole = Drain(), 0, False
    made, words = _steps_of(cast(IO[bytes], drain), wanted, form)
    try:
        while True:
            try:
                items = next(made)
            except StopIteration as end:
                exported(end.value, wanted, key=words, by=by, at=timezone.now())
                whole = True
                yield from drain.taken()
                return
            yield from drain.taken()
    finally:
        made.close()  # it ends its file, which nobody takes, before the file goes
        drain.close()
        if not whole:
            broken_off(items, wanted, by=by, at=timezone.now())


def key_words() -> str:
    """The fingerprint of the desk's key, to give to whoever gets a copy. Makes the key when there is none yet."""
    return fingerprint(public_bytes(archive_key(settings.DATA)))
