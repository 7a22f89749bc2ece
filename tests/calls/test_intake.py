"""Intake by name, as the API and `gatepost act` reach it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from gatepost.calls.actions import ACTIONS
from gatepost.calls.found import NoSuch
from gatepost.inbox.intake import take_in
from gatepost.inbox.models import Delivery, Gap
from gatepost.networks.protocol import Incoming
from gatepost.people.authority import NotAllowed
from tests import factories

pytestmark = pytest.mark.django_db


def test_versions_come_without_personal_details() -> None:
    officer = factories.officer()
    channel = factories.channel(by=officer)
    message = factories.message("Ring me on 01632 960123 please", channel=channel)
    at = timezone.now()
    other = Incoming(message.ref, "comment", "Please ring", "r", "Casey Sample", at, changed_at=at)
    take_in(channel, [other], cursor=None, at=at + timedelta(minutes=1))
    action = ACTIONS["message.versions"]
    told = action(action.asks.model_validate({"message": message.pk}), by=officer, at=at).model_dump(mode="json")
    (version,) = told["versions"]
    assert version["what"] == "said"
    assert "01632" not in version["text"]
    assert "hidden)" in version["text"]
    with pytest.raises(NotAllowed):
        action(action.asks.model_validate({"message": message.pk}), by=factories.person(), at=at)


def test_coverage_by_name() -> None:
    officer = factories.officer()
    channel = factories.channel(by=officer)
    now = timezone.now()
    gap = Gap.objects.create(
        channel=channel, since=now - timedelta(hours=3), until=now, why="Away.", says="Look there."
    )
    Delivery.objects.create(channel=channel, body=b"{", at=now, failed="x")

    def ask(called: str, **body: object) -> Any:
        action = ACTIONS[called]
        return action(action.asks.model_validate(body), by=officer, at=now).model_dump(mode="json")["channels"]

    (told,) = ask("coverage.list")
    assert (told["whole"], told["calls_unreadable"], told["gaps"][0]["why"]) == (False, 1, "Away.")
    (told,) = ask("gap.settle", gap=gap.pk, because="Looked: nothing")
    assert told["gaps"][0]["settled_because"] == "Looked: nothing"
    (told,) = ask("channel.calls_again", channel=channel.pk)
    assert (told["whole"], told["calls_waiting"]) == (True, 1)
    ask("channel.read_again", channel=channel.pk, since=(now - timedelta(days=1)).isoformat())
    for called, body in (("coverage.list", {"channel": 999}), ("gap.settle", {"gap": 999, "because": "x"})):
        with pytest.raises(NoSuch):
            ask(called, **body)


def test_recorded_by_name() -> None:
    officer = factories.officer()
    action = ACTIONS["message.record"]
    wish = {"key": str(uuid4()), "kind": "phone call", "text": "My heating is broken", "reach": "01632 960123"}
    told = action(action.asks.model_validate(wish), by=officer, at=timezone.now()).model_dump(mode="json")
    assert told["kind"] == "phone call"
    assert "960123" not in told["text"]
