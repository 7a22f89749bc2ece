"""Late changes on a real WordPress: edited, held, binned and deleted comments, found by the second reading."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from gatepost.channels.actions import connect, sign_off
from gatepost.inbox.intake import read_channel
from gatepost.inbox.models import Message, Version
from gatepost.inbox.rereading import reread
from tests import factories
from tests.networks.conftest import wordpress
from tests.networks.wordpress_server import WordPressServer

__all__ = ["wordpress"]
pytestmark = [pytest.mark.wordpress, pytest.mark.django_db]


def test_what_was_changed_after_the_poll_had_passed(wordpress: WordPressServer) -> None:
    article = {"title": "Lifts", "content": "Works", "status": "publish"}
    post = wordpress.ask("POST", "/posts", json=article).json()["id"]
    words = ("When do you open?", "Kept as it is", "To be held", "To be binned", "To be deleted")
    numbers = [wordpress.say(one, f"post:{post}").removeprefix("comment:") for one in words]
    officer = factories.officer(standing=True)
    account = wordpress.account()
    at = timezone.now()
    channel = connect(
        network="wordpress",
        name="Blog",
        external_id="blog",
        credentials=dict(account.credentials),
        base_url=wordpress.url,
        allow_private=True,
        by=officer,
        at=at,
    )
    sign_off(channel, by=officer, at=at)
    channel.refresh_from_db()
    came = read_channel(channel, at=at)
    assert came >= 5  # and what others wrote on the site
    edited, _, held, binned, deleted = numbers
    wordpress.ask("POST", f"/comments/{edited}", json={"content": "This is a disgrace, I want to complain."})
    wordpress.ask("POST", f"/comments/{held}", json={"status": "hold"})
    wordpress.ask("DELETE", f"/comments/{binned}")
    wordpress.ask("DELETE", f"/comments/{deleted}", params={"force": "true"})
    channel.refresh_from_db()
    assert read_channel(channel, at=at + timedelta(minutes=1)) == 0
    assert not Version.objects.exists()  # the poll had passed them
    assert reread(channel, at=at + timedelta(minutes=3)) == came
    assert reread(channel, at=at + timedelta(minutes=70)) == 2
    said = {one.ref: one for one in Message.objects.all()}
    assert said[f"comment:{edited}"].text == "This is a disgrace, I want to complain."
    assert Version.objects.get(what="said").text == "When do you open?"
    gone = {ref for ref, one in said.items() if one.gone_at is not None}
    assert gone == {f"comment:{binned}", f"comment:{deleted}"}
