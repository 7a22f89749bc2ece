"""Channels: connected, signed off, paused, closed; approvals with dates; health; and the credentials' secrecy."""

from __future__ import annotations

import json
import logging
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from gatepost.channels import actions
from gatepost.channels.actions import ChannelError, may_write
from gatepost.channels.models import Approval, Channel
from gatepost.ledger.models import Line
from gatepost.ledger.verify import export
from gatepost.lifecycle import Conflict
from gatepost.people.authority import NotAllowed
from tests import factories

pytestmark = pytest.mark.django_db
SECRET = "EAAB-very-secret-token-7731"


def test_connected_then_signed_off_by_communications_alone() -> None:
    admin, boss = factories.person(is_admin=True), factories.officer()
    at = timezone.now()
    made = actions.connect(network="x", name="X", external_id="77", credentials={"token": "t"}, by=admin, at=at)
    assert made.state == "proposed"
    with pytest.raises(NotAllowed):
        actions.sign_off(made, by=admin, at=at)
    actions.sign_off(made, by=boss, at=at)
    with pytest.raises(Conflict):
        actions.sign_off(made, by=boss, at=at)
    actions.pause(made, by=boss, at=at)
    actions.resume(made, by=boss, at=at)
    actions.close(made, by=boss, at=at)
    made.refresh_from_db()
    assert (made.state, dict(made.account().credentials)) == ("closed", {})
    with pytest.raises(ChannelError, match="closed"):
        actions.change_credentials(made, {"token": "t"}, by=boss, at=at)
    again = actions.connect(network="x", name="X", external_id="77", credentials={"token": "t"}, by=admin, at=at)
    with pytest.raises(ChannelError, match="already"):
        actions.connect(network="x", name="X", external_id="77", credentials={"token": "t"}, by=admin, at=at)
    assert again.state == "proposed"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"network": "myspace"}, "no network"),
        ({"name": "  "}, "needs a name"),
        ({"external_id": ""}, "needs a name"),
        ({"name": "n" * 161}, "name must be at most 160"),
        ({"name": "Page\x00"}, "control character"),
        ({"external_id": "9" * 201}, "external id must be at most 200"),
        ({"base_url": "https://example.org/" + "x" * 300}, "base url must be at most 300"),
        ({"handle": "@\x1b[31m"}, "control character"),
    ],
)
def test_what_cannot_be_connected_is_said(change: dict[str, str], says: str) -> None:
    given = {"network": "x", "name": "X", "external_id": "77", **change}
    with pytest.raises(ChannelError, match=says):
        actions.connect(**given, credentials={}, by=factories.officer(), at=timezone.now())
    assert not Channel.objects.exists()


def test_a_name_is_one_line() -> None:
    made = actions.connect(
        network="x",
        name=" Our\r\npage\u00a0",
        external_id="77",
        credentials={},
        by=factories.officer(),
        at=timezone.now(),
    )
    assert made.name == "Our page"


def test_approvals_begin_end_and_run_out() -> None:
    boss = factories.officer()
    channel, other = factories.channel(by=boss), factories.channel(by=boss)
    person = factories.person()
    at = timezone.now()
    assert not may_write(person, channel, at)
    with pytest.raises(NotAllowed):
        actions.approve_staff(person, channel, by=person, at=at)
    with pytest.raises(ChannelError, match="future"):
        actions.approve_staff(person, channel, by=boss, at=at, until=at)
    first = actions.approve_staff(person, channel, by=boss, at=at)
    assert may_write(person, channel, at)
    assert not may_write(person, other, at)
    assert not may_write(person, channel, at + timedelta(days=366))
    second = actions.approve_staff(person, channel, by=boss, at=at, until=at + timedelta(days=2))
    first.refresh_from_db()
    assert first.ended_at == at
    assert Approval.objects.in_force(at).get(person=person) == second
    for _ in range(2):
        actions.end_approval(second, by=boss, at=at)
    assert not may_write(person, channel, at)
    assert Line.objects.filter(verb="approval.ended").count() == 1


def test_health_is_one_line_for_each_change() -> None:
    boss = factories.officer()
    channel = factories.channel(by=boss)
    at = timezone.now()
    for says in ("", "Away.", "Away.", "", ""):
        actions.record_health(channel, ill=says, by=boss, at=at)
    assert list(
        Line.objects.order_by("pk").filter(verb__in=["channel.ill", "channel.well"]).values_list("verb", flat=True)
    ) == [
        "channel.ill",
        "channel.well",
    ]


def test_new_credentials_are_tried_at_once() -> None:
    boss = factories.officer()
    channel = factories.channel(by=boss)
    at = timezone.now()
    Channel.objects.filter(pk=channel.pk).update(read_after=at + timedelta(hours=1))
    actions.change_credentials(channel, {"token": "new"}, by=boss, at=at)
    channel.refresh_from_db()
    assert channel.read_after is None
    assert channel.account().credentials == {"token": "new"}


def test_credentials_are_in_no_row_record_log_or_page(caplog: pytest.LogCaptureFixture) -> None:
    boss = factories.officer()
    at = timezone.now()
    with caplog.at_level(logging.DEBUG):
        channel = actions.connect(
            network="facebook", name="Page", external_id="77", credentials={"token": SECRET}, by=boss, at=at,
            base_url="http://127.0.0.1:9/facebook/v26.0", practice=True,
        )  # fmt: skip
        actions.sign_off(channel, by=boss, at=at)
        account = channel.account()
        assert account.credentials["token"] == SECRET
        client = Client()
        client.force_login(boss)
        pages = "".join(
            client.get(url).content.decode() for url in ("/channels/", f"/channels/{channel.pk}/", "/record/", "/")
        )
    row = Channel.objects.filter(pk=channel.pk).values().get()
    places = (repr(account), str(account), repr(channel), repr(row), pages, caplog.text, json.dumps(list(export())))
    for place in places:
        assert SECRET not in place


def test_channels_of_one_name_are_told_apart() -> None:
    at, admin = timezone.now(), factories.officer()

    def named(external_id: str, name: str = "Parks", handle: str = "") -> str:
        made = actions.connect(
            network="x", name=name, external_id=external_id, handle=handle, credentials={"token": "t"}, by=admin, at=at
        )
        return made.name

    assert named("1") == "Parks"
    assert named("2", handle="@parks") == "Parks (@parks)"
    assert named("3", name="parks") == "parks 2"
    assert named("4") == "Parks 3"
    assert len(named("5", name="P" * 160)) == len(named("6", name="P" * 160)) == 160
