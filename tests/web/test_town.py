"""The practice town's page, with a real town."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import httpx
import pytest
from django.test import Client

from gatepost.channels.models import Channel
from gatepost.people.models import User
from gatepost.sandbox import town as towns
from gatepost.web.town import client as client_of_town
from gatepost.web.town import connect
from gatepost.web.town.client import TownError
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[towns.Town]:
    folder: Path = tmp_path_factory.mktemp("town")
    with towns.start(folder, pace=0, quiet=True) as town:
        yield town


@pytest.fixture
def url(running: towns.Town, settings: object) -> str:
    settings.TOWN_URL = running.url  # type: ignore[attr-defined]  # pytest-django's settings
    return running.url


@pytest.fixture
def officer(client: Client) -> User:
    person = factories.officer()
    client.force_login(person)
    return person


def test_without_a_town_the_page_says_so(client: Client, officer: User) -> None:
    assert "No practice town runs beside this desk" in client.get("/town/").content.decode()
    assert client.post("/town/", {"act": "burst", "n": "5"}).status_code == 422


def test_a_silent_town_is_said(client: Client, officer: User, settings: object) -> None:
    settings.TOWN_URL = "http://127.0.0.1:9"  # type: ignore[attr-defined]  # pytest-django's settings
    assert "The town does not answer" in client.get("/town/").content.decode()
    answer = client.post("/town/", {"act": "connect"}, follow=True)
    assert "does not answer" in answer.content.decode()


def test_its_accounts_are_connected_checked_and_closed(client: Client, officer: User, url: str) -> None:
    assert client.post("/town/", {"act": "connect"}).status_code == 303
    assert {channel.network for channel in Channel.objects.filter(practice=True, state="proposed")} == {"facebook", "x"}
    assert client.post("/town/", {"act": "connect"}).status_code == 303  # a second time changes nothing
    assert Channel.objects.count() == 2
    for channel in Channel.objects.all():
        answer = client.post(f"/channels/{channel.pk}/", {"act": "check"}, follow=True)
        assert "The connection works." in answer.content.decode(), answer.content.decode()[4000:8000]
        assert client.post(f"/channels/{channel.pk}/", {"act": "sign_off"}).status_code == 303
    assert client.post("/town/", {"act": "close"}).status_code == 422
    assert client.post("/town/", {"act": "close", "sure": "yes"}).status_code == 303
    assert not Channel.objects.exclude(state="closed").exists()


def test_pace_bursts_and_faults(client: Client, officer: User, url: str) -> None:
    assert client.post("/town/", {"act": "pace", "pace": "7"}).status_code == 303
    assert client.post("/town/", {"act": "burst", "n": "3"}).status_code == 303
    given = {"act": "fault", "network": "x", "kind": "lost_after", "count": "2"}
    assert client.post("/town/", given).status_code == 303
    state = httpx.get(f"{url}/_town/state", trust_env=False).json()
    assert state["pace"] == 7
    assert sum(state["counts"].values()) >= 3
    page = client.get("/town/").content.decode()
    assert "it takes the post, then the line breaks, 2 more times" in page
    assert client.post("/town/", {"act": "faults_off"}).status_code == 303
    assert "Everything works" in client.get("/town/").content.decode()
    client.post("/town/", {"act": "pace", "pace": "0"})


@pytest.mark.parametrize(
    "given",
    [
        {"act": "pace", "pace": "-1"},
        {"act": "burst", "n": "5000"},
        {"act": "fault", "network": "x", "kind": "flood", "count": "1"},
        {"act": "nothing"},
    ],
)
def test_nonsense_is_refused(client: Client, officer: User, url: str, given: dict[str, str]) -> None:
    assert client.post("/town/", given).status_code == 422


def test_staff_may_look_only(client: Client, url: str) -> None:
    client.force_login(factories.person())
    assert client.get("/town/").status_code == 200
    assert client.post("/town/", {"act": "burst", "n": "3"}).status_code == 422


def test_the_first_day_connects_the_town(client: Client, url: str) -> None:
    from django.utils import timezone

    from gatepost.people.links import first_sign_in_link

    factories.pack()
    secret = first_sign_in_link(by=factories.SETUP, at=timezone.now())
    client.post(f"/sign-in/link/{secret}/")
    given = {"name": "Nell Okafor", "email": "nell@example.org", "officer": "yes", "adopt": "yes"}
    answer = client.post("/sign-in/welcome/", given, follow=True)
    assert "waits to be signed off" in answer.content.decode()
    assert Channel.objects.filter(state="proposed", practice=True).count() == 2


def test_the_town_is_asked_to_call_when_its_account_is_connected(
    client: Client,
    officer: User,
    url: str,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Callable[..., AbstractContextManager[list[Callable[[], None]]]],
) -> None:
    asked: list[dict[str, str]] = []

    def ask(method: str, path: str, body: dict[str, str] | None = None) -> dict[str, object]:
        if path == "state":
            return client_of_town.ask(method, path)
        asked.append(body or {})
        raise TownError("It is away.")  # which stops nobody

    monkeypatch.setattr(connect, "ask", ask)
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post("/town/", {"act": "connect"}).status_code == 303
    channel = Channel.objects.get(network="facebook")
    token = channel.account().credentials["verify_token"]
    assert len(token) > 20
    assert [(one["url"].endswith(f"/hooks/{channel.pk}/"), one["verify_token"]) for one in asked] == [(True, token)]
    assert "verify_token" not in Channel.objects.get(network="x").account().credentials
