"""Departments reply to a referral's e-mail: sent over SMTP, read over IMAP from a real mail server, kept once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from email.message import EmailMessage

import pytest
from django.conf import LazySettings
from django.core import mail
from django.utils import timezone

from gatepost.channels import actions as channels
from gatepost.channels.models import Channel
from gatepost.inbox.intake import read_channel, take_in
from gatepost.inbox.models import Message, Note, Referral, ReferralNote
from gatepost.inbox.referral_replies import BOUNCED
from gatepost.inbox.referrals import ANSWER_LIMIT, refer, send
from gatepost.inbox.reply_address import referral_of, reply_address
from gatepost.ledger.actions import System
from gatepost.networks.protocol import Attached, Incoming
from tests.networks.imap_server import PASSWORD, USER, ImapServer, started

from .scene import DETAILS, Desk

WORKER = System("worker")


@pytest.fixture
def imap_server(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[ImapServer]:
    with started(tmp_path_factory.mktemp("imap")) as server:
        monkeypatch.setenv("SSL_CERT_FILE", str(server.authority))
        yield server


@pytest.fixture
def referral(desk: Desk, settings: LazySettings) -> Referral:
    settings.REPLY_ADDRESS = USER
    made = refer(desk.message(DETAILS), "repairs", by=desk.staff, at=timezone.now())
    send(made, by=WORKER, at=timezone.now())
    return made


def reply(referral: Referral, text: str, *, ref: str = "<r1@example.org>", **fields: object) -> Incoming:
    raw = {"subject": "Re: Answer by", "automatic": False, **fields}
    return Incoming(
        ref=ref,
        kind="message",
        text=f"Re: Answer by\n\n{text}",
        author_ref="repairs@example.org",
        author_name="Kit of Repairs",
        posted_at=timezone.now(),
        private=True,
        raw=raw,
        addressed_to=("hello@example.org", reply_address(referral).upper().lower()),
    )


def test_the_address_is_signed(referral: Referral, settings: LazySettings) -> None:
    address = reply_address(referral)
    assert mail.outbox[-1].reply_to == [address]
    assert "reply to this e-mail" in mail.outbox[-1].body
    assert len(address.split("@")[0]) <= 64
    assert referral_of(["x@example.org", address.upper()]) == referral.pk
    assert referral_of([address.replace("+r", "+r9")]) is None
    assert referral_of([address[:-20] + "0" * 8 + "@example.org"]) is None
    assert referral_of([address.replace("example.org", "elsewhere.example")]) is None
    settings.REPLY_ADDRESS = ""
    assert reply_address(referral) == ""
    assert referral_of([address]) is None


@pytest.mark.parametrize(
    ("text", "state", "words"),
    [
        ("Kit comes on Friday.\n\nOn Mon, 23 Nov 2026, desk wrote:\n> my heating", "answered", "Kit comes on Friday."),
        ("QUESTION: which block?", "asked", "which block?"),
        ("Hand back - it is Housing's", "handed_back", "it is Housing's"),
    ],
)
def test_a_reply_is_an_answer_a_question_or_a_hand_back(
    desk: Desk, referral: Referral, text: str, state: str, words: str
) -> None:
    take_in(desk.channel, [reply(referral, text)], cursor="1", at=timezone.now())
    referral.refresh_from_db()
    assert referral.state == state
    note = ReferralNote.objects.get()
    assert (note.text, note.via, note.author) == (words, "email", "Kit of Repairs")
    assert Note.objects.get().source == "Repairs"
    assert Message.objects.count() == 1  # it is no message of the public
    take_in(desk.channel, [reply(referral, text)], cursor="2", at=timezone.now())
    assert ReferralNote.objects.count() == 1


def test_what_hangs_on_a_reply_is_named(desk: Desk, referral: Referral) -> None:
    hung = (Attached("report\n.pdf", "application/pdf", data=b"%PDF-"), Attached("", "image/png", size=9))
    long = replace(reply(referral, "See the report. " + "x " * ANSWER_LIMIT), attachments=hung)
    take_in(desk.channel, [long], cursor="1", at=timezone.now())
    text = ReferralNote.objects.get().text
    assert text.startswith("See the report.")
    assert text.endswith("[2 files hung on this reply: report .pdf, without a name. See the mailbox.]")
    assert len(text) <= ANSWER_LIMIT


def test_a_second_letter_is_kept_and_an_automatic_one_is_said(desk: Desk, referral: Referral) -> None:
    at = timezone.now()
    take_in(desk.channel, [reply(referral, "Friday.")], cursor="1", at=at)
    take_in(desk.channel, [reply(referral, "No, Monday!", ref="<r2@example.org>")], cursor="2", at=at)
    assert [note.text for note in ReferralNote.objects.order_by("pk")] == ["Friday.", "No, Monday!"]
    take_in(desk.channel, [reply(referral, "Out of office", ref="<r3@x>", automatic=True)], cursor="3", at=at)
    referral.refresh_from_db()
    assert referral.says == BOUNCED
    assert ReferralNote.objects.count() == 2


def test_a_letter_without_a_good_signature_is_a_message_like_others(desk: Desk, referral: Referral) -> None:
    forged = replace(reply(referral, "I am Repairs"), addressed_to=(reply_address(referral).replace("-", "-0", 1),))
    take_in(desk.channel, [forged], cursor="1", at=timezone.now())
    assert Message.objects.count() == 2
    assert ReferralNote.objects.count() == 0


def test_over_a_real_mail_server(
    desk: Desk, referral: Referral, imap_server: ImapServer, settings: LazySettings
) -> None:
    account = imap_server.account()
    channel = channels.connect(
        network="mailbox",
        name="Mailbox",
        external_id=account.external_id,
        credentials={"username": USER, "password": PASSWORD},
        by=desk.officer,
        at=timezone.now(),
        handle="",
        base_url=account.base_url,
        allow_private=True,
    )
    channels.sign_off(channel, by=desk.officer, at=timezone.now())
    letter = EmailMessage()
    letter["From"] = "Kit of Repairs <repairs@example.org>"
    letter["To"] = reply_address(referral)
    letter["Subject"] = "Re: Answer by 17:00"
    letter["Message-ID"] = "<answer.1@example.org>"
    letter["In-Reply-To"] = referral.email_id
    letter.set_content("The heating was mended this morning.\n\nOn Monday the desk wrote:\n> my heating is broken\n")
    imap_server.deliver(letter.as_bytes())
    found = Channel.objects.get(pk=channel.pk)
    assert read_channel(found, at=timezone.now()) == 0
    assert Channel.objects.get(pk=channel.pk).ill_says == ""
    referral.refresh_from_db()
    assert (referral.state, referral.answer) == ("answered", "The heating was mended this morning.")
