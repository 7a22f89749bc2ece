"""Channels: connecting, signing off, checking, approving staff, closing. No credentials in any page."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from gatepost.calls.actions import ACTIONS
from gatepost.calls.channels import ChannelCheck, CheckedOut
from gatepost.calls.found import NoSuch
from gatepost.channels import actions, checking
from gatepost.channels.actions import ChannelError
from gatepost.channels.models import Approval, Channel
from gatepost.networks.client import BadAccount
from gatepost.networks.protocol import Health
from gatepost.people.models import User
from tests import factories

pytestmark = pytest.mark.django_db
SECRET = "a-token-nobody-may-see"
GIVEN = {"name": "Our Page", "external_id": "123456789", "handle": "@ours", "credential_token": SECRET}


@pytest.fixture
def officer(client: Client) -> User:
    person = factories.officer()
    client.force_login(person)
    return person


def page(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


def test_an_empty_list_says_why(client: Client, officer: User) -> None:
    assert "No channel is connected" in page(client, "/channels/")


@pytest.mark.parametrize("network", ["facebook", "x", "wordpress"])
def test_each_network_has_its_form(client: Client, officer: User, network: str) -> None:
    assert 'name="credential_' in page(client, f"/channels/connect/{network}/")
    assert client.get("/channels/connect/myspace/").status_code == 404


def test_connecting_and_signing_off(client: Client, officer: User) -> None:
    answer = client.post("/channels/connect/facebook/", GIVEN)
    assert answer.status_code == 303
    made = Channel.objects.get()
    assert answer["Location"] == f"/channels/{made.pk}/"
    assert made.account().credentials == {"token": SECRET}
    shown = page(client, f"/channels/{made.pk}/")
    assert SECRET not in shown
    assert "Sign off this channel" in shown
    assert client.post(f"/channels/{made.pk}/", {"act": "sign_off"}).status_code == 303
    made.refresh_from_db()
    assert made.state == "live"
    assert client.post(f"/channels/{made.pk}/", {"act": "sign_off"}).status_code == 422  # somebody was faster


def test_signing_off_in_the_list(client: Client, officer: User) -> None:
    made = factories.channel(by=officer, live=False)
    assert client.post("/channels/", {"channel": str(made.pk)}).status_code == 303
    made.refresh_from_db()
    assert made.state == "live"
    assert client.post("/channels/", {"channel": "nonsense"}).status_code == 404


def test_a_missing_credential_is_named_and_the_rest_is_kept(client: Client, officer: User) -> None:
    answer = client.post("/channels/connect/facebook/", {**GIVEN, "credential_token": ""})
    assert answer.status_code == 422
    shown = answer.content.decode()
    assert "Enter the page access token." in shown
    assert 'value="Our Page"' in shown
    answer = client.post("/channels/connect/facebook/", {**GIVEN, "external_id": ""})
    assert answer.status_code == 422
    assert SECRET not in answer.content.decode()
    assert not Channel.objects.exists()


def test_staff_may_look_but_not_act(client: Client) -> None:
    made = factories.channel()
    person = factories.staff()
    client.force_login(person)
    shown = page(client, f"/channels/{made.pk}/")
    assert SECRET not in shown
    for act in ("pause", "close", "approve", "credentials", "nonsense"):
        given = {"act": act, "sure": "yes", "person": str(person.pk), "credential_token": "x"}
        assert client.post(f"/channels/{made.pk}/", given).status_code == 422
    assert client.post("/channels/connect/facebook/", GIVEN).status_code == 422
    made.refresh_from_db()
    assert made.state == "live"
    assert not Approval.objects.exists()


def test_pause_resume_and_close(client: Client, officer: User) -> None:
    made = factories.channel(by=officer)
    for act, state in (("pause", "paused"), ("resume", "live")):
        assert client.post(f"/channels/{made.pk}/", {"act": act}).status_code == 303
        made.refresh_from_db()
        assert made.state == state
    assert client.post(f"/channels/{made.pk}/", {"act": "close"}).status_code == 422
    assert client.post(f"/channels/{made.pk}/", {"act": "close", "sure": "yes"}).status_code == 303
    made.refresh_from_db()
    assert made.state == "closed"
    assert made.account().credentials == {}
    assert "1 closed" in page(client, "/channels/")
    assert "Forgotten" in page(client, f"/channels/{made.pk}/")


def test_whom_a_channel_is_for(client: Client, officer: User) -> None:
    channel = factories.channel(by=officer)
    Channel.objects.filter(pk=channel.pk).update(audiences=["martians"])
    client.force_login(officer)
    assert "The policy no longer has: martians" in client.get(f"/channels/{channel.pk}/").content.decode()
    client.post(f"/channels/{channel.pk}/", {"act": "for_whom", "audience": ["staff", "residents"]})
    assert Channel.objects.get().audiences == ["residents", "staff"]
    html = client.get(f"/channels/{channel.pk}/").content.decode()
    assert 'value="staff" checked' in html
    assert "Said whom it is for" in html
    client.force_login(factories.person())
    html = client.get(f"/channels/{channel.pk}/").content.decode()
    assert "Residents. Staff." in html
    assert 'value="for_whom"' not in html


def test_approving_staff(client: Client, officer: User) -> None:
    made, person = factories.channel(by=officer), factories.person("Dafydd Rees")
    url = f"/channels/{made.pk}/"
    assert client.post(url, {"act": "approve", "person": ""}).status_code == 422
    assert client.post(url, {"act": "approve", "person": str(person.pk), "until": "soon"}).status_code == 422
    assert client.post(url, {"act": "approve", "person": str(person.pk), "until": "2020-01-01"}).status_code == 422
    assert client.post(url, {"act": "approve", "person": str(person.pk), "until": "2099-01-01"}).status_code == 303
    approval = Approval.objects.get()
    assert approval.until is not None
    assert approval.until.year == 2099
    assert "Dafydd Rees" in page(client, url)
    assert client.post(url, {"act": "end_approval", "approval": str(approval.pk)}).status_code == 303
    assert "Nobody has been approved yet" in page(client, url)


class Network:
    def __init__(self, health: Health) -> None:
        self.health = health

    def check(self) -> Health:
        return self.health


def test_checking_the_connection_becomes_its_health(
    client: Client, officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = factories.channel(by=officer)
    ill = Network(Health(False, "The key is no longer valid. Make a new one."))
    monkeypatch.setattr(checking, "connect", lambda account: ill)
    answer = client.post(f"/channels/{made.pk}/", {"act": "check"})
    assert answer.status_code == 422
    assert "The key is no longer valid" in answer.content.decode()
    made.refresh_from_db()
    assert made.ill_since is not None
    well = Network(Health(True, "This is the Page “Ours”."))
    monkeypatch.setattr(checking, "connect", lambda account: well)
    assert client.post(f"/channels/{made.pk}/", {"act": "check"}).status_code == 303
    made.refresh_from_db()
    assert made.ill_since is None


def test_only_those_who_have_to_do_with_a_channel_check_it(
    client: Client, officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, other = factories.channel(by=officer), factories.channel(by=officer, name="Another")
    monkeypatch.setattr(checking, "connect", lambda account: Network(Health(True, "This is the Page “Ours”.")))
    client.force_login(factories.staff(other, by=officer))
    url = f"/channels/{made.pk}/"
    assert "Check the connection" not in page(client, url)
    answer = client.post(url, {"act": "check"})
    assert answer.status_code == 422
    assert f"people approved for {made.name}" in answer.content.decode()
    assert client.post(f"/channels/{other.pk}/", {"act": "check"}).status_code == 303
    client.force_login(factories.person("Ash Vyas", is_admin=True))
    assert client.post(url, {"act": "check"}).status_code == 303


def test_by_name_it_tells_what_came_of_it(officer: User, monkeypatch: pytest.MonkeyPatch) -> None:
    made = factories.channel(by=officer)
    monkeypatch.setattr(checking, "connect", lambda account: Network(Health(False, "The key is old.")))
    told = ACTIONS["channel.check"](ChannelCheck(channel=made.pk), by=officer, at=timezone.now())
    assert told == CheckedOut(ok=False, says="The key is old.")
    with pytest.raises(NoSuch, match="no channel 999"):
        ACTIONS["channel.check"](ChannelCheck(channel=999), by=officer, at=timezone.now())

    def refuses(account: object) -> None:
        raise BadAccount("The address is not one of a site.")

    monkeypatch.setattr(checking, "connect", refuses)
    with pytest.raises(ChannelError, match="The address"):
        checking.check_connection(made, by=officer, at=timezone.now())
    actions.close(made, by=officer, at=timezone.now())
    with pytest.raises(ChannelError, match="is closed"):
        checking.check_connection(made, by=officer, at=timezone.now())


def test_replacing_credentials(client: Client, officer: User) -> None:
    made = factories.channel(by=officer)
    assert client.post(f"/channels/{made.pk}/", {"act": "credentials"}).status_code == 422
    given = {"act": "credentials", "credential_token": SECRET}
    assert client.post(f"/channels/{made.pk}/", given).status_code == 303
    made.refresh_from_db()
    assert made.account().credentials == {"token": SECRET}
