"""Reading the record back and naming the first thing that does not add up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

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


def verify() -> Report:
    """Checks every seal, every sealed line against its seal, and every line against its own digest. Streams."""
    read = sealed = 0
    previous, before = GENESIS, 0
    for seal in Seal.objects.order_by("id").iterator(chunk_size=50):
        leaves = [bytes(seal.leaves[i : i + 32]) for i in range(0, len(seal.leaves), 32)]
        root = merkle_root(leaves)
        expected = seal_digest(previous=previous, root=root, first=seal.first, last=seal.last, count=len(leaves))
        whole = bytes(seal.previous) == previous and bytes(seal.root) == root and bytes(seal.digest) == expected
        if not whole or len(seal.lines) != len(leaves) or seal.lines[0] != seal.first or seal.lines[-1] != seal.last:
            return _bad(read, sealed, f"Seal {seal.pk} has been changed, or one before it is missing.", seal=seal.pk)
        present = {line.pk: line for line in Line.objects.filter(pk__gt=before, pk__lte=seal.last)}
        for number, leaf in zip(seal.lines, leaves, strict=True):
            line = present.pop(number, None)
            if line is None:
                return _bad(read, sealed, f"Line {number} is missing. It was sealed in seal {seal.pk}.", number, seal.pk)
            if own_digest(line) != leaf or bytes(line.digest) != leaf:
                return _bad(read, sealed, f"Line {number} has been changed since it was written.", number, seal.pk)
            read += 1
        if present:
            number = min(present)
            return _bad(read, sealed, f"Line {number} was put in after seal {seal.pk} was made.", number, seal.pk)
        sealed += len(leaves)
        previous, before = bytes(seal.digest), seal.last
    for line in Line.objects.filter(pk__gt=before).order_by("id").iterator(chunk_size=500):
        if own_digest(line) != bytes(line.digest):
            return _bad(read, sealed, f"Line {line.pk} has been changed since it was written.", line.pk)
        read += 1
    says = f"{read} lines checked, {sealed} of them sealed. The record is unbroken."
    return Report(True, read, sealed, says)


def export() -> Iterator[dict[str, Any]]:
    """Every line as plain data with its digest in hex, oldest first. Streams."""
    for line in Line.objects.order_by("id").iterator(chunk_size=500):
        yield {
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
