"""Referrals: to whom, by when, and as real e-mail over SMTP that fails, is tried again and is the same letter."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from urllib.parse import urlsplit

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.core.mail.backends.smtp import EmailBackend
from django.test import Client
from django.utils import timezone

from gatepost.calls.told import referral_out
from gatepost.channels.models import Channel
from gatepost.gate.models import Act
from gatepost.inbox.actions import reply
from gatepost.inbox.models import Message, Referral
from gatepost.inbox.referral_letters import letter, made_link
from gatepost.inbox.referrals import Addressed, EmailFailed, ReferralError, address_of, answer, refer, send
from gatepost.ledger.actions import System
from gatepost.ledger.models import Line
from gatepost.people.actions import give_role
from gatepost.people.authority import NotAllowed
from gatepost.people.models import Absence, Deputy, Role
from gatepost.policy.clocks import due
from gatepost.rulebook.actions import in_force
from tests import factories

from .scene import ABUSE, DETAILS, Desk

WORKER = System("worker")


class PostOffice:
    """A real SMTP server; `refuse` makes it turn letters away."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.refuse = ""

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802  # aiosmtpd's name
        await asyncio.sleep(0)
        if self.refuse:
            return self.refuse
        found = message_from_bytes(bytes(envelope.content or b""), policy=policy.default)
        self.letters.append(found)
        return "250 2.0.0 Kept"


@pytest.fixture
def post(settings: object, monkeypatch: pytest.MonkeyPatch) -> Iterator[PostOffice]:
    office = PostOffice()
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port = trial.getsockname()[1]
    controller = Controller(office, hostname="127.0.0.1", port=port)
    controller.start()
    # pytest-django puts Django's e-mail into a list; here it goes over the wire.
    monkeypatch.setattr(
        "django.core.mail.message.EmailMessage.get_connection",
        lambda self, fail_silently=False: EmailBackend(host="127.0.0.1", port=port, timeout=5),
    )
    yield office
    controller.stop()


def body(letter: EmailMessage) -> str:
    part = letter.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def test_the_letter_says_what_by_when_and_why_without_details(desk: Desk, post: PostOffice) -> None:
    message = desk.message(DETAILS)
    made = refer(message, "repairs", by=desk.staff, at=message.received_at, note="Second time this month")
    send(made, by=WORKER, at=message.received_at)
    made.refresh_from_db()
    assert (made.state, made.says) == ("sent", "")
    (letter,) = post.letters
    words = body(letter)
    assert letter["To"] == "repairs@example.org"
    assert letter["Message-ID"] == made.email_id
    assert "my heating is broken" in words
    assert "960123" not in words
    assert "casey@" not in words
    assert "usage.5" in words
    assert "Second time this month" in words
    assert f"/inbox/{message.pk}/" in words
    assert "Answer by" in letter["Subject"]
    assert str(message.contact) not in words


def test_a_letter_that_fails_says_so_and_is_the_same_letter_when_it_goes(desk: Desk, post: PostOffice) -> None:
    message = desk.message(DETAILS)
    made = refer(message, "repairs", by=desk.staff, at=message.received_at)
    post.refuse = "451 4.3.0 The disk is full"
    with pytest.raises(EmailFailed) as failed:
        send(made, by=WORKER, at=message.received_at)
    assert "repairs@example.org" not in str(failed.value)
    assert failed.value.__cause__ is None
    made.refresh_from_db()
    first = made.email_id
    assert made.state == "failed"
    assert "tried again" in made.says
    with pytest.raises(EmailFailed):
        send(made, by=WORKER, at=message.received_at)
    post.refuse = ""
    send(made, by=WORKER, at=message.received_at)
    send(made, by=WORKER, at=message.received_at)  # a job that comes again
    made.refresh_from_db()
    assert (made.state, made.email_id, made.says) == ("sent", first, "")
    assert [letter["Message-ID"] for letter in post.letters] == [first]
    verbs = Line.objects.filter(subject=f"referral:{made.pk}").order_by("id").values_list("verb", flat=True)
    assert list(verbs) == ["referral.failed", "referral.failed", "referral.sent"]


def test_a_server_that_is_not_there(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "django.core.mail.message.EmailMessage.get_connection",
        lambda self, fail_silently=False: EmailBackend(host="127.0.0.1", port=9, timeout=2),
    )
    made = refer(desk.message(), "repairs", by=desk.staff, at=factories.timezone.now())
    with pytest.raises(EmailFailed, match="refused"):
        send(made, by=WORKER, at=made.at)
    made.refresh_from_db()
    assert made.state == "failed"


def test_strange_words_and_names_still_make_a_letter(desk: Desk, post: PostOffice) -> None:
    Channel.objects.filter(pk=desk.channel.pk).update(name="Straße\r\nBcc: all@example.org \u202e👩‍👩‍👧")
    message = desk.message("Zażółć \u202egęślą\x0b jaźń 😀\r\n.\r\nQUIT\r\n" + "x" * 3000)
    message = Message.objects.get(pk=message.pk)
    made = refer(message, "repairs", by=desk.staff, at=message.received_at)
    send(made, by=WORKER, at=message.received_at)
    (letter,) = post.letters
    assert letter["Bcc"] is None
    assert "Zażółć" in body(letter)
    assert "QUIT" in body(letter)
    assert "x" * 3000 in body(letter)


