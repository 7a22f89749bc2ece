"""The page of the outside reader: what would be sent is seen first, and only then can it be switched on."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from gatepost.channels.outside_reader import in_use
from gatepost.inbox import outside_reading
from gatepost.ledger.actions import System
from gatepost.people.actions import make_token
from tests import factories
from tests.inbox.outside_server import listening

pytestmark = pytest.mark.django_db
PAGE = "/settings/outside-reader/"
ON = {"act": "on", "address": "https://reader.example/v1", "model": "small", "key": "sk-secret-here", "seen": "yes"}


def test_it_is_off_and_shows_what_would_be_sent(client: Client) -> None:
    client.force_login(factories.officer())
    page = client.get(PAGE).content.decode()
    assert "It is switched off" in page
    sent = page.split('<p class="gp-quote">')[1].split("</p>")[0]
    assert "boiler" in sent
    for detail in ("960123", "casey@", "Larch", "fernhill", "https"):
        assert detail not in sent
    own = client.post(PAGE, {"act": "show", "text": "Write to drew@example.org about the damp"}).content.decode()
    assert "drew@" not in own.split('<p class="gp-quote">')[1].split("</p>")[0]
    assert in_use() is None


def test_on_only_when_seen_and_off_again(client: Client) -> None:
    client.force_login(factories.officer())
    answer = client.post(PAGE, {**ON, "seen": ""})
    assert answer.status_code == 422
    assert "have seen" in answer.content.decode()
    assert 'value="https://reader.example/v1"' in answer.content.decode()
    assert "sk-secret-here" not in answer.content.decode()
    assert client.post(PAGE, ON).status_code == 303
    page = client.get(PAGE).content.decode()
    assert "On since" in page
    assert "reader.example" in page
    assert "sk-secret-here" not in page
    assert client.post(PAGE, {"act": "off"}).status_code == 303
    assert in_use() is None
    assert client.post(PAGE, {"act": "other"}).status_code == 422


def test_somebody_without_the_right_only_looks(client: Client) -> None:
    client.force_login(factories.staff(factories.channel()))
    assert "Communications or an administrator" in client.get(PAGE).content.decode()
    assert client.post(PAGE, ON).status_code == 422
    assert in_use() is None


def test_what_it_said_stands_beside_the_message(client: Client) -> None:
    officer = factories.officer(standing=True)
    channel = factories.channel(by=officer)
    message = factories.message("The post has been sticking out of number nine for a fortnight.", channel=channel)
    client.force_login(officer)
    assert "From outside" not in client.get(f"/inbox/{message.pk}/").content.decode()
    with listening() as reader:
        client.post(PAGE, {**ON, "address": reader.address, "allow_private": "yes"})
        reader.answers = [[{"label": "safeguarding", "probability": 0.8, "words": "sticking out of number nine"}]]
        later = timezone.now() + timedelta(minutes=1)
        assert outside_reading.ask_about(message, by=System("worker"), at=later) is not None
    page = client.get(f"/inbox/{message.pk}/").content.decode()
    assert "From outside" in page
    assert "“sticking out of number nine”" in page
    assert "The desk did not see this" in page


def test_by_the_api(client: Client) -> None:
    officer = factories.officer()
    header = {"Authorization": f"Bearer {make_token(officer, title='program', by=officer, at=timezone.now())}"}

    def call(name: str, **body: object) -> dict[str, object]:
        answer = client.post(f"/api/actions/{name}", json.dumps(body), content_type="application/json", headers=header)
        assert answer.status_code == 200, answer.content
        told: dict[str, object] = answer.json()
        return told

    assert call("outside_reader.get")["on"] is False
    assert "960123" not in str(call("outside_reader.preview", text="ring 01632 960123")["message"])
    on = call("outside_reader.on", address="https://reader.example/v1", model="small", key="sk", seen=True)
    assert (on["on"], on["model"]) == (True, "small")
    assert "sk" not in on.values()
    assert call("outside_reader.off")["on"] is False


def test_who_reads_no_messages_is_not_told_where_they_go(client: Client) -> None:
    boss = factories.officer()
    client.force_login(boss)
    client.post(PAGE, ON)
    somebody = factories.person("Ash Vyas")
    client.force_login(somebody)
    assert client.get(PAGE).status_code == 403
    assert PAGE not in client.get("/settings/").content.decode()
    for person, status in ((somebody, 403), (boss, 200), (factories.person("Lou Marsh", is_admin=True), 200)):
        key = make_token(person, title="test", by=person, at=timezone.now())
        headers = {"authorization": f"Bearer {key}"}
        url = "/api/actions/outside_reader.get"
        assert client.post(url, "{}", content_type="application/json", headers=headers).status_code == status
