"""Mailboxes with several ways in: the form of each, what is kept and shown of it, and the warning before its end."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from gatepost.channels import ending
from gatepost.channels.ending import endings
from gatepost.channels.models import Channel
from gatepost.cli.doctor import _endings
from gatepost.people.models import User
from tests import factories

from .test_channels import officer, page

__all__ = ["officer"]  # the fixture
pytestmark = pytest.mark.django_db
SECRET = "a-secret-nobody-may-see"
MAILBOX = {"name": "Press mailbox", "external_id": "press@example.org", "base_url": "imaps://outlook.office365.com"}
MICROSOFT = {
    "sign_in": "microsoft",
    "credential_tenant": "example.org",
    "credential_client_id": "11111111-aaaa-4bbb-8ccc-000000000002",
    "credential_client_secret": SECRET,
    "credential_secret_ends": "2027-05-31",
}
FORM = "/channels/connect/mailbox/"


@pytest.mark.parametrize(
    ("way", "field", "address"),
    [
        ("", "credential_password", ""),
        ("?sign_in=microsoft", "credential_tenant", "imaps://outlook.office365.com"),
        ("?sign_in=google", "credential_key_file", "imaps://imap.gmail.com"),
        ("?sign_in=other", "credential_token_url", ""),
        ("?sign_in=magic", "credential_password", ""),
    ],
)
def test_each_way_has_its_form(client: Client, officer: User, way: str, field: str, address: str) -> None:
    shown = page(client, FORM + way)
    assert f'name="{field}"' in shown
    assert f'name="base_url" type="url" maxlength="300" spellcheck="false" value="{address}"' in shown
    assert shown.count('aria-current="page"') >= 1
    assert "Microsoft 365</a>" in shown


def test_a_mailbox_of_microsoft_is_connected_and_changed_back_to_a_password(client: Client, officer: User) -> None:
    assert client.post(FORM, {**MAILBOX, **MICROSOFT}).status_code == 303
    made = Channel.objects.get()
    kept = made.account().credentials
    assert (kept["sign_in"], kept["client_secret"], str(made.credentials_end)) == ("microsoft", SECRET, "2027-05-31")
    shown = page(client, f"/channels/{made.pk}/")
    assert "The desk signs in by: Microsoft 365" in shown
    assert "They run out on 31 May 2027" in shown
    assert 'name="credential_tenant"' in shown
    assert SECRET not in shown
    assert 'id="credentials" open' in page(client, f"/channels/{made.pk}/?sign_in=password")
    entered = {
        "act": "credentials",
        "sign_in": "password",
        "credential_username": "press",
        "credential_password": "word",
    }
    assert client.post(f"/channels/{made.pk}/", entered).status_code == 303
    made.refresh_from_db()
    assert (made.account().credentials, made.credentials_end) == ({"username": "press", "password": "word"}, None)


@pytest.mark.parametrize(
    ("change", "says", "field"),
    [
        ({"credential_client_secret": ""}, "Enter the client secret.", "credential_client_secret"),
        ({"credential_tenant": "a/b"}, "The tenant is the directory id", "credential_tenant"),
        ({"credential_secret_ends": "soon"}, "written as 2027-05-31", "credential_secret_ends"),
        ({"sign_in": "magic"}, "There is no way to sign in called “magic”", "sign_in"),
    ],
)
def test_what_cannot_be_is_said_and_the_rest_is_kept(
    client: Client, officer: User, change: dict[str, str], says: str, field: str
) -> None:
    answer = client.post(FORM, {**MAILBOX, **MICROSOFT, **change})
    assert answer.status_code == 422
    shown = answer.content.decode()
    assert says in shown
    assert f'href="#{field}"' in shown
    assert 'value="Press mailbox"' in shown
    assert ('value="example.org"' in shown) == (field not in ("sign_in", "credential_tenant"))
    assert SECRET not in shown
    assert not Channel.objects.exists()


def test_the_end_of_credentials_is_told_before_it_comes(
    client: Client, officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = timezone.now()
    today = timezone.localdate(now)
    soon, over, later, closed = (
        factories.channel(by=officer, name=name) for name in ("Soon", "Over", "Later", "Closed")
    )
    for channel, days in ((soon, 30), (over, 0), (later, 33), (closed, -1)):
        Channel.objects.filter(pk=channel.pk).update(credentials_end=today + timedelta(days=days))
    assert client.post(f"/channels/{closed.pk}/", {"act": "close", "sure": "yes"}).status_code == 303
    closed.refresh_from_db()
    assert closed.credentials_end is None
    found = endings(Channel.objects.all(), at=now)
    assert [(one.channel, one.over) for one in found] == [(over, True), (soon, False)]
    shown = page(client, "/")
    assert "The credentials of Over ran out on" in shown
    assert "The credentials of Soon run out on" in shown
    assert "The credentials of Later" not in shown
    assert "outgoing e-mail" not in shown
    monkeypatch.setattr(ending, "secret_ends", lambda: today + timedelta(days=3))
    assert "The secret for outgoing e-mail runs out on" in page(client, "/")
    told = list(_endings())
    assert [says.startswith("ran out on") for _, _, says in told] == [True, False, False]
    assert [says.startswith("good until") for _, _, says in told] == [False, True, True]
    assert [(well, name) for well, name, _ in told] == [
        (False, "credentials of Over"),
        (True, "secret for e-mail"),
        (True, "credentials of Soon"),
    ]
