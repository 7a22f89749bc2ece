"""A second reading of open conversations and those closed lately: what was changed or taken off and nobody told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from django.conf import LazySettings
from django.utils import timezone

from gatepost.calls.intake import CoverageAsked, coverage_list
from gatepost.channels.models import Channel
from gatepost.inbox import rereading
from gatepost.inbox.actions import close
from gatepost.inbox.models import Message, Reread, Version
from gatepost.inbox.rereading import due, reread, wanted
from gatepost.ledger.models import Line
from gatepost.networks.protocol import ReadFailed
from gatepost.networks.rereading import Again
from tests import factories

from .scene import Desk, said


class There:
    """A network by what its messages say now; what it does not have is gone."""

    def __init__(self) -> None:
        self.now: dict[str, str] = {}
        self.asked: list[tuple[str, ...]] = []
        self.fails: Exception | None = None

    def again(self, refs: Sequence[str]) -> Again:
        if self.fails is not None:
            raise self.fails
        self.asked.append(tuple(refs))
        there = tuple(said(ref, self.now[ref], changed_at=None) for ref in refs if ref in self.now)
        return Again((*there, said("not asked for", "Odd")), tuple(ref for ref in refs if ref not in self.now))


@pytest.fixture
def network(monkeypatch: pytest.MonkeyPatch) -> There:
    there = There()
    monkeypatch.setattr(rereading, "connected", lambda channel: there)
    return there


def wrote(desk: Desk, network: There, text: str, **fields: object) -> Message:
    message = desk.message(text, **fields)
    network.now[message.ref] = text
    return message


def go(channel: Channel, at: datetime, *, until: timedelta = timedelta(hours=2)) -> datetime:
    """As the worker's loop does, a minute at a time. Returns the time it has become."""
    end = at + until
    while at < end:
        channel.refresh_from_db()
        if channel.pk in due(at=at):
            reread(channel, at=at)
        at += timedelta(minutes=1)
    return at


def test_other_words_become_a_version_and_are_decided_anew(desk: Desk, network: There) -> None:
    message = wrote(desk, network, "When do you open on Saturday?")
    same = wrote(desk, network, "Thank you all.")
    network.now[message.ref] = "This is a disgrace, I want to complain. Third time and nobody came."
    go(desk.channel, timezone.now(), until=timedelta(minutes=5))
    message.refresh_from_db()
    assert message.text == network.now[message.ref]
    assert "complaint" in message.decision.decided
    old = Version.objects.get()
    assert (old.message, old.what, old.text) == (message, "said", "When do you open on Saturday?")
    assert Line.objects.filter(subject=message.subject, verb="message.edited").count() == 1
    assert not Message.objects.filter(ref="not asked for").exists()
    assert not Line.objects.filter(subject=same.subject, verb="message.edited").exists()


def test_what_is_gone_is_asked_for_once_more_before_it_counts(desk: Desk, network: There) -> None:
    message, slip = wrote(desk, network, "Nobody came."), wrote(desk, network, "Hello")
    lost, slipped = network.now.pop(message.ref), network.now.pop(slip.ref)
    at = go(desk.channel, timezone.now(), until=timedelta(minutes=30))
    message.refresh_from_db()
    assert message.gone_at is None
    network.now[slip.ref] = slipped  # the network had only been wrong
    go(desk.channel, at, until=timedelta(hours=1))
    message.refresh_from_db()
    slip.refresh_from_db()
    assert (message.gone_at is not None, message.text) == (True, lost)
    assert slip.gone_at is None
    assert [one.what for one in message.versions.all()] == ["gone"]
    assert Reread.objects.get().missed == {}


def test_where_the_network_asks_for_it_what_is_gone_is_deleted_here(
    desk: Desk, network: There, settings: LazySettings
) -> None:
    settings.REREAD_PAID = True
    x = factories.channel(by=desk.officer, network="x", name="X")
    message = factories.message("Nobody came.", channel=x, ref="1001")
    go(x, timezone.now())
    message.refresh_from_db()
    assert (message.text, message.erased_at is not None) == ("", True)


