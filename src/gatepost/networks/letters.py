"""What an e-mail says: who wrote it to whom, its words as plain text, what hangs on it. Anybody can send anything,
so every part is read as if it were broken: what cannot be read becomes empty, never an exception. Of a letter that
cannot be read at all it stands there that it came.

Source: RFC 5322 (fields), RFC 3834 (Auto-Submitted), RFC 2919 (List-Id).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.errors import MessageError
from email.header import decode_header
from email.message import Message
from email.policy import Compat32
from email.utils import getaddresses, parsedate_to_datetime

from .fields import clean, codec_of
from .protocol import Attached
from .seen_text import LARGEST, text_of

ATTACHMENTS = 20
"""Attachments kept of one letter; more are named and left out."""
ATTACHMENT_BYTES = 10 * 1024 * 1024
PARTS = 500
HEADER = 1000
ADDRESSES = 100
UNREADABLE = "This letter cannot be read here; see the mailbox."

CONTENT_HEADER = 4000
"""Characters read of a header about a part: the library splits its parameters in time that grows with their square."""

_LETTER_BELOW = re.compile(
    r"^(?:on .{5,200} wrote:|-{2,} ?(?:original message|forwarded message) ?-{2,}|_{10,}"
    r"|from: .{3,200}\n(?:sent|date): .*)",
    re.IGNORECASE | re.MULTILINE,
)


class _Short(Compat32):
    def header_source_parse(self, sourcelines: Sequence[str]) -> tuple[str, str]:
        name, value = super().header_source_parse(list(sourcelines))
        return name, value[:CONTENT_HEADER] if name.lower().startswith("content-") else value


@dataclass(frozen=True, slots=True)
class Letter:
    """One e-mail. `to` holds every address it was sent or delivered to, in lower case; `automatic` is true for
    out-of-office notes, bounces and lists. `cut` says that only the letter's beginning was read."""

    message_id: str
    author: str
    author_name: str
    subject: str
    text: str
    sent_at: datetime
    to: tuple[str, ...] = ()
    reply_to: str = ""
    in_reply_to: str = ""
    thread: str = ""
    automatic: bool = False
    seal: str = ""  # by which a desk knows the letters that it wrote itself
    attachments: tuple[Attached, ...] = field(default=(), repr=False)
    cut: bool = False

    @property
    def words(self) -> str:
        """Subject and text, as they are read together; the subject alone for a letter without text."""
        if not self.subject or self.text.startswith(self.subject):
            return self.text
        return f"{self.subject}\n\n{self.text}".strip()


def letter(raw: bytes, arrived: datetime, *, cut: bool = False) -> Letter:
    """Reads one e-mail that arrived at `arrived`. A date later than that is wrong. Raises nothing: one letter that
    cannot be read must not stop those behind it."""
    try:
        return _letter(raw, arrived, cut=cut)
    except Exception:  # the parser's own faults too: parts or comments nested deeper than it can follow
        return Letter(_digest(raw), "", "", "", UNREADABLE, arrived, thread=_digest(raw), cut=cut)


def _digest(raw: bytes) -> str:
    return f"sha256:{hashlib.sha256(raw).hexdigest()}"


def _letter(raw: bytes, arrived: datetime, *, cut: bool) -> Letter:
    read = message_from_bytes(raw, policy=_Short())
    author_name, author = _first_address(read, "From")
    ref = _ident(_header(read, "Message-ID")) or _digest(raw)
    answered = _ident(_header(read, "In-Reply-To"))
    parts = list(_parts(read))
    text, more = _text(parts)
    before = [_ident(one) for one in _header(read, "References", 4000).split()]
    return Letter(
        message_id=ref,
        author=author,
        author_name=author_name,
        subject=_header(read, "Subject"),
        text=text,
        sent_at=_sent(read, arrived),
        to=_recipients(read),
        reply_to=_first_address(read, "Reply-To")[1],
        in_reply_to=answered,
        thread=next((one for one in before if one), "") or answered or ref,
        automatic=_automatic(read),
        seal=_header(read, "X-Gatepost-Seal"),
        attachments=_attachments(parts),
        cut=cut or more,
    )


def new_words(text: str) -> str:
    """What was newly written: without the letter quoted below it, and without lines that begin with ">".

    >>> new_words("It was mended on Tuesday.\\n\\nOn Mon, 23 Nov 2026, the desk wrote:\\n> When?")
    'It was mended on Tuesday.'
    """
    below = _LETTER_BELOW.search(text)
    above = text[: below.start()] if below and text[: below.start()].strip() else text
    lines = [line for line in above.splitlines() if not line.lstrip().startswith(">")]
    return "\n".join(lines).strip()


def _header(read: Message, name: str, most: int = HEADER) -> str:
    value = read.get(name)
    return _words(str(value), most) if value is not None else ""


