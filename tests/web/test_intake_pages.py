"""What intake shows: earlier words of a message."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from gatepost.inbox.intake import take_in
from gatepost.networks.protocol import Incoming
from tests import factories

pytestmark = pytest.mark.django_db


def test_earlier_words_and_that_it_is_gone_stand_in_the_thread() -> None:
    officer = factories.officer()
    channel = factories.channel(by=officer)
    message = factories.message("Ring me on 01632 960123 about the damp", channel=channel)
    at = timezone.now()
    say = Incoming(message.ref, "comment", "It is mended, thank you", "r", "Casey Sample", at, changed_at=at)
    take_in(channel, [say], cursor=None, at=at + timedelta(seconds=1))
    gone = Incoming(message.ref, "comment", "", "r", "Casey Sample", at, changed_at=at, gone=True)
    take_in(channel, [gone], cursor=None, at=at + timedelta(seconds=2))
    client = Client()
    client.force_login(officer)
    page = client.get(f"/inbox/{message.pk}/").content.decode()
    assert "It is mended, thank you" in page
    assert "1 earlier version" in page
    assert "about the damp" in page
    assert "960123" not in page
    assert "took it off" in page