def test_open_and_lately_closed_in_rounds(desk: Desk, network: There, settings: LazySettings) -> None:
    now = timezone.now()
    opened, closed = (wrote(desk, network, f"Question {n}") for n in range(2))
    wrote(desk, network, "Privately", private=True, kind="message")
    close(closed, because="Answered by telephone", by=desk.staff, at=now)
    later = now + timedelta(days=15)
    assert (set(wanted(desk.channel, at=now)), list(wanted(desk.channel, at=later))) == ({opened, closed}, [opened])
    settings.REREAD_CLOSED_DAYS = 30
    assert set(wanted(desk.channel, at=later)) == {opened, closed}
    Channel.objects.filter(pk=desk.channel.pk).update(practice=False)
    at = go(desk.channel, now, until=timedelta(hours=5))
    assert network.asked == [(opened.ref, closed.ref)]  # one round, whatever the minutes
    turn = Reread.objects.get()
    assert turn.whole == 2
    assert turn.whole_at is not None
    go(desk.channel, at, until=timedelta(hours=2))
    assert len(network.asked) == 2
    told = coverage_list(CoverageAsked(channel=desk.channel.pk), by=desk.staff, at=at).channels[0]
    assert (told.read_twice_at is not None, told.read_twice_says) == (True, "")


def test_a_few_at_a_time_and_each_channel_in_its_turn(
    desk: Desk, network: There, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rereading, "figure", lambda network, name: 2)
    other = factories.channel(by=desk.officer, name="Other page")
    for number in range(5):
        wrote(desk, network, f"Question {number}")
    theirs = factories.message("Hello", channel=other)
    network.now[theirs.ref] = "Hello"
    at = timezone.now()
    assert set(due(at=at)) == {desk.channel.pk, other.pk}
    assert reread(desk.channel, at=at) == 2
    assert reread(desk.channel, at=at) == 0  # not before its minute is over
    assert due(at=at) == [other.pk]
    assert reread(other, at=at) == 1
    later = at + timedelta(minutes=1)
    assert [reread(desk.channel, at=later + timedelta(minutes=n)) for n in range(3)] == [2, 1, 0]


@pytest.mark.parametrize(("wait", "minutes"), [(1800.0, 30), (None, 60)])
def test_what_the_network_says_of_waiting_holds_for_all_reading(
    desk: Desk, network: There, wait: float | None, minutes: int
) -> None:
    wrote(desk, network, "Question")
    network.fails, at = ReadFailed("Facebook asks us to wait before reading again.", wait), timezone.now()
    assert reread(desk.channel, at=at) == 0
    desk.channel.refresh_from_db()
    assert (desk.channel.read_after is not None) == (wait is not None)
    assert due(at=at + timedelta(minutes=minutes - 1)) == []
    told = coverage_list(CoverageAsked(channel=desk.channel.pk), by=desk.staff, at=at).channels[0]
    assert told.read_twice_says == "Facebook asks us to wait before reading again."
    network.fails = None
    assert due(at=at + timedelta(minutes=minutes)) == [desk.channel.pk]
    Channel.objects.filter(pk=desk.channel.pk).update(read_after=at + timedelta(hours=2))
    desk.channel.refresh_from_db()
    assert reread(desk.channel, at=at + timedelta(minutes=minutes)) == 0


def test_off_where_reading_costs_money_and_where_somebody_says_so(desk: Desk, settings: LazySettings) -> None:
    x = factories.channel(by=desk.officer, network="x", name="X")
    at = timezone.now()
    assert due(at=at) == [desk.channel.pk]
    assert "charges for every message" in rereading.why_not(x)
    assert reread(x, at=at) == 0
    settings.REREAD_PAID = True
    assert set(due(at=at)) == {desk.channel.pk, x.pk}
    settings.REREAD_HOURS = 0
    assert due(at=at) == []
    assert "GATEPOST_REREAD_HOURS" in rereading.why_not(desk.channel)


