"""Whoever a comment names gets one e-mail: a link and no word of what was said."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from gatepost.gate.letters import LetterFailed
from gatepost.people.models import User
from gatepost.publishing.actions import save_draft
from gatepost.publishing.comments import comment, see_mentions
from gatepost.publishing.drafts import Draft
from gatepost.publishing.letters import send_mention
from gatepost.publishing.models import Mention, Post
from gatepost.rulebook.actions import in_force
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer() -> User:
    return factories.officer()


@pytest.fixture
def post(officer: User) -> Post:
    channel = factories.channel(by=officer)
    staff = factories.staff(channel, by=officer)
    at = timezone.now()
    draft = Draft(text="A secret word", kind=in_force(at).post_kinds[0].id, channels=[channel.pk])
    return save_draft(draft, by=staff, at=at)


def mention(post: Post, officer: User) -> Mention:
    at = timezone.now()
    comment(post, f"@{officer.name.replace(' ', '')} is the hidden figure right?", by=post.author, at=at)
    return Mention.objects.select_related("person", "comment__author").get()


def test_it_holds_a_link_and_no_word(post: Post, officer: User) -> None:
    named, at = mention(post, officer), timezone.now()
    send_mention(named, at=at)
    [letter] = mail.outbox
    assert letter.to == [officer.email]
    assert f"/posts/{post.pk}/" in letter.body
    assert "hidden figure" not in letter.body + letter.subject
    assert "secret" not in letter.body + letter.subject
    send_mention(Mention.objects.select_related("person", "comment__author").get(), at=at)
    assert len(mail.outbox) == 1


def test_what_was_seen_meanwhile_needs_no_letter(post: Post, officer: User) -> None:
    named = mention(post, officer)
    see_mentions(post, by=officer, at=timezone.now() + timedelta(seconds=1))
    named.refresh_from_db()
    send_mention(named, at=timezone.now())
    assert mail.outbox == []


def test_a_mail_server_that_fails_is_tried_again(post: Post, officer: User, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(self: object) -> int:
        raise ConnectionRefusedError

    named = mention(post, officer)
    monkeypatch.setattr("django.core.mail.EmailMessage.send", broken)
    with pytest.raises(LetterFailed):
        send_mention(named, at=timezone.now())
    named.refresh_from_db()
    assert named.mailed_at is None
