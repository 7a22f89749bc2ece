"""What residents say is for whoever is approved for a channel or holds a role of the policy, through every door."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from gatepost.channels.models import Approval, Channel
from gatepost.inbox import actions as inbox
from gatepost.inbox.models import Message
from gatepost.people import actions as people
from gatepost.people.models import Role, User
from tests import factories

pytestmark = pytest.mark.django_db

WORDS = "Nobody has collected our rubbish on Harbour Row for three weeks, I want to make a complaint"
SCREENS = ["/inbox/", "/inbox/{}/", "/inbox/{}/thread/", "/inbox/{}/state/", "/inbox/news/"]
FORMS = ["reply", "refer", "moderate", "evidence", "reveal", "close", "reopen", "check"]
ACTIONS: dict[str, dict[str, Any]] = {
    "messages.list": {},
    "message.get": {"message": 0},
    "message.reply": {"message": 0, "text": "Thank you."},
    "message.refer": {"message": 0, "department": "complaints_team"},
    "message.moderate": {"message": 0, "kind": "hide", "reason": "x", "clause": "usage.9"},
    "message.close": {"message": 0, "because": "x"},
    "message.correct_label": {"message": 0, "label": "complaint", "holds": False},
}


@pytest.fixture
def officer() -> User:
    return factories.officer()


@pytest.fixture
def channel(officer: User) -> Channel:
    return factories.channel(by=officer)


@pytest.fixture
def message(channel: Channel) -> Message:
    return factories.message(WORDS, channel=channel)


def client_of(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def ask(person: User, name: str, body: dict[str, Any]) -> tuple[int, str]:
    secret = people.make_token(person, title="Test", by=person, at=timezone.now())
    headers = {"Authorization": f"Bearer {secret}"}
    answer = Client().post(f"/api/actions/{name}", json.dumps(body), content_type="application/json", headers=headers)
    return answer.status_code, answer.content.decode()


@pytest.mark.parametrize("is_admin", [False, True])
def test_somebody_without_a_role_or_an_approval_reads_no_message(
    officer: User, message: Message, is_admin: bool
) -> None:
    stranger = factories.person(is_admin=is_admin)
    client = client_of(stranger)
    for address in SCREENS:
        answer = client.get(address.format(message.pk))
        assert answer.status_code == 403
        assert "Harbour Row" not in answer.content.decode()
    for form in FORMS:
        assert client.post(f"/inbox/{message.pk}/{form}/", {"reason": "x"}).status_code == 403
    Message.objects.filter(pk=message.pk).update(due_at=timezone.now() + timedelta(hours=1))
    front = client.get("/")
    assert front.status_code == 200
    assert "Harbour Row" not in front.content.decode()
    assert message.contact.name not in front.content.decode()
    for name, body in ACTIONS.items():
        status, told = ask(stranger, name, {**body, **({"message": message.pk} if "message" in body else {})})
        assert (name, status) == (name, 403)
        assert "Harbour Row" not in told


def test_an_answer_that_waits_shows_its_message_to_readers_alone(
    officer: User, channel: Channel, message: Message
) -> None:
    writer = factories.staff(channel, by=officer)
    act = inbox.reply(message, by=writer, at=timezone.now(), text="We are sorry. The crew comes on Friday.")
    assert client_of(factories.person()).get(f"/sign-off/{act.pk}/").status_code == 403
    assert client_of(officer).get(f"/sign-off/{act.pk}/").status_code == 200


def test_the_approved_and_the_holders_of_roles_read(officer: User, channel: Channel, message: Message) -> None:
    writer, holder = factories.staff(channel, by=officer), factories.person()
    role = Role.objects.exclude(signs_off=True).filter(in_policy=True).first()
    assert role is not None
    people.give_role(holder, role, by=officer, at=timezone.now())
    for person in (writer, holder, officer):
        assert "Harbour Row" in client_of(person).get(f"/inbox/{message.pk}/").content.decode()
        assert ask(person, "message.get", {"message": message.pk})[0] == 200


def test_an_ended_approval_ends_reading_in_a_session_that_is_open(
    officer: User, channel: Channel, message: Message
) -> None:
    writer = factories.staff(channel, by=officer)
    client = client_of(writer)
    assert client.get(f"/inbox/{message.pk}/").status_code == 200
    Approval.objects.filter(person=writer).update(until=timezone.now() - timedelta(seconds=1))
    assert client.get(f"/inbox/{message.pk}/").status_code == 403


def test_a_leaver_is_out_with_session_and_key(officer: User, channel: Channel, message: Message) -> None:
    writer = factories.staff(channel, by=officer)
    client = client_of(writer)
    secret = people.make_token(writer, title="Test", by=writer, at=timezone.now())
    people.leave(writer, by=officer, at=timezone.now())
    assert client.get(f"/inbox/{message.pk}/").status_code == 302
    headers = {"Authorization": f"Bearer {secret}"}
    answer = Client().post("/api/actions/messages.list", "{}", content_type="application/json", headers=headers)
    assert answer.status_code == 401
