"""A shared mailbox on a real mail server: read once, in order, without marking anything as read."""

from __future__ import annotations

import imaplib
import json
import shutil
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import pytest

from gatepost.networks import mailbox
from gatepost.networks.client import BadAccount
from gatepost.networks.letters import UNREADABLE
from gatepost.networks.mailbox import Mailbox
from gatepost.networks.protocol import Account, Outgoing, Page, ReadFailed, Refused, Unknown
from tests.networks.imap_server import PASSWORD, USER, ImapServer
from tests.networks.wires import MAILBOX


def _ids(page: Page) -> list[str]:
    """The message ids of a page's letters."""
    return [one.raw["message_id"] for one in page.messages]


def test_letters_are_read_once_in_order_and_stay_unread(imap_server: ImapServer) -> None:
    box = Mailbox(imap_server.account())
    empty = box.read_since("")
    assert (empty.messages, empty.more) == ((), False)
    first = imap_server.write("When will the lift be mended?", subject="The lift at Elm Court")
    second = imap_server.write("Thank you!", subject="Well done")
    page = box.read_since(empty.cursor)
    assert _ids(page) == [first, second]
    letter = page.messages[0]
    assert letter.text == "The lift at Elm Court\n\nWhen will the lift be mended?"
    assert (letter.kind, letter.private, letter.author_ref) == ("message", True, "casey@example.org")
    assert (letter.author_name, letter.addressed_to) == ("Casey Sample", (USER,))
    assert box.read_since(page.cursor).messages == ()
    third = imap_server.write("One more")
    assert _ids(box.read_since(page.cursor)) == [third]
    with imaplib.IMAP4("localhost", imap_server.port) as link:
        link.authenticate("PLAIN", lambda _: f"\0{USER}\0{PASSWORD}".encode())
        link.select("INBOX", readonly=True)
        assert len(link.search(None, "UNSEEN")[1][0].split()) == 3


def test_two_letters_under_one_id_are_two_messages_of_one_thread(imap_server: ImapServer) -> None:
    given = {"Message_ID": "<same@example.org>"}
    imap_server.write("My heating is broken", **given)
    imap_server.write("All is well, forget it", From="mallory@example.org", **given)
    box = Mailbox(imap_server.account())
    first, second = box.read_since("").messages
    assert first.ref != second.ref
    assert first.ref.startswith("same@example.org~")
    assert first.thread_ref == second.thread_ref == "same@example.org"
    assert [one.ref for one in box.read_since("").messages] == [first.ref, second.ref]  # the same when read again


def test_a_web_form_from_the_own_address_is_by_whoever_it_answers_to(imap_server: ImapServer) -> None:
    imap_server.write("From the form", From=f"Our website <{USER}>", Reply_To="Casey <casey@example.org>")
    imap_server.write("From a colleague", From=USER)
    imap_server.write("Of the desk", From=USER, Reply_To=USER.replace("@", "+r1-0@"))
    read = Mailbox(imap_server.account()).read_since("").messages
    assert [one.author_ref for one in read] == ["casey@example.org", USER, USER]
    assert read[0].author_name == read[0].author_handle == "casey@example.org"


def test_the_first_reading_goes_back_thirty_days(imap_server: ImapServer) -> None:
    imap_server.write("Long ago", at=datetime.now(UTC) - timedelta(days=60))
    recent = imap_server.write("Last week", at=datetime.now(UTC) - timedelta(days=7))
    assert _ids(Mailbox(imap_server.account()).read_since("")) == [recent]


def test_a_mailbox_with_old_letters_alone_is_read_from_now_on(imap_server: ImapServer) -> None:
    imap_server.write("Long ago", at=datetime.now(UTC) - timedelta(days=60))
    box = Mailbox(imap_server.account())
    begun = box.read_since("")
    assert begun.messages == ()
    new = imap_server.write("New")
    assert _ids(box.read_since(begun.cursor)) == [new]


def test_many_letters_come_in_pages_and_none_is_left_out(
    imap_server: ImapServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mailbox, "LETTERS", 4)
    sent = [imap_server.write(f"Letter {number}") for number in range(10)]
    box, cursor, read, pages = Mailbox(imap_server.account()), "", [], 0
    while True:
        page = box.read_since(cursor)
        read += _ids(page)
        cursor, pages = page.cursor, pages + 1
        if not page.more:
            break
    assert (read, pages) == (sent, 3)


def test_a_page_ends_before_it_grows_too_large(imap_server: ImapServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mailbox, "PAGE_BYTES", 3000)
    for _ in range(3):
        imap_server.write("x" * 70 + "\n" + "y " * 700)
    page = Mailbox(imap_server.account()).read_since("")
    assert 0 < len(page.messages) < 3
    assert page.more


