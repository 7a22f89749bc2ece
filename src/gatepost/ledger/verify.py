"""Reading the record back and naming the first thing that does not add up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection

from gatepost.ledger.actions import GENESIS
from gatepost.ledger.digest import line_digest, merkle_root, seal_digest
from gatepost.ledger.models import Line, Seal


@dataclass(frozen=True, slots=True)
class Report:
    """What verification found. `line` is the first bad line's number, when one can be named."""

    ok: bool
    lines: int
    sealed: int
    says: str
    line: int | None = None
    seal: int | None = None


def own_digest(line: Line) -> bytes:
    return line_digest(
        key=str(line.key),
        at=line.at,
        verb=line.verb,
        actor=line.actor,
        subject=line.subject,
        clauses=line.clauses,
        detail=line.detail,
    )


def _bad(lines: int, sealed: int, says: str, line: int | None = None, seal: int | None = None) -> Report:
    return Report(False, lines, sealed, says, line, seal)


UNSEALED = """SELECT l.id FROM ledger_line l WHERE NOT EXISTS (
    SELECT 1 FROM (SELECT unnest(lines) AS id FROM ledger_seal) s WHERE s.id = l.id) ORDER BY l.id"""


def verify() -> Report:
    """Checks every seal, every sealed line against its seal, and every line against its own digest. Streams."""
    sealed, previous = 0, GENESIS
    for seal in Seal.objects.order_by("id").iterator(chunk_size=50):
        leaves = [bytes(seal.leaves[i : i + 32]) for i in range(0, len(seal.leaves), 32)]
        present = {line.pk: line for line in Line.objects.filter(pk__in=seal.lines)}
        for number, leaf in zip(seal.lines, leaves, strict=False):
            line = present.get(number)
            if line is None:
                return _bad(sealed, sealed, f"Line {number} is missing. Seal {seal.pk} holds it.", number, seal.pk)
            if own_digest(line) != leaf or bytes(line.digest) != leaf:
                return _bad(sealed, sealed, f"Line {number} has been changed since it was written.", number, seal.pk)
        root = merkle_root(leaves)
        whole = (
            bytes(seal.previous) == previous
            and bytes(seal.root) == root
            and len(seal.lines) == len(leaves)
            and bytes(seal.digest) == seal_digest(previous=previous, root=root, lines=seal.lines)
        )
        if not whole:
            says = f"Seal {seal.pk} has been changed, or one before it is missing."
            return _bad(sealed, sealed, says, seal=seal.pk)
        sealed += len(leaves)
        previous = bytes(seal.digest)
    return _verify_unsealed(sealed)


def _verify_unsealed(sealed: int) -> Report:
    last = Seal.objects.order_by("-id").first()
    read = sealed
    with connection.cursor() as cursor:
        cursor.execute(UNSEALED)
        numbers = [int(row[0]) for row in cursor.fetchall()]
    for start in range(0, len(numbers), 500):
        for line in Line.objects.filter(pk__in=numbers[start : start + 500]).order_by("id"):
            if last and line.pk < last.max_id and line.tx < last.last_tx:
                says = f"Line {line.pk} was put in after seal {last.pk} was made."
                return _bad(read, sealed, says, line.pk, last.pk)
            if own_digest(line) != bytes(line.digest):
                return _bad(read, sealed, f"Line {line.pk} has been changed since it was written.", line.pk)
            read += 1
    return Report(True, read, sealed, f"{read} lines checked, {sealed} of them sealed. The record is unbroken.")


def export() -> Iterator[dict[str, Any]]:
    """Every line as plain data with its digest in hex, oldest first. Streams: 500 lines in memory at a time."""
    last = 0
    while lines := list(Line.objects.filter(pk__gt=last).order_by("id")[:500]):
        last = lines[-1].pk
        yield from map(_plain, lines)


def _plain(line: Line) -> dict[str, Any]:
    return {
        "id": line.pk,
        "key": str(line.key),
        "at": line.at.isoformat(),
        "verb": line.verb,
        "actor": line.actor,
        "subject": line.subject,
        "clauses": line.clauses,
        "detail": line.detail,
        "digest": bytes(line.digest).hex(),
    }
