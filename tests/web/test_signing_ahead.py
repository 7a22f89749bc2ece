"""Signing a post that comes again on the sign-off page, in the list, by the API, and taking it back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from gatepost.calls.actions import ACTIONS
from gatepost.calls.found import NoSuch
from gatepost.channels.models import Channel
from gatepost.gate.models import Act, StandingSignOff
from gatepost.people.models import User
from tests import factories

from .test_write import form

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(officer: User, channel: Channel) -> Client:
    made = Client()
    made.force_login(factories.staff(channel, by=officer))
    return made


@pytest.fixture
def signer(officer: User) -> Client:
    made = Client()
    made.force_login(officer)
    return made


def day(days: int) -> str:
    return f"{timezone.localtime() + timedelta(days=days):%-d %b %Y}"


def waiting(client: Client, channel: Channel, days: int = 2) -> Act:
    client.post("/write/", form(channel, when="at", day=day(days), time="10:00"))
    return Act.objects.latest("created_at")


def sign(signer: Client, act: Act, until: str) -> str:
    fields = {"do": "sign", f"digest.{act.pk}": act.digest, "until": until}
    return signer.post(f"/sign-off/{act.pk}/", fields, follow=True).content.decode()


def test_signed_ahead_the_next_is_on_its_way_and_it_can_be_taken_back(
    client: Client, signer: Client, channel: Channel
) -> None:
    act = waiting(client, channel)
    assert "It comes again" in signer.get(f"/sign-off/{act.pk}/").content.decode()
    assert "the same again until" in sign(signer, act, day(60))
    assert waiting(client, channel, days=9).state == "signed_off"
    shown = signer.get("/sign-off/").content.decode()
    assert "Signed ahead" in shown
    assert "Take it back" not in client.get("/sign-off/").content.decode()
    [given] = StandingSignOff.objects.filter(content__isnull=False)
    refused = client.post("/sign-off/", {"standing": given.pk})
    assert refused.status_code in (403, 422)
    told = signer.post("/sign-off/", {"standing": given.pk}, follow=True).content.decode()
    assert "Taken back" in told
    assert waiting(client, channel, days=16).state == "to_sign_off"


def test_a_day_that_cannot_be_read_signs_nothing(client: Client, signer: Client, channel: Channel) -> None:
    act = waiting(client, channel)
    shown = sign(signer, act, "one fine day")
    assert 'id="until-e"' in shown
    act.refresh_from_db()
    assert act.state == "to_sign_off"


def test_nothing_under_that_number(signer: Client) -> None:
    assert signer.post("/sign-off/", {"standing": "12"}).status_code == 422


def ask(name: str, by: User, **wish: Any) -> dict[str, Any]:
    action = ACTIONS[name]
    return action(action.asks.model_validate(wish), by=by, at=timezone.now()).model_dump(mode="json")


def test_the_api_signs_lists_and_ends(client: Client, officer: User, channel: Channel) -> None:
    act = waiting(client, channel)
    ask("act.sign_off", officer, act=str(act.pk), digest=act.digest)
    until = (timezone.now() + timedelta(days=60)).isoformat()
    made = ask("repeat.sign", officer, act=str(act.pk), until=until)
    assert [one["repeat"] for one in ask("repeats.list", officer)["repeats"]] == [made["repeat"]]
    waiting(client, channel, days=9)
    assert ask("repeats.list", officer)["repeats"][0]["covered"] == 1
    assert ask("repeat.end", officer, repeat=made["repeat"])["ended_at"]
    assert ask("repeats.list", officer)["repeats"] == []
    with pytest.raises(NoSuch):
        ask("repeat.end", officer, repeat=10_000)