def test_of_a_very_large_letter_the_beginning_is_read(imap_server: ImapServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mailbox, "LETTER_BYTES", 5000)
    monkeypatch.setattr(mailbox, "LETTER_CUT", 2000)
    imap_server.write("The beginning.\n" + "more words\n" * 2000, subject="Long")
    after = imap_server.write("Short")
    read = Mailbox(imap_server.account()).read_since("").messages
    assert read[0].text.startswith("Long\n\nThe beginning.")
    assert "larger than the desk reads" in read[0].text
    assert read[1].raw["message_id"] == after


def test_a_mailbox_numbered_anew_is_read_as_for_the_first_time(imap_server: ImapServer) -> None:
    imap_server.write("Long ago", at=datetime.now(UTC) - timedelta(days=60))
    known = imap_server.write("One")
    box = Mailbox(imap_server.account())
    cursor = box.read_since("").cursor
    for index in imap_server.folder.joinpath("mail").glob("dovecot*"):
        shutil.rmtree(index) if index.is_dir() else index.unlink()
    moved = {**json.loads(cursor), "validity": json.loads(cursor)["validity"] - 1}
    assert _ids(box.read_since(json.dumps(moved))) == [known]


def test_a_letter_that_cannot_be_read_does_not_stop_those_behind_it(imap_server: ImapServer) -> None:
    imap_server.deliver(b"Content-Type: message/rfc822\r\n\r\n" * 1500)
    behind = imap_server.write("After it")
    box = Mailbox(imap_server.account())
    page = box.read_since("")
    assert [one.text for one in page.messages] == [UNREADABLE, "A question\n\nAfter it"]
    assert page.messages[1].ref.startswith(behind)
    assert box.read_since(page.cursor).messages == ()


def test_attachments_come_along(imap_server: ImapServer) -> None:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "casey@example.org", USER, "The damp"
    mail.set_content("See the picture.")
    mail.add_attachment(b"\x89PNG practice", maintype="image", subtype="png", filename="dämp.png")
    imap_server.deliver(mail.as_bytes())
    (read,) = Mailbox(imap_server.account()).read_since("").messages
    (attached,) = read.attachments
    assert (attached.name, attached.mime, attached.data) == ("dämp.png", "image/png", b"\x89PNG practice")


def test_tls_needs_a_certificate_of_that_name(imap_server: ImapServer, monkeypatch: pytest.MonkeyPatch) -> None:
    box = Mailbox(imap_server.account(tls=True))
    sent = imap_server.write("Over TLS")
    assert _ids(box.read_since("")) == [sent]
    assert box.check().ok
    monkeypatch.delenv("SSL_CERT_FILE")
    for one in (box, Mailbox(imap_server.account())):  # from the start, and after STARTTLS
        with pytest.raises(ReadFailed, match="certificate of localhost is not valid, so nobody signed in there"):
            one.read_since("")


def test_a_wrong_password_and_a_wrong_folder_are_said(imap_server: ImapServer) -> None:
    wrong = Mailbox(imap_server.account(password="wrong")).check()
    assert not wrong.ok
    assert "user name and password" in wrong.says
    nowhere = Mailbox(imap_server.account(folder="Nowhere")).check()
    assert "no folder “Nowhere”" in nowhere.says
    there = Mailbox(imap_server.account()).check()
    assert (there.ok, there.says) == (True, "Connected to the mailbox; 0 letters in INBOX.")


def test_a_server_that_is_away_or_out_of_bounds_is_said() -> None:
    account = Account("mailbox", "imaps://localhost:9", USER, "", MAILBOX.credentials, allow_private=True)
    with pytest.raises(ReadFailed, match="localhost could not be reached on port 9"):
        Mailbox(account).read_since("")
    outside = Account("mailbox", "imaps://localhost:9", USER, "", MAILBOX.credentials)
    with pytest.raises(ReadFailed, match="this machine itself"):
        Mailbox(outside).read_since("")


@pytest.mark.parametrize(
    "url",
    ["", "mail.example.org", "https://mail.example.org", "imaps://", "imaps://a:b@mail.example.org", "imaps://m:x9"],
)
def test_addresses_that_cannot_be_a_mailbox(url: str) -> None:
    with pytest.raises(BadAccount):
        Mailbox(Account("mailbox", url, USER, "", MAILBOX.credentials))


@pytest.mark.parametrize("field", ["username", "password"])
def test_credentials_with_a_line_break(field: str) -> None:
    with pytest.raises(BadAccount, match="line break"):
        Mailbox(Account("mailbox", MAILBOX.base_url, USER, "", {**MAILBOX.credentials, field: "a\r\nb"}))


def test_a_damaged_cursor_is_said() -> None:
    for cursor in ("x", "{}", '{"validity": 0, "uid": 1}', '{"validity": "1", "uid": 1}'):
        with pytest.raises(ReadFailed, match="damaged"):
            Mailbox(MAILBOX).read_since(cursor)


def test_nothing_is_sent_from_here() -> None:
    box, act = Mailbox(MAILBOX), Outgoing("k", "reply", "text", in_reply_to="letter@example.org")
    assert isinstance(box.publish(act), Refused)
    assert isinstance(box.find(act), Unknown)
    assert isinstance(box.remove("letter@example.org"), Refused)
