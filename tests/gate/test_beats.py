"""Signs of life: what the front page tells, and who falls silent is told of once."""

from __future__ import annotations

from datetime import timedelta

from django.core import mail

from gatepost.gate import actions, alarms, beats, holds
from gatepost.gate.models import Beat
from gatepost.ledger.models import Line
from gatepost.people.models import User

from .scene import AT, SYSTEM, Desk

MINUTE = timedelta(minutes=1)


def signed(desk: Desk, number: int, **more: object) -> None:
    content = desk.content(f"Notice {number}: the office is open on Saturday.", **more)
    act = actions.submit(content, subject=f"variant:{number}", by=desk.staff, at=AT)
    actions.sign_off(act, digest=act.digest, by=desk.officer, at=AT)


def test_the_pulse(desk: Desk) -> None:
    nothing = beats.pulse(AT)
    assert (nothing.alive, nothing.workers, nothing.queue, nothing.next_due) == (False, 0, 0, None)
    signed(desk, 1)
    signed(desk, 2, not_before=AT + MINUTE)
    beats.beat("a", started=AT, at=AT, sent=3, swept=AT)
    beats.beat("b", started=AT, at=AT - 2 * MINUTE, sent=0)
    now = beats.pulse(AT + MINUTE / 2)
    assert (now.alive, now.workers, now.swept, now.queue, now.waiting) == (True, 1, AT, 1, 2)
    assert now.next_due == AT + MINUTE
    holds.hold(reason="A death", by=desk.officer, at=AT)
    assert beats.pulse(AT).waiting == 0


def test_a_worker_that_falls_silent_is_told_of_once(desk: Desk) -> None:
    User.objects.filter(pk=desk.officer.pk).update(is_admin=True)
    beats.beat("gone", started=AT, at=AT, sent=3)
    beats.beat("here", started=AT, at=AT + 2 * MINUTE, sent=3)
    assert beats.alarm(by=SYSTEM, at=AT + MINUTE / 2) == []
    assert beats.alarm(by=SYSTEM, at=AT + 2 * MINUTE) == ["gone"]
    assert beats.alarm(by=SYSTEM, at=AT + 2 * MINUTE) == []
    assert Line.objects.get(verb="worker.silent").subject == "worker:gone"
    alarms.worker_silent("gone", AT, at=AT + 2 * MINUTE)
    [letter] = mail.outbox
    assert letter.bcc == [desk.officer.email]
    assert "2 minutes ago" in letter.body


def test_one_that_was_told_to_stop_says_goodbye(db: None) -> None:
    beats.beat("a", started=AT, at=AT, sent=0)
    beats.farewell("a")
    assert not Beat.objects.exists()
