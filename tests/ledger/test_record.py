"""The record: append-only in the database, sealed in batches, and any change is named."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError

from gatepost.ledger.actions import Entry, System, record, record_many, seal
from gatepost.ledger.digest import canonical, merkle_root
from gatepost.ledger.models import Line, Seal
from gatepost.ledger.verify import export, verify

AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
BY = System("test")


def write(count: int) -> list[Line]:
    return record_many([Entry("thing.done", f"thing:{n}", ["usage.1"], {"n": n}) for n in range(count)], by=BY, at=AT)


def sealed(count: int, batch: int = 1000) -> int:
    """Seals until `count` lines are: an older transaction anywhere on the server, another test's too, is waited for."""
    done, end = 0, time.monotonic() + 60
    while done < count and time.monotonic() < end:
        done += seal(at=AT, batch=batch)
        if done < count:
            time.sleep(0.05)
    return done


def behind_its_back(sql: str, *values: object) -> None:
    """What somebody with the database's own password could do: switch the triggers off and write."""
    with connection.cursor() as cursor:
        for table in ("ledger_line", "ledger_seal"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(sql, values)
        for table in ("ledger_line", "ledger_seal"):
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE ledger_line SET verb = 'x'",
        "DELETE FROM ledger_line",
        "TRUNCATE ledger_line",
        "UPDATE ledger_seal SET at = now()",
        "DELETE FROM ledger_seal",
    ],
)
def test_the_database_refuses_any_change(sql: str) -> None:
    write(1)
    sealed(1)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    assert Line.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_whole_record_verifies_sealed_and_unsealed() -> None:
    write(5)
    assert sealed(5, batch=2) == 5
    write(2)
    report = verify()
    assert report.ok
    assert (report.lines, report.sealed) == (7, 5)
    assert Seal.objects.count() == 3


@pytest.mark.django_db(transaction=True)
def test_sealing_twice_seals_nothing_more() -> None:
    write(3)
    assert sealed(3) == 3
    assert seal(at=AT) == 0


@pytest.mark.django_db(transaction=True)
def test_a_changed_line_is_named() -> None:
    lines = write(4)
    sealed(4)
    with transaction.atomic():
        behind_its_back("UPDATE ledger_line SET detail = '{\"n\": 99}' WHERE id = %s", lines[2].pk)
    report = verify()
    assert not report.ok
    assert report.line == lines[2].pk
    assert str(lines[2].pk) in report.says


@pytest.mark.django_db(transaction=True)
def test_a_changed_line_with_a_fresh_digest_is_still_named() -> None:
    """Somebody who also recomputes the line's own digest is caught by the seal."""
    from gatepost.ledger.verify import own_digest

    lines = write(4)
    sealed(4)
    forged = lines[1]
    forged.actor = "person:99"
    with transaction.atomic():
        behind_its_back(
            "UPDATE ledger_line SET actor = %s, digest = %s WHERE id = %s",
            forged.actor,
            own_digest(forged),
            forged.pk,
        )
    assert verify().line == forged.pk


@pytest.mark.django_db(transaction=True)
def test_an_unsealed_changed_line_is_named() -> None:
    lines = write(2)
    with transaction.atomic():
        behind_its_back("UPDATE ledger_line SET verb = 'other' WHERE id = %s", lines[0].pk)
    assert verify().line == lines[0].pk


@pytest.mark.django_db(transaction=True)
def test_a_missing_line_is_named() -> None:
    lines = write(3)
    sealed(3)
    with transaction.atomic():
        behind_its_back("DELETE FROM ledger_line WHERE id = %s", lines[1].pk)
    report = verify()
    assert not report.ok
    assert report.line == lines[1].pk
    assert "missing" in report.says


@pytest.mark.django_db(transaction=True)
def test_a_changed_or_missing_seal_is_named() -> None:
    write(3)
    sealed(3, batch=1)
    second = Seal.objects.order_by("id")[1]
    with transaction.atomic():
        behind_its_back("DELETE FROM ledger_seal WHERE id = %s", second.pk)
    report = verify()
    assert not report.ok
    assert report.seal is not None


@pytest.mark.django_db(transaction=True)
def test_a_line_whose_transaction_ends_late_is_sealed_later_and_verifies() -> None:
    """Numbers are given before transactions end: a slow writer's lower number must neither be lost nor accused."""
    begun, go_on = threading.Event(), threading.Event()

    def slow() -> None:
        with transaction.atomic():
            record("slow.done", "thing:slow", by=BY, at=AT)
            begun.set()
            go_on.wait(10)
        connection.close()

    thread = threading.Thread(target=slow)
    thread.start()
    assert begun.wait(10)
    write(2)
    assert seal(at=AT) == 0  # an older transaction is still open
    go_on.set()
    thread.join()
    assert sealed(3) == 3
    assert verify().ok


@pytest.mark.django_db
def test_export_has_every_line_with_its_digest() -> None:
    write(3)
    rows = list(export())
    assert [row["detail"]["n"] for row in rows] == [0, 1, 2]
    assert all(len(row["digest"]) == 64 for row in rows)


@pytest.mark.django_db
def test_a_rolled_back_act_leaves_no_line() -> None:
    class Undone(Exception): ...

    def act() -> None:
        with transaction.atomic():
            write(1)
            raise Undone

    with pytest.raises(Undone):
        act()
    assert not Line.objects.exists()


def test_canonical_form_does_not_depend_on_order() -> None:
    assert canonical({"b": 1, "a": "é"}) == canonical({"a": "é", "b": 1}) == '{"a":"é","b":1}'.encode()


def test_merkle_root_tells_order_and_count_apart() -> None:
    a, b, c = (bytes([n]) * 32 for n in range(3))
    roots = {merkle_root([a]), merkle_root([a, b]), merkle_root([b, a]), merkle_root([a, b, c]), merkle_root([a, a])}
    assert len(roots) == 5
    with pytest.raises(ValueError, match="at least one"):
        merkle_root([])
