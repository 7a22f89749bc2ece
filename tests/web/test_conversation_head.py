"""Where a message stands, and how often we have answered in its thread."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from gatepost.gate.models import Act
from gatepost.inbox import actions as inbox
from gatepost.publishing import actions as publishing
from gatepost.web.inbox.page import post_above
from tests import factories

pytestmark = pytest.mark.django_db
COMPLAINT = "The lift is broken again. I complain!"


def test_a_comment_leads_to_our_post_it_stands_under(client: Client) -> None:
    officer = factories.officer()
    channel = factories.channel(by=officer, practice=False)
    author = factories.staff(channel, by=officer)
    pack, at = factories.pack(), timezone.now()
    draft = publishing.Draft(
        text="The hall is open on Saturday.",
        kind=pack.post_kinds[0].id,
        channels=[channel.pk],
        aim=pack.aims[0].id,
        audiences=[pack.audiences[0].id],
    )
    post = publishing.save_draft(draft, by=author, at=at)
    (act,) = publishing.submit(post, by=author, at=at)
    Act.objects.filter(pk=act.pk).update(state="sent", ref="100_200", sent_at=at)
    under = factories.message(COMPLAINT, channel=channel, post_ref="100_200")
    elsewhere = factories.message(COMPLAINT, channel=channel, post_ref="100_999")
    alone = factories.message(COMPLAINT, channel=channel)
    client.force_login(officer)
    assert f'Under <a href="/posts/{post.pk}/">our post ‘The hall is open on Saturday.’' in (
        client.get(f"/inbox/{under.pk}/").content.decode()
    )
    assert post_above(elsewhere) is None  # nothing is known of it, and no address can be given
    assert post_above(alone) is None
    practice = factories.channel(by=officer)
    in_town = factories.message(COMPLAINT, channel=practice, post_ref="100_999")
    above = post_above(in_town)
    assert above
    assert above.url == "http://127.0.0.1:9/#i100_999"


def test_answers_on_their_way_count_against_the_limit(client: Client) -> None:
    officer = factories.officer()
    channel = factories.channel(by=officer)
    said = [factories.message(COMPLAINT, channel=channel, thread_ref="t", author_ref="r") for _ in range(4)]
    client.force_login(officer)
    limit = factories.pack().checks.thread_limit
    assert limit == 3
    for number, message in enumerate(said[:limit]):
        assert inbox.exchanges(message) == number
        inbox.reply(message, text="Thank you. An engineer comes on Tuesday.", by=officer, at=timezone.now())
    page = client.get(f"/inbox/{said[3].pk}/").content.decode()
    assert "3 answers from us in this thread so far." in page
    assert "That is the most the policy allows." in page
    found = inbox.check_reply(said[3], "Thank you for telling us.", at=timezone.now())
    assert [one.severity for one in found if one.check == "thread_limit"] == ["stop"]
