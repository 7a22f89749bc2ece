"""Every test run has its own database server and data folder; nothing of the person's own desk is touched.

Tests without a database start no server: it comes up when the first test asks for a database, one for each process of
pytest-xdist. GATEPOST_TEST_DATABASE_URL names a server to use instead (its user must be allowed to create databases).
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from gatepost.embedded import Embedded

# Nothing here is timed: a busy machine is no reason to fail. Nor is what is drawn drawn by chance: what passed on one
# machine passes on the next. To look further: --hypothesis-profile=search.
settings.register_profile("gatepost", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
settings.register_profile("search", settings.get_profile("gatepost"), derandomize=False)
settings.load_profile("gatepost")

# A test database is thrown away: it need not survive a power cut.
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "100"}

DATA = Path(tempfile.mkdtemp(prefix="gatepost-tests-"))
SERVER = Embedded(DATA / "server", settings=FAST)

os.environ["GATEPOST_DATA"] = str(DATA)
os.environ["DATABASE_URL"] = os.environ.get("GATEPOST_TEST_DATABASE_URL") or SERVER.url

PURE = tuple(Path(__file__).parent / room for room in ("policy", "networks", "sandbox", "engine"))


def pytest_configure(config: pytest.Config) -> None:
    """Set Django up, before pytest-django looks for it, unless only rooms that must work without it were asked for."""
    asked = [config.invocation_params.dir.joinpath(arg.split("::")[0]).resolve() for arg in config.args]
    if all(any(path.is_relative_to(room) for room in PURE) for path in asked):
        return
    if config.getoption("numprocesses", None) and not hasattr(config, "workerinput"):
        return  # the processes of pytest-xdist run the tests; they must not inherit settings of this one's server
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gatepost.settings")
    from django.conf import settings

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # real ones are slow on purpose


def let_tests_empty_the_record() -> None:
    """Tests with real transactions end by emptying every table, which the record's own triggers refuse: they are off
    for that one moment and on again in the same transaction."""
    from django.db import transaction
    from django.db.backends.postgresql.operations import DatabaseOperations

    guarded = """SELECT tgrelid::regclass::text FROM pg_trigger
                 WHERE NOT tgisinternal AND tgtype & 32 <> 0 GROUP BY 1"""  # 32: fires on TRUNCATE

    def flush(self: DatabaseOperations, statements: list[str]) -> None:
        with transaction.atomic(using=self.connection.alias), self.connection.cursor() as cursor:
            cursor.execute(guarded)
            tables = [table for (table,) in cursor.fetchall()]
            for table in tables:
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            for statement in statements:
                cursor.execute(statement)
            for table in tables:
                cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")

    DatabaseOperations.execute_sql_flush = flush  # type: ignore[method-assign]  # that is the point


def pytest_unconfigure(config: pytest.Config) -> None:
    SERVER.stop()
    shutil.rmtree(DATA, ignore_errors=True)


@pytest.fixture(scope="session")
def database_server() -> Iterator[str]:
    """The URL of the server of this run, started when first asked for."""
    if url := os.environ.get("GATEPOST_TEST_DATABASE_URL"):
        yield url
    else:
        yield SERVER.url if SERVER.running() else SERVER.start()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None, database_server: str) -> None:
    """pytest-django asks for this before it creates the test databases."""
    let_tests_empty_the_record()
