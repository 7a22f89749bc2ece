"""When a channel was not read, whether what was said then has come in since, and whether it is quieter than usual."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from gatepost.channels.models import Channel
from gatepost.inbox import coverage, intake
from gatepost.inbox.coverage import ask_to_read_again, ask_unreadable_again, coverage_of, listen, settle_gap, troubled
from gatepost.inbox.intake import read_channel
from gatepost.inbox.intake_models import Gap, Quiet
from gatepost.inbox.models import Delivery, Message
from gatepost.inbox.problems import InboxError
from gatepost.ledger.actions import System
from gatepost.ledger.models import Line
from gatepost.networks.protocol import Page, ReadFailed
from gatepost.people.authority import NotAllowed
from tests import factories

from .scene import AT, Desk, reads, said

BY = System("coverage")
HOUR = timedelta(hours=1)


@pytest.fixture
def desk_long_ago(desk: Desk) -> Desk:
    """A desk whose channel has been there for a year and was read at AT."""
    Channel.objects.update(last_read_at=AT, created_at=AT - timedelta(days=365))
    desk.channel.refresh_from_db()
    return desk


def test_a_pause_in_reading_is_a_gap_and_reading_on_fills_it(
    desk_long_ago: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = desk_long_ago
    missed = said("a", posted_at=AT + HOUR)
    reads(monkeypatch, Page((missed,), "1", more=True), Page((said("b", posted_at=AT + 3 * HOUR),), "2"))
    read_channel(desk.channel, at=AT + 2 * HOUR)
    gap = Gap.objects.get()
    assert (gap.since, gap.until, gap.filled_at, gap.found) == (AT, AT + 2 * HOUR, AT + 2 * HOUR, 1)
    assert "stopped, or the channel was paused" in gap.why
    verbs = Line.objects.filter(subject=f"channel:{desk.channel.pk}").order_by("pk").values_list("verb", flat=True)
    assert list(verbs)[-2:] == ["channel.gap", "channel.gap_filled"]
    assert coverage_of(desk.channel, at=AT + 2 * HOUR).whole


def test_a_network_that_did_not_answer_is_the_reason(desk_long_ago: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = desk_long_ago
    reads(monkeypatch, ReadFailed("The network has a fault of its own."), Page((), "1"))
    read_channel(desk.channel, at=AT + timedelta(minutes=1))
    now = coverage_of(desk.channel, at=AT + HOUR)
    assert (now.behind, now.whole) == (AT, False)
    read_channel(desk.channel, at=AT + HOUR)
    assert Gap.objects.get().why == "The network has a fault of its own."


def test_a_gap_stays_open_until_everything_has_been_read(desk_long_ago: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = desk_long_ago
    reads(monkeypatch, Page((said("a"),), "1", more=True), ReadFailed("Slow.", 60), Page((said("b"),), "2"))
    read_channel(desk.channel, at=AT + HOUR)
    assert Gap.objects.get().filled_at is None
    assert [one.channel for one in troubled([desk.channel], at=AT + HOUR)] == [desk.channel]
    later = AT + HOUR + timedelta(minutes=2)
    read_channel(desk.channel, at=later)
    assert Gap.objects.get().filled_at == later


def test_the_usual_pause_is_no_gap(desk_long_ago: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    reads(monkeypatch, Page((), "1"))
    read_channel(desk_long_ago.channel, at=AT + timedelta(minutes=9))
    assert not Gap.objects.exists()


def test_the_first_reading_is_no_gap(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    reads(monkeypatch, Page((said("a"),), "1", cut=True))
    read_channel(desk.channel, at=AT)
    assert not Gap.objects.exists()


def test_what_the_network_no_longer_shows_is_for_a_person(desk_long_ago: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = desk_long_ago
    reads(monkeypatch, Page((said("a"),), "1", cut=True))
    read_channel(desk.channel, at=AT + timedelta(minutes=1))
    gap = Gap.objects.select_related("channel").get()
    assert gap.filled_at is None
    assert "newest messages alone" in gap.says
    with pytest.raises(InboxError, match="what you looked at"):
        settle_gap(gap, because=" ", by=desk.officer, at=datetime.now(AT.tzinfo))
    with pytest.raises(NotAllowed):
        settle_gap(gap, because="Looked", by=factories.person(), at=AT)
    now = datetime.now(AT.tzinfo)
    settle_gap(gap, because="Looked at 40 older mentions: thanks only", by=desk.officer, at=now)
    gap.refresh_from_db()
    assert (gap.filled_at, gap.settled_by) == (now, desk.officer)
    with pytest.raises(InboxError, match="settled already"):
        settle_gap(gap, because="Again", by=desk.officer, at=now)


@pytest.mark.parametrize(("network", "practice"), [("facebook", False), ("facebook", True), ("x", False)])
def test_private_messages_that_come_by_call_alone_are_for_a_person(
    desk_long_ago: Desk, monkeypatch: pytest.MonkeyPatch, network: str, practice: bool
) -> None:
    desk = desk_long_ago
    Channel.objects.update(network=network, practice=practice)
    desk.message("Hello, it is me", private=True, kind="message")
    Channel.objects.update(last_read_at=AT)
    desk.channel.refresh_from_db()
    reads(monkeypatch, Page((said("a", posted_at=AT + HOUR),), "1"), Page((), "2"))
    for hours in (2, 2.01):
        read_channel(desk.channel, at=AT + hours * HOUR)
    gap = Gap.objects.select_related("channel").get()
    if network == "x" or practice:
        assert (gap.filled_at, gap.found) == (AT + 2 * HOUR, 1)
        return
    assert gap.filled_at is None
    assert "Page's inbox" in gap.says
    assert not coverage_of(desk.channel, at=AT + 2 * HOUR).whole
    settle_gap(gap, because="Two in the inbox, both answered", by=desk.officer, at=datetime.now(AT.tzinfo))
    assert not Gap.objects.filter(filled_at=None).exists()


class Again:
    """A network that can be read from a moment on."""

    key = "facebook"

    def __init__(self) -> None:
        self.cursors: list[str] = []

    def place_of(self, moment: datetime) -> str:
        return f"from {moment:%d}"

    def read_since(self, cursor: str) -> Page:
        self.cursors.append(cursor)
        return Page((said("old"), said("new")), "on", more=len(self.cursors) == 1)


def test_reading_again_brings_what_was_missed_and_leaves_the_place_alone(
    desk_long_ago: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, network = desk_long_ago, Again()
    now = datetime.now(AT.tzinfo)
    monkeypatch.setattr(intake, "connect", lambda account: network)
    factories.message("When do you open?", channel=desk.channel, ref="old")
    desk.channel.refresh_from_db()
    place = desk.channel.cursor
    ask_to_read_again(desk.channel, now - timedelta(days=5), by=desk.officer, at=now)
    since = now - timedelta(days=5)
    found = coverage.end_reading_again(desk.channel, since, by=BY, at=now, read=intake.read_again)
    assert found == 1
    assert network.cursors == [f"from {since:%d}", "on"]
    assert Channel.objects.get(pk=desk.channel.pk).cursor == place
    for wrong in (now - timedelta(days=200), now + HOUR):
        with pytest.raises(InboxError, match="three months"):
            ask_to_read_again(desk.channel, wrong, by=desk.officer, at=now)
    monkeypatch.setattr(intake, "connect", lambda account: object())
    with pytest.raises(ReadFailed, match="cannot be read again"):
        intake.read_again(desk.channel, since, at=now)


def test_calls_that_could_not_be_read_are_told_and_tried_again(desk_long_ago: Desk) -> None:
    desk = desk_long_ago
    now = datetime.now(AT.tzinfo)
    Delivery.objects.create(channel=desk.channel, body=b"{}", at=AT, failed="The desk could not read it (KeyError).")
    assert coverage_of(desk.channel, at=AT).unreadable == 1
    assert ask_unreadable_again(desk.channel, by=desk.officer, at=now) == 1
    assert coverage_of(desk.channel, at=AT).waiting == 1
    with pytest.raises(InboxError, match="has been read"):
        ask_unreadable_again(desk.channel, by=desk.officer, at=now)


def came(desk: Desk, *times: datetime) -> None:
    for time in times:
        factories.message("When do you open?", channel=desk.channel, at=time)


def busy_weeks(desk: Desk, weeks: int, each: int = 8) -> None:
    for week in range(1, weeks + 1):
        came(desk, *(AT - timedelta(weeks=week) + number * timedelta(minutes=5) for number in range(each)))


def test_silence_where_there_never_is_any_is_noticed_once_and_ends(desk_long_ago: Desk) -> None:
    desk = desk_long_ago
    busy_weeks(desk, 4)
    came(desk, AT)
    assert listen(desk.channel, by=BY, at=AT + timedelta(minutes=20)) is None, "too short to say"
    noted = listen(desk.channel, by=BY, at=AT + HOUR)
    assert noted is not None
    assert noted.usual == [7, 7, 7, 7]
    assert listen(desk.channel, by=BY, at=AT + 2 * HOUR) == noted
    assert Line.objects.filter(verb="channel.quiet").count() == 1
    assert [one.quiet for one in troubled([desk.channel], at=AT)] == [noted]
    came(desk, AT + 3 * HOUR)
    assert listen(desk.channel, by=BY, at=AT + 3 * HOUR) is None
    assert Quiet.objects.get().ended_at == AT + 3 * HOUR
    assert Line.objects.filter(verb="channel.heard_again").count() == 1


@pytest.mark.parametrize(("weeks", "each"), [(1, 20), (4, 2), (0, 0)])
def test_what_is_usual_must_be_known_and_enough(desk_long_ago: Desk, weeks: int, each: int) -> None:
    busy_weeks(desk_long_ago, weeks, each)
    came(desk_long_ago, AT)
    assert listen(desk_long_ago.channel, by=BY, at=AT + HOUR) is None


def test_weeks_before_it_was_connected_are_not_counted(desk_long_ago: Desk) -> None:
    Channel.objects.update(created_at=AT - timedelta(days=20))
    desk_long_ago.channel.refresh_from_db()
    assert len(coverage.usual(desk_long_ago.channel, AT, AT + HOUR)) == 2


def test_practice_channels_are_not_listened_to(desk_long_ago: Desk) -> None:
    busy_weeks(desk_long_ago, 4)
    came(desk_long_ago, AT)
    assert coverage.listen_to_all(by=BY, at=AT + HOUR) == 0
    Channel.objects.update(practice=False)
    assert coverage.listen_to_all(by=BY, at=AT + HOUR) == 1
    assert Message.objects.count() == 33
