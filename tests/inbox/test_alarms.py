"""Danger: raised once, told to who is on duty without a word of the message, pressed until a person takes it."""

from __future__ import annotations

from datetime import datetime, timedelta
from smtplib import SMTPRecipientsRefused

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.utils import timezone

from gatepost.inbox import alarm_letters, alarms
from gatepost.inbox.alarm_letters import AlarmFailed
from gatepost.inbox.assigning import go_on_duty
from gatepost.inbox.models import Alarm
from gatepost.ledger.actions import System
from gatepost.ledger.models import Line
from gatepost.lifecycle import Conflict
from gatepost.people.authority import NotAllowed
from gatepost.people.models import Absence
from gatepost.rulebook.models import KeptDecision
from tests import factories
from tests.inbox.scene import COMPLAINT, Desk

WORKER = System("worker")
DANGER = "I can't go on any more, I want to kill myself tonight"
GAS = "Smell of gas on the stairs of Hall Road, please send somebody"


def test_danger_raises_the_alarm_once_and_nothing_else_does(desk: Desk) -> None:
    desk.message(COMPLAINT)
    desk.message(DANGER, posted_at=timezone.now() - timedelta(days=20))
    assert not Alarm.objects.exists()
    person, place = desk.message(DANGER), desk.message(GAS)
    assert {one.message: one.kind for one in Alarm.objects.all()} == {person: "person", place: "person"}
    Alarm.objects.all().delete()
    KeptDecision.objects.filter(message=place).update(decided=["service_request"])  # urgent, and nobody named
    place.decision.refresh_from_db()
    assert alarms.raise_for([person, place], at=timezone.now()) == 2
    assert {one.message: one.kind for one in Alarm.objects.all()} == {person: "person", place: "place"}
    assert alarms.raise_for([person, place], at=timezone.now()) == 0
    assert [one.message for one in alarms.standing()] == [person, place]
    assert Line.objects.filter(verb="alarm.raised").count() == 4


def test_who_is_on_duty_is_written_to_and_no_word_leaves(desk: Desk) -> None:
    at = timezone.now()
    alarm = Alarm.objects.get(message=desk.message(DANGER))
    assert alarms.on_duty(at) == [desk.officer]
    go_on_duty(desk.staff, starts=at - timedelta(hours=1), until=at + timedelta(hours=8), by=desk.officer, at=at)
    assert alarms.on_duty(at) == [desk.staff]
    assert alarm_letters.tell(alarm, to_all=False, by=WORKER, at=at) == 1
    [letter] = mail.outbox
    assert letter.extra_headers["Auto-Submitted"] == "auto-generated"
    assert letter.to == [desk.staff.email]
    assert "kill" not in letter.body + letter.subject
    assert "Casey" not in letter.body + letter.subject
    assert f"/moderation/{alarm.message_id}/" in letter.body
    assert "116 123" in letter.body


def test_while_the_officer_is_away_the_letter_still_reaches_somebody(desk: Desk) -> None:
    at = timezone.now()
    Absence.objects.create(
        person=desk.officer, starts=at - timedelta(days=1), until=at + timedelta(days=5), made_by=desk.officer, at=at
    )
    assert alarms.on_duty(at) == [desk.officer]  # nobody else: better the one who is away than nobody


def test_an_alarm_nobody_takes_is_told_to_everybody_again_and_again(desk: Desk) -> None:
    alarm = Alarm.objects.get(message=desk.message(DANGER))
    late = alarm.at + timedelta(minutes=16)
    assert alarms.press(by=WORKER, at=alarm.at + timedelta(minutes=14)) == 0
    assert alarms.press(by=WORKER, at=late) == 1
    assert alarms.press(by=WORKER, at=late + timedelta(minutes=1)) == 0
    assert alarms.press(by=WORKER, at=late + timedelta(minutes=31)) == 1
    assert alarm_letters.tell(alarm, to_all=True, by=WORKER, at=late) == 1
    assert mail.outbox[0].subject.startswith("STILL OPEN")
    alarms.take(alarm, by=desk.staff, at=late, did="Ringing")
    assert alarms.press(by=WORKER, at=late + timedelta(hours=2)) == 0
    assert alarm_letters.tell(alarm, to_all=True, by=WORKER, at=late) == 0
    with pytest.raises(Conflict, match=desk.staff.name):
        alarms.take(alarm, by=desk.officer, at=late)


