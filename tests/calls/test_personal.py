"""People's data by name: the same actions as the screens, refused to everybody but the officer."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from gatepost.calls.actions import ACTIONS
from gatepost.calls.personal import PERSONAL
from gatepost.inbox.models import Message
from gatepost.inbox.personal.officer import PersonalError
from gatepost.people.authority import NotAllowed
from gatepost.people.models import User
from tests.inbox.personal.scene import HANDLE, NAME, NUMBER, OWN, Told, told
from tests.inbox.scene import make_desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Told:
    return told(make_desk())


def call(name: str, by: User, /, **wish: Any) -> Any:
    action = ACTIONS[name]
    return action(action.asks.model_validate(wish), by=by, at=timezone.now())


def opened(scene: Told, kind: str = "access") -> Any:
    return call(
        "person_request.open",
        scene.desk.officer,
        kind=kind,
        name=NAME,
        number=NUMBER,
        received_on=timezone.localdate(),
        identity="Passport",
        contacts=[scene.contact.pk],
        mentions=[f"inbox.Message:{scene.about.pk}"],
    )


def test_find_hand_over_erase(scene: Told) -> None:
    officer = scene.desk.officer
    found = call("person.find", officer, account=HANDLE, number=NUMBER)
    assert found.accounts[0].contact == scene.contact.pk
    assert "960777" not in found.model_dump_json()
    request = opened(scene)
    assert [one.id for one in call("person_requests.list", officer).requests] == [request.id]
    data = call("person_request.data", officer, request=request.id).data
    assert data["messages"][0]["text"] == OWN
    chosen = call("person_request.choose", officer, request=request.id, contacts=[scene.contact.pk])
    assert chosen.mentions == []
    with pytest.raises(PersonalError, match="Tick the box"):
        call("person_request.erase", officer, request=request.id)
    erased = call("person_request.erase", officer, request=request.id, sure=True, keep_evidence=False)
    assert erased.state == "erased"
    assert Message.objects.get(pk=scene.own.pk).text == ""


def test_close_holds_periods_papers(scene: Told) -> None:
    officer = scene.desk.officer
    assert call("person_request.close", officer, request=opened(scene).id, because="By letter").state == "closed"
    hold = call("legal_hold.make", officer, reason="A claim", contact=scene.contact.pk)
    assert [one.id for one in call("legal_holds.list", officer).holds] == [hold.id]
    assert call("legal_hold.end", officer, hold=hold.id, because="Settled").ended_at is not None
    told_ = call("retention.preview", officer)
    assert {one.kind for one in told_.kinds} >= {"messages", "complaint", "evidence"}
    assert call("retention.agree", officer, digest=told_.digest).agreed
    assert not call("retention.stop", officer).agreed
    assert call("paper.get", officer, kind="dpia").open_questions > 0


def test_details_are_seen_for_a_reason(scene: Told) -> None:
    seen = call("message.reveal", scene.desk.staff, message=scene.own.pk, reason="To ring back")
    assert NUMBER in seen.text
    assert NUMBER not in call("message.get", scene.desk.staff, message=scene.own.pk).text


def test_what_is_not_there_is_said(scene: Told) -> None:
    for name, wish in (
        ("person_request.erase", {"request": 999, "sure": True}),
        ("legal_hold.make", {"reason": "x", "contact": 999}),
        ("legal_hold.end", {"hold": 999, "because": "x"}),
    ):
        with pytest.raises(PersonalError, match="There is no"):
            call(name, scene.desk.officer, **wish)


def test_everybody_else_is_refused(scene: Told) -> None:
    request = opened(scene)
    wishes: dict[str, dict[str, Any]] = {
        "person.find": {"name": NAME},
        "person_requests.list": {},
        "person_request.open": {"kind": "access", "name": NAME, "received_on": timezone.localdate()},
        "person_request.choose": {"request": request.id, "contacts": []},
        "person_request.data": {"request": request.id},
        "person_request.erase": {"request": request.id, "sure": True},
        "person_request.close": {"request": request.id, "because": "x"},
        "legal_holds.list": {},
        "legal_hold.make": {"reason": "x", "kind": "everything"},
        "legal_hold.end": {"hold": 1, "because": "x"},
        "retention.preview": {},
        "retention.agree": {"digest": "0" * 64},
        "retention.stop": {},
        "paper.get": {"kind": "dpia"},
    }
    assert set(wishes) | {"message.reveal"} == set(PERSONAL)
    hold = call("legal_hold.make", scene.desk.officer, reason="A claim", kind="everything")
    wishes["legal_hold.end"]["hold"] = hold.id
    for name, wish in wishes.items():
        with pytest.raises(NotAllowed):
            call(name, scene.desk.staff, **wish)
