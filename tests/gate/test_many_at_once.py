"""Claims begun, sent and kept many at once; workers that go; lookups of one channel together."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import timedelta

import pytest
from django.db import connection

from gatepost.gate import actions, beats, holds, looking, sending, settling
from gatepost.gate.models import Act, Attempt, Beat
from gatepost.networks.protocol import Found, NotThere, Outgoing, Receipt, TryLater, Unknown

from .scene import AT, Desk

SOON = AT + timedelta(seconds=1)


def signed(desk: Desk, number: int) -> Act:
    content = desk.content(f"Notice {number}: the office is open on Saturday.")
    act = actions.submit(content, subject=f"variant:{number}", by=desk.staff, at=AT)
    actions.sign_off(act, digest=act.digest, by=desk.officer, at=AT)
    return act


def claims_of(desk: Desk, count: int) -> list[sending.Claim]:
    for number in range(count):
        signed(desk, number)
    return sending.claim(worker="w", at=SOON, lease=timedelta(minutes=2))


def states() -> list[str]:
    return sorted(Act.objects.values_list("state", flat=True))


def test_receipts_are_kept_together(desk: Desk) -> None:
    claims = claims_of(desk, 3)
    results = [(one, Receipt(f"r{n}", f"https://example.org/{n}")) for n, one in enumerate(claims)]
    settling.settle(results, at=SOON)
    kept = {act.pk: (act.state, act.ref, act.permalink) for act in Act.objects.all()}
    assert kept == {one.act.pk: ("sent", f"r{n}", f"https://example.org/{n}") for n, one in enumerate(claims)}
    assert set(Attempt.objects.values_list("outcome", flat=True)) == {"receipt"}
    settling.settle(results, at=SOON)  # told again: nothing changes
    assert {act.pk: (act.state, act.ref, act.permalink) for act in Act.objects.all()} == kept


def test_what_is_not_usual_is_kept_beside_the_receipts(desk: Desk) -> None:
    first, second, third = claims_of(desk, 3)
    settling.settle([(first, Receipt("r1")), (second, TryLater(9, "Too fast.")), (third, Receipt("r3"))], at=SOON)
    assert states() == ["sent", "sent", "signed_off"]


def test_several_are_looked_at_in_one_go_before_they_leave(desk: Desk) -> None:
    held, ended, late, good = claims_of(desk, 4)
    holds.hold(reason="The date is wrong", by=desk.officer, at=AT, act=held.act)
    Attempt.objects.filter(pk=ended.attempt).update(outcome="given_back")
    Attempt.objects.filter(pk=late.attempt).update(lease_until=AT)
    looked = {one.act.pk: back for one, back in sending.begin([held, ended, late, good], at=SOON)}
    says = {key: back.reason if back else "" for key, back in looked.items()}
    assert "hold" in says[held.act.pk]
    assert "no longer this worker's" in says[ended.act.pk]
    assert "ran out of time" in says[late.act.pk]
    assert says[good.act.pk] == ""
    assert list(Attempt.objects.exclude(begun_at=None).values_list("pk", flat=True)) == [good.attempt]


def test_what_had_not_begun_goes_back_without_a_look_and_cannot_leave_twice(desk: Desk) -> None:
    [claimed] = claims_of(desk, 1)
    after = SOON + timedelta(minutes=3)
    assert looking.sweep(at=after) == 1
    act = Act.objects.get()
    assert (act.state, act.try_at) == ("signed_off", None)
    assert Attempt.objects.get().outcome == "given_back"
    # the worker was only slow: it wakes up and may not begin
    [(_, back)] = sending.begin([claimed], at=SOON)
    assert back is not None
    assert desk.wire.sent == []


def test_what_a_living_worker_has_claimed_stays_its_own(desk: Desk) -> None:
    [claimed] = claims_of(desk, 1)
    later = SOON + timedelta(minutes=1)
    beats.beat("w", started=AT, at=later, sent=0)
    assert Attempt.objects.get(pk=claimed.attempt).lease_until >= later + timedelta(minutes=2)


def test_channels_that_have_enough_in_stock_are_passed_over(desk: Desk) -> None:
    signed(desk, 1)
    assert sending.claim(worker="w", at=SOON, passing=[desk.channel.pk]) == []
    assert len(sending.claim(worker="w", at=SOON)) == 1


class TestAWorkerThatGoes:
    def test_one_that_says_nothing_any_more(self, desk: Desk) -> None:
        [claimed] = claims_of(desk, 1)
        sending.begin([claimed], at=SOON)
        Beat.objects.create(worker="w", started_at=AT, at=SOON)
        assert beats.gone(SOON + timedelta(seconds=30)) == ["w"]
        assert looking.sweep(at=SOON + timedelta(seconds=30)) == 1
        assert states() == ["unconfirmed"]

    def test_one_whose_connection_has_ended(self, desk: Desk) -> None:
        claims_of(desk, 1)
        Beat.objects.create(worker="w", started_at=AT, at=SOON)
        assert beats.gone(SOON) == ["w"]  # nobody holds its lock

    def test_one_that_is_on_its_line(self, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
        claims_of(desk, 1)
        Beat.objects.create(worker="w", started_at=AT, at=SOON)
        other = connection.copy()
        try:
            with other.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_lock(%s, hashtext('w'))", [beats.LINE])
            assert beats.gone(SOON) == []
        finally:
            other.close()
        until = time.monotonic() + 10  # the server needs a moment to see that the connection has ended
        while beats.gone(SOON) == [] and time.monotonic() < until:
            time.sleep(0.05)
        assert beats.gone(SOON) == ["w"]

    def test_the_line_is_taken_once_for_each_connection(self, db: None) -> None:
        beats.hold_line("w")
        beats.hold_line("w")
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()")
            assert cursor.fetchone()[0] == 1
            cursor.execute("SELECT pg_advisory_unlock_all()")


class TestLookingTogether:
    def lost(self, desk: Desk, count: int) -> None:
        for claimed in claims_of(desk, count):
            [(begun, back)] = sending.begin([claimed], at=SOON)
            assert back is None
            settling.settle([(begun, Unknown("The line was cut."))], at=SOON)

    def test_a_network_with_a_list_is_asked_once(self, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
        self.lost(desk, 3)
        asked: list[int] = []

        def find_many(wire: object, calls: Sequence[Outgoing]) -> list[Found]:
            asked.append(len(calls))
            return [Receipt(f"found {call.text[:8]}") for call in calls]

        monkeypatch.setattr(type(desk.wire), "find_many", find_many, raising=False)
        assert looking.look(at=SOON + timedelta(seconds=10)) == 3
        assert asked == [3]
        assert states() == ["sent"] * 3

    def test_a_list_that_fails_leaves_them_unconfirmed(self, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
        self.lost(desk, 2)
        monkeypatch.setattr(type(desk.wire), "find_many", lambda wire, calls: 1 / 0, raising=False)
        looking.look(at=SOON + timedelta(seconds=10))
        assert states() == ["unconfirmed"] * 2

    def test_our_side_of_a_lost_answer_has_ended_so_not_there_counts_sooner(self, desk: Desk) -> None:
        self.lost(desk, 1)
        desk.wire.found = [NotThere()]
        looking.look(at=SOON + timedelta(seconds=10))
        assert states() == ["unconfirmed"]
        looking.look(at=SOON + timedelta(seconds=40))  # a quarter of the lease
        assert states() == ["signed_off"]
