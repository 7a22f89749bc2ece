"""What was changed on the network becomes a version: nothing said is lost, in any order, however often it is told."""

from __future__ import annotations

import itertools
from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gatepost.inbox.actions import close
from gatepost.inbox.intake import take_in
from gatepost.inbox.intake_models import GoneEarly, Version
from gatepost.inbox.models import Message
from gatepost.ledger.models import Line
from gatepost.networks.protocol import Incoming
from gatepost.rulebook.models import KeptDecision

from .scene import ABUSE, AT, COMPLAINT, DETAILS, Desk, said

SOON, LATER = AT + timedelta(minutes=5), AT + timedelta(minutes=10)


def told(text: str, minutes: int, **more: object) -> Incoming:
    """The first words (at minute 0) or other words, as a webhook tells them."""
    return said("a", text, changed_at=AT + timedelta(minutes=minutes), **more)


def gone(minutes: int) -> Incoming:
    return told("", minutes, gone=True)


def take(desk: Desk, *items: Incoming, after: int = 60) -> Message:
    take_in(desk.channel, items, cursor=None, at=AT + timedelta(minutes=after))
    return Message.objects.select_related("decision").get(ref="a")


def history(message: Message) -> list[tuple[str, str]]:
    return list(message.versions.order_by("changed_at", "pk").values_list("what", "text"))


def test_other_words_take_the_place_and_the_earlier_ones_stay_with_their_decision(desk: Desk) -> None:
    message = take(desk, told("When do you open?", 0))
    first = message.decision
    message = take(desk, told(COMPLAINT, 5))
    assert message.text == COMPLAINT
    assert "complaint" in message.decision.decided
    assert message.changed_at == SOON
    (before,) = message.versions.all()
    assert (before.what, before.text, before.decision, before.changed_at) == ("said", "When do you open?", first, AT)
    assert Line.objects.filter(verb="message.edited", subject=message.subject).count() == 1
    take(desk, told(COMPLAINT, 5), told("When do you open?", 0))
    assert history(message) == [("said", "When do you open?")]
    assert Message.objects.count() == 1


def test_the_clock_that_ran_is_not_put_off(desk: Desk) -> None:
    due = take(desk, told(COMPLAINT, 0)).due_at
    assert due is not None
    take_in(desk.channel, [told(COMPLAINT + " Still nothing.", 5)], cursor=None, at=AT + timedelta(days=2))
    assert Message.objects.get().due_at == due


def test_what_was_done_with_is_opened_again_when_it_says_something_else(desk: Desk) -> None:
    message = take(desk, told("Thank you", 0))
    close(message, because="Thanks", by=desk.officer, at=timezone.now())
    assert take(desk, told("Thank you!", 5)).state == "done"
    assert take(desk, told(ABUSE, 10)).state == "new"


def test_first_words_that_come_last_are_history(desk: Desk) -> None:
    message = take(desk, told(DETAILS, 5))
    assert message.text == DETAILS
    message = take(desk, told("When do you open?", 0))
    assert message.text == DETAILS
    assert history(message) == [("said", "When do you open?")]


def test_taken_off_and_put_back(desk: Desk) -> None:
    take(desk, told("Words", 0))
    message = take(desk, gone(5))
    assert (message.text, message.gone_at) == ("Words", SOON)
    take(desk, gone(5), gone(5))
    message = take(desk, said("a", "Words"))
    assert message.gone_at is None
    assert [what for what, _ in history(message)] == ["gone", "back"]
    verbs = Line.objects.filter(subject=message.subject).order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["message.arrived", "message.gone", "message.back"]


def test_a_late_call_of_the_first_words_does_not_put_back_what_is_gone(desk: Desk) -> None:
    take(desk, told("Words", 0))
    take(desk, gone(5))
    assert take(desk, told("Words", 0)).gone_at == SOON


def test_gone_before_it_was_there_is_kept_and_marked(desk: Desk) -> None:
    take_in(desk.channel, [gone(5)], cursor=None, at=LATER)
    assert not Message.objects.exists()
    assert GoneEarly.objects.get().ref == "a"
    message = take(desk, told("Words", 0))
    assert (message.text, message.gone_at) == ("Words", SOON)
    assert not GoneEarly.objects.exists()


def test_what_we_removed_ourselves_is_no_version(desk: Desk) -> None:
    message = take(desk, told("Words", 0))
    Message.objects.update(visibility="removed")
    assert take(desk, gone(5)).gone_at is None
    assert history(message) == []


def test_what_is_read_without_a_time_is_how_it_is_now(desk: Desk) -> None:
    take(desk, said("a", "One"), after=1)
    message = take(desk, said("a", "Two"), after=2)
    assert message.text == "Two"
    assert take(desk, said("a", "One"), after=3).text == "Two", "servers that lag behind"
    assert take(desk, said("a", "One"), after=30).text == "One", "changed back"


def test_changed_and_changed_back_at_once(desk: Desk) -> None:
    take(desk, told("One", 0))
    message = take(desk, told("Two", 5), told("One", 6))
    assert message.text == "One"
    assert [text for _, text in history(message)] == ["One", "Two"]


def test_a_time_that_cannot_be_is_that_of_arrival(desk: Desk) -> None:
    ahead = said("ahead", posted_at=AT + timedelta(hours=3), changed_at=AT + timedelta(hours=3))
    never = said("never", posted_at=AT.replace(year=1970))
    naive = said("naive", posted_at=(AT - timedelta(hours=1)).replace(tzinfo=None))
    take_in(desk.channel, [ahead, never, naive], cursor="1", at=AT)
    times = dict(Message.objects.values_list("ref", "posted_at"))
    assert times == {"ahead": AT, "never": AT, "naive": AT - timedelta(hours=1)}
    assert not Message.objects.exclude(changed_at=None).exists()


EVENTS = (told("One", 0), told("Two", 5), told("Three", 10), gone(15))


@pytest.mark.parametrize("order", list(itertools.permutations(range(len(EVENTS)))))
def test_every_order_ends_alike(desk: Desk, order: tuple[int, ...]) -> None:
    for number in order:
        take_in(desk.channel, [EVENTS[number]], cursor=None, at=AT + timedelta(minutes=60))
    message = Message.objects.get()
    assert message.text == "Three"
    assert message.gone_at == AT + timedelta(minutes=15)
    said_before = {text for what, text in history(message) if what == "said"}
    assert said_before == {"One", "Two"}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(EVENTS), min_size=1, max_size=12), st.data())
def test_any_batches_with_duplicates_end_alike(desk: Desk, events: list[Incoming], data: st.DataObject) -> None:
    for model in (Version, GoneEarly):
        model.objects.all().delete()
    Message.objects.all().delete()
    KeptDecision.objects.all().delete()
    told_all = [*events, *EVENTS]
    while told_all:
        size = data.draw(st.integers(1, len(told_all)))
        take_in(desk.channel, told_all[:size], cursor=None, at=AT + timedelta(minutes=60))
        told_all = told_all[size:]
    message = Message.objects.get()
    assert (message.text, message.gone_at) == ("Three", AT + timedelta(minutes=15))
    assert {text for what, text in history(message) if what == "said"} == {"One", "Two"}
