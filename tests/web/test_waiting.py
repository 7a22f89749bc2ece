"""The count beside Sign-off is of what the queue shows and this person may sign."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from gatepost.channels.models import Channel
from gatepost.inbox import actions as inbox
from gatepost.people.models import User
from gatepost.publishing import actions as publishing
from gatepost.web.frame.waiting import counts
from gatepost.web.sign_off.queue import queue
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def channels(officer: User) -> list[Channel]:
    return [factories.channel(by=officer), factories.channel(by=officer)]


def post(author: User, channels: list[Channel]) -> None:
    pack = factories.pack()
    draft = publishing.Draft(
        text="The hall is open on Saturday from 10am.",
        kind=pack.post_kinds[0].id,
        channels=[channel.pk for channel in channels],
        aim=pack.aims[0].id,
        audiences=[pack.audiences[0].id],
    )
    at = timezone.now()
    publishing.submit(publishing.save_draft(draft, by=author, at=at), by=author, at=at)


def test_the_channels_of_a_post_are_one_and_ones_own_are_none(
    client: Client, officer: User, channels: list[Channel]
) -> None:
    author = factories.staff(*channels, by=officer)
    post(author, channels)
    post(officer, channels)
    message = factories.message("The lift is broken. I complain!", channel=channels[0])
    inbox.reply(message, text="Thank you. An engineer comes on Tuesday.", by=author, at=timezone.now())
    entries = queue(officer)
    assert len(entries) == 3
    assert [entry.mine for entry in entries].count(True) == 1
    assert counts(officer, signs=True).to_sign == 2
    assert counts(officer, signs=False).to_sign == 0
    client.force_login(officer)
    assert "2<span" in client.get("/inbox/counts/sign-off/").content.decode()
    client.force_login(author)
    assert "gp-count" not in client.get("/inbox/counts/sign-off/").content.decode()


def test_what_somebody_changed_is_not_theirs_to_sign(officer: User, channels: list[Channel]) -> None:
    author = factories.staff(*channels, by=officer)
    post(author, channels[:1])
    entry = queue(officer)[0]
    entry.act.context = {**entry.act.context, "editors": [officer.pk]}
    entry.act.save(update_fields=["context"])
    assert counts(officer, signs=True).to_sign == 0
    assert counts(factories.officer("Ada Pole"), signs=True).to_sign == 1


def test_the_inbox_is_counted(officer: User, channels: list[Channel]) -> None:
    assert counts(officer, signs=True).inbox == 0
    factories.message("When do you open?", channel=channels[0])
    known = counts(officer, signs=True)
    assert (known.inbox, known.holds, known.sealed_to) == (1, False, 0)
