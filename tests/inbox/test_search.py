"""Words are found through the index of the database, by their stems; people by their names."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from gatepost.channels.models import Channel
from gatepost.inbox import search
from gatepost.inbox.listing import Filter, statement_of
from gatepost.inbox.models import Contact, Message, NameWord
from gatepost.inbox.statements import ask
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


ONE_WORD = st.text(st.sampled_from([*"abAB019 ._-@'ßſıİΣςéＡ漢٣½"]), min_size=1, max_size=4)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(name=st.lists(ONE_WORD, max_size=3).map(" ".join), handle=ONE_WORD, word=ONE_WORD)
@example(name="Ann or Bob", handle="", word="or")
@example(name="Ann STRASSE", handle="@ann", word="straße")
def test_people_are_found_by_one_word_as_by_several(lifts: Message, name: str, handle: str, word: str) -> None:
    """The words of names that the database keeps say the same as the name itself, and follow its changes."""
    Contact.objects.filter(pk=lifts.contact_id).update(name=name, handle=handle)
    for looked_for in {word, *name.split(), handle}:
        three = [looked_for] * 3
        of_all = ask(f"SELECT id FROM inbox_message WHERE {search._ANYTHING}", three, keep=False)
        assert ask(f"SELECT id FROM inbox_message WHERE {search.about(looked_for)}", three, keep=False) == of_all


def test_the_latest_of_a_name_that_many_have_lie_side_by_side(lifts: Message) -> None:
    others = [f"Other{number}" for number in range(500)]
    Contact.objects.bulk_create(
        Contact(network="sandbox", external_id=name, name=name, first_seen_at=lifts.received_at) for name in others
    )
    words, asked = statement_of(Filter(q="pole"), 0, 10, timezone.now())
    scene.index_plans()
    plan = str(ask(f"EXPLAIN {words}", asked, keep=False))
    assert "Backward using name_word_once" in plan
    assert "using message_gravest" in plan  # and all messages in their order, in one reach
    later, asked = statement_of(Filter(q="pole"), lifts.pk * 4, 10, timezone.now())
    assert "Index Cond: (ROW(danger, received_at, id) <" in str(ask(f"EXPLAIN {later}", asked, keep=False))
    Contact.objects.filter(pk=lifts.contact_id).update(name="", handle="")
    assert not NameWord.objects.filter(contact=lifts.contact).exists()
    assert found("pole") == set()


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
