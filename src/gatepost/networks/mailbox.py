"""A shared mailbox, read over IMAP. Letters stay unread and where they are: people may work in the same mailbox.

`base_url` is imaps://server, imaps://server:993/Folder, or imap://server (then the connection is encrypted by
STARTTLS). `external_id` is the mailbox's own address. Credentials: `username` and `password`. A cursor is the folder's
UIDVALIDITY and the last UID read. Answers are not sent from here: limits.toml says so to people.

Source: RFC 9051 and RFC 3501 (IMAP), RFC 4315 (UIDs); tried on Dovecot 2.3, November 2026.
"""

from __future__ import annotations

import contextlib
import imaplib
import json
import re
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import unquote, urlsplit

from .client import BadAccount, needed
from .cursors import damaged
from .guard import ADDRESSES_TRIED, AddressRefused, judged
from .letters import Letter, letter
from .mailbox_reading import incoming
from .protocol import Account, Answer, Found, Health, Outgoing, Page, ReadFailed, Refused, Unknown

CONNECT_SECONDS = 10.0
TOTAL_SECONDS = 90.0
LETTERS = 50
"""Letters of one page."""
PAGE_BYTES = 24 * 1024 * 1024
LETTER_BYTES = 25 * 1024 * 1024
"""Of a larger letter the first LETTER_CUT bytes are read."""
LETTER_CUT = 1024 * 1024
LINE_BYTES = 16 * 1024 * 1024
"""A search answers in one line, with up to eleven bytes a letter."""
FIRST_DAYS = 30
"""How far back the first reading of a mailbox goes."""

BY_HAND = "The desk does not send e-mail from this mailbox. Answer from your mail program and record the answer here."


@dataclass(frozen=True, slots=True)
class Letters:
    """Letters after a cursor, oldest first; `more` says ask again at once."""

    letters: tuple[Letter, ...]
    cursor: str
    more: bool = False


class Mailbox:
    """One mailbox. Raises BadAccount when made with settings that cannot work."""

    key = "mailbox"

    def __init__(self, account: Account, transport: object = None) -> None:
        needed(account, "username", "password")
        self._user, self._password = account.credentials["username"].strip(), account.credentials["password"].strip()
        if not (self._user.isprintable() and self._password.isprintable()):
            raise BadAccount("The user name or the password contains a line break. Copy them again.")
        address = urlsplit(account.base_url.strip())
        try:
            port = address.port
        except ValueError:
            port = -1
        if address.scheme not in ("imap", "imaps") or not address.hostname or port == -1:
            raise BadAccount("The address of a mailbox begins with imaps://, for example imaps://mail.example.org")
        if address.username or address.password:
            raise BadAccount("The address contains a user name or password. Enter them in their own fields.")
        self._host, self._at_once = address.hostname, address.scheme == "imaps"
        self._port = port or (993 if self._at_once else 143)
        self._folder = unquote(address.path.strip("/")) or "INBOX"
        if not (self._folder.isascii() and self._folder.isprintable()):
            raise BadAccount("The folder in the address may have plain letters and digits alone. Rename the folder.")
        self._private = account.allow_private
        self._own = account.external_id.strip().lower()

    def letters_since(self, cursor: str) -> Letters:
        """Letters that came after `cursor` ("": those of the last 30 days). Raises ReadFailed."""
        validity, last = _read_cursor(cursor)
        with self._opened() as box:
            now_valid = box.validity()
            if validity != now_valid:  # the first reading, or the server numbered anew: what is known is passed over
                last = box.first_since(datetime.now(UTC) - timedelta(days=FIRST_DAYS)) - 1
            found = box.after(last)
            fetched: list[tuple[bytes, datetime, bool]] = []
            spent = 0
            for uid, size in found[:LETTERS]:
                wanted = size if size <= LETTER_BYTES else LETTER_CUT
                if fetched and spent + wanted > PAGE_BYTES:
                    break
                spent += wanted
                came = box.letter(uid, cut=size > LETTER_BYTES)
                if came is not None:  # somebody may have moved it meanwhile
                    fetched.append((*came, size > LETTER_BYTES))
                last = uid
            more = bool(found) and last < found[-1][0]
        letters = tuple(letter(raw, arrived, cut=cut) for raw, arrived, cut in fetched)
        return Letters(letters, json.dumps({"validity": now_valid, "uid": last}), more)

    def read_since(self, cursor: str) -> Page:
        read = self.letters_since(cursor)
        return Page(tuple(incoming(one, self._own) for one in read.letters), read.cursor, read.more)

    def place_of(self, moment: datetime) -> str:
        with self._opened() as box:
            return json.dumps({"validity": box.validity(), "uid": box.first_since(moment - timedelta(days=1)) - 1})

    def check(self) -> Health:
        try:
            with self._opened() as box:
                return Health(True, f"Connected to the mailbox; {box.count} letters in {self._folder}.", self._user)
        except ReadFailed as fault:
            return Health(False, fault.reason)

    def publish(self, act: Outgoing) -> Answer:
        return Refused(BY_HAND)

    def find(self, act: Outgoing) -> Found:
        return Unknown(BY_HAND)

    def remove(self, ref: str) -> Answer:
        return Refused("A letter that was sent cannot be taken back.")

    @contextmanager
    def _opened(self) -> Iterator[_Box]:
        """The folder, opened for reading alone. What goes wrong inside becomes ReadFailed."""
        box: _Box | None = None
        try:
            box = _Box(self._connected())
            box.sign_in(self._user, self._password)
            box.open(self._folder)
            yield box
        except AddressRefused as fault:
            raise ReadFailed(str(fault), None) from None
        except ssl.SSLCertVerificationError:
            raise ReadFailed(
                f"The certificate of {self._host} is not valid, so the password was not sent. Ask whoever runs it.",
                None,
            ) from None
        except ssl.SSLError:
            raise ReadFailed(f"{self._host} does not encrypt as it should on port {self._port}.", 300.0) from None
        except OSError:
            raise ReadFailed(f"{self._host} could not be reached on port {self._port}, or did not answer.") from None
        except (imaplib.IMAP4.error, ValueError, IndexError, TypeError, UnicodeError):
            raise ReadFailed(f"{self._host} answered something that no mail server should.", 300.0) from None
        finally:
            if box is not None:
                box.close()

    def _connected(self) -> _Guarded:
        link = _Guarded(self._host, self._port, at_once=self._at_once, allow_private=self._private)
        if self._at_once:
            return link
        try:
            if "STARTTLS" in link.capabilities:
                link.starttls(_tls())
            elif not self._private:
                raise ReadFailed(
                    f"{self._host} would take the password without encryption, so it was not sent. Use imaps://", None
                )
        except BaseException:
            with contextlib.suppress(OSError):  # it may be closed already
                link.shutdown()
            raise
        return link


