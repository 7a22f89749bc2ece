"""Moderation by name, as programs and `gatepost act` call it."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from gatepost.calls.actions import ACTIONS
from gatepost.calls.found import NoSuch
from gatepost.gate.models import Act
from gatepost.inbox import appeals
from gatepost.inbox.models import Message, Ruling
from gatepost.inbox.moderating import ruled_settled
from gatepost.inbox.problems import LooksLawful
from gatepost.ledger.actions import System
from gatepost.people.authority import NotAllowed
from tests import factories
from tests.inbox.scene import ABUSE, COMPLAINT, Desk, become, make_desk

pytestmark = pytest.mark.django_db
OFFENSIVE = "My neighbour is a fucking wanker"
DANGER = "I can't go on any more, I want to kill myself tonight"


@pytest.fixture
def desk() -> Desk:
    return make_desk()


def act(name: str, by: Any, **fields: Any) -> Any:
    action = ACTIONS[name]
    return action(action.asks(**fields), by=by, at=timezone.now())


def test_the_queue_and_the_powers(desk: Desk) -> None:
    abuse, danger = desk.message(ABUSE), desk.message(DANGER)
    found = act("moderation.queue", desk.staff)
    assert [(one.message, one.rank, one.first, one.alarm) for one in found.waiting] == [
        (danger.pk, "safeguarding", "", True),
        (abuse.pk, found.waiting[1].rank, found.waiting[1].first, found.waiting[1].alarm),
    ]
    told = act("moderation.powers", desk.staff, network="x")
    assert {one.kind: one.can for one in told.powers}["remove"] == "no"
    with pytest.raises(NoSuch, match="myspace"):
        act("moderation.powers", desk.staff, network="myspace")
    with pytest.raises(NotAllowed):
        act("moderation.queue", factories.person())


def test_a_decision_from_beginning_to_review(desk: Desk) -> None:
    message = desk.message(OFFENSIVE)
    act("message.moderate", desk.staff, message=message.pk, kind="hide", reason="Swearing", clause="usage.9")
    ruling = Ruling.objects.get()
    assert ruling.act is not None
    ruled_settled(become(ruling.act, "sent"), by=System("worker"), at=timezone.now())
    Message.objects.update(visibility="hidden")
    [told] = act("rulings.list", desk.staff, message=message.pk).rulings
    assert told.reference == ruling.reference_shown
    assert told.reference in told.notice
    with pytest.raises(NoSuch, match="Nobody has asked"):
        act("appeal.decide", desk.officer, ruling=ruling.pk, change=True, answer="Sorry")
    assert act("ruling.tell", desk.staff, ruling=ruling.pk, how="hand").told == "hand"
    ruling.refresh_from_db()
    appeals.ask(ruling, "It is a quotation", at=timezone.now())
    assert act("moderation.queue", desk.staff).reviews == [ruling.pk]
    assert act("appeal.decide", desk.officer, ruling=ruling.pk, change=True, answer="Sorry").review == "overturned"


def test_by_hand(desk: Desk) -> None:
    message = desk.message(OFFENSIVE)
    made = act("ruling.make", desk.officer, message=message.pk, kind="report", reason="Again", clause="usage.9")
    assert made.act == ""
    assert act("ruling.done", desk.staff, ruling=made.ruling).done_at
    assert act("ruling.lift", desk.staff, ruling=made.ruling, because="Apologised").lifted_at
    found = act("rulings.list", desk.staff, message=message.pk)
    assert (found.strikes, found.step) == (0, "")
    with pytest.raises(NoSuch):
        act("ruling.done", desk.staff, ruling=999_999)


def test_from_the_desk(desk: Desk) -> None:
    wish = {"message": desk.message(OFFENSIVE).pk, "kind": "block", "reason": "Again", "clause": "usage.9"}
    made = act("ruling.make", desk.staff, **wish)
    found = Act.objects.get(pk=made.act)
    assert (found.kind, found.state, made.done_at) == ("block", "to_sign_off", None)
    assert act("ruling.lift", desk.staff, ruling=made.ruling, because="A mistake").lifted_at


def test_criticism_needs_its_answer(desk: Desk) -> None:
    wish = {"message": desk.message(COMPLAINT).pk, "kind": "hide", "reason": "Rude", "clause": "usage.9"}
    with pytest.raises(LooksLawful):
        act("message.moderate", desk.staff, **wish)
    assert act("message.moderate", desk.staff, **wish, more_than="Names a child").state == "to_sign_off"


def test_abuse_and_alarms(desk: Desk) -> None:
    message, danger = desk.message(ABUSE), desk.message(DANGER)
    with pytest.raises(NoSuch, match=r"Begin it with abuse\.open"):
        act("abuse.add", desk.staff, message=message.pk, kind="support", words="Offered")
    assert act("abuse.open", desk.staff, message=message.pk, aimed_at="Reception").steps == []
    added = act("abuse.add", desk.staff, message=message.pk, kind="support", words="Offered")
    assert [one.kind for one in added.steps] == ["support"]
    assert len(added.lacking) == 3
    opened = act("words.open", desk.staff, message=message.pk)
    assert opened.text == ABUSE
    file = act("abuse.export", desk.staff, message=message.pk).record
    assert file["exposed"][0]["name"] == desk.staff.name
    assert danger.pk in [one.message for one in act("alarms.list", desk.staff).alarms]
    assert act("alarm.take", desk.staff, message=danger.pk, did="Ringing").taken_by == desk.staff.pk
    with pytest.raises(NoSuch, match="raised no alarm"):
        act("alarm.take", desk.staff, message=desk.message(OFFENSIVE).pk)
