"""Complaints, hazards and requests for information at the desk: opened once, step by step, with their times."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from gatepost.channels.models import Approval
from gatepost.inbox import cases
from gatepost.inbox.cases import CaseError
from gatepost.inbox.models import Case, CaseStep, Message
from gatepost.ledger.models import Line
from gatepost.people.authority import NotAllowed
from gatepost.people.models import Holding
from gatepost.rulebook.actions import in_force
from tests import factories

from .scene import COMPLAINT, Desk

AT = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)  # a Monday
HAZARD = "Water is pouring through the ceiling light and it is sparking, I have a baby here"
ASKS = "Under the Freedom of Information Act please send me how much you spent on lifts in 2025."
OWN_DATA = "This is a subject access request: send me all personal data you hold about me."


@pytest.fixture(autouse=True)
def approved_since_long_ago(desk: Desk) -> None:
    Approval.objects.update(starts=factories.LONG_AGO)
    Holding.objects.update(starts=factories.LONG_AGO)


def complaint(desk: Desk) -> tuple[Message, Case]:
    message = desk.message(COMPLAINT, at=AT)
    return message, cases.open_case(message, "complaint", by=desk.staff, at=AT + timedelta(hours=3))


def test_what_a_message_may_begin(desk: Desk) -> None:
    pack = in_force(AT)
    assert [one.kind for one in cases.suggested(desk.message(COMPLAINT, at=AT), pack)] == ["complaint"]
    assert cases.suggested(desk.message(HAZARD, at=AT), pack)[0].kind == "hazard_emergency"
    assert "foi" in [one.kind for one in cases.suggested(desk.message(ASKS, at=AT), pack)]
    assert "subject_access" in [one.kind for one in cases.suggested(desk.message(OWN_DATA, at=AT), pack)]
    libel = desk.message("The comment about my shop under your post is libellous. Take it down.", at=AT)
    assert cases.suggested(libel, pack)[-1].kind == "defamation"
    assert cases.suggested(desk.message("When do you open?", at=AT), pack) == []


def test_a_notice_of_a_defamatory_statement_from_its_message_to_its_end(desk: Desk) -> None:
    case = cases.open_case(desk.message("This comment is libel.", at=AT), "defamation", by=desk.staff, at=AT)
    assert case.next_due == AT + timedelta(hours=48)
    told = AT + timedelta(hours=5)
    case = cases.take_step(case, "poster_told", by=desk.staff, at=told)
    assert case.next_due == datetime(2026, 11, 28, 23, 59, 59, tzinfo=UTC)  # a Saturday: the poster has all of it
    over = datetime(2026, 11, 30, 9, tzinfo=UTC)
    case = cases.take_step(case, "poster_answered", by=desk.staff, at=over, happened_at=case.next_due)
    assert case.next_due == datetime(2026, 12, 2, tzinfo=UTC)  # Sunday does not count
    case = cases.take_step(case, "settled", by=desk.staff, at=over + timedelta(hours=1))
    assert case.state == "closed"
    assert not any(one.late for one in cases.clocks(case, at=over))
    assert set(Line.objects.filter(subject=case.subject).values_list("clauses", flat=True)[0]) == {"law.1"}


def test_a_complaint_from_its_message_to_the_final_answer(desk: Desk) -> None:
    message, case = complaint(desk)
    assert case.received_at == message.received_at  # not when somebody opened it
    assert cases.open_case(message, "complaint", by=desk.officer, at=AT + timedelta(hours=4)) == case
    assert case.next_due is not None
    assert case.next_due.date().isoformat() == "2026-11-30"
    with pytest.raises(CaseError, match="cannot be taken now"):
        cases.take_step(case, "responded", by=desk.staff, at=AT + timedelta(days=1))
    with pytest.raises(CaseError, match="future"):
        cases.take_step(case, "acknowledged", by=desk.staff, at=AT, happened_at=AT + timedelta(days=1))
    with pytest.raises(CaseError, match="before what it follows"):
        cases.take_step(case, "acknowledged", by=desk.staff, at=AT, happened_at=AT - timedelta(days=1))
    moment = AT + timedelta(days=1)
    for days, step in enumerate(["acknowledged", "responded", "escalated", "acknowledged_2", "responded_2"]):
        case = cases.take_step(case, step, by=desk.staff, at=moment + timedelta(days=days), note=f"Step {days}")
    case.refresh_from_db()
    assert (case.state, case.closed_because, case.next_due) == ("closed", "Final answer given", None)
    assert all(one.met_at and not one.late for one in cases.clocks(case, at=moment))
    with pytest.raises(CaseError, match="closed"):
        cases.close_case(case, because="x", by=desk.staff, at=moment)
    verbs = list(Line.objects.filter(subject=case.subject).order_by("pk").values_list("verb", flat=True))
    assert verbs == ["case.opened", *["case.step_taken"] * 5, "case.closed"]


def test_a_step_in_the_minute_in_which_it_came_counts_though_people_type_no_seconds(desk: Desk) -> None:
    came = AT + timedelta(seconds=40)
    case = cases.open_case(desk.message(COMPLAINT, at=came), "complaint", by=desk.staff, at=came)
    case = cases.take_step(case, "acknowledged", by=desk.staff, at=came + timedelta(hours=1), happened_at=AT)
    assert cases.done_of(case) == {"acknowledged": AT}


def test_an_extension_needs_a_reason_and_that_they_were_told_in_time(desk: Desk) -> None:
    _, case = complaint(desk)
    case = cases.take_step(case, "acknowledged", by=desk.staff, at=AT + timedelta(days=1))
    answer = cases.clocks(case, at=AT)[1]
    assert "Ombudsman" in cases.extension_words(answer)
    told = answer.due - timedelta(days=1)
    with pytest.raises(CaseError, match="contact details"):
        cases.extend(case, answer.law, because=" ", told_at=told, by=desk.staff, at=answer.due)
    late = answer.due + timedelta(hours=1)
    with pytest.raises(CaseError, match="before the time ended"):
        cases.extend(case, answer.law, because="Survey", told_at=late, by=desk.staff, at=late)
    early = case.received_at.replace(second=0, microsecond=0) - timedelta(minutes=1)
    with pytest.raises(CaseError, match="before this came"):
        cases.extend(case, answer.law, because="Survey", told_at=early, by=desk.staff, at=answer.due)
    with pytest.raises(CaseError, match="does not run"):
        cases.extend(case, "subject_access", because="x", told_at=told, by=desk.staff, at=answer.due)
    case = cases.extend(case, answer.law, because="Survey", told_at=told, by=desk.staff, at=answer.due)
    assert case.next_due is not None
    assert case.next_due > answer.due
    with pytest.raises(CaseError, match="cannot be made longer"):
        cases.extend(case, answer.law, because="Again", told_at=told, by=desk.staff, at=answer.due)


def test_a_request_stands_still_while_identity_is_awaited(desk: Desk) -> None:
    message = desk.message(OWN_DATA, at=AT)
    case = cases.open_case(message, "subject_access", by=desk.staff, at=AT)
    first = case.next_due
    assert first is not None
    with pytest.raises(CaseError, match="what is awaited"):
        cases.pause(case, because="", by=desk.staff, at=AT + timedelta(days=2))
    case = cases.pause(case, because="Proof of identity", by=desk.staff, at=AT + timedelta(days=2))
    assert case.next_due is None
    with pytest.raises(CaseError, match="already"):
        cases.pause(case, because="Again", by=desk.staff, at=AT + timedelta(days=3))
    case = cases.resume(case, by=desk.staff, at=AT + timedelta(days=12))
    assert case.next_due is not None
    assert timedelta(days=9) < case.next_due - first < timedelta(days=14)
    with pytest.raises(CaseError, match="does not stand still"):
        cases.resume(case, by=desk.staff, at=AT + timedelta(days=12))
    with pytest.raises(CaseError, match="not from the future"):
        cases.pause(case, because="x", by=desk.staff, at=AT, since=AT - timedelta(days=9))
    other = cases.open_case(message, "complaint", by=desk.staff, at=AT)
    with pytest.raises(CaseError, match="No clock"):
        cases.pause(other, because="x", by=desk.staff, at=AT)


def test_only_the_rules_that_bind_us_open_a_case(desk: Desk) -> None:
    message = desk.message(ASKS, at=AT)
    assert "public authority" in cases.open_case(message, "foi", by=desk.staff, at=AT).why
    assert "Environmental" in cases.open_case(message, "eir", by=desk.staff, at=AT).why
    with pytest.raises(CaseError, match="cannot be opened"):
        cases.open_case(message, "stairs", by=desk.staff, at=AT)
    with pytest.raises(CaseError, match="no kind of case"):
        cases.open_case(message, "moon", by=desk.staff, at=AT)
    with pytest.raises(CaseError, match="future"):
        cases.open_case(message, "complaint", by=desk.staff, at=AT, received_at=AT + timedelta(days=1))
    with pytest.raises(NotAllowed):
        cases.open_case(message, "complaint", by=factories.person(), at=AT)


def test_a_case_is_closed_with_a_reason_and_opened_again(desk: Desk) -> None:
    message, case = complaint(desk)
    with pytest.raises(CaseError, match="Say why"):
        cases.close_case(case, because=" ", by=desk.staff, at=AT)
    case = cases.close_case(case, because="A service request; they were asked", by=desk.staff, at=AT)
    assert (case.state, case.next_due) == ("closed", None)
    case = cases.reopen_case(case, by=desk.staff, at=AT)
    assert case.next_due is not None
    cases.close_case(case, because="x", by=desk.staff, at=AT)
    cases.open_case(message, "complaint", by=desk.staff, at=AT)
    with pytest.raises(CaseError, match="already"):
        cases.reopen_case(Case.objects.get(pk=case.pk), by=desk.staff, at=AT)


def test_a_kind_that_is_no_longer_known_says_so(desk: Desk) -> None:
    _, case = complaint(desk)
    Case.objects.filter(pk=case.pk).update(kind="gone")
    case.refresh_from_db()
    assert case.title == "gone"
    with pytest.raises(CaseError, match="does not know"):
        cases.clocks(case, at=AT)
    assert CaseStep.objects.count() == 0
