"""People's data on the screens: for the officer alone, from finding somebody to the file, erasing and the periods."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from gatepost.calls.actions import ACTIONS
from gatepost.inbox.actions import reveal
from gatepost.inbox.models import Message
from gatepost.inbox.personal_models import LegalHold, PersonRequest, RetentionAgreement
from gatepost.ledger.models import Line
from gatepost.people.authority import NotAllowed
from gatepost.people.models import User
from tests.inbox.personal.scene import EMAIL, HANDLE, NAME, NUMBER, OWN, Told, told
from tests.inbox.scene import make_desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Told:
    return told(make_desk())


@pytest.fixture
def page(client: Client, scene: Told) -> Client:
    client.force_login(scene.desk.officer)
    return client


def begun(page: Client, scene: Told, **fields: object) -> PersonRequest:
    given = {
        "act": "begin",
        "kind": "access",
        "name": NAME,
        "number": NUMBER,
        "received_on": timezone.localdate().isoformat(),
        "identity": "Passport",
        "contact": [str(scene.contact.pk)],
        "mention": [f"inbox.Message:{scene.about.pk}"],
        **fields,
    }
    answer = page.post(reverse("peoples_data_find"), given)
    assert answer.status_code == 303, answer.content.decode()
    return PersonRequest.objects.latest("pk")


@pytest.mark.parametrize("who", ["staff", "nobody"])
def test_others_see_none_of_it(client: Client, scene: Told, who: str) -> None:
    if who == "staff":
        client.force_login(scene.desk.staff)
    for path in ("/personal/", "/personal/keeping/", "/personal/holds/", "/personal/papers/dpia/", "/personal/find/"):
        answer = client.post(path) if path.endswith("find/") else client.get(path)
        assert answer.status_code == (403 if who == "staff" else 302), path
    shown = client.get(f"/inbox/{scene.own.pk}/").content.decode()
    assert "Find everything" not in shown


def test_finding_shows_accounts_and_mentions_with_details_covered(page: Client, scene: Told) -> None:
    answer = page.post(reverse("peoples_data_find"), {"name": NAME, "number": NUMBER})
    html = answer.content.decode()
    assert answer.status_code == 200
    assert f'value="{scene.contact.pk}"' in html
    assert f"inbox.Message:{scene.about.pk}" in html
    assert "960777" not in html
    assert NUMBER not in html.replace(f'value="{NUMBER}"', "").replace(f"For {NAME}, {NUMBER}", "")


def test_too_little_is_said_beside_the_field(page: Client) -> None:
    answer = page.post(reverse("peoples_data_find"), {"number": "123"})
    assert answer.status_code == 422
    assert 'href="#number"' in answer.content.decode()
    nothing = page.post(reverse("peoples_data_find"), {})
    assert nothing.status_code == 422
    assert "Say whom to look for" in nothing.content.decode()


def test_from_the_message_to_everything(page: Client, scene: Told) -> None:
    shown = page.get(f"/inbox/{scene.own.pk}/").content.decode()
    assert "Find everything about this person" in shown
    assert page.post(reverse("peoples_data_find"), {"account": HANDLE, "name": NAME}).status_code == 200


def test_the_file(page: Client, scene: Told) -> None:
    request = begun(page, scene)
    shown = page.get(reverse("peoples_data_request", args=[request.pk])).content.decode()
    assert "2 messages" in shown
    answer = page.post(reverse("peoples_data_file", args=[request.pk]))
    assert answer["Content-Type"] == "application/zip"
    assert answer["Cache-Control"] == "no-store"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as file:
        assert OWN in file.read("data.html").decode()


def test_no_file_for_somebody_unknown(page: Client, scene: Told) -> None:
    request = begun(page, scene, identity="")
    answer = page.post(reverse("peoples_data_file", args=[request.pk]))
    assert answer.status_code == 422
    assert "how you made sure" in answer.content.decode()
    chosen = {"act": "choose", "contact": [str(scene.contact.pk)], "identity": "Rang back"}
    assert page.post(reverse("peoples_data_request", args=[request.pk]), chosen).status_code == 303
    assert page.post(reverse("peoples_data_file", args=[request.pk])).status_code == 200


def test_erasing(page: Client, scene: Told) -> None:
    request = begun(page, scene, kind="erasure")
    here = reverse("peoples_data_request", args=[request.pk])
    assert page.post(here, {"act": "erase"}).status_code == 422
    assert Message.objects.get(pk=scene.own.pk).text == OWN
    assert page.post(here, {"act": "erase", "sure": "yes"}).status_code == 303
    assert Message.objects.get(pk=scene.own.pk).text == ""
    shown = page.get(here).content.decode()
    assert "2 messages erased" in shown
    assert NAME not in shown
    thread = page.get(f"/inbox/{scene.own.pk}/").content.decode()
    assert "Erased" in thread
    assert NAME not in thread.replace(str(scene.desk.officer), "")
    again = page.post(reverse("peoples_data_find"), {"number": NUMBER}).content.decode()
    assert f"request {request.pk}" in again


def test_ending_a_request(page: Client, scene: Told) -> None:
    request = begun(page, scene)
    here = reverse("peoples_data_request", args=[request.pk])
    assert page.post(here, {"act": "close", "because": ""}).status_code == 422
    assert page.post(here, {"act": "close", "because": "Answered by letter"}).status_code == 303
    assert "Answered by letter" in page.get("/personal/").content.decode()
    assert page.post(here, {"act": "no such thing"}).status_code == 422


def test_agreeing_to_the_periods(page: Client, scene: Told) -> None:
    shown = page.get("/personal/keeping/").content.decode()
    assert "6 years after closure" in shown
    assert "Nothing is deleted now" in shown
    digest = shown.partition('name="digest" value="')[2][:64]
    assert page.post("/personal/keeping/", {"act": "agree", "digest": digest}).status_code == 422
    assert page.post("/personal/keeping/", {"act": "agree", "digest": digest, "seen": "yes"}).status_code == 303
    assert RetentionAgreement.objects.get().by == scene.desk.officer
    assert "Stop deleting" in page.get("/personal/keeping/").content.decode()
    assert page.post("/personal/keeping/", {"act": "stop"}).status_code == 303
    assert Line.objects.filter(verb="retention.stopped").count() == 1


def test_legal_holds(page: Client, scene: Told) -> None:
    shown = page.get(f"/personal/holds/?message={scene.own.pk}").content.decode()
    assert f"contact:{scene.contact.pk}" in shown
    what = f"message:{scene.own.pk}"
    assert page.post("/personal/holds/", {"act": "make", "what": what, "reason": ""}).status_code == 422
    made = page.post("/personal/holds/", {"act": "make", "what": what, "reason": f"A claim, ring {NUMBER}"})
    assert made.status_code == 303
    shown = page.get("/personal/holds/").content.decode()
    assert "phone number hidden" in shown
    assert NUMBER not in shown
    hold = LegalHold.objects.get()
    assert page.post("/personal/holds/", {"act": "end", "hold": hold.pk, "because": "Settled"}).status_code == 303
    assert "Settled" in page.get("/personal/holds/").content.decode()
    assert page.post("/personal/holds/", {"act": "make", "what": "x", "reason": "y"}).status_code == 422


def test_papers(page: Client) -> None:
    assert "To write" in page.get("/personal/papers/processing/").content.decode()
    text = page.get("/personal/papers/dpia/text/")
    assert text["Content-Type"].startswith("text/markdown")
    assert "# Data protection impact assessment" in text.content.decode()
    assert page.get("/personal/papers/diary/").status_code == 404


def test_nothing_of_whom_is_looked_for_is_in_an_address(page: Client, scene: Told) -> None:
    answer = page.post(reverse("peoples_data_find"), {"name": NAME, "email": EMAIL}, follow=True)
    assert "casey" not in answer.request["PATH_INFO"].lower()
    assert not answer.request.get("QUERY_STRING")


def test_who_looked_at_details_and_why_is_seen(page: Client, scene: Told) -> None:
    reason = "To ring Casey Sample on 07700 900321"
    made = reveal(scene.own, reason=reason, by=scene.desk.staff, at=timezone.now())
    for path in (reverse("peoples_data_looked"), f"/inbox/{scene.own.pk}/"):
        shown = page.get(path).content.decode()
        assert "To ring Casey Sample" in shown
        assert "900321" not in shown
    assert "Who looked at the details" not in page.get(f"/inbox/{scene.second.pk}/").content.decode()
    assert "No earlier ones" in page.get(reverse("peoples_data_looked"), {"before": "1"}).content.decode()
    action = ACTIONS["reveals.list"]

    def told_of(who: User, **body: object) -> Any:
        return action(action.asks.model_validate(body), by=who, at=timezone.now()).model_dump(mode="json")

    answer = told_of(scene.desk.officer, limit=1)
    (first,) = answer["reveals"]
    assert (first["id"], first["person"], answer["next"]) == (made.pk, scene.desk.staff.pk, made.pk)
    assert "900321" not in first["reason"]
    (before,) = told_of(scene.desk.officer, before=made.pk)["reveals"]
    assert before["id"] < made.pk
    assert len(told_of(scene.desk.staff, message=scene.own.pk)["reveals"]) == 2
    with pytest.raises(NotAllowed):
        told_of(scene.desk.staff)
    page.force_login(scene.desk.staff)
    assert page.get(reverse("peoples_data_looked")).status_code == 403
