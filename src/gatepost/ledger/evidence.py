"""How often, and when last, the record cites each clause: the living evidence of a policy."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import connection


@dataclass(frozen=True, slots=True)
class Cited:
    count: int
    last: datetime


def by_clause() -> dict[str, Cited]:
    """Clause id -> lines of the record that cite it. One grouped query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clause, count(*), max(at) FROM ledger_line, unnest(clauses) AS clause GROUP BY clause")
        return {clause: Cited(int(count), last) for clause, count, last in cursor.fetchall()}
