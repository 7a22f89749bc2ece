"""What every page owes to people who do not see it whole: its language, a title of its own, one main heading."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.utils import timezone

from gatepost.channels.models import Channel
from gatepost.inbox import actions as inbox
from gatepost.people.models import User
from gatepost.publishing import actions as publishing
from gatepost.rulebook import drafts, imports
from tests import factories

pytestmark = pytest.mark.django_db

PAGES = [
    "/",
    "/inbox/",
    "/inbox/{message}/",
    "/sign-off/",
    "/sign-off/{act}/",
    "/write/",
    "/write/{post}/",
    "/posts/",
    "/posts/?tab=waiting",
    "/posts/{post}/",
    "/calendar/",
    "/policy/",
    "/policy/drafts/",
    "/policy/drafts/{draft}/",
    "/policy/drafts/{draft}/adopt/",
    "/policy/drafts/{draft}/rules/",
    "/policy/drafts/{draft}/rules/new/",
    "/policy/drafts/{draft}/rules/question/",
    "/policy/drafts/{draft}/thresholds/",
    "/policy/tried/{trial}/",
    "/policy/import/",
    "/policy/import/{handed}/",
    "/policy/versions/",
    "/policy/versions/{digest}/",
    "/policy/compare/",
    "/policy/shadow/",
    "/policy/signing/",
    "/channels/",
    "/channels/{channel}/",
    "/channels/connect/wordpress/",
    "/people/",
    "/people/{person}/",
    "/personal/",
    "/personal/keeping/",
    "/personal/holds/",
    "/personal/papers/processing/",
    "/personal/papers/dpia/",
    "/record/",
    "/moderation/",
    "/moderation/networks/",
    "/moderation/{message}/",
    "/review/",
    "/on-call/",
    "/archive/",
    "/archive/online/",
    "/lines/",
    "/lines/new/",
    "/campaigns/",
    "/campaigns/new/",
    "/calendar/elsewhere/",
    "/calendar/?view=month",
    "/calendar/?view=day",
    "/hold/",
    "/town/",
    "/settings/",
    "/no-such-page/",
]


@pytest.fixture
def channel(officer: User) -> Channel:
    return factories.channel(by=officer)


@pytest.fixture
def names(officer: User, channel: Channel) -> dict[str, object]:
    """What stands on the desk, by the names PAGES uses."""
    author = factories.staff(channel, by=officer)
    at = timezone.now()
    message = factories.message("The lift in Damson Court is broken again. I complain!", channel=channel)
    act = inbox.reply(message, text="Thank you. An engineer comes on Tuesday.", by=author, at=at)
    draft = publishing.Draft(text="The hall is open on Saturday.", kind="news", channels=[channel.pk])
    post = publishing.save_draft(draft, by=author, at=at)
    policy = drafts.begin("Kinder words", by=officer, at=at)
    trial = drafts.attempt(policy, None, version=1, by=officer, at=at)
    handed = imports.hand_in("policy.txt", b"1. Be kind.", by=officer, at=at)
    desk = {"message": message.pk, "act": act.pk, "post": post.pk, "channel": channel.pk, "person": author.pk}
    return {**desk, "draft": policy.pk, "trial": trial.pk, "handed": handed.pk, "digest": trial.against}


def test_language_title_and_heading(client: Client, officer: User, names: dict[str, object]) -> None:
    client.force_login(officer)
    titles: dict[str, str] = {}
    for pattern in PAGES:
        path = pattern.format(**names)
        html = client.get(path).content.decode()
        assert re.search(r"<html [^>]*lang=\"en-GB\"", html), path
        title = re.search(r"<title>([^<]+)</title>", html)
        assert title, path
        assert title[1].endswith(" - Gatepost"), path
        assert title[1] not in titles, f"{path} and {titles[title[1]]} have the same title"
        titles[title[1]] = path
        assert len(re.findall(r"<h1[ >]", html)) == 1, path
    client.logout()
    assert len(re.findall(r"<h1[ >]", client.get("/sign-in/").content.decode())) == 1


def test_the_live_parts_of_a_page_come_alone_and_under_their_ids(
    client: Client, officer: User, names: dict[str, object]
) -> None:
    client.force_login(officer)
    for path in ("/", "/sign-off/", f"/posts/{names['post']}/"):
        whole = client.get(path).content.decode()
        parts = re.findall(r"id=\"([\w-]+)\" data-live-part [^>]*data-live-url=\"([^\"]+)\"", whole)
        assert len(parts) > 1, path
        alone = client.get(parts[0][1].replace("&amp;", "&")).content.decode()
        assert "<html" not in alone
        assert [name for name, _ in parts] == re.findall(r"id=\"([\w-]+)\" data-live-part", alone)
