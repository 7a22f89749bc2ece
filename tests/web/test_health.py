"""What a monitor outside is told: figures, and 503 when nobody sends."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from gatepost.gate.beats import beat
from gatepost.gate.models import Beat
from tests import factories

pytestmark = pytest.mark.django_db


def test_a_silent_worker_is_a_fault_once_a_channel_is_live(client: Client) -> None:
    assert client.get("/healthz/sending").status_code == 200
    factories.channel(by=factories.officer())
    assert client.get("/healthz/sending").status_code == 503
    beat("w", started=timezone.now(), at=timezone.now(), sent=0, swept=timezone.now())
    answer = client.get("/healthz/sending")
    assert answer.status_code == 200
    assert answer.json()["workers"] == 1
    assert set(answer.json()) == {
        "sending",
        "workers",
        "last_sign_of_life",
        "last_sweep",
        "due_and_not_left",
        "next_due",
    }
    Beat.objects.update(at=timezone.now() - timedelta(minutes=5))
    assert client.get("/healthz/sending").status_code == 503
