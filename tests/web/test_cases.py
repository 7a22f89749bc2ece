"""Cases through their addresses: opened from a message, step by step, and what is refused says why."""

from __future__ import annotations

import json

import pytest
from django.test import Client
from django.utils import timezone

from gatepost.calls.actions import ACTIONS
from gatepost.inbox.models import Case, Message, Referral
from tests import factories

pytestmark = pytest.mark.django_db

COMPLAINT = "This is a disgrace, I want to complain about your service. Third time I have reported it and nobody came."


@pytest.fixture
def desk() -> tuple[Client, Message]:
    officer = factories.officer(standing=True)
    channel = factories.channel(by=officer, name="Practice page")
    client = Client()
    client.force_login(factories.staff(channel, by=officer))
    return client, factories.message(COMPLAINT + " Ring 07700 900123.", channel=channel)


def test_a_case_is_opened_from_its_message_and_goes_its_course(desk: tuple[Client, Message]) -> None:
    client, message = desk
    page = client.get(f"/inbox/{message.pk}/").content.decode()
    assert "Open it as: complaint" in page
    assert client.post(f"/cases/open/{message.pk}/", {"kind": "complaint"}).status_code == 303
    case = Case.objects.get()
    page = client.get(f"/cases/{case.pk}/").content.decode()
    assert "Housing Ombudsman" in page
    assert "900123" not in page
    assert (
        client.post(f"/cases/{case.pk}/", {"do": "step", "step": "acknowledged", "note": "By post"}).status_code == 303
    )
    page = client.get(f"/cases/{case.pk}/").content.decode()
    assert "Answer the complaint" in page
    refused = client.post(f"/cases/{case.pk}/", {"do": "extend", "law": "complaint_2024_stage1_response"})
    assert refused.status_code == 422
    assert b"Say when the person was told" in refused.content
    now = timezone.localtime().strftime("%Y-%m-%dT%H:%M")
    extended = {"do": "extend", "law": "complaint_2024_stage1_response", "because": "Survey", "told_at": now}
    assert client.post(f"/cases/{case.pk}/", extended).status_code == 303
    assert client.post(f"/cases/{case.pk}/", {"do": "close", "because": ""}).status_code == 422
    assert client.post(f"/cases/{case.pk}/", {"do": "fly"}).status_code == 422
    assert client.post(f"/cases/{case.pk}/", {"do": "step", "happened_at": "yesterday"}).status_code == 422
    assert client.post(f"/cases/{case.pk}/", {"do": "close", "because": "Done"}).status_code == 303
    assert "Open it again" in client.get(f"/cases/{case.pk}/").content.decode()
    assert client.post(f"/cases/{case.pk}/", {"do": "reopen"}).status_code == 303
    for address in ("/cases/", "/cases/?show=late", "/cases/?show=closed&kind=complaint", f"/inbox/{message.pk}/"):
        assert client.get(address).status_code == 200
    assert "complaint: case" in client.get("/cases/").content.decode().lower()


def test_rules_that_do_not_bind_us_are_refused_with_the_reason(desk: tuple[Client, Message]) -> None:
    client, message = desk
    refused = client.post(f"/cases/open/{message.pk}/", {"kind": "stairs"})
    assert refused.status_code == 422
    assert b"public authority" in refused.content
    stranger = Client()
    stranger.force_login(factories.person())
    assert stranger.get("/cases/").status_code == 403
    assert stranger.get("/referrals/").status_code == 403


def test_the_same_by_name(desk: tuple[Client, Message]) -> None:
    _, message = desk
    by, at = factories.staff(message.channel), timezone.now()

    def call(name: str, **wish: object) -> dict[str, object]:
        action = ACTIONS[name]
        found: dict[str, object] = json.loads(action(action.asks(**wish), by=by, at=at).model_dump_json())
        return found

    assert call("case.suggest", message=message.pk)["suggested"]
    case = call("case.open", message=message.pk, kind="complaint")
    number = case["id"]
    assert case["next_steps"] == ["acknowledged"]
    assert call("case.step", case=number, step="acknowledged")["next_steps"] == ["responded"]
    assert len(call("cases.list")["cases"]) == 1  # type: ignore[arg-type]  # a list
    assert call("cases.list", late=True, kind="complaint")["cases"] == []
    law = "complaint_2024_stage1_response"
    assert call("case.extend", case=number, law=law, because="Survey", told_at=at.isoformat())["state"] == "open"
    assert call("case.close", case=number, because="Done")["state"] == "closed"
    assert call("case.reopen", case=number)["state"] == "open"
    own = call("case.open", message=message.pk, kind="subject_access")["id"]
    assert call("case.pause", case=own, because="Identity")["stands_still"]
    assert not call("case.resume", case=own)["stands_still"]
    assert call("case.get", case=own)["kind"] == "subject_access"
    referral = call("message.refer", message=message.pk, department="repairs", details_because="To ring them")["id"]
    assert Referral.objects.get().details
    assert call("referrals.list")["referrals"]
    assert call("referrals.list", show="late", department="repairs")["referrals"] == []
    assert call("referral.get", referral=referral)["state"] == "queued"
    assert call("referral.answer", referral=referral, text="Ring 07700 900123")["said"][0]["text"] == (  # type: ignore[index]
        "Ring (phone number hidden)"
    )
    assert call("referral.reopen", referral=referral, text="When?")["state"] == "sent"
    assert call("referral.remind", referral=referral)["letters"] == ["told", "reminder"]
    assert call("referral.hand_back", referral=referral, text="Not theirs")["state"] == "handed_back"
    Referral.objects.filter(pk=referral).update(state="asked")
    assert call("referral.tell", referral=referral, text="Block C")["state"] == "sent"
