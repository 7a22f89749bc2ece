"""Coming in by password or link, the first day, going out."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from gatepost.channels.models import Channel
from gatepost.gate.models import StandingSignOff
from gatepost.ledger.models import Line
from gatepost.people.authority import holders, signs_off
from gatepost.people.links import first_sign_in_link, make_link
from gatepost.people.models import User
from gatepost.rulebook.models import Adoption
from tests import factories

pytestmark = pytest.mark.django_db
PASSWORD = "four plain words here"


@pytest.fixture(autouse=True)
def _fresh_limits() -> None:
    cache.clear()


def test_a_page_asks_for_sign_in_and_leads_on(client: Client) -> None:
    person = factories.person(password=PASSWORD)
    answer = client.get("/settings/")
    assert answer.status_code == 302
    assert answer["Location"] == "/sign-in/?next=/settings/"
    page = client.get("/sign-in/?next=/settings/")
    assert page.status_code == 200
    assert 'value="/settings/"' in page.content.decode()
    answer = client.post("/sign-in/", {"login": person.email, "password": PASSWORD, "next": "/settings/"})
    assert answer.status_code == 302
    assert answer["Location"] == "/settings/"
    assert client.get("/").status_code == 200
    assert client.get("/sign-in/").status_code == 302


def test_another_host_is_not_led_to(client: Client) -> None:
    person = factories.person(password=PASSWORD)
    given = {"login": person.email, "password": PASSWORD, "next": "https://elsewhere.example.org/"}
    assert client.post("/sign-in/", given)["Location"] == "/"


@pytest.mark.parametrize("given", [{"password": "wrong"}, {"login": "nobody@example.org"}, {"login": ""}])
def test_a_wrong_password_keeps_the_address_and_says_no_more(client: Client, given: dict[str, str]) -> None:
    person = factories.person(password=PASSWORD)
    sent = {"login": person.email, "password": PASSWORD, **given}
    answer = client.post("/sign-in/", sent)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "The e-mail address or the password is not right." in page
    assert PASSWORD not in page
    assert sent["login"] in page


def test_tries_are_limited(client: Client) -> None:
    person = factories.person(password=PASSWORD)
    for _ in range(5):
        client.post("/sign-in/", {"login": person.email, "password": "wrong"})
    answer = client.post("/sign-in/", {"login": person.email, "password": PASSWORD})
    assert answer.status_code == 422
    assert "Too many tries" in answer.content.decode()


def test_a_leaver_does_not_get_in(client: Client) -> None:
    person = factories.person(password=PASSWORD)
    User.objects.filter(pk=person.pk).update(is_active=False)
    assert client.post("/sign-in/", {"login": person.email, "password": PASSWORD}).status_code == 422


def test_a_link_is_used_by_its_button_only_and_once(client: Client) -> None:
    person = factories.person()
    secret = make_link(person, by=factories.SETUP, at=timezone.now())
    for _ in range(3):
        assert client.get(f"/sign-in/link/{secret}/").status_code == 200
    answer = client.post(f"/sign-in/link/{secret}/")
    assert answer.status_code == 303
    assert answer["Location"] == "/sign-in/welcome/"
    again = Client().post(f"/sign-in/link/{secret}/")
    assert again.status_code == 422
    assert "has been used or is too old" in again.content.decode()


def first(client: Client) -> User:
    factories.pack()
    secret = first_sign_in_link(by=factories.SETUP, at=timezone.now())
    client.post(f"/sign-in/link/{secret}/")
    return User.objects.get(is_admin=True)


def test_the_first_day(client: Client) -> None:
    first(client)
    page = client.get("/sign-in/welcome/").content.decode()
    assert "I adopt this policy" in page
    assert "admin@example.org" not in page
    given = {"name": "Nell Okafor", "email": "Nell@example.org", "password": PASSWORD, "officer": "yes", "adopt": "yes"}
    answer = client.post("/sign-in/welcome/", given, follow=True)
    assert answer.status_code == 200
    person = User.objects.get(email="nell@example.org")
    assert signs_off(person, timezone.now())
    assert holders("communications_officer", timezone.now()) == [person]
    assert Adoption.objects.order_by("-pk")[0].by == person.actor
    assert StandingSignOff.objects.filter(revoked_at=None, signer=person).count() > 5
    assert Line.objects.filter(verb="policy.adopted", actor=person.actor).exists()
    assert "Welcome, Nell Okafor." in answer.content.decode()  # still signed in although the password is new
    assert "I adopt this policy" not in client.get("/sign-in/welcome/").content.decode()


def test_the_first_day_with_a_weak_password_changes_nothing(client: Client) -> None:
    first(client)
    given = {"name": "Nell Okafor", "email": "nell@example.org", "password": "short", "officer": "yes"}
    answer = client.post("/sign-in/welcome/", given)
    assert answer.status_code == 422
    assert "at least 12" in answer.content.decode()
    assert "Nell Okafor" in answer.content.decode()
    assert not User.objects.filter(email="nell@example.org").exists()


def test_adopting_needs_the_role(client: Client) -> None:
    first(client)
    answer = client.post("/sign-in/welcome/", {"name": "A B", "email": "ab@example.org", "adopt": "yes"})
    assert answer.status_code == 422
    assert not User.objects.filter(email="ab@example.org").exists()
    assert not Channel.objects.exists()


def test_nobody_takes_the_role_when_it_is_held(client: Client) -> None:
    factories.officer()
    person = factories.person(is_admin=True)
    client.force_login(person)
    client.post("/sign-in/welcome/", {"name": "A B", "email": "ab@example.org", "officer": "yes", "adopt": "yes"})
    assert not signs_off(person, timezone.now())


def test_signing_out_is_a_post(client: Client) -> None:
    client.force_login(factories.person())
    assert client.get("/sign-in/out/").status_code == 405
    assert client.post("/sign-in/out/").status_code == 303
    assert client.get("/").status_code == 302