def test_settings_that_cannot_work_are_said_and_a_paused_channel_is_left_alone(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.message("Question")
    at = timezone.now()
    Channel.objects.filter(pk=desk.channel.pk).update(external_id="no number")
    desk.channel.refresh_from_db()
    assert reread(desk.channel, at=at) == 0
    assert "Page id" in Reread.objects.get().says
    Channel.objects.filter(pk=desk.channel.pk).update(state="paused")
    desk.channel.refresh_from_db()
    assert reread(desk.channel, at=at + timedelta(days=1)) == 0


def test_what_was_put_back_is_there_again(desk: Desk, network: There) -> None:
    message = wrote(desk, network, "Nobody came.")
    words = network.now.pop(message.ref)
    at = go(desk.channel, timezone.now(), until=timedelta(minutes=70))
    message.refresh_from_db()
    assert message.gone_at is not None
    assert reread(desk.channel, at=at) in (0, 1)  # what is known to be gone is not missed anew
    assert Reread.objects.get().missed == {}
    network.now[message.ref] = words
    at = go(desk.channel, at, until=timedelta(minutes=5))
    message.refresh_from_db()
    assert message.gone_at is None
    assert {one.what for one in message.versions.all()} == {"gone", "back"}
    Message.objects.filter(pk=message.pk).update(gone_at=at)
    late = at + timedelta(days=15)
    assert ([*wanted(desk.channel, at=at)], [*wanted(desk.channel, at=late)]) == ([message], [])


def test_a_channel_that_is_not_well_is_left_alone(desk: Desk, network: There) -> None:
    wrote(desk, network, "Question")
    at = timezone.now()
    Channel.objects.filter(pk=desk.channel.pk).update(ill_since=at)
    desk.channel.refresh_from_db()
    assert (due(at=at), reread(desk.channel, at=at), network.asked) == ([], 0, [])
    assert "read well again" in rereading.why_not(desk.channel)


@pytest.mark.parametrize(
    ("fault", "times"), [(RuntimeError(), 2), (ReadFailed("Odd", None), 2), (ReadFailed("Odd"), 6)]
)
def test_messages_that_cannot_be_asked_about_hold_up_no_others(
    desk: Desk, network: There, monkeypatch: pytest.MonkeyPatch, fault: Exception, times: int
) -> None:
    monkeypatch.setattr(rereading, "figure", lambda network, name: 1)
    first, second = wrote(desk, network, "Odd"), wrote(desk, network, "Question")
    network.fails, at = fault, timezone.now()
    for number in range(1, times + 1):
        desk.channel.refresh_from_db()
        assert reread(desk.channel, at=at) == 0
        turn = Reread.objects.get()
        assert turn.reached == (first.pk if number == times else 0)
        assert turn.next_at is not None
        assert turn.next_at >= at + timedelta(minutes=10)
        at = turn.next_at
    assert turn.says in ("Odd", "The connector failed: RuntimeError.")
    network.fails = None
    desk.channel.refresh_from_db()
    assert reread(desk.channel, at=at) == 1
    assert network.asked == [(second.ref,)]


def test_nor_do_those_that_were_missed(desk: Desk, network: There) -> None:
    message = wrote(desk, network, "Nobody came.")
    network.now.pop(message.ref)
    at = timezone.now()
    assert reread(desk.channel, at=at) == 1
    assert Reread.objects.get().missed
    network.fails = ReadFailed("Odd", None)
    for hours in (2, 4):
        reread(desk.channel, at=at + timedelta(hours=hours))
    turn = Reread.objects.get()
    assert (turn.missed, turn.failed) == ({}, 0)


def test_what_cannot_be_taken_in_is_said_and_waits(desk: Desk, network: There, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(*given: object, **named: object) -> int:
        raise ValueError("odd")

    wrote(desk, network, "Question")
    monkeypatch.setattr(rereading, "take_in", breaks)
    at = timezone.now()
    with pytest.raises(ValueError, match="odd"):
        reread(desk.channel, at=at)
    turn = Reread.objects.get()
    assert "could not take in" in turn.says
    assert turn.next_at == at + timedelta(hours=1)
