"""Workers side by side: keeping an answer never waits for a look at the same channel."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction

from gatepost.gate import actions, looking, sending, settling
from gatepost.gate.models import Act
from gatepost.networks.protocol import Receipt

from .scene import AT, make_desk, make_wire

SOON = AT + timedelta(seconds=1)


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
