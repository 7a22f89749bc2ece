"""A person's own settings."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.utils import timezone

from gatepost.people.actions import person_of_token
from gatepost.people.models import ApiToken, User
from tests import factories

pytestmark = pytest.mark.django_db
PASSWORD = "four plain words here"


@pytest.fixture
def person(client: Client) -> User:
    made = factories.person(password=PASSWORD)
    client.force_login(made)
    return made


def test_colours_are_kept_and_lead_back(client: Client, person: User) -> None:
    answer = client.post("/settings/", {"act": "scheme", "scheme": "dark", "next": "/people/"})
    assert answer.status_code == 303
    assert answer["Location"] == "/people/"
    assert 'data-scheme="dark"' in client.get("/settings/").content.decode()
    away = {"act": "scheme", "scheme": "", "next": "https://elsewhere.example.org/"}
    assert client.post("/settings/", away)["Location"] == "/settings/"
    assert "data-scheme" not in client.get("/settings/").content.decode()
    assert client.post("/settings/", {"act": "scheme", "scheme": "pink"}).status_code == 422


def test_keys_can_be_turned_off(client: Client, person: User) -> None:
    assert client.post("/settings/", {"act": "keys"}).status_code == 303
    assert 'data-keys="off"' in client.get("/settings/").content.decode()
    assert client.post("/settings/", {"act": "keys", "keys": "yes"}).status_code == 303
    assert 'data-keys="on"' in client.get("/settings/").content.decode()


def test_name_and_address(client: Client, person: User) -> None:
    factories.officer()
    assert (
        client.post("/settings/", {"act": "name", "name": "Kit Sample", "email": "kit@example.org"}).status_code == 303
    )
    answer = client.post("/settings/", {"act": "name", "name": "Kit Other", "email": ""})
    assert answer.status_code == 422
    assert 'value="Kit Other"' in answer.content.decode()
    person.refresh_from_db()
    assert (person.name, person.email) == ("Kit Sample", "kit@example.org")


def test_password(client: Client, person: User) -> None:
    new = "other four plain words"
    assert client.post("/settings/", {"act": "password", "current": "wrong", "new": new}).status_code == 422
    assert client.post("/settings/", {"act": "password", "current": PASSWORD, "new": "short"}).status_code == 422
    answer = client.post("/settings/", {"act": "password", "current": PASSWORD, "new": new})
    assert answer.status_code == 303
    assert client.get("/settings/").status_code == 200  # this device stays signed in
    person.refresh_from_db()
    assert person.check_password(new)


def test_a_key_is_shown_once_works_and_is_revoked(client: Client, person: User) -> None:
    assert client.post("/settings/", {"act": "token", "title": " "}).status_code == 422
    answer = client.post("/settings/", {"act": "token", "title": "Rota"})
    found = re.search(r'value="(gp_[^"]+)"', answer.content.decode())
    assert found
    assert person_of_token(found.group(1), at=timezone.now()) == person
    shown = client.get("/settings/").content.decode()
    assert "Rota" in shown
    assert found.group(1) not in shown
    token = ApiToken.objects.get()
    stranger = Client()
    stranger.force_login(factories.person())
    assert stranger.post("/settings/", {"act": "revoke", "token": str(token.pk)}).status_code == 404
    assert client.post("/settings/", {"act": "revoke", "token": str(token.pk)}).status_code == 303
    assert person_of_token(found.group(1), at=timezone.now()) is None


def test_an_unknown_act_is_refused(client: Client, person: User) -> None:
    assert client.post("/settings/", {"act": "everything"}).status_code == 422