def test_a_clock_that_starts_with_the_referral_counts_from_it(desk: Desk) -> None:
    message = desk.message()
    later = message.received_at + timedelta(days=9)
    pack = in_force(later)
    made = refer(message, "repairs", by=desk.staff, at=later)
    assert made.answer_by == due(pack.clocks["referral"], later, pack.hours)
    assert made.answer_by > later
    by_law = refer(message, "data_protection", by=desk.staff, at=later)
    assert by_law.answer_by == due(pack.clocks["sar"], message.received_at, pack.hours)


def test_abuse_goes_to_the_holder_of_its_role(desk: Desk) -> None:
    message = desk.message(ABUSE)
    assert "staff_abuse" in message.decision.refer
    to_policy = refer(message, "staff_abuse", by=desk.staff, at=message.received_at)
    assert to_policy.email == Role.objects.get(pk="staff_abuse").email
    holder = factories.person("Priya Sample")
    factories.give_role(holder, Role.objects.get(pk="staff_abuse"), by=factories.SETUP, at=factories.timezone.now())
    other = desk.message(ABUSE)
    assert refer(other, "staff_abuse", by=desk.staff, at=factories.timezone.now()).email == holder.email


def test_once_to_a_department_and_only_where_there_is_an_address(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    message = desk.message()
    at = message.received_at
    made = refer(message, "repairs", by=desk.staff, at=at)
    assert refer(message, "repairs", by=desk.officer, at=at) == made
    message.refresh_from_db()
    assert message.state == "referred"
    with pytest.raises(ReferralError, match="no department"):
        refer(message, "moon", by=desk.staff, at=at)
    with pytest.raises(NotAllowed):
        refer(message, "housing", by=factories.person(), at=at)
    monkeypatch.setattr("gatepost.inbox.referrals.address_of", lambda department, at: Addressed("Housing", ""))
    with pytest.raises(ReferralError, match="no e-mail address"):
        refer(message, "housing", by=desk.staff, at=at)
    assert Referral.objects.count() == 1


def test_what_the_department_said_is_kept(desk: Desk) -> None:
    made = refer(desk.message(), "repairs", by=desk.staff, at=factories.timezone.now())
    with pytest.raises(ReferralError, match="Write what"):
        answer(made, "  ", by=desk.staff, at=made.at)
    answer(made, "A plumber comes on Friday.", by=desk.staff, at=made.at)
    made.refresh_from_db()
    assert (made.state, made.answer) == ("answered", "A plumber comes on Friday.")


def test_a_reply_that_refers_and_fails_later_keeps_its_referral(desk: Desk, post: PostOffice) -> None:
    message = desk.message()
    reply(message, by=desk.staff, at=message.received_at, wording="complaint_referred")
    made = Referral.objects.get()
    send(made, by=WORKER, at=message.received_at)
    assert post.letters[0]["To"] == "complaints@example.org"
    assert Act.objects.get().state == "signed_off"


def test_while_the_holder_is_away_a_referral_goes_to_the_deputy(desk: Desk) -> None:
    """Away on the desk, or away by the policy; where everybody is away the letter waits for the holder."""
    at = timezone.now()
    department = in_force(at).department("staff_abuse")
    give_role(desk.staff, Role.objects.get(pk="staff_abuse"), by=factories.SETUP, at=at)
    assert address_of(department, at)[1] == desk.staff.email
    until = at + timedelta(days=9)
    Absence.objects.create(person=desk.staff, starts=at, until=until, made_by=desk.officer, at=at)
    assert address_of(department, at)[1] == desk.staff.email  # nobody stands in
    Deputy.objects.create(person=desk.staff, deputy=desk.officer, starts=at, until=until, made_by=desk.officer, at=at)
    assert address_of(department, at) == Addressed(desk.officer.name, desk.officer.email, desk.staff.name)
    assert address_of(department, until)[1] == desk.staff.email
    message = desk.message(ABUSE)
    made = refer(message, "staff_abuse", by=desk.officer, at=at)
    assert (made.name, made.stands_in_for) == (desk.officer.name, desk.staff.name)
    assert referral_out(made).stands_in_for == desk.staff.name
    words = f"{desk.officer.name}, who stands in for {desk.staff.name}"
    link = made_link(made, at=at)
    assert words in letter(made, link).body
    assert words in Client().get(urlsplit(link).path).content.decode()
    client = Client()
    client.force_login(desk.officer)
    shown = client.get(f"/inbox/{message.pk}/").content.decode()
    assert f"<strong>{desk.officer.name}</strong>, who stands in for {desk.staff.name}" in shown
    other = client.get(f"/inbox/{desk.message(ABUSE).pk}/").content.decode()
    assert f"{department.name}: {words}" in other, "it is said before it is referred"
    assert f"stands in for {desk.staff.name}, who was away" in client.get(f"/referrals/{made.pk}/").content.decode()


def test_a_departments_deputy_is_known_as_such(desk: Desk) -> None:
    at = timezone.now()
    day = at.date()
    away = ((day - timedelta(days=1), day + timedelta(days=1)),)
    repairs = replace(in_force(at).department("repairs"), deputy="Kit Lowe", deputy_email="kit@example.org", away=away)
    assert address_of(repairs, at) == Addressed("Kit Lowe", "kit@example.org", repairs.name)
    assert address_of(replace(repairs, away=()), at) == Addressed(repairs.name, repairs.email)
