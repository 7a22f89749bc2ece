"""A channel that is not heard is told to its people: by whom it is answered for, once, and for as long as it stands."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.core import mail
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from gatepost.channels.models import Channel
from gatepost.inbox import coverage, silence
from gatepost.inbox.assigning import go_on_duty
from gatepost.inbox.intake_models import Quiet
from gatepost.inbox.unread_models import Unread
from gatepost.ledger.actions import System
from gatepost.ledger.models import Line
from gatepost.people.models import User
from tests import factories

from .scene import Desk

AT = timezone.now() + timedelta(days=1)  # everybody has their roles by then
BY = System("coverage")
MINUTE = timedelta(minutes=1)


@pytest.fixture
def ill(desk: Desk) -> Channel:
    """A real channel that was read at AT and has been refused ever since."""
    Channel.objects.update(practice=False, last_read_at=AT, ill_since=AT + MINUTE, ill_says="The key was revoked.")
    desk.channel.refresh_from_db()
    return desk.channel


def look(at: datetime) -> int:
    return silence.look(by=BY, at=at)


def jobs() -> int:
    return ProcrastinateJob.objects.filter(task_name="tell_silence").count()


def test_what_cannot_be_read_for_half_an_hour_is_told_once(ill: Channel, desk: Desk) -> None:
    admin = factories.person(is_admin=True)
    assert look(AT + 29 * MINUTE) == 0
    assert look(AT + 31 * MINUTE) == 1
    assert look(AT + 36 * MINUTE) == 1
    assert jobs() == 1, "one letter is asked for, however often it is looked"
    assert silence.tell(ill, by=BY, at=AT + 36 * MINUTE) == 1
    (letter,) = mail.outbox
    assert {desk.officer.email, admin.email} <= set(letter.bcc)
    assert desk.staff.email not in letter.bcc
    assert letter.to == []
    assert "The key was revoked." in letter.body
    assert f"/intake/channel/{ill.pk}/" in letter.body
    assert silence.tell(ill, by=BY, at=AT + 40 * MINUTE) == 0
    told = Line.objects.get(verb="channel.told")
    assert admin.pk in told.detail["people"]
    ProcrastinateJob.objects.all().delete()
    assert look(AT + 60 * MINUTE) == 1
    assert jobs() == 0
    assert coverage.coverage_of(ill, at=AT + 60 * MINUTE).unread == Unread.objects.get()


@pytest.mark.parametrize("change", [{"ill_since": None, "ill_says": ""}, {"state": "paused"}])
def test_it_ends_when_it_is_read_again_or_no_longer_to_be_read(ill: Channel, change: dict[str, object]) -> None:
    look(AT + 31 * MINUTE)
    Channel.objects.update(**change)
    assert look(AT + 40 * MINUTE) == 0
    assert Unread.objects.get().ended_at == AT + 40 * MINUTE
    assert Line.objects.filter(verb="channel.read_on").count() == 1
    assert silence.tell(ill, by=BY, at=AT + 41 * MINUTE) == 0
    assert mail.outbox == []


def test_a_desk_that_was_stopped_tries_first(ill: Channel) -> None:
    """It was last read yesterday because the desk was off; one refusal after its start is no silence yet."""
    Channel.objects.update(ill_since=AT + 24 * 60 * MINUTE)
    assert look(AT + 24 * 60 * MINUTE + MINUTE) == 0
    assert look(AT + 24 * 60 * MINUTE + 11 * MINUTE) == 1
    assert Unread.objects.get().since == AT


def test_practice_channels_alarm_nobody(ill: Channel) -> None:
    Channel.objects.update(practice=True)
    assert look(AT + 60 * MINUTE) == 0


def test_a_channel_quieter_than_usual_is_told_to_whoever_is_on_duty_for_it(desk: Desk) -> None:
    elsewhere = factories.channel(by=desk.officer, name="Another page")
    other, here = factories.staff(elsewhere, by=desk.officer), desk.staff
    until = AT + timedelta(days=1)
    go_on_duty(here, starts=AT - MINUTE, until=until, channels=[desk.channel.pk], by=here, at=AT)
    go_on_duty(other, starts=AT - MINUTE, until=until, channels=[elsewhere.pk], by=desk.officer, at=AT)
    admin = User.objects.get(pk=factories.person(is_admin=True).pk)
    Channel.objects.filter(pk=desk.channel.pk).update(practice=False)
    Quiet.objects.create(channel=desk.channel, since=AT - 60 * MINUTE, noticed_at=AT, usual=[9, 8, 11, 7])
    assert look(AT) == 1
    assert jobs() == 1
    silence.tell(desk.channel, by=BY, at=AT)
    (letter,) = mail.outbox
    assert {desk.officer.email, here.email} <= set(letter.bcc)
    assert not {other.email, admin.email} & set(letter.bcc)
    assert "9, 8, 11, 7" in letter.body
    assert Quiet.objects.get().told_at == AT
