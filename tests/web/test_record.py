"""The record's page: lines, filters, pages, verification, the copy."""

from __future__ import annotations

import json

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from gatepost.ledger.actions import Entry, record_many, seal
from gatepost.ledger.models import Line
from gatepost.people.models import User
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(client: Client) -> User:
    made = factories.officer()
    client.force_login(made)
    return made


def lines(count: int, person: User) -> None:
    entries = [Entry("message.closed", f"message:{number}", ["usage.7"]) for number in range(count)]
    record_many(entries, by=person, at=timezone.now())


def test_lines_are_shown_in_words(client: Client, person: User) -> None:
    page = client.get("/record/").content.decode()
    assert "olicy adopted" in page
    assert "the desk (setup)" in page
    assert "responsibility.1" in page


def test_pages_go_on_where_the_last_one_ended(client: Client, person: User) -> None:
    lines(120, person)
    seen: list[str] = []
    url = "/record/?verb=message.closed"
    for _ in range(3):
        page = client.get(url).content.decode()
        seen += [part.split("</td>")[0] for part in page.split('<td class="govuk-table__cell">')[1::6]]
        older = page.partition('" rel="next"')[0].rpartition('href="')[2]
        url = older.replace("&amp;", "&")
    assert len(seen) == len(set(seen)) == 120
    assert "Older lines" not in page


@pytest.mark.parametrize(
    ("asked", "found"),
    [("clause=usage.7", True), ("subject=message:3", True), ("verb=message.closed", True), ("clause=usage.99", False)],
)
def test_filters(client: Client, person: User, asked: str, found: bool) -> None:
    lines(5, person)
    page = client.get(f"/record/?{asked}").content.decode()
    assert ("Message 3" in page) is found
    assert ("No line matches" in page) is not found


@pytest.mark.parametrize("before", ["x", "-1", "9" * 30, "9" * 5000, "²"])
def test_nonsense_for_a_page_is_passed_over(client: Client, person: User, before: str) -> None:
    assert client.get("/record/", {"before": before}).status_code == 200


def test_an_unbroken_record_verifies(client: Client, person: User) -> None:
    lines(3, person)
    assert "The record is unbroken." in client.post("/record/", follow=True).content.decode()


def test_a_changed_line_is_named(client: Client, person: User) -> None:
    lines(3, person)
    number = Line.objects.order_by("id")[1].pk
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE ledger_line DISABLE TRIGGER USER")
        cursor.execute("UPDATE ledger_line SET verb = 'message.reopened' WHERE id = %s", [number])
        cursor.execute("ALTER TABLE ledger_line ENABLE TRIGGER USER")
    page = client.post("/record/", follow=True).content.decode()
    assert f"Line {number} has been changed" in page
    assert "gp-alert--stop" in page


def test_the_copy_is_one_line_of_json_for_each(client: Client, person: User) -> None:
    lines(3, person)
    answer = client.get("/record/export/")
    assert answer.status_code == 200
    assert "attachment" in answer["Content-Disposition"]
    rows = [json.loads(row) for row in b"".join(answer.streaming_content).splitlines()]  # type: ignore[attr-defined]  # streams
    assert [row["id"] for row in rows] == list(Line.objects.order_by("id").values_list("pk", flat=True))
    assert set(rows[0]) == {"id", "key", "at", "verb", "actor", "subject", "clauses", "detail", "digest"}


def test_signed_in_only(client: Client) -> None:
    for url in ("/record/", "/record/export/"):
        assert client.get(url).status_code == 302


def test_the_foot_says_how_far_it_is_sealed(client: Client, person: User) -> None:
    assert "not sealed yet" in client.get("/record/").content.decode()
    lines(3, person)
    seal(at=timezone.now())
    assert client.get("/record/").status_code == 200
