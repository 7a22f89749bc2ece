"""Ways in and addresses: passwords, links of strangers, ids of letters."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from gatepost.inbox import referrals
from tests import factories

pytestmark = pytest.mark.django_db

PASSWORD = "harbour lantern seven"


def test_the_first_day_is_no_way_round_the_present_password() -> None:
    person = factories.person(password=PASSWORD)
    client = Client()
    client.force_login(person)
    given = {"name": person.name, "email": person.email, "password": "another lantern nine"}
    answer = client.post("/sign-in/welcome/", given)
    assert answer.status_code == 422
    person.refresh_from_db()
    assert person.check_password(PASSWORD)


@pytest.mark.parametrize("address", ["javascript:alert(document.domain)", " javascript:x", "data:text/html,x", "//e.x"])
def test_what_a_network_calls_a_link_is_one_or_none(address: str) -> None:
    channel = factories.channel(practice=False, base_url="https://example.org")
    assert factories.message("Hello", channel=channel, permalink=address).permalink == ""
    assert factories.message("Hello", channel=channel, permalink="https://example.org/1").permalink


def test_a_letter_has_a_proper_id_whatever_its_sender_is_called(settings: Settings) -> None:
    settings.DEFAULT_FROM_EMAIL = "The desk <desk@example.org>"
    officer = factories.officer()
    message = factories.message("The lift is broken", channel=factories.channel(by=officer))
    department = next(iter(factories.pack().departments))
    made = referrals.refer(message, department, by=officer, at=timezone.now(), note="x\r\nBcc: everybody@example.org")
    referrals.send(made, by=factories.SETUP, at=timezone.now())
    made.refresh_from_db()
    assert made.email_id == f"<referral.{made.pk}.{message.pk}@example.org>"
    headers = referrals.letter(made, "https://desk.example.org/answer/x/").message()
    assert headers["Bcc"] is None
    assert headers["To"] == made.email


def test_a_picture_is_found_by_a_digest_and_nothing_else() -> None:
    client = Client()
    client.force_login(factories.officer())
    for name in ("..%2f..%2fsecret.key", "a" * 63, "A" * 64, "a" * 64 + "%0a", "a" * 64):
        assert client.get(f"/write/picture/{name}/whole/").status_code == 404


def test_taking_down_reads_the_act_as_it_is_now() -> None:
    officer = factories.officer()
    channel = factories.channel(by=officer)
    from gatepost.gate import correcting
    from gatepost.gate.actions import GateError
    from gatepost.gate.models import Act

    act = Act.objects.create(
        kind="publish",
        channel=channel,
        author=officer,
        subject="variant:1",
        content={},
        digest="0" * 64,
        state="sent",
        ref="1_2",
        created_at=timezone.now(),
    )
    Act.objects.filter(pk=act.pk).update(ref="")  # behind the back of whoever holds the row
    with pytest.raises(GateError, match="Only what has been sent"):
        correcting.take_down(act, reason="Wrong date", by=officer, at=timezone.now())
