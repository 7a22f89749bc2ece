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
    assert body["lengths"][str(channel.pk)]["used"] == len("You can't come to #repairsweek.")
    assert body["costs"] == {str(channel.pk): ""}
    assert not Post.objects.exists()


def test_only_for_channels_one_may_write_for(officer: User, channel: Channel) -> None:
    status, _ = ask(key(factories.person()), "post.check", draft(channel))
    assert status == 403


def test_versions_comments_and_templates(officer: User, writer: User, channel: Channel) -> None:
    mine = key(writer)
    post = ask(mine, "post.save", draft(channel))[1]
    ask(mine, "post.save", draft(channel, post=post["id"], version=1, text="Other words."))
    kept = ask(mine, "post.versions", {"post": post["id"]})[1]["versions"]
    assert [(one["version"], one["content"]["text"]) for one in kept[:1]] == [(2, "Other words.")]
    said = ask(mine, "comment.add", {"post": post["id"], "text": "@NellOkafor look"})[1]
    assert said["named"] == [officer.pk]
    assert ask(mine, "comment.settle", {"comment": said["id"]})[1]["settled_at"]
    assert len(ask(mine, "post.comments", {"post": post["id"]})[1]["comments"]) == 1
    made = ask(mine, "template.keep", {"name": "Open day", "draft": draft(channel)})[1]
    begun = ask(mine, "template.begin", {"template": made["id"]})[1]
    assert begun["text"] == draft(channel)["text"]
    assert [one["id"] for one in ask(mine, "templates.list", {})[1]["templates"]] == [made["id"]]
    ask(mine, "template.end", {"template": made["id"]})
    assert ask(mine, "template.begin", {"template": made["id"]})[0] == 404
    assert ask(mine, "comment.settle", {"comment": 999})[0] == 404
    assert ask(mine, "post.versions", {"post": 999})[0] == 404
    assert ask(mine, "post.check", draft(channel, text=draft(channel)["text"]))[1]["alike"][0]["score"] == 100
