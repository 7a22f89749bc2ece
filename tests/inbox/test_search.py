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
from gatepost.inbox.listing import Filter, how_many, key_of, numbers_after
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


def by_reading(words: str) -> list[int]:
    """Every message and every name compared, however many there are."""
    rows = ask(
        """SELECT id FROM inbox_message WHERE words @@ websearch_to_tsquery('english', %s)
        OR contact_id IN (SELECT id FROM inbox_contact WHERE words @@ websearch_to_tsquery('simple', %s))
        OR id IN (SELECT message_id FROM inbox_passage WHERE words @@ websearch_to_tsquery('english', %s))
        ORDER BY danger DESC, received_at DESC, id DESC""",
        [words] * 3,
        keep=False,
    )
    return [number for (number,) in rows]


@settings(max_examples=75, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(name=st.lists(ONE_WORD, max_size=3).map(" ".join), handle=ONE_WORD, words=st.tuples(ONE_WORD, ONE_WORD))
@example(name="Ann or Bob", handle="", words=("or", "or"))
@example(name="Ann STRASSE", handle="@ann", words=("straße", "ann"))
@example(name="lift lifts", handle="", words=("lifts", "lift"))
def test_what_reading_all_finds_is_found(
    lifts: Message, bins: Message, name: str, handle: str, words: tuple[str, str]
) -> None:
    """The words of names that the database keeps say the same as the name itself, and follow its changes."""
    Contact.objects.filter(pk=lifts.contact_id).update(name=name, handle=handle)
    for asked in {words[0], " ".join(words), *name.split(), name, f"{handle} {words[0]}", f"{handle} lift"}:
        if tidy := " ".join(asked.split()):
            assert scene.found(Filter(q=tidy)) == by_reading(tidy), tidy


def people(*names: str) -> list[int]:
    """The numbers of new people so called, in this order."""
    before = Contact.objects.count()
    rows = [
        Contact(network="x", external_id=f"r{place}", name=name, first_seen_at=scene.AT)
        for place, name in enumerate(names, before)
    ]
    return [one.pk for one in Contact.objects.bulk_create(rows)]


def called(words: str) -> list[int]:
    return search._who_and_where(words)[0]


def test_people_of_two_words_are_the_latest_of_both() -> None:
    few = people(*["Ada Pole"] * 3)
    of_either = search.WALKED + 1
    people(*["Ada Moss", "Bo Pole"] * of_either)
    assert called("ada pole") == few[::-1]  # too far down in either to be walked to
    many = people(*["Ada Pole"] * (search.PEOPLE + 1))
    assert called("pole ada") == many[:0:-1]
    rare = people("Cy Moss")
    assert called("moss cy") == called("cy moss") == rare
    assert called("bo cy") == called("nobody pole") == []
    assert len(called("pole")) == search.PEOPLE


def test_pages_of_what_is_found_follow_each_other(channel: Channel) -> None:
    """Each message once and in its order, whether it says the words, its writer is called so, or both."""
    for number in range(12):
        said = "The lift is broken" if number % 2 else "Good morning"
        author = "Bo Lift" if number % 3 else "Ada Pole"
        one = factories.message(said, channel=channel, author_name=author, author_ref=author)
        Message.objects.filter(pk=one.pk).update(urgent=number % 5 == 0)
    wanted, at = Filter(q="lift"), timezone.now()
    whole = by_reading("lift")
    assert len(whole) == how_many(wanted, 100) == 10
    for narrower in (wanted, wanted.within(show="all"), wanted.within(channel=channel.pk)):
        paged: list[int] = []
        key = 0
        while page := numbers_after(narrower, key, 3, at):
            paged += page
            key = key_of(Message.objects.get(pk=paged[-1]), narrower)
        assert paged == whole
    assert numbers_after(wanted.within(channel=channel.pk + 1), 0, 10, at) == []


def test_who_is_called_otherwise_now_is_found_no_more(lifts: Message) -> None:
    assert found("pole") == {lifts.pk}
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
