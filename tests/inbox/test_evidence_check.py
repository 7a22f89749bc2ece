"""Evidence is hashed anew and the record asked: what was changed, put in, emptied or lost behind its back is named."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from gatepost.cli.main import main
from gatepost.inbox import abuse, bundle_html, bundle_pdf, bundles, evidence_check
from gatepost.inbox.cases import open_case
from gatepost.inbox.evidence import keep_evidence
from gatepost.inbox.evidence_check import state_of, verify_kept
from gatepost.inbox.models import Evidence, Message
from gatepost.inbox.personal.erasing import forget
from gatepost.inbox.verifying import verify_all
from gatepost.ledger.actions import System, record
from gatepost.people.actions import make_token
from gatepost.people.authority import NotAllowed
from tests import factories
from tests.inbox.scene import ABUSE, COMPLAINT, Desk

SYSTEM = System("retention")
EMPTY: dict[str, Any] = {"text": "", "author_name": "", "author_ref": "", "raw": {}, "picture": ""}


def kept(desk: Desk, text: str = COMPLAINT) -> Evidence:
    message = desk.message(text)
    made = keep_evidence(message, reason="Kept", clause="usage.9", by=desk.staff, at=message.received_at)
    return Evidence.objects.select_related("message").get(pk=made.pk)


def behind_its_back(sql: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE inbox_evidence DISABLE TRIGGER USER")
        cursor.execute(sql, values)
        cursor.execute("ALTER TABLE inbox_evidence ENABLE TRIGGER USER")


def again(one: Evidence) -> Evidence:
    return Evidence.objects.select_related("message").get(pk=one.pk)


def test_what_was_kept_is_whole(desk: Desk) -> None:
    assert verify_kept().says == "0 pieces of evidence checked: each is as it was kept."
    one = kept(desk)
    assert state_of(one) == "whole"
    report = verify_kept()
    assert (report.ok, report.says) == (True, "1 piece of evidence checked: each is as it was kept.")


@pytest.mark.parametrize(
    ("sql", "says"),
    [
        ("UPDATE inbox_evidence SET text = 'Lovely people' WHERE id = %s", "has been changed since it was kept"),
        ("UPDATE inbox_evidence SET picture = picture || ' ' WHERE id = %s", "has been changed since it was kept"),
        ("UPDATE inbox_evidence SET sha256 = repeat('0', 64) WHERE id = %s", "a digest that the record does not hold"),
    ],
)
def test_what_was_changed_is_named(desk: Desk, sql: str, says: str) -> None:
    one, other = kept(desk), kept(desk)
    behind_its_back(sql, one.pk)
    report = verify_kept()
    assert f"Evidence {one.pk} about message {one.message_id} " in report.says
    assert says in report.says
    assert (report.ok, state_of(again(one)), state_of(other)) == (False, "broken", "whole")


def test_what_is_gone_is_named_by_its_line(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evidence_check, "AT_ONCE", 1)
    one, _ = kept(desk), kept(desk)
    behind_its_back("DELETE FROM inbox_evidence WHERE id = %s", one.pk)
    [said] = verify_kept().broken
    assert said.startswith(f"The evidence about message:{one.message_id} that line ")
    assert said.endswith(" says was kept is gone.")


def test_what_was_erased_by_law_is_no_fault(desk: Desk) -> None:
    one = kept(desk)
    forget([one.message_id], because="request", by=desk.officer, at=timezone.now())
    assert state_of(again(one)) == "erased"
    assert verify_kept().says == "1 piece of evidence checked: each is as it was kept. 1 of them erased by law."


def test_what_was_emptied_without_a_line_is(desk: Desk) -> None:
    one, other = kept(desk), kept(desk)
    Evidence.objects.filter(pk=one.pk).update(**EMPTY)  # the database lets it through, for erasing
    assert state_of(again(one)) == "broken"
    assert "1 pieces of evidence are empty, and the record says of 0" in verify_kept().says
    detail = {"kind": "evidence", "count": 1, "period": "6 years"}
    record("retention.deleted", "retention:evidence", by=SYSTEM, at=timezone.now(), clauses=["law.2"], detail=detail)
    assert (state_of(again(one)), verify_kept().ok) == ("erased", True)
    Evidence.objects.filter(pk=other.pk).update(**EMPTY)
    assert not verify_kept().ok


def test_of_many_the_first_are_named_and_the_rest_counted(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evidence_check, "NAMED", 1)
    for _ in range(2):
        kept(desk)
    behind_its_back("UPDATE inbox_evidence SET author_name = %s", "Somebody else")
    assert verify_kept().says.endswith("And 1 more.")


def test_the_command_and_the_api_name_it(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    one = kept(desk)
    assert main(["ledger", "verify"]) == 0
    assert "1 piece of evidence checked" in capsys.readouterr().out
    behind_its_back("UPDATE inbox_evidence SET text = %s", "Other")
    assert main(["ledger", "verify"]) == 1
    assert f"Evidence {one.pk} about message" in capsys.readouterr().out
    key = make_token(desk.officer, title="test", by=desk.officer, at=timezone.now())
    answer = Client().post(
        "/api/actions/ledger.verify", "{}", content_type="application/json", headers={"authorization": f"Bearer {key}"}
    )
    told = json.loads(answer.content)
    assert (told["ok"], told["evidence"], len(told["evidence_broken"])) == (False, 1, 1)


def test_only_those_who_answer_for_the_desk_have_everything_read(desk: Desk) -> None:
    assert verify_all(by=desk.officer, at=timezone.now()).ok
    with pytest.raises(NotAllowed, match="Whoever signs off"):
        verify_all(by=desk.staff, at=timezone.now())
    client = Client()
    client.force_login(desk.staff)
    assert "Verify now" not in client.get("/record/").content.decode()
    answer = client.post("/record/")
    assert (answer.status_code, "Whoever signs off may do this" in answer.content.decode()) == (422, True)


def test_the_page_and_the_papers_say_whether_it_is_whole(desk: Desk) -> None:
    one = kept(desk)
    message: Message = one.message
    client = Client()
    client.force_login(desk.officer)
    url = f"/moderation/{message.pk}/"
    assert "It is as it was kept" in client.get(url).content.decode()
    case = open_case(message, "complaint", by=desk.officer, at=timezone.now())
    made = bundles.bundle_of(case, by=desk.officer, at=timezone.now())
    assert [row["state"] for row in made["evidence"]] == ["whole"]
    behind_its_back("UPDATE inbox_evidence SET text = %s", "Other")
    assert "It is not what the record says was kept" in client.get(url).content.decode()
    made = bundles.bundle_of(case, by=desk.officer, at=timezone.now())
    assert [row["state"] for row in made["evidence"]] == ["broken"]
    assert "It is not what the record says was kept" in bundle_html.html_of(made, "0" * 64).decode()
    assert bundle_pdf.pdf_of(made, "0" * 64).startswith(b"%PDF")


def test_so_does_the_record_of_abuse(desk: Desk) -> None:
    message = factories.message(ABUSE, channel=desk.channel)
    begun = abuse.open_record(message, aimed_at="The front desk", by=desk.officer, at=timezone.now())
    told = abuse.exported(begun, by=desk.officer, at=timezone.now())
    assert [row["state"] for row in told["evidence"]] == ["whole"]