def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()


class _Guarded(imaplib.IMAP4):
    """imaplib's client, on an address that was judged, with limits on time and on what is read.

    The limit of the socket is for one read each, and a server that sends a byte every few seconds stays within it: when
    TOTAL_SECONDS are over the connection is shut from this side.
    """

    def __init__(self, host: str, port: int, *, at_once: bool, allow_private: bool) -> None:
        self._at_once, self._allow_private = at_once, allow_private
        self._past = False
        self._wire: socket.socket | None = None
        self._timer = threading.Timer(TOTAL_SECONDS, self._cut)
        self._timer.daemon = True
        super().__init__(host, port, CONNECT_SECONDS)

    def _create_socket(self, timeout: float | None) -> socket.socket:
        self._timer.start()  # the look-up of the name is part of the time
        try:
            plain = self._reached(timeout)
            self._wire = plain.dup()  # stays the same connection whatever TLS is put around the socket, and when
            if self._past:
                raise TimeoutError("its time was over before it was reached")
            if not self._at_once:
                return plain
            # The certificate is checked against the name, not against the address.
            return _tls().wrap_socket(plain, server_hostname=self.host)
        except BaseException:
            self._over()
            raise

    def _reached(self, timeout: float | None) -> socket.socket:
        """A connection to the first address that takes one. Raises AddressRefused, OSError."""
        failed: OSError = OSError("no address")
        for address in judged(self.host, self.port, allow_private=self._allow_private)[:ADDRESSES_TRIED]:
            if self._past:
                break
            try:
                return socket.create_connection((address, self.port), timeout)
            except OSError as fault:
                failed = fault
        raise failed

    def shutdown(self) -> None:
        self._over()
        super().shutdown()

    def _cut(self) -> None:
        self._past = True
        if (wire := self._wire) is not None:
            with contextlib.suppress(OSError):
                wire.shutdown(socket.SHUT_RDWR)

    def _over(self) -> None:
        self._timer.cancel()
        if self._wire is not None:
            self._wire.close()

    def read(self, size: int) -> bytes:
        if size > LETTER_BYTES + 1024:
            raise self.abort("a literal of the server is larger than was asked for")
        self._in_time()
        read = super().read(size)
        self._in_time()  # what came of it before the connection was shut is not the whole
        return read

    def readline(self) -> bytes:
        self._in_time()
        line = self.file.readline(LINE_BYTES + 1)  # imaplib's own limit is too little for a search of a large mailbox
        self._in_time()
        if len(line) > LINE_BYTES:
            raise self.abort("a line of the server is too long")
        return bytes(line) if isinstance(line, bytes) else line.encode()

    def _in_time(self) -> None:
        if self._past:
            raise TimeoutError("the mail server took too long")


