"""Workers side by side: an answer waits for no look at its channel; a slow look tells nothing of what came since."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction

from gatepost.gate import actions, looking, sending, settling
from gatepost.gate.content import Part
from gatepost.gate.models import Act
from gatepost.ledger.models import Line
from gatepost.networks.protocol import Receipt, Unknown

from .scene import AT, Desk, make_desk, make_wire, submitted

SECOND = timedelta(seconds=1)
SOON = AT + SECOND


@pytest.mark.django_db(transaction=True)
def test_an_answer_is_kept_while_another_worker_concludes_of_the_channel(monkeypatch: pytest.MonkeyPatch) -> None:
    desk = make_desk(make_wire(monkeypatch))
    for number in range(2):
        act = actions.submit(desk.content(f"Notice {number}"), subject=f"variant:{number}", by=desk.staff, at=AT)
        actions.sign_off(act, digest=act.digest, by=desk.officer, at=AT)
    looked_for, sent = sending.claim(worker="w", at=SOON, lease=timedelta(minutes=2))
    concluding, kept = threading.Event(), threading.Event()

    def conclude() -> None:
        try:
            with transaction.atomic():
                looking._may_be_anothers(looked_for.act, Receipt("r1"))
                concluding.set()
                kept.wait(30)
        finally:
            connection.close()

    other = threading.Thread(target=conclude)
    other.start()
    try:
        assert concluding.wait(30)
        with transaction.atomic():
            connection.cursor().execute("SET LOCAL lock_timeout = '3s'")
            settling.settle([(sent, Receipt("r2"))], at=SOON)
    finally:
        kept.set()
        other.join()
    assert Act.objects.get(pk=sent.act.pk).state == "sent"


@pytest.mark.django_db
def test_a_slow_look_for_a_part_says_nothing_of_the_next_one(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first part is looked for; meanwhile its own worker keeps its answer, and the next part loses sight too."""
    parts = (Part("The lift is mended on Monday."), Part("Call us with questions."))
    act = submitted(desk, parts=parts)
    actions.sign_off(act, digest=act.digest, by=desk.officer, at=AT)
    [first] = sending.claim(worker="w1", at=SOON, lease=SECOND)
    sending.begin([first], at=SOON)
    later = AT + timedelta(minutes=1)
    assert looking.sweep(at=later) == 1

    def meanwhile(acts: list[Act], since: object, last: object) -> list[Receipt]:
        settling.settle([(first, Receipt("r1"))], at=later)
        [second] = sending.claim(worker="w1", at=later, lease=timedelta(hours=1))
        sending.begin([second], at=later)
        settling.settle([(second, Unknown("The line broke."))], at=later)
        return [Receipt("r1")]

    monkeypatch.setattr(looking, "_find", meanwhile)
    looking.look(at=later)
    act.refresh_from_db()
    assert (act.state, act.parts_out) == ("unconfirmed", 1)  # the second part may be out: it is not sent again
    assert sending.claim(worker="w1", at=later + SECOND) == []
    assert Line.objects.filter(subject=f"act:{act.pk}", verb="act.part_sent").count() == 1
