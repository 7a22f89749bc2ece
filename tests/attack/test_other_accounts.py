"""New credentials can be another account's: nothing leaves through them before Communications have looked."""

from __future__ import annotations

import pytest
from django.utils import timezone

from gatepost.channels import actions as channels
from tests import factories

pytestmark = pytest.mark.django_db


def test_an_administrator_cannot_lead_a_live_channel_elsewhere() -> None:
    officer, admin = factories.officer(is_admin=False), factories.person(is_admin=True)
    channel, at = factories.channel(by=officer), timezone.now()
    channels.change_credentials(channel, {"token": "of another account"}, by=admin, at=at)
    channel.refresh_from_db()
    assert channel.state == "paused"
    channels.resume(channel, by=officer, at=at)
    assert channel.state == "live"


def test_communications_renew_a_token_without_a_pause() -> None:
    officer = factories.officer()
    channel = factories.channel(by=officer)
    channels.change_credentials(channel, {"token": "renewed"}, by=officer, at=timezone.now())
    channel.refresh_from_db()
    assert channel.state == "live"
