"""Words are found through the index of the database, by their stems; people by their names."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client

from gatepost.channels.models import Channel
from gatepost.inbox.listing import Filter
from gatepost.inbox.models import Message
from tests import factories

from . import scene

pytestmark = pytest.mark.django_db


@pytest.fixture
def channel() -> Channel:
    return factories.channel()


@pytest.fixture
def lifts(channel: Channel) -> Message:
    return factories.message("Both lifts in Damson Court are broken again", channel=channel, author_name="Ada Pole")


@pytest.fixture
def bins(channel: Channel) -> Message:
    return factories.message("When are the bins collected in Damson Court?", channel=channel, author_name="Bo Lift")


def found(words: str) -> set[int]:
    return set(scene.found(Filter(q=words)))


def test_words_are_compared_by_their_stems_and_names_as_they_stand(lifts: Message, bins: Message) -> None:
    assert found("lift") == {lifts.pk, bins.pk}  # the word, and the name
    assert found("breaking OR broken") == {lifts.pk}
    assert found('"damson court" -bin') == {lifts.pk}
    assert found("damson collected") == {bins.pk}
    assert found("ada") == {lifts.pk}
    assert found("zebra") == set()


@pytest.mark.parametrize("words", ["'", '"', "-", "the", "a & b | !", "\\", "%", ":*", "\ufffd" * 100])
def test_no_words_are_an_error(lifts: Message, words: str) -> None:
    assert lifts.pk not in found(words) or words in ("a & b | !",)


def test_a_message_as_long_as_can_be_kept_is_taken_in_and_found(channel: Channel) -> None:
    text = "Umbrella " + " ".join(f"https://example.org/{number}-ü/𝔞{number}" for number in range(5000))
    long = factories.message(text[:100_000], channel=channel)
    assert found("umbrella") == {long.pk}


def test_the_index_can_be_used(lifts: Message) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(
            "EXPLAIN SELECT id FROM inbox_message WHERE words @@ websearch_to_tsquery('english', %s)", ["lift"]
        )
        plan = " ".join(row[0] for row in cursor.fetchall())
        assert "message_words" in plan
        cursor.execute("SELECT attstattarget FROM pg_attribute WHERE attname = 'words' AND attnum > 0")
        assert (1000,) in cursor.fetchall()


def test_results_are_masked_and_the_newest_come_first(client: Client, channel: Channel) -> None:
    first = factories.message("My radiator leaks, ring me on 07700 900123", channel=channel)
    second = factories.message("The radiator is cold", channel=channel)
    officer = factories.officer()
    client.force_login(officer)
    html = client.get("/inbox/?q=radiators").content.decode()
    assert "07700" not in html
    assert html.index(f"/inbox/{second.pk}/") < html.index(f"/inbox/{first.pk}/")
