"""Commands that need a desk: the record, the doctor, the keys."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection, transaction

from gatepost.channels.models import Channel
from gatepost.cli import doctor
from gatepost.cli.main import main
from gatepost.gate.beats import beat
from gatepost.inbox.models import CallLine, Receiver
from gatepost.ledger.actions import System, record, seal
from gatepost.ledger.models import Line
from gatepost.people.models import Role
from gatepost.vault import lock, unlock
from tests import factories

from .commands import run

AT = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
BY = System("test")


def test_a_worker_says_which_setting_cannot_be() -> None:
    done = run("worker", GATEPOST_POLL_SECONDS="a minute", DATABASE_URL="postgresql://nobody@/none")
    assert done.returncode == 1
    assert "GATEPOST_POLL_SECONDS is 'a minute'" in done.stderr


@pytest.mark.django_db(transaction=True)
def test_verify_counts_and_names_a_row_changed_behind_its_back(capsys: pytest.CaptureFixture[str]) -> None:
    lines = [record("thing.done", f"thing:{n}", by=BY, at=AT) for n in range(5)]
    seal(at=AT)
    assert main(["ledger", "verify"]) == 0
    assert "5 lines checked" in capsys.readouterr().out
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE ledger_line DISABLE TRIGGER USER")
        cursor.execute("UPDATE ledger_line SET subject = 'thing:99' WHERE id = %s", [lines[3].pk])
        cursor.execute("ALTER TABLE ledger_line ENABLE TRIGGER USER")
    assert main(["ledger", "verify"]) == 1
    assert f"Line {lines[3].pk} has been changed" in capsys.readouterr().out


@pytest.mark.django_db
def test_export_is_a_line_of_json_for_each(capsys: pytest.CaptureFixture[str]) -> None:
    record("thing.done", "thing:1", by=BY, at=AT, detail={"é": "\u2028"})
    assert main(["ledger", "export"]) == 0
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [one["subject"] for one in told] == ["thing:1"]


@pytest.mark.django_db
def test_coverage_counts_the_evidence_of_the_desk(capsys: pytest.CaptureFixture[str]) -> None:
    factories.channel()
    assert main(["policy", "coverage", "--json"]) == 0
    rows = {row["clause"]: row["evidence"] for row in json.loads(capsys.readouterr().out)}
    assert rows["responsibility.2"] == Line.objects.filter(clauses__contains=["responsibility.2"]).count() > 0


@pytest.mark.django_db
def test_keys_rotate(capsys: pytest.CaptureFixture[str]) -> None:
    made, secret = factories.channel(), lock({"key": "made-up"}, settings.DATA)
    kept = {"made_by": factories.officer(standing=True), "at": AT, "secret": secret}
    locked = [CallLine.objects.create(title="Texts", **kept), Receiver.objects.create(title="Housing", **kept)]
    CallLine.objects.create(title="Ended", **{**kept, "secret": b"", "ended_at": AT})
    before = (Path(settings.DATA) / "credentials.key").read_text()
    assert main(["keys", "rotate"]) == 0
    for row in locked:
        row.refresh_from_db()
        assert unlock(row.secret, settings.DATA) == {"key": "made-up"}
    assert "1 channels" in capsys.readouterr().out
    assert (Path(settings.DATA) / "credentials.key").read_text() != before
    made.refresh_from_db()
    assert made.account().credentials["token"] == "practice-token"
    Channel.objects.update(credentials=b"locked elsewhere")
    assert main(["keys", "rotate"]) == 1
    assert "credentials.key is not the key" in capsys.readouterr().err


@pytest.mark.django_db
def test_the_doctor_has_a_line_for_each_and_fails_when_one_is_ill(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    boss = factories.officer()
    for role in Role.objects.all():
        factories.give_role(boss, role, by=factories.SETUP, at=factories.timezone.now())
    beat("w", started=factories.timezone.now(), at=factories.timezone.now(), sent=0)
    monkeypatch.setattr(doctor, "_mail", lambda: (True, "e-mail", "answers"))
    assert main(["doctor"]) == 0
    out = capsys.readouterr().out
    assert "ILL" not in out
    assert "PostgreSQL" in out
    factories.channel(by=boss, name="Away")
    assert main(["doctor"]) == 1
    ill = [line for line in capsys.readouterr().out.splitlines() if line.startswith("ILL")]
    assert len(ill) == 1
    assert "channel Away" in ill[0]
    assert "practice-token" not in ill[0]


@pytest.mark.parametrize("words", [("ledger", "verify"), ("ledger", "export"), ("keys", "rotate"), ("doctor",)])
@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("", "There is no desk in"),
        ("postgresql://127.0.0.1:9/none", "The database cannot be used"),
        ("mysql://127.0.0.1/none", "must begin with postgresql://"),
    ],
    ids=["none", "away", "other"],
)
def test_without_a_desk_it_says_so(tmp_path: Path, words: tuple[str, ...], address: str, says: str) -> None:
    done = run(*words, data=tmp_path, **({"DATABASE_URL": address} if address else {}))
    assert done.returncode == 1
    assert says in done.stderr + done.stdout


def test_a_database_without_tables_says_so(database_server: str, tmp_path: Path) -> None:
    done = run("ledger", "verify", data=tmp_path, DATABASE_URL=database_server)
    assert done.returncode == 1
    assert "no tables of the desk yet" in done.stderr


@pytest.mark.slow
def test_the_town_keeps_the_contract_of_networks() -> None:
    done = run("networks", "contract", "x")
    assert done.returncode == 0, done.stdout
    assert done.stdout.strip()


def test_a_server_that_is_not_there_breaks_the_contract() -> None:
    words = ("networks", "contract", "facebook", "--url", "http://127.0.0.1:9/facebook/v26.0", "--account", "77")
    done = run(*words)
    assert (done.returncode, "has no token" in done.stderr) == (1, True)
    done = run(*words, GATEPOST_CREDENTIALS_TOKEN="a-secret-token")
    assert done.returncode == 1
    assert "a-secret-token" not in done.stdout + done.stderr
    assert run("networks", "contract", "--url", "http://127.0.0.1:9/").returncode == 1
