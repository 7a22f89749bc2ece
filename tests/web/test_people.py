"""People: adding them, roles, approvals, one-time links shown once, leaving."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.utils import timezone

from gatepost.channels.models import Approval
from gatepost.people.authority import holders
from gatepost.people.models import Holding, User
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(client: Client) -> User:
    person = factories.officer()
    client.force_login(person)
    return person


def test_adding_somebody_shows_a_link_that_works(client: Client, officer: User) -> None:
    assert "held by nobody on the desk" in client.get("/people/").content.decode()
    answer = client.post("/people/", {"name": "Dafydd Rees", "email": "dafydd@example.org"})
    assert answer.status_code == 200
    link = re.search(r'value="[^"]*(/sign-in/link/[^"]+)"', answer.content.decode())
    assert link
    assert link.group(1) not in client.get("/people/").content.decode()
    other = Client()
    assert other.post(link.group(1)).status_code == 303
    assert other.get("/").status_code == 200


@pytest.mark.parametrize("given", [{"name": ""}, {"email": "no address"}, {"email": "nell-again@example.org"}])
def test_what_is_wrong_is_said_and_kept(client: Client, officer: User, given: dict[str, str]) -> None:
    User.objects.filter(pk=officer.pk).update(email="nell-again@example.org")
    answer = client.post("/people/", {"name": "Dafydd Rees", "email": "dafydd@example.org", **given})
    assert answer.status_code == 422
    if "name" not in given:
        assert 'value="Dafydd Rees"' in answer.content.decode()
    assert User.objects.count() == 1


def test_staff_may_look_but_not_manage(client: Client) -> None:
    officer, person = factories.officer(), factories.staff()
    client.force_login(person)
    assert 'name="email"' not in client.get("/people/").content.decode()
    assert client.post("/people/", {"name": "A B", "email": "ab@example.org"}).status_code == 422
    for act in ("link", "leave", "give_role", "approve"):
        given = {"act": act, "sure": "yes", "role": "communications_officer", "channel": "1"}
        assert client.post(f"/people/{officer.pk}/", given).status_code == 422
    officer.refresh_from_db()
    assert officer.is_active


def test_only_an_administrator_adds_another(client: Client) -> None:
    person = factories.officer(is_admin=False)
    client.force_login(person)
    given = {"name": "A B", "email": "ab@example.org", "is_admin": "yes"}
    assert client.post("/people/", given).status_code == 422
    assert not User.objects.filter(is_admin=True).exists()


def test_roles_with_deputies_and_ends(client: Client, officer: User) -> None:
    person = factories.person("Marta Zielińska")
    url = f"/people/{person.pk}/"
    assert "No role" in client.get(url).content.decode()
    assert client.post(url, {"act": "give_role", "role": "king"}).status_code == 422
    given = {"act": "give_role", "role": "communications", "deputy": "yes", "role_until": "2099-12-31"}
    assert client.post(url, given).status_code == 303
    holding = Holding.objects.get(person=person)
    assert holding.deputy
    assert "(deputy)" in client.get(url).content.decode()
    assert client.post(url, {"act": "end_role", "holding": str(holding.pk)}).status_code == 303
    assert holders("communications", timezone.now()) == []


def test_approval_from_the_persons_page(client: Client, officer: User) -> None:
    channel, person = factories.channel(by=officer), factories.person()
    url = f"/people/{person.pk}/"
    assert client.post(url, {"act": "approve", "channel": ""}).status_code == 422
    assert client.post(url, {"act": "approve", "channel": str(channel.pk)}).status_code == 303
    approval = Approval.objects.get(person=person)
    assert channel.name in client.get(url).content.decode()
    assert client.post(url, {"act": "end_approval", "approval": str(approval.pk)}).status_code == 303
    assert client.post(url, {"act": "end_approval", "approval": "0"}).status_code == 404


def test_a_new_link_is_shown_once(client: Client, officer: User) -> None:
    person = factories.person()
    answer = client.post(f"/people/{person.pk}/", {"act": "link"})
    assert answer.status_code == 200
    assert "/sign-in/link/" in answer.content.decode()
    assert "/sign-in/link/" not in client.get(f"/people/{person.pk}/").content.decode()


def test_a_leaver_loses_everything_at_once(client: Client, officer: User) -> None:
    person = factories.person()
    other = Client()
    other.force_login(person)
    assert other.get("/").status_code == 200
    url = f"/people/{person.pk}/"
    assert client.post(url, {"act": "leave"}).status_code == 422
    assert client.post(url, {"act": "leave", "sure": "yes"}).status_code == 303
    assert other.get("/").status_code == 302
    assert "1 left the desk" in client.get("/people/").content.decode()
    assert client.post(f"/people/{officer.pk}/", {"act": "leave", "sure": "yes"}).status_code == 422
    assert client.get("/people/999999/").status_code == 404
