"""Writing the record and sealing it."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from django.db import connection, transaction

from gatepost.ledger.digest import line_digest, merkle_root, seal_digest
from gatepost.ledger.governing import each_cited
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
    clauses: Sequence[str] = ()  # of the policy, or parts of the desk: "desk:sign_off"
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
    """Writes lines in the caller's transaction, in one statement. Where an entry names a part of the desk, its line
    cites the clause that governs it."""
    given, lines = list(entries), []
    for entry, clauses in zip(given, each_cited([entry.clauses for entry in given], at), strict=True):
        key = uuid.uuid4()
        line = Line(
            key=key,
            at=at,
            verb=entry.verb,
            actor=by.actor,
            subject=entry.subject,
            clauses=clauses,
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


# Lines of transactions that have all ended, after the place reached so far. A transaction number above the
# server's own comes from a database restored into a new server: it ended long ago.
ENDED = """(tx < (pg_snapshot_xmin(pg_current_snapshot())::text)::bigint
            OR tx > (pg_snapshot_xmax(pg_current_snapshot())::text)::bigint)"""
COLUMNS = "SELECT id, tx, digest FROM ledger_line WHERE"
AFTER = f"{COLUMNS} (tx, id) > (%s, %s) AND {ENDED} ORDER BY tx, id LIMIT %s"
AFTER_RESTORE = f"{COLUMNS} id > %s AND {ENDED} ORDER BY tx, id LIMIT %s"


def seal(*, at: datetime, batch: int = 1000) -> int:
    """Seals lines whose transactions, and all older ones, have ended. Returns how many were sealed."""
    sealed = 0
    while True:
        done = _seal_one(at=at, batch=batch)
        sealed += done
        if done < batch:
            return sealed


def _seal_one(*, at: datetime, batch: int) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [SEALER_LOCK])
        if not cursor.fetchone()[0]:
            return 0
        last = Seal.objects.order_by("-id").first()
        cursor.execute("SELECT (pg_snapshot_xmax(pg_current_snapshot())::text)::bigint")
        if last and last.last_tx > cursor.fetchone()[0]:
            cursor.execute(AFTER_RESTORE, [last.max_id, batch])
        else:
            cursor.execute(AFTER, [last.last_tx if last else -1, last.last_id if last else -1, batch])
        rows = [(int(number), int(tx), bytes(digest)) for number, tx, digest in cursor.fetchall()]
        if not rows:
            return 0
        numbers, leaves = [row[0] for row in rows], [row[2] for row in rows]
        previous = bytes(last.digest) if last else GENESIS
        root = merkle_root(leaves)
        Seal.objects.create(
            last_tx=rows[-1][1],
            last_id=rows[-1][0],
            max_id=max([*numbers, last.max_id if last else 0]),
            lines=numbers,
            leaves=b"".join(leaves),
            root=root,
            previous=previous,
            digest=seal_digest(previous=previous, root=root, lines=numbers),
            at=at,
        )
        return len(rows)
