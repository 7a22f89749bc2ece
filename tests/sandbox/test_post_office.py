"""Real e-mails over real SMTP, kept and readable."""

from __future__ import annotations

import smtplib
from email.message import EmailMessage

import pytest

from .conftest import Visitor


def test_an_email_is_kept_whole(here: Visitor) -> None:
    letter = EmailMessage()
    letter["Subject"] = "Referral: damp in Kestrel House – answer by Friday"
    letter["From"], letter["To"] = "desk@example.org", "complaints@example.org"
    letter["Message-ID"] = "<one@example.org>"
    letter.set_content("Żółw says: please answer.\n.\nA line of one dot survives.")
    letter.add_alternative("<p>HTML</p>", subtype="html")
    with smtplib.SMTP("127.0.0.1", here.town.smtp) as post:
        post.send_message(letter, to_addrs=["complaints@example.org", "copy@example.org"])
    kept = here.town_api("GET", "mail")["mail"][0]
    assert kept["subject"] == letter["Subject"]
    assert kept["sender"] == "desk@example.org"
    assert kept["recipients"] == ["complaints@example.org", "copy@example.org"]
    assert kept["text"].replace("\r\n", "\n") == "Żółw says: please answer.\n.\nA line of one dot survives.\n"
    assert ["Message-ID", "<one@example.org>"] in kept["headers"]
    assert "answer by Friday" in here.client.get("/mail").text


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"no header at all",
        b"Subject: =?bad?=\r\n\r\nx",
        b"Subject: \xff\xfe\r\n\r\n\xff",
        b"Content-Type: text/plain; charset=klingon\r\n\r\nnuqneH",
        b"Content-Type: multipart/mixed; boundary=a\r\n\r\nno parts",
    ],
)
def test_odd_letters_are_kept_too(here: Visitor, raw: bytes) -> None:
    before = len(here.town_api("GET", "mail")["mail"])
    with smtplib.SMTP("127.0.0.1", here.town.smtp) as post:
        post.sendmail("a@example.org", ["b@example.org"], raw)
    assert len(here.town_api("GET", "mail")["mail"]) == before + 1
    assert here.client.get("/mail").status_code == 200


def test_a_letter_has_its_limits(here: Visitor) -> None:
    with (
        smtplib.SMTP("127.0.0.1", here.town.smtp) as post,
        pytest.raises(smtplib.SMTPResponseException) as found,
    ):
        post.sendmail("a@example.org", ["b@example.org"], b"Subject: big\r\n\r\n" + b"x" * (11 * 1024 * 1024))
    assert found.value.smtp_code == 552
    with (
        smtplib.SMTP("127.0.0.1", here.town.smtp) as post,
        pytest.raises(smtplib.SMTPResponseException) as found,
    ):
        post.sendmail("a@example.org", [f"b{n}@example.org" for n in range(101)], b"Subject: many\r\n\r\nx")
    assert found.value.smtp_code == 452
