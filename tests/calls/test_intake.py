"""Intake by name, as the API and `gatepost act` reach it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from gatepost.calls.actions import ACTIONS
from gatepost.inbox.intake import take_in
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