def test_only_who_may_read_messages_takes_it(desk: Desk) -> None:
    alarm = Alarm.objects.get(message=desk.message(DANGER))
    with pytest.raises(NotAllowed):
        alarms.take(alarm, by=factories.person(), at=timezone.now())


def test_a_mail_server_that_is_away_fails_the_job(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    alarm = Alarm.objects.get(message=desk.message(DANGER))

    def gone(self: object) -> None:
        raise OSError("casey@example.org")

    monkeypatch.setattr("django.core.mail.EmailMessage.send", gone)
    with pytest.raises(AlarmFailed) as failed:
        alarm_letters.tell(alarm, to_all=False, by=WORKER, at=timezone.now())
    assert "casey" not in str(failed.value)


def test_one_refused_address_keeps_an_alarm_from_nobody_else(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    at = timezone.now()
    alarm = Alarm.objects.get(message=desk.message(DANGER))
    for person in (desk.officer, desk.staff):
        go_on_duty(person, starts=at - timedelta(hours=1), until=at + timedelta(hours=8), by=desk.officer, at=at)
    reached: list[str] = []
    refusing = True

    def send(letter: EmailMessage) -> None:
        if refusing and letter.to == [desk.officer.email]:
            raise SMTPRecipientsRefused({desk.officer.email: (550, b"no such mailbox")})
        reached.extend(letter.to)

    monkeypatch.setattr("django.core.mail.EmailMessage.send", send)
    later = at + timedelta(minutes=40)
    for to_all, moment in ((False, at), (True, at + timedelta(minutes=20)), (True, later + timedelta(minutes=20))):
        refusing = True
        reached.clear()
        if to_all:
            assert alarms.press(by=WORKER, at=moment) == 1
        for _ in range(2):  # the job begins again: nobody is written to twice
            with pytest.raises(AlarmFailed, match="SMTPRecipientsRefused") as failed:
                alarm_letters.tell(alarm, to_all=to_all, by=WORKER, at=moment)
            assert desk.officer.email not in str(failed.value)
            assert reached == [desk.staff.email]
        alarm.refresh_from_db()
        assert desk.staff.pk in alarm.told
        refusing = False
        assert alarm_letters.tell(alarm, to_all=to_all, by=WORKER, at=moment) == 1
        assert sorted(reached) == sorted([desk.staff.email, desk.officer.email])


def test_alarms_pressed_lately_do_not_stand_before_those_that_were_not(desk: Desk) -> None:
    _, at = many(desk, 51, "person")
    late = at + timedelta(minutes=20)
    assert alarms.press(by=WORKER, at=late) == 50
    assert alarms.press(by=WORKER, at=late + timedelta(minutes=1)) == 1
    assert alarms.press(by=WORKER, at=late + timedelta(minutes=2)) == 0


def many(desk: Desk, count: int, kind: str) -> tuple[list[Alarm], datetime]:
    """Alarms of one kind, a second after each other."""
    messages = [desk.message(COMPLAINT) for _ in range(count)]
    at = timezone.now()
    made = [Alarm(message=one, kind=kind, at=at + timedelta(seconds=n)) for n, one in enumerate(messages)]
    return Alarm.objects.bulk_create(made), at


class TestGathered:
    """Homes and buildings: the first letter at once, the rest of a few minutes in the next."""

    def tell(self, alarm: Alarm, at: datetime, *, to_all: bool = False) -> int:
        return alarm_letters.tell(alarm, to_all=to_all, by=WORKER, at=at)

    def test_the_first_at_once_and_the_others_together(self, desk: Desk) -> None:
        rows, at = many(desk, 5, "place")
        Alarm.objects.filter(pk__in=[one.pk for one in rows[1:]]).update(taken_at=at)  # not there yet
        assert self.tell(rows[0], at) == 1
        Alarm.objects.filter(pk__in=[one.pk for one in rows[1:]]).update(taken_at=None)
        assert [self.tell(one, at + timedelta(minutes=1)) for one in rows[1:]] == [0, 0, 0, 0]
        assert len(mail.outbox) == 1
        assert not alarm_letters.gather(at=at + timedelta(minutes=2))
        assert alarm_letters.gather(at=at + timedelta(minutes=4))
        assert not alarm_letters.gather(at=at + timedelta(minutes=4))  # its job waits already
        assert self.tell(rows[1], at + timedelta(minutes=4)) == 1
        first, second = mail.outbox
        assert first.subject == "There may be a danger in a home or building: a message waits for you"
        assert second.subject == "There may be a danger in a home or building: 4 messages wait for you"
        assert all(f"/moderation/{one.message_id}/" in second.body for one in rows[1:])
        assert f"/moderation/{rows[0].message_id}/" not in second.body
        assert second.body.count("/have/") == 1
        assert all(one.told == [desk.officer.pk] for one in Alarm.objects.all())
        assert Line.objects.filter(verb="alarm.told").count() == 5
        assert not alarm_letters.gather(at=at + timedelta(minutes=20))

    def test_a_person_in_danger_waits_for_nothing(self, desk: Desk) -> None:
        rows, at = many(desk, 2, "place")
        self.tell(rows[0], at)
        people, _ = many(desk, 2, "person")
        assert [self.tell(one, at) for one in people] == [1, 1]
        letters = [letter.subject for letter in mail.outbox[1:]]
        assert letters == ["Somebody may be in danger: a message waits for you"] * 2

    def test_a_process_that_dies_before_its_letter_loses_none(
        self, desk: Desk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        rows, at = many(desk, 1, "place")

        def dies(self: object) -> None:
            raise SystemExit

        with monkeypatch.context() as patch:
            patch.setattr("django.core.mail.EmailMessage.send", dies)
            with pytest.raises(SystemExit):
                self.tell(rows[0], at)
        assert self.tell(rows[0], at + timedelta(seconds=40)) == 0  # the job, taken up again: it may have left
        assert alarm_letters.gather(at=at + timedelta(minutes=4))
        assert self.tell(rows[0], at + timedelta(minutes=4)) == 1
        assert len(mail.outbox) == 1

    def test_a_letter_that_was_refused_is_written_again_at_once(
        self, desk: Desk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        rows, at = many(desk, 1, "place")

        def refuses(self: object) -> None:
            raise OSError

        with monkeypatch.context() as patch:
            patch.setattr("django.core.mail.EmailMessage.send", refuses)
            with pytest.raises(AlarmFailed):
                self.tell(rows[0], at)
        assert self.tell(rows[0], at + timedelta(seconds=15)) == 1

    def test_everybody_is_told_of_all_in_one_letter_and_not_twice(self, desk: Desk) -> None:
        rows, at = many(desk, 60, "place")
        late = at + timedelta(minutes=20)
        assert alarms.press(by=WORKER, at=late) == 60
        assert alarms.press(by=WORKER, at=late + timedelta(minutes=1)) == 0
        Alarm.objects.filter(pk=rows[0].pk).update(taken_at=late)  # somebody took the one that the job is about
        assert [self.tell(rows[0], late, to_all=True) for _ in range(2)] == [1, 0]
        [letter] = mail.outbox
        assert letter.subject.startswith("STILL OPEN")
        assert "59 messages wait" in letter.body
        assert "19 more stand on the desk." in letter.body
        newer, _ = many(desk, 1, "place")
        Alarm.objects.filter(pk=newer[0].pk).update(at=at + timedelta(minutes=6))
        assert alarms.press(by=WORKER, at=late + timedelta(minutes=2)) == 0
        assert alarms.press(by=WORKER, at=late + timedelta(minutes=4)) == 1
