"""The API's actions for writing."""

from __future__ import annotations

import pytest

from gatepost.channels.models import Channel
from gatepost.people.models import User
from gatepost.publishing.models import Post
from tests import factories
from tests.web.test_api import ask, draft, key

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer() -> User:
    return factories.officer(standing=True)


@pytest.fixture
def channel(officer: User) -> Channel:
    return factories.channel(by=officer)


@pytest.fixture
def writer(officer: User, channel: Channel) -> User:
    return factories.staff(channel, by=officer)


def test_a_text_is_checked_with_its_mends_and_not_saved(writer: User, channel: Channel) -> None:
    status, body = ask(key(writer), "post.check", draft(channel, text="You can't come to #repairsweek."))
    assert status == 200
    found = {one["check"]: one for one in body["findings"][str(channel.pk)]}
    assert found["contractions"]["fix"] == {"field": "text", "start": 4, "end": 9, "was": "can't", "instead": "cannot"}
    assert found["hashtags"]["fix"]["instead"] == "#RepairsWeek"
    assert not Post.objects.exists()


def test_only_for_channels_one_may_write_for(officer: User, channel: Channel) -> None:
    status, _ = ask(key(factories.person()), "post.check", draft(channel))
    assert status == 403
