"""Writing the record and sealing it."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from django.db import connection, transaction

from gatepost.ledger.digest import line_digest, merkle_root, seal_digest
from gatepost.ledger.models import Line, Seal

GENESIS = b"\x00" * 32
SEALER_LOCK = 0x6741_7465  # advisory lock: one sealer at a time


class Actor(Protocol):
    """Whoever does something: a person or a part of the desk."""

    @property
    def actor(self) -> str: ...


@dataclass(frozen=True, slots=True)
class System:
    """A part of the desk acting by itself, for example System("dispatcher")."""

    name: str

    @property
    def actor(self) -> str:
        return f"system:{self.name}"


@dataclass(frozen=True, slots=True)
class Entry:
    """A line to be written."""

    verb: str
    subject: str
    clauses: Sequence[str] = ()
    detail: Mapping[str, Any] = field(default_factory=dict)


def record(
    verb: str,
    subject: str,
    *,
    by: Actor,
    at: datetime,
    clauses: Iterable[str] = (),
    detail: Mapping[str, Any] | None = None,
) -> Line:
    """Writes one line in the caller's transaction."""
    return record_many([Entry(verb, subject, tuple(clauses), detail or {})], by=by, at=at)[0]


def record_many(entries: Iterable[Entry], *, by: Actor, at: datetime) -> list[Line]:
    """Writes lines in the caller's transaction, in one statement."""
    lines = []
    for entry in entries:
        key = uuid.uuid4()
        line = Line(
            key=key,
            at=at,
            verb=entry.verb,
            actor=by.actor,
            subject=entry.subject,
            clauses=list(entry.clauses),
            detail=dict(entry.detail),
        )
        line.digest = line_digest(
            key=str(key),
            at=at,
            verb=line.verb,
            actor=line.actor,
            subject=line.subject,
            clauses=line.clauses,
            detail=line.detail,
        )
        lines.append(line)
    return Line.objects.bulk_create(lines)


def seal(*, at: datetime, batch: int = 1000) -> int:
    """Seals lines whose transactions, and all older ones, have ended. Returns how many were sealed."""
    sealed = 0
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [SEALER_LOCK])
            if not cursor.fetchone()[0]:
                return sealed
            last = Seal.objects.order_by("-id").first()
            cursor.execute(
                "SELECT id, digest FROM ledger_line WHERE id > %s"
                " AND tx < (pg_snapshot_xmin(pg_current_snapshot())::text)::bigint ORDER BY id LIMIT %s",
                [last.last if last else 0, batch],
            )
            rows = [(int(number), bytes(digest)) for number, digest in cursor.fetchall()]
            cursor.execute(
                "SELECT min(id) FROM ledger_line WHERE id > %s"
                " AND tx >= (pg_snapshot_xmin(pg_current_snapshot())::text)::bigint",
                [last.last if last else 0],
            )
            unfinished = cursor.fetchone()[0]
            if unfinished is not None:
                rows = [row for row in rows if row[0] < unfinished]
            if not rows:
                return sealed
            leaves = [digest for _, digest in rows]
            previous = bytes(last.digest) if last else GENESIS
            root = merkle_root(leaves)
            first, end = rows[0][0], rows[-1][0]
            Seal.objects.create(
                first=first,
                last=end,
                lines=[number for number, _ in rows],
                leaves=b"".join(leaves),
                root=root,
                previous=previous,
                digest=seal_digest(previous=previous, root=root, first=first, last=end, count=len(rows)),
                at=at,
            )
            sealed += len(rows)
            if len(rows) < batch:
                return sealed
