"""The server of the test run itself."""

from __future__ import annotations

import psycopg


def test_the_test_server_answers_and_may_create_databases(database_server: str) -> None:
    with psycopg.connect(database_server, autocommit=True) as db:
        row = db.execute("SELECT rolcreatedb, rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()
    assert row is not None
    assert row[0]
