"""Holding everything or a channel, what is held, letting go."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from gatepost.gate import actions as gate
from gatepost.gate.content import Content
from gatepost.gate.models import Act, Hold
from gatepost.people.models import User
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(client: Client) -> User:
    person = factories.officer()
    client.force_login(person)
    return person


def signed(officer: User, text: str = "The hall opens at nine on Saturday.") -> Act:
    """A reply of a colleague's, signed off to leave tomorrow."""
    channel = factories.channel(by=officer)
    author = factories.staff(channel, by=officer)
    now = timezone.now()
    content = Content(kind="publish", channel=channel.pk, text=text, not_before=now + timedelta(hours=20))
    act = gate.submit(content, subject="variant:0", by=author, at=now, answers=Everything())
    gate.sign_off(act, digest=act.digest, by=officer, at=now)
    act.refresh_from_db()
    return act


class Everything(dict[str, str]):
    """An answer to whatever the checks ask."""

    def get(self, key: str, default: str | None = None) -> str:  # type: ignore[override]  # always an answer
        return "Yes, checked."


def test_everything_is_held_and_let_go(client: Client, officer: User) -> None:
    act = signed(officer)
    page = client.get("/hold/").content.decode()
    assert "Hold everything?" in page
    assert "The hall opens at nine" in page  # next to go
    given = {"act": "hold", "what": "all", "reason": "Fire at the depot", "moderation": "yes"}
    assert client.post("/hold/", given).status_code == 303
    held = Hold.objects.get()
    assert held.moderation_may_go
    page = client.get("/hold/").content.decode()
    assert "Everything is held" in page
    assert "Fire at the depot" in page
    assert "1 signed off act waits" in page
    assert "gp-state" in client.get("/people/").content.decode()  # the line is on every page
    assert client.post("/hold/", {"act": "end", "hold": str(held.pk)}).status_code == 303
    assert "gp-state" not in client.get("/people/").content.decode()
    act.refresh_from_db()
    assert act.state == "signed_off"


def test_one_channel_is_held(client: Client, officer: User) -> None:
    act = signed(officer)
    given = {"act": "hold", "what": f"channel:{act.channel_id}", "reason": "Under repair"}
    assert client.post("/hold/", given).status_code == 303
    held = Hold.objects.get()
    assert held.channel == act.channel
    assert not held.moderation_may_go
    assert f"{act.channel.name} is held" in client.get("/").content.decode()


@pytest.mark.parametrize("given", [{"reason": " "}, {"what": "channel:0"}, {"what": "nonsense"}])
def test_what_is_missing_is_said_and_the_words_are_kept(client: Client, officer: User, given: dict[str, str]) -> None:
    answer = client.post("/hold/", {"act": "hold", "what": "all", "reason": "Fire at the depot", **given})
    assert answer.status_code == 422
    assert "Not held" in answer.content.decode()
    if "reason" not in given:
        assert 'value="Fire at the depot"' in answer.content.decode()
    assert not Hold.objects.exists()


def test_staff_see_it_and_may_not_hold(client: Client) -> None:
    client.force_login(factories.staff())
    assert "Only Communications may hold" in client.get("/hold/").content.decode()
    answer = client.post("/hold/", {"act": "hold", "what": "all", "reason": "Fire"})
    assert answer.status_code == 422
    assert "responsibility.2" in answer.content.decode()
    assert not Hold.objects.exists()


def test_what_missed_its_time_is_listed(client: Client, officer: User) -> None:
    act = signed(officer)
    Act.objects.filter(pk=act.pk).update(state="missed")
    assert "Missed their time" in client.get("/hold/").content.decode()


def test_an_unknown_hold_is_not_found(client: Client, officer: User) -> None:
    assert client.post("/hold/", {"act": "end", "hold": "77"}).status_code == 404
