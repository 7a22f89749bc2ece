"""A hazard at night: it goes to the out-of-hours line at once, and those above hear when nobody confirms it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.test import Client

from gatepost.gate.models import Act
from gatepost.inbox import referral_answers as answers
from gatepost.inbox.models import Case, Message, Referral, ReferralLetter
from gatepost.inbox.out_of_hours import FRESH, pass_on
from gatepost.inbox.referral_chasing import chase
from gatepost.inbox.referral_letters import send_letter
from gatepost.inbox.referrals import send
from gatepost.ledger.actions import System
from gatepost.ledger.models import Line
from gatepost.people.models import Holding
from tests import factories

from .scene import Desk

WORKER = System("worker")
NIGHT = datetime(2026, 11, 28, 23, 40, tzinfo=UTC)  # a Saturday
NOON = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)  # a Wednesday
HAZARD = "Water is pouring through the ceiling light, it is sparking, I have a baby. 14 Larkspur Court, 07700 900123"


@pytest.fixture
def night(desk: Desk) -> tuple[Message, Referral]:
    Holding.objects.update(starts=factories.LONG_AGO)
    message = desk.message(HAZARD, at=NIGHT)
    return message, Referral.objects.get()


def test_it_goes_to_the_line_at_once_with_its_clock_and_nothing_is_answered(night: tuple[Message, Referral]) -> None:
    message, referral = night
    assert (referral.email, referral.out_of_hours, referral.by) == ("out.of.hours@example.org", True, None)
    assert referral.answer_by == NIGHT + timedelta(hours=24)
    case = Case.objects.get()
    assert (case.kind, case.by, case.next_due) == ("hazard_emergency", None, NIGHT + timedelta(hours=24))
    message.refresh_from_db()
    assert message.state == "new"  # a person still sees it first in the list
    assert Act.objects.count() == 0
    send(referral, by=WORKER, at=NIGHT)
    letter = mail.outbox[-1]
    assert letter.subject.startswith("URGENT, out of hours")
    assert "15 minutes" in letter.body
    assert "900123" not in letter.body
    assert "14 Larkspur" not in letter.body
    verbs = list(Line.objects.filter(actor="system:out of hours").values_list("verb", flat=True))
    assert sorted(verbs) == ["case.opened", "message.passed_on"]
    assert pass_on([message], at=NIGHT) == [referral]  # once, however often it is read
    assert Referral.objects.count() == Case.objects.count() == 1


def test_a_message_edited_into_an_emergency_is_passed_on_once(desk: Desk) -> None:
    Holding.objects.update(starts=factories.LONG_AGO)
    first = NIGHT - FRESH - timedelta(days=1)
    given = {
        "ref": "edited",
        "channel": desk.channel,
        "author_ref": "casey",
        "author_name": "Casey",
        "posted_at": first,
    }
    factories.message("When do you open on Saturday?", at=first, **given)
    assert Referral.objects.count() == 0
    message = factories.message(HAZARD, at=NIGHT, changed_at=NIGHT, **given)
    assert message.text == HAZARD
    referral = Referral.objects.get()
    assert (referral.message, referral.out_of_hours) == (message, True)
    assert referral.answer_by == NIGHT + timedelta(hours=24)
    assert Case.objects.get().received_at == NIGHT  # when we could know of it
    Case.objects.update(state="closed")
    later = NIGHT + timedelta(minutes=9)
    factories.message(f"{HAZARD} Please come!", at=later, changed_at=later, **given)
    assert Referral.objects.count() == Case.objects.count() == 1


def test_somebody_confirms_on_the_page_and_sees_where_to_go(
    night: tuple[Message, Referral], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, referral = night
    monkeypatch.setattr("django.utils.timezone.now", lambda: NIGHT + timedelta(minutes=5))  # the link ends some day
    send(referral, by=WORKER, at=NIGHT)
    found = re.search(r"http\S+(/answer/[\w-]+/)", mail.outbox[-1].body)
    assert found
    client = Client()
    page = client.get(found[1]).content.decode()
    assert "Say that you have it" in page
    assert "900123" not in page
    assert client.post(found[1], {"do": "take", "name": " "}).status_code == 422
    assert client.post(found[1], {"do": "take", "name": "Lee of the night team"}).status_code == 303
    client.post(found[1], {"do": "take", "name": "Somebody else"})
    assert client.post(found[1], {"do": "details"}).status_code == 303
    page = client.get(found[1]).content.decode()
    assert "07700 900123" in page
    assert "Lee of the night team" in page
    assert "Somebody else" not in page
    assert chase(by=WORKER, at=NIGHT + timedelta(minutes=20)) == 0


def test_when_nobody_confirms_those_above_hear_it(desk: Desk, night: tuple[Message, Referral]) -> None:
    _, referral = night
    send(referral, by=WORKER, at=NIGHT)
    assert chase(by=WORKER, at=NIGHT + timedelta(minutes=14)) == 0
    assert chase(by=WORKER, at=NIGHT + timedelta(minutes=15)) == 1
    assert chase(by=WORKER, at=NIGHT + timedelta(minutes=16)) == 0
    row = ReferralLetter.objects.get()
    assert (row.kind, row.email) == ("unconfirmed", desk.officer.email)
    send_letter(row, at=NIGHT + timedelta(minutes=15))
    assert "020 8937 2400" in mail.outbox[-1].body
    assert answers.found("nothing at all, and long enough") is None


def test_in_working_hours_a_person_refers(desk: Desk) -> None:
    message = desk.message(HAZARD, at=NOON)
    assert Referral.objects.count() == 0
    assert Case.objects.get().kind == "hazard_emergency"  # the clock runs from when we knew
    assert message.urgent


def test_old_and_other_messages_are_left_to_people(desk: Desk) -> None:
    desk.message("When do you open on Saturday?", at=NIGHT)
    desk.message(HAZARD, at=NIGHT, posted_at=NIGHT - FRESH - timedelta(days=1))
    assert Referral.objects.count() == Case.objects.count() == 0
