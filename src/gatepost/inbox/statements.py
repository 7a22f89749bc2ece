"""Questions that are asked all day, sent as they stand: no statement is put together anew, no object of a model made.

Django's own cursor is used for all else. Rows come back as PostgreSQL's driver gives them: times with their zone, JSON
as text (a statement that wants JSON asks for its text), arrays as lists.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

import psycopg
from django.db import connection
from psycopg.adapt import AdaptersMap
from psycopg.sql import SQL, Composable

_ADAPTERS = AdaptersMap(psycopg.adapters)  # the driver's own, in C: one map for all cursors


class _Once(psycopg.Cursor[tuple[Any, ...]]):
    """Its statement is parsed and planned for what it is given this time."""

    keeps = False

    @property
    def adapters(self) -> AdaptersMap:
        return _ADAPTERS

    def execute(self, query: Any, params: Any = None, **more: Any) -> _Once:
        more["prepare"] = self.keeps
        super().execute(query, params, **more)
        return self


class _Kept(_Once):
    """Its statement stays prepared on the server as long as the connection lives."""

    keeps = True


def text_of(template: str, **parts: Composable) -> str:
    """A statement, or a piece of one, with what is ours written into it: Literal for a figure or a state, SQL for a
    piece. What people give is bound when it is asked (`%s`), never written in."""
    return SQL(template).format(**parts).as_string()


def ask(statement: str, given: Sequence[object] = (), *, keep: bool) -> list[tuple[Any, ...]]:
    """The rows of one statement on this thread's connection, in its transaction.

    `keep`: prepare it once for a connection. Right where one plan suits whatever is given, as for rows of known
    numbers; wrong where a common word wants another plan than a rare one. Raises DatabaseError.
    """
    connection.close_if_health_check_failed()
    connection.ensure_connection()
    with connection.wrap_database_errors:
        plain: Any = (_Kept if keep else _Once)(connection.connection)
    # What listens to Django's statements hears these too: counts of queries, the log of a test.
    made = connection.make_debug_cursor if connection.queries_logged else connection.make_cursor
    with made(plain) as cursor:
        cursor.execute(statement, cast(Any, given))
        return list(cursor.fetchall())
