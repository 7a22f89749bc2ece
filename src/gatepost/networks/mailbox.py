"""A shared mailbox, read over IMAP. Letters stay unread and where they are: people may work in the same mailbox.

`base_url` is imaps://server, imaps://server:993/Folder, or imap://server (then the connection is encrypted by
STARTTLS). `external_id` is the mailbox's own address. Credentials: `username` and `password`, or what `mail_sign_in`
needs for a token. A cursor is the folder's UIDVALIDITY and the last UID read. Answers are not sent from here:
limits.toml says so to people.

Source: RFC 9051 and RFC 3501 (IMAP), RFC 4315 (UIDs); tried on Dovecot 2.3, November 2026.
"""

from __future__ import annotations

import contextlib
import imaplib
import json
import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import unquote, urlsplit

from .bearer import Bearer, offered
from .client import BadAccount, needed
from .cursors import damaged
from .guard import AddressRefused
from .letters import Letter, letter
from .mail_sign_in import Grant, grant_of
from .mailbox_link import LETTER_BYTES, Guarded, tls
from .mailbox_reading import incoming
from .protocol import Account, Answer, Found, Health, Outgoing, Page, ReadFailed, Refused, Unknown
from .tokens import Token, forget, token_of

LETTERS = 50
"""Letters of one page."""
PAGE_BYTES = 24 * 1024 * 1024
LETTER_CUT = 1024 * 1024
"""Of a letter of more than LETTER_BYTES so many are read."""
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
        self._grant = grant_of(account.credentials, user=account.external_id, allow_private=account.allow_private)
        if self._grant is None:
            needed(account, "username", "password")
        self._user = self._grant.user if self._grant else account.credentials["username"].strip()
        self._password = account.credentials.get("password", "").strip()
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
            with self._opened(fresh=True) as box:
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
    def _opened(self, *, fresh: bool = False) -> Iterator[_Box]:
        """The folder, opened for reading alone. What goes wrong inside becomes ReadFailed. `fresh`: no token that is
        kept is used."""
        box: _Box | None = None
        try:
            box = self._let_in(fresh=fresh)
            box.open(self._folder)
            yield box
        except AddressRefused as fault:
            raise ReadFailed(str(fault), None) from None
        except ssl.SSLCertVerificationError:
            raise ReadFailed(
                f"The certificate of {self._host} is not valid, so nobody signed in there. Ask whoever runs it.",
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

    def _let_in(self, *, fresh: bool) -> _Box:
        """Raises ReadFailed and what _opened makes one of. A token that was kept and is refused is asked for anew: the
        provider writes into it what it allowed at the time."""
        if self._grant is None:
            return self._signed_in(None)
        token = token_of(self._grant, fresh=fresh)
        try:
            return self._signed_in(token)
        except NotTaken:
            forget(self._grant)
            if not token.kept:
                raise
        return self._signed_in(token_of(self._grant))

    def _signed_in(self, token: Token | None) -> _Box:
        box = _Box(self._connected())
        try:
            if token is None or self._grant is None:
                box.sign_in(self._user, self._password)
            else:
                box.show(token.value, self._grant)
        except BaseException:
            box.close()
            raise
        return box

    def _connected(self) -> Guarded:
        link = Guarded(self._host, self._port, at_once=self._at_once, allow_private=self._private)
        if self._at_once:
            return link
        try:
            if "STARTTLS" in link.capabilities:
                link.starttls(tls())
            elif self._grant or not self._private:  # RFC 7628: a token is shown over TLS alone
                raise ReadFailed(
                    f"{self._host} would let us in without encryption, so nobody signed in there. Use imaps://", None
                )
        except BaseException:
            with contextlib.suppress(OSError):  # it may be closed already
                link.shutdown()
            raise
        return link


NOT_TAKEN = {
    "microsoft": "Microsoft gave a token, but the mailbox does not take it. Check in Exchange that the app may open "
    "this mailbox (Add-MailboxPermission), that IMAP is on for it, and that the address is the mailbox's own. What was "
    "changed there can take two hours.",
    "google": "Google gave a token, but the mailbox does not take it. Check that IMAP is on for this user in the Admin "
    "console, under Gmail, End user access.",
    "other": "The token service gave a token, but the mail server does not take it. Ask whoever runs the mail server.",
}


class NotTaken(ReadFailed):
    """The mail server refused a token."""


class _Box:
    """One opened folder."""

    def __init__(self, link: Guarded) -> None:
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

    def show(self, token: str, grant: Grant) -> None:
        """Signs in by a token. Raises NotTaken."""
        mechanism = offered([name.removeprefix("AUTH=") for name in self._link.capabilities])
        if not mechanism:
            raise ReadFailed(f"{self._link.host} takes no sign-in by token (XOAUTH2). Check the address.", None)
        answers = Bearer(mechanism, user=grant.user, token=token, host=self._link.host, port=self._link.port)
        try:
            self._link.authenticate(mechanism, answers.data)
        except imaplib.IMAP4.abort:
            raise
        except imaplib.IMAP4.error:
            raise NotTaken(NOT_TAKEN[grant.way], None) from None

    def open(self, folder: str) -> None:
        quoted = '"' + folder.replace("\\", "\\\\").replace('"', '\\"') + '"'
        try:
            status, told = self._link.select(quoted, readonly=True)
        except imaplib.IMAP4.error as fault:
            if "not connected" in str(fault):  # Microsoft's "User is authenticated but not connected"
                raise ReadFailed(NOT_TAKEN["microsoft"], None) from None
            raise
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
