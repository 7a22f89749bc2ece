"""Approved lines: set by whoever signs off, changed with a reason, every version kept, handed to the checks."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from gatepost.gate.checking import findings_of
from gatepost.gate.content import Content
from gatepost.ledger.models import Line as Recorded
from gatepost.people.authority import NotAllowed
from gatepost.people.models import User
from gatepost.policy.model import Finding, Line, Outbound, Stated
from gatepost.rulebook.lines import LineError, Wanted, current, end_line, lines_in_force, save_line, to_review
from gatepost.rulebook.models import LineVersion
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer() -> User:
    return factories.officer()


@pytest.fixture
def wanted(officer: User) -> Wanted:
    return Wanted(
        topic="Lifts at Millrace",
        text="Both lifts at Millrace are replaced by 18 December. Work begins on 1 December.",
        review_on=timezone.localdate() + timedelta(days=30),
        owner=officer.pk,
        words=["Millrace lifts", "lifts at Millrace"],
        figures=[Stated("lifts", "2")],
        dates=[Stated("work begins", "2026-12-01")],
    )


def test_set_changed_and_every_version_kept(officer: User, wanted: Wanted) -> None:
    at = timezone.now()
    line = save_line(wanted, by=officer, at=at)
    changed = replace(wanted, dates=[Stated("work begins", "2027-01-11")])
    with pytest.raises(LineError, match="why the line changes") as refused:
        save_line(changed, by=officer, at=at, line=line)
    assert refused.value.field == "because"
    save_line(replace(changed, because="The maker is late"), by=officer, at=at, line=line)
    assert [(one.number, one.dates[0]["value"]) for one in line.versions.all()] == [
        (2, "2027-01-11"),
        (1, "2026-12-01"),
    ]
    assert lines_in_force() == (
        Line(
            id=str(line.pk),
            topic="Lifts at Millrace",
            words=("Millrace lifts", "lifts at Millrace"),
            text=wanted.text,
            figures=(Stated("lifts", "2"),),
            dates=(Stated("work begins", "2027-01-11"),),
        ),
    )
    details = Recorded.objects.filter(subject=f"line:{line.pk}").order_by("pk").values_list("verb", "detail")
    assert list(details) == [("line.set", {"version": 1}), ("line.set", {"version": 2})]


def test_looked_over_and_kept_makes_no_version(officer: User, wanted: Wanted) -> None:
    line = save_line(wanted, by=officer, at=timezone.now())
    later = replace(wanted, review_on=wanted.review_on + timedelta(days=90))
    save_line(later, by=officer, at=timezone.now(), line=line)
    line.refresh_from_db()
    assert (line.versions.count(), line.review_on) == (1, later.review_on)
    assert Recorded.objects.filter(verb="line.reviewed", subject=f"line:{line.pk}").count() == 1
    assert to_review(later.review_on - timedelta(days=1)) == []
    assert to_review(later.review_on) == [line]


def test_ended_it_binds_nobody_and_its_topic_is_free(officer: User, wanted: Wanted) -> None:
    line = save_line(wanted, by=officer, at=timezone.now())
    with pytest.raises(LineError, match="already"):
        save_line(wanted, by=officer, at=timezone.now())
    end_line(line, by=officer, at=timezone.now())
    assert lines_in_force() == ()
    line.refresh_from_db()
    with pytest.raises(LineError, match="has been ended"):
        save_line(replace(wanted, because="x"), by=officer, at=timezone.now(), line=line)
    assert save_line(wanted, by=officer, at=timezone.now()).pk != line.pk
    assert current(line).text == wanted.text


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"topic": ""}, "topic"),
        ({"text": " "}, "text"),
        ({"text": "x" * 4001}, "text"),
        ({"words": []}, "words"),
        ({"words": [""]}, "words"),
        ({"words": ["x"] * 41}, "words"),
        ({"figures": [Stated("", "2")]}, "figures"),
        ({"figures": [Stated("lifts", "")]}, "figures"),
        ({"dates": [Stated("begins", "1 December")]}, "dates"),
        ({"owner": 999999}, "owner"),
        ({"review_on": date(2020, 1, 1)}, "review_on"),
        ({"because": "x" * 401}, "because"),
    ],
)
def test_what_cannot_be_set_is_said(officer: User, wanted: Wanted, change: dict[str, Any], field: str) -> None:
    with pytest.raises(LineError) as refused:
        save_line(replace(wanted, **change), by=officer, at=timezone.now())
    assert refused.value.field == field
    assert not LineVersion.objects.exists()


def test_only_who_signs_off_sets_a_line(wanted: Wanted) -> None:
    with pytest.raises(NotAllowed):
        save_line(wanted, by=factories.person(), at=timezone.now())


@pytest.mark.parametrize("change", ["UPDATE rulebook_lineversion SET text = ''", "DELETE FROM rulebook_lineversion"])
def test_the_database_keeps_what_a_line_said(officer: User, wanted: Wanted, change: str) -> None:
    save_line(wanted, by=officer, at=timezone.now())
    from django.db import connection

    with pytest.raises(DatabaseError, match="is kept"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)


def test_the_checks_are_handed_the_lines(officer: User, wanted: Wanted, monkeypatch: pytest.MonkeyPatch) -> None:
    channel = factories.channel(by=officer)
    line = save_line(wanted, by=officer, at=timezone.now())
    handed: list[Outbound] = []

    def look(out: Outbound, *rest: object) -> list[Finding]:
        handed.append(out)
        return []

    monkeypatch.setattr("gatepost.gate.checking.check", look)
    content = Content(kind="publish", channel=channel.pk, text="Lifts")
    findings_of(content, "facebook", pack=factories.pack(), at=timezone.now(), context={})
    assert [one.id for one in handed[0].lines] == [str(line.pk)]