class _Box:
    """One opened folder."""

    def __init__(self, link: _Guarded) -> None:
        self._link = link
        self.count = 0

    def sign_in(self, user: str, password: str) -> None:
        try:
            if "AUTH=PLAIN" in self._link.capabilities:
                self._link.authenticate("PLAIN", lambda _: f"\0{user}\0{password}".encode())
            else:
                self._link.login(user, password)
        except imaplib.IMAP4.abort:
            raise
        except imaplib.IMAP4.error:
            raise ReadFailed(
                "The mail server does not take this user name and password. Enter them again; "
                "some providers want a password made for programs.",
                None,
            ) from None

    def open(self, folder: str) -> None:
        quoted = '"' + folder.replace("\\", "\\\\").replace('"', '\\"') + '"'
        status, told = self._link.select(quoted, readonly=True)
        if status != "OK":
            raise ReadFailed(f"There is no folder “{folder}” in this mailbox. Check the end of its address.", None)
        self.count = int(told[0] or b"0")

    def validity(self) -> int:
        _, told = self._link.response("UIDVALIDITY")
        return int(told[0] or b"0")

    def first_since(self, day: datetime) -> int:
        """The first UID of a letter that arrived since `day`, or the UID that the next letter will have."""
        found = self._search(f"SINCE {day.day:02}-{_MONTHS[day.month - 1]}-{day.year}")
        if found:
            return min(found)
        _, told = self._link.response("UIDNEXT")
        return int(told[0]) if told[0] else max(self._search("ALL"), default=0) + 1

    def after(self, uid: int) -> list[tuple[int, int]]:
        """(UID, bytes) of letters behind `uid`, in order; the first LETTERS and the last."""
        found = sorted(one for one in self._search(f"UID {uid + 1}:*") if one > uid)
        if not found:
            return []
        first = found[:LETTERS]
        _, told = self._link.uid("FETCH", ",".join(map(str, first)), "(RFC822.SIZE)")
        sizes: dict[int, int] = {}
        for line in told:
            said = line[0] if isinstance(line, tuple) else line or b""
            uid_of, size = re.search(rb"UID (\d+)", said), re.search(rb"RFC822\.SIZE (\d+)", said)
            if uid_of and size:
                sizes[int(uid_of[1])] = int(size[1])
        read = [(one, sizes.get(one, 0)) for one in first]
        return [*read, (found[-1], 0)] if len(found) > LETTERS else read

    def letter(self, uid: int, *, cut: bool) -> tuple[bytes, datetime] | None:
        """A letter as it came, and when it arrived; None when it is not there any more."""
        what = f"BODY.PEEK[]<0.{LETTER_CUT}>" if cut else "BODY.PEEK[]"
        _, told = self._link.uid("FETCH", str(uid), f"(INTERNALDATE {what})")
        for line in told:
            if isinstance(line, tuple) and len(line) == 2:
                return line[1], _arrived(line[0])
        return None

    def close(self) -> None:
        try:
            self._link.logout()
        except (imaplib.IMAP4.error, OSError):
            self._link.shutdown()

    def _search(self, wanted: str) -> list[int]:
        status, told = self._link.uid("SEARCH", *wanted.split())
        if status != "OK":
            raise ReadFailed("The mail server could not search the mailbox.", 300.0)
        return [int(number) for line in told if isinstance(line, bytes) for number in line.split()]


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def _arrived(said: bytes) -> datetime:
    """INTERNALDATE of a FETCH answer, in UTC; now when it cannot be read."""
    found = re.search(rb'INTERNALDATE "( ?\d{1,2}-\w{3}-\d{4} \d\d:\d\d:\d\d [+-]\d{4})"', said)
    try:
        return datetime.strptime((found[1] if found else b"").decode().strip(), "%d-%b-%Y %H:%M:%S %z").astimezone(UTC)
    except ValueError:
        return datetime.now(UTC)


def _read_cursor(cursor: str) -> tuple[int, int]:
    """(UIDVALIDITY, last UID); (0, 0) at the beginning. Raises ReadFailed for text that is no cursor."""
    if not cursor:
        return 0, 0
    try:
        read: Any = json.loads(cursor)
        validity, uid = read["validity"], read["uid"]
        if type(validity) is int and type(uid) is int and validity > 0 and uid >= 0:
            return validity, uid
    except (ValueError, KeyError, TypeError, RecursionError):
        pass
    raise damaged()
