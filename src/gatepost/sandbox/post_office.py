"""The town's post office: a real SMTP server that keeps every e-mail in the world instead of passing it on."""

from __future__ import annotations

import json
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session

from .world import World

LARGEST = 10 * 1024 * 1024  # bytes of one e-mail
MOST_RECIPIENTS = 100
SHOWN = 200  # e-mails


@dataclass(frozen=True, slots=True)
class Letter:
    """One e-mail kept. `at` is Unix time in milliseconds; `text` is its plain text part (or its HTML, when alone)."""

    n: int
    at: int
    sender: str
    recipients: list[str]
    subject: str
    text: str
    headers: list[tuple[str, str]]


class Keeper:
    """aiosmtpd's handler."""

    def __init__(self, world: World) -> None:
        self.world = world

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        if len(envelope.rcpt_tos) > MOST_RECIPIENTS:
            return "452 4.5.3 Too many recipients"
        keep(self.world, envelope.mail_from or "", envelope.rcpt_tos, _raw(envelope.content))
        return "250 2.0.0 Kept by the practice town"


def keep(world: World, sender: str, recipients: list[str], raw: bytes) -> None:
    """Keeps one e-mail; committed when this returns."""
    message = message_from_bytes(raw, policy=policy.default)
    headers = [[str(name), str(value)] for name, value in message.items()]
    world.db.execute(
        "INSERT INTO mail (at,sender,recipients,subject,text,headers,raw) VALUES (?,?,?,?,?,?,?)",
        (
            world.now(),
            sender,
            json.dumps(recipients),
            _clean(str(message.get("Subject", ""))),
            _clean(_text(message)),
            json.dumps(headers),
            raw,
        ),
    )


def letters(world: World) -> list[Letter]:
    """The newest e-mails first."""
    rows = world.db.execute("SELECT * FROM mail ORDER BY n DESC LIMIT ?", (SHOWN,))
    return [
        Letter(
            row["n"],
            row["at"],
            row["sender"],
            json.loads(row["recipients"]),
            row["subject"],
            row["text"],
            [(name, value) for name, value in json.loads(row["headers"])],
        )
        for row in rows
    ]


def server(world: World) -> SMTP:
    """One connection's protocol, for loop.create_server."""
    return SMTP(Keeper(world), data_size_limit=LARGEST, enable_SMTPUTF8=True, hostname="practice-town.example")


def _raw(content: bytes | str | None) -> bytes:
    return content.encode("utf-8", "surrogateescape") if isinstance(content, str) else content or b""


def _text(message: Any) -> str:
    if not isinstance(message, EmailMessage):
        return ""
    part = message.get_body(("plain", "html"))
    if part is None:
        return ""
    try:
        return str(part.get_content())
    except (LookupError, UnicodeError, KeyError):
        # An unknown character set: the bytes are kept in `raw`, and a letter is never refused for it.
        return bytes(part.get_payload(decode=True) or b"").decode("utf-8", "replace")


def _clean(text: str) -> str:
    """Lone surrogates (undecodable header bytes) cannot be stored as text."""
    return text.encode("utf-8", "replace").decode()