def _words(value: str, most: int = HEADER) -> str:
    """A header's value as people read it (RFC 2047 words decoded), in one line."""
    written = " ".join(value[: most * 4].split())
    try:
        told = "".join(_decoded(part, charset) for part, charset in decode_header(written))
    except (MessageError, ValueError, LookupError):
        told = written
    return clean(" ".join(told.split()))[:most]


def _decoded(part: bytes | str, charset: str | None) -> str:
    if isinstance(part, str):
        return part
    return part.decode(codec_of(charset or ""), "replace")


def _ident(value: str) -> str:
    """A message id without its brackets; "" for something that is none."""
    found = value.strip().strip("<>").strip()
    return found if 0 < len(found) <= 300 and " " not in found and found.isprintable() else ""


def _addresses(read: Message, *names: str) -> list[tuple[str, str]]:
    written = [str(value)[: 40 * ADDRESSES] for name in names for value in read.get_all(name, [])[:20]]
    try:
        found = getaddresses(written)
    except (ValueError, IndexError, TypeError, RecursionError):
        return []
    return [(_words(name, 200), clean(address).strip().lower()) for name, address in found if "@" in address]


def _first_address(read: Message, name: str) -> tuple[str, str]:
    """(name, address) of the first person in a header; the address alone may stand for the name."""
    found = _addresses(read, name)
    return (found[0][0], found[0][1][:200]) if found else ("", "")


def _recipients(read: Message) -> tuple[str, ...]:
    found = _addresses(read, "To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To")
    return tuple(dict.fromkeys(address for _, address in found if len(address) <= 320))[:ADDRESSES]


def _sent(read: Message, arrived: datetime) -> datetime:
    try:
        sent = parsedate_to_datetime(str(read.get("Date", "")))
        sent = sent.replace(tzinfo=UTC) if sent.tzinfo is None else sent.astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return arrived
    return sent if arrived - timedelta(days=30) <= sent <= arrived else arrived


def _automatic(read: Message) -> bool:
    told = _header(read, "Auto-Submitted").lower()
    return (
        (bool(told) and not told.startswith("no"))
        or read.get("List-Id") is not None
        or _header(read, "Precedence").lower() in ("bulk", "junk", "list", "auto_reply")
        or read.get_content_type() == "multipart/report"
    )


def _parts(read: Message) -> Iterator[Message]:
    """The parts that hold something, in order. A letter attached to a letter is one part."""
    waiting, seen = [read], 0
    while waiting and seen < PARTS:
        part = waiting.pop()
        seen += 1
        inner = part.get_payload()
        if isinstance(inner, list) and part.get_content_type() != "message/rfc822":
            waiting += [one for one in reversed(inner) if isinstance(one, Message)]
        else:
            yield part


def _is_attached(part: Message) -> bool:
    return (
        part.get_content_disposition() == "attachment"
        or bool(_filename(part))
        or part.get_content_maintype() not in ("text", "multipart")
    )


def _text(parts: list[Message]) -> tuple[str, bool]:
    """The plain text, or else what a reader sees of the HTML, and whether there is more of it than is read. Several
    plain parts stand below each other."""
    bodies = [part for part in parts if not _is_attached(part)]
    written = [_string(part).replace("\r\n", "\n") for part in bodies if part.get_content_subtype() == "plain"]
    told = "\n\n".join(one.strip() for one in written if one.strip())
    if told:
        return told, False
    markup = [_string(part) for part in bodies if part.get_content_subtype() == "html"]
    words = (text_of(one) for one in markup)
    return "\n\n".join(one for one in words if one), any(len(one) > LARGEST for one in markup)


def _bytes(part: Message) -> bytes:
    if part.get_content_type() == "message/rfc822":
        inner = part.get_payload()
        return inner[0].as_bytes() if isinstance(inner, list) and inner and isinstance(inner[0], Message) else b""
    found = part.get_payload(decode=True)
    return found if isinstance(found, bytes) else b""


def _string(part: Message) -> str:
    try:
        codec = codec_of(str(part.get_content_charset("utf-8")))
    except (LookupError, ValueError):
        codec = "utf-8"
    return clean(_bytes(part).decode(codec, "replace"))


def _filename(part: Message) -> str:
    try:
        return _words(part.get_filename() or "", 200)
    except (MessageError, ValueError, LookupError, TypeError):
        return ""


def _attachments(parts: list[Message]) -> tuple[Attached, ...]:
    found: list[Attached] = []
    for part in parts:
        if not _is_attached(part) or len(found) >= ATTACHMENTS:
            continue
        try:
            data = _bytes(part)
        except (ValueError, LookupError, TypeError, KeyError):
            data = b""
        mime = part.get_content_type()[:100]
        if len(data) > ATTACHMENT_BYTES:
            found.append(Attached(_filename(part), mime, size=len(data)))
        elif data:
            found.append(Attached(_filename(part), mime, data=data, size=len(data)))
    return tuple(found)
