"""What is deleted on X is deleted here within its 24 hours; a slip of the network deletes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest
from django.utils import timezone

from gatepost.channels.models import Channel
from gatepost.inbox.models import Message
from gatepost.inbox.personal import gone, holds
from gatepost.inbox.personal_models import GoneLook
from gatepost.ledger.actions import System
from gatepost.ledger.models import Line
from gatepost.networks.limits import source
from gatepost.networks.protocol import ReadFailed
from tests import factories
from tests.inbox.scene import Desk


class Tells:
    """A network that does not have the refs it is told to miss."""

    def __init__(self, *missing: str) -> None:
        self.missing, self.asked, self.fails = set(missing), [], False  # type: ignore[var-annotated]

    def gone(self, refs: Sequence[str]) -> tuple[str, ...]:
        if self.fails:
            raise ReadFailed("X asks to wait.", 900)
        self.asked.append(tuple(refs))
        return tuple(ref for ref in refs if ref in self.missing)


@pytest.fixture
def x(desk: Desk) -> Channel:
    return factories.channel(by=desk.officer, network="x", base_url="http://127.0.0.1:9/x")


@pytest.fixture
def network(monkeypatch: pytest.MonkeyPatch) -> Tells:
    tells = Tells()
    monkeypatch.setattr(gone, "connect", lambda account: tells)
    return tells


def written(x: Channel, ref: str) -> Message:
    return factories.message("Nobody came. I complain.", channel=x, ref=ref)


def test_the_figure_has_its_source() -> None:
    assert gone.hours_to_delete("x") == 24
    assert gone.hours_to_delete("facebook") == 0
    assert "developer-terms" in source("x", "deletion_hours")[0]


def test_deleted_there_deleted_here_within_a_day(x: Channel, network: Tells) -> None:
    kept, away = written(x, "1001"), written(x, "1002")
    network.missing = {"1002"}
    begun, at = timezone.now(), timezone.now()
    while at < begun + timedelta(hours=24):
        gone.look(at=at)
        at += timedelta(minutes=5)
    away.refresh_from_db()
    kept.refresh_from_db()
    assert (away.text, away.state, away.done_because) == ("", "done", "Erased, it was deleted on the network")
    assert kept.text
    line = Line.objects.get(subject=away.subject, verb="message.erased")
    assert line.detail["because"] == "network"
    assert away.decision.decided  # our own decision stays


def test_deleted_later_is_found_by_the_next_round(x: Channel, network: Tells) -> None:
    one = written(x, "1001")
    at = timezone.now()
    gone.look(at=at)
    gone.look(at=at)
    deleted = at + timedelta(hours=1)
    network.missing = {"1001"}
    now = deleted
    while Message.objects.get(pk=one.pk).erased_at is None:
        now += timedelta(minutes=5)
        gone.look(at=now)
        assert now < deleted + timedelta(hours=24)


def test_once_missed_is_not_gone(x: Channel, network: Tells) -> None:
    one = written(x, "1001")
    network.missing = {"1001"}
    at = timezone.now()
    gone.look(at=at)
    network.missing = set()
    for hours in range(30):
        gone.look(at=at + timedelta(hours=hours))
    one.refresh_from_db()
    assert one.erased_at is None
    assert GoneLook.objects.get(channel=x).missed == {}


def test_a_round_asks_a_hundred_at_a_time_and_then_rests(x: Channel, network: Tells) -> None:
    for number in range(130):
        written(x, str(1000 + number))
    at = timezone.now()
    for minutes in range(6):
        gone.look(at=at + timedelta(minutes=minutes))
    assert [len(asked) for asked in network.asked] == [100, 30]


def test_a_network_that_does_not_answer_is_asked_later(x: Channel, network: Tells) -> None:
    written(x, "1001")
    network.fails = True
    at = timezone.now()
    assert gone.look(at=at) == 0
    assert GoneLook.objects.get(channel=x).says == "X asks to wait."
    network.fails = False
    assert gone.look(at=at + timedelta(minutes=5)) == 0
    assert gone.look(at=at + timedelta(minutes=16)) == 1


def test_other_networks_are_not_asked_and_a_legal_hold_keeps(desk: Desk, x: Channel, network: Tells) -> None:
    by, at = System("intake"), timezone.now()
    on_facebook, held = desk.message(), written(x, "1001")
    assert gone.deleted_there(desk.channel, [on_facebook.ref], by=by, at=at) == 0
    holds.make(message=held, reason="A claim", by=desk.officer, at=at)
    assert gone.deleted_there(x, ["1001"], by=by, at=at) == 0
    held.refresh_from_db()
    assert held.text
