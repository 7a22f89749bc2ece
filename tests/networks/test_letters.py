"""Letters as people and machines write them: every part read, and nothing that breaks the reader."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatepost.networks import letters
from gatepost.networks.letters import ATTACHMENT_BYTES, UNREADABLE, letter, new_words
from gatepost.networks.seen_text import text_of

AT = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)


def raw(*lines: str) -> bytes:
    return "\r\n".join(lines).encode()


def test_a_plain_letter() -> None:
    read = letter(
        raw(
            "From: =?utf-8?q?Zo=C3=AB?= Sample <Zoe@Example.org>",
            "To: Desk <hello@example.org>, other@example.org",
            "Delivered-To: hello+r7.abc@example.org",
            "Reply-To: home@example.org",
            "Subject: =?iso-8859-1?Q?Caf=E9?= opening",
            "Message-ID: <b@example.org>",
            "In-Reply-To: <a@example.org>",
            "References: <start@example.org> <a@example.org>",
            "Date: Tue, 24 Nov 2026 09:30:00 +0000",
            "",
            "When do you open?",
        ),
        AT,
    )
    assert (read.author, read.author_name, read.reply_to) == ("zoe@example.org", "Zoë Sample", "home@example.org")
    assert read.to == ("hello@example.org", "other@example.org", "hello+r7.abc@example.org")
    assert (read.subject, read.text) == ("Café opening", "When do you open?")
    assert (read.message_id, read.in_reply_to, read.thread) == ("b@example.org", "a@example.org", "start@example.org")
    assert (read.sent_at, read.automatic) == (AT - timedelta(minutes=30), False)


@pytest.mark.parametrize(
    "date", ["", "yesterday", "Tue, 24 Nov 2036 09:30:00 +0000", "Tue, 24 Nov 1970 09:30:00 +0000"]
)
def test_a_date_that_cannot_be_is_that_of_arrival(date: str) -> None:
    assert letter(raw(f"Date: {date}", "", "x"), AT).sent_at == AT


def test_a_letter_without_an_id_has_its_digest() -> None:
    first, again = letter(raw("From: a@example.org", "", "x"), AT), letter(raw("From: a@example.org", "", "x"), AT)
    assert first.message_id == again.message_id
    assert first.message_id.startswith("sha256:")
    assert letter(raw("Message-ID: <two words>", "", "x"), AT).message_id.startswith("sha256:")


def test_html_alone_is_read_as_text() -> None:
    mail = EmailMessage()
    mail["From"] = "casey@example.org"
    mail.set_content("<html><head><title>no</title><style>p{}</style></head><p>Good day</p><p>Casey", subtype="html")
    assert letter(mail.as_bytes(), AT).text == "Good day\n\nCasey"


def test_plain_text_goes_before_html_and_what_hangs_on_it_is_kept() -> None:
    mail = EmailMessage()
    mail.set_content("The plain words.")
    mail.add_alternative("<p>Other words", subtype="html")
    mail.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="form.pdf")
    mail.add_attachment(b"x" * (ATTACHMENT_BYTES + 1), maintype="image", subtype="png", filename="big.png")
    inner = EmailMessage()
    inner.set_content("A letter in a letter")
    mail.add_attachment(inner)
    read = letter(mail.as_bytes(), AT)
    assert read.text == "The plain words."
    assert [(one.name, one.mime, bool(one.data)) for one in read.attachments] == [
        ("form.pdf", "application/pdf", True),
        ("big.png", "image/png", False),
        ("", "message/rfc822", True),
    ]


MACHINES = [
    "Auto-Submitted: auto-replied",
    "Precedence: bulk",
    "List-Id: <l.example.org>",
    "Content-Type: multipart/report; boundary=x",
]


@pytest.mark.parametrize("header", MACHINES)
def test_what_machines_write_is_told_apart(header: str) -> None:
    assert letter(raw(header, "", "I am away"), AT).automatic


def test_a_person_is_not_a_machine() -> None:
    assert not letter(raw("Auto-Submitted: no", "", "x"), AT).automatic


@pytest.mark.parametrize("charset", ["utf-8", "iso-8859-1", "no-such-charset", "utf-16", "idna"])
def test_any_charset(charset: str) -> None:
    body = "Grüße".encode(
        "utf-8" if charset == "no-such-charset" else charset if charset != "idna" else "ascii", "replace"
    )
    read = letter(f"Content-Type: text/plain; charset={charset}\r\n\r\n".encode() + body, AT)
    assert "Gr" in read.text or charset == "idna"


@pytest.mark.parametrize(
    ("text", "new"),
    [
        ("Mended.\n\nOn Mon, 23 Nov 2026 at 10:00, Desk <a@example.org> wrote:\n> When?", "Mended."),
        ("Mended.\n-----Original Message-----\nFrom: Desk", "Mended."),
        ("Mended.\n\nFrom: Desk <a@example.org>\nSent: Monday\nTo: Repairs\n\nWhen?", "Mended."),
        ("> When?\nOn Tuesday.\n> Who?\nCasey.", "On Tuesday.\nCasey."),
        ("On Monday the man wrote: nothing. It is mended.", "On Monday the man wrote: nothing. It is mended."),
        ("", ""),
    ],
)
def test_the_letter_quoted_below_is_taken_off(text: str, new: str) -> None:
    assert new_words(text) == new


@given(st.binary(max_size=2000))
def test_any_bytes_are_some_letter(data: bytes) -> None:
    read = letter(data, AT)
    assert read.message_id
    for value in (read.text, read.subject, read.author, read.author_name):
        value.encode("utf-8")
        assert "\0" not in value


PARTS = [
    b"From: ",
    b"To: a@b, <",
    b"Subject: =?utf-8?b?",
    b"?=",
    b"Content-Type: multipart/mixed; boundary=x\r\n",
    b"\r\n\r\n",
    b"--x\r\n",
    b"--x--",
    b"Content-Type: message/rfc822\r\n",
    b"Content-Transfer-Encoding: base64\r\n",
    b"Content-Disposition: attachment; filename*=utf-9''%ff\r\n",
    b"charset=x\r\n",
    b"Date: Tue, 99 Nov 2026\r\n",
    b"\xff\xfe",
    b"\0",
]


@given(st.lists(st.sampled_from(PARTS), max_size=30))
def test_broken_letters_break_nothing(parts: list[bytes]) -> None:
    letter(b"".join(parts), AT).words.encode("utf-8")


@pytest.mark.parametrize("name", ["From", "To", "Cc", "Reply-To"])
def test_addresses_nested_too_deeply_are_left_out(name: str) -> None:
    read = letter(raw("Message-ID: <a@example.org>", f"{name}: {'(' * 1500}", "", "The words."), AT)
    assert (read.message_id, read.text, read.author, read.to) == ("a@example.org", "The words.", "", ())


NESTED = [
    b"Content-Type: message/rfc822\r\n\r\n" * 1500,
    b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(1500)),
]


@pytest.mark.parametrize("data", NESTED)
def test_of_a_letter_that_cannot_be_read_it_is_said_that_it_came(data: bytes) -> None:
    read, again = letter(data, AT, cut=True), letter(data, AT)
    assert (read.text, read.sent_at, read.author, read.cut) == (UNREADABLE, AT, "", True)
    assert read.message_id == again.message_id
    assert read.message_id.startswith("sha256:")


@given(st.text(max_size=500))
def test_any_markup_has_some_text(markup: str) -> None:
    text_of(markup).encode("utf-8")


LONG = [  # each takes minutes when the work grows with the square of the length
    b"Content-Type: text/plain" + b";" * 3_000_000 + b"\r\n\r\nThe words.",
    b"Content-Disposition: inline" + b";" * 3_000_000 + b"\r\n\r\nThe words.",
    b"Content-Type: text/plain; charset=punycode\r\n\r\nThe words." + b"a" * 1_500_000 + b"-" + b"b" * 1_500_000,
    b"Content-Type: text/html\r\n\r\nThe words." + b"<i> </i>" * 250_000,
]


@pytest.mark.parametrize("data", LONG, ids=["type", "disposition", "charset", "blanks"])
def test_the_work_grows_with_the_length_alone(data: bytes) -> None:
    assert letter(data, AT).text.startswith("The words.")


@pytest.mark.parametrize("charset", ["windows-1252", "koi8-r", "gb2312", "big5", "shift_jis", "euc-kr", "iso-2022-jp"])
def test_the_charsets_that_letters_use(charset: str) -> None:
    words = {"windows-1252": "Café", "koi8-r": "Привет", "euc-kr": "안녕"}.get(charset, "中文")
    data = f"Content-Type: text/plain; charset={charset}\r\n\r\n".encode() + words.encode(charset)
    assert letter(data, AT).text == words


def test_text_of_markup() -> None:
    assert text_of("a <i> </i> <b> </b>b<br> <i> </i>c <p> d") == "a b\nc\n\nd"
    assert text_of("<ul><li>one<li>two</ul><script>alert(1)</script>three &lt;b&gt;") == "one\ntwo\n\nthree <b>"
    assert text_of("") == ""
    assert text_of("<!-- only this -->") == ""
    assert text_of("<html><body><p>a</p></body></html><p>and after its end") == "a\n\nand after its end"
    assert text_of(f"<p>a</p>{'<b>' * 400}deep{'</b>' * 400}<p>below") == "a\n\ndeep\n\nbelow"
    assert "deep" in text_of("<div>" * 200 + "deep")


def test_markup_nested_deeper_than_a_tree_may_be_is_read_to_its_end() -> None:
    deep = f"<p>a</p>{'<b>' * 5000}deep<script>no</script>{'</b>' * 5000}<ul><li>one<li>two</ul><p>below<br>it"
    assert text_of(deep) == "a\n\ndeep\n\none\ntwo\n\nbelow\nit"
    data = b"Content-Type: text/html; charset=utf-8\r\n\r\n" + deep.encode()
    assert letter(data, AT).text.endswith("below\nit")


def test_a_letter_of_more_markup_than_is_read_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    data = b"Content-Type: text/html; charset=utf-8\r\n\r\n<p>One</p><p>Two</p>"
    assert not letter(data, AT).cut
    monkeypatch.setattr(letters, "LARGEST", 12)
    assert letter(data, AT).cut
