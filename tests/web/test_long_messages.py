"""A long message is folded in the conversation and shown whole on a page of its own, masked and covered alike."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from gatepost.inbox.exposure import open_words
from gatepost.inbox.intake_models import Version
from gatepost.inbox.models import Message, Reveal
from gatepost.people.models import User
from tests import factories

pytestmark = pytest.mark.django_db

PHONE = "07700 900123"
LONG = "The lift is slow. " * 700 + f"Ring me on {PHONE}. The very end."


@pytest.fixture
def officer(client: Client) -> User:
    person = factories.officer()
    client.force_login(person)
    return person


@pytest.fixture
def long(officer: User) -> Message:
    return factories.message(LONG, channel=factories.channel(by=officer))


def test_it_is_folded_with_a_way_to_all_of_it(client: Client, long: Message) -> None:
    html = client.get(reverse("message", args=[long.pk])).content.decode()
    whole = reverse("message_whole", args=[long.pk])
    assert "The very end" not in html
    assert f'href="{whole}"' in html
    assert "more characters." in html
    assert f'href="{whole}"' in client.get(reverse("moderation_message", args=[long.pk])).content.decode()


def test_the_whole_is_masked_until_it_is_revealed(client: Client, long: Message, officer: User) -> None:
    whole = reverse("message_whole", args=[long.pk])
    html = client.get(whole).content.decode()
    assert "The very end" in html
    assert f"{len(LONG):,} characters" in html
    assert "900123" not in html
    assert "Personal details are hidden" in html
    now = timezone.now()
    Reveal.objects.create(message=long, person=officer, reason="Call back", at=now, until=now.replace(year=2099))
    assert PHONE in client.get(whole).content.decode()


def test_covered_words_stay_covered_until_they_are_opened(client: Client, officer: User) -> None:
    abuse = factories.message("You useless fucking idiot. " * 400, channel=factories.channel(by=officer))
    whole = reverse("message_whole", args=[abuse.pk])
    assert "useless" not in client.get(whole).content.decode()
    open_words(abuse, by=officer, at=timezone.now())
    assert "useless" in client.get(whole).content.decode()


def test_an_earlier_version_is_covered_by_what_was_decided_of_it(client: Client, long: Message, officer: User) -> None:
    abuse = factories.message("You useless fucking idiot. " * 400, channel=long.channel)
    at = timezone.now()
    for message, text, other in ((long, abuse.text, abuse), (abuse, long.text, long)):
        Version.objects.create(
            message=message, what="said", mark="m", text=text, decision=other.decision, changed_at=at, seen_at=at
        )
    mild, bad = abuse.versions.get(), long.versions.get()
    assert (
        "The very end" in client.get(f"{reverse('message_whole', args=[abuse.pk])}?version={mild.pk}").content.decode()
    )
    address = f"{reverse('message_whole', args=[long.pk])}?version={bad.pk}"
    assert f'name="next" value="{address}"' in client.get(address).content.decode()  # and comes back to it
    Message.objects.filter(pk=long.pk).update(changed_at=at)
    for where in (address, reverse("message", args=[long.pk])):
        assert "useless" not in client.get(where).content.decode()
    open_words(long, by=officer, at=timezone.now())
    assert "useless" in client.get(address).content.decode()


def test_an_earlier_version_is_shown_whole_too(client: Client, long: Message) -> None:
    at = timezone.now()
    Message.objects.filter(pk=long.pk).update(text="Short now.", changed_at=at)
    version = Version.objects.create(
        message=long, what="said", mark="m", text=LONG, decision=long.decision, changed_at=at, seen_at=at
    )
    address = f"{reverse('message_whole', args=[long.pk])}?version={version.pk}"
    assert address in client.get(reverse("message", args=[long.pk])).content.decode()
    html = client.get(address).content.decode()
    assert "The very end" in html
    assert "900123" not in html
    assert client.get(f"{reverse('message_whole', args=[long.pk])}?version=0").status_code == 404
    assert "Short now." in client.get(reverse("message_whole", args=[long.pk])).content.decode()
