"""A letter of a shared mailbox as a message: who wrote it, what it is known by, whether it is our own."""

from __future__ import annotations

import hashlib

from .fields import clean
from .letters import Letter
from .protocol import Incoming


def incoming(read: Letter, own: str) -> Incoming:
    """`own`: the mailbox's address, in lower case."""
    words = read.words or "(a letter without words)"
    more = "\n\n[The letter is larger than the desk reads. The rest is in the mailbox.]" if read.cut else ""
    writer, name = _writer(read, own)
    return Incoming(
        ref=_ref(read),
        kind="message",
        text=clean(words) + more,
        author_ref=writer or "nobody",
        author_name=name or "Somebody by e-mail",
        author_handle=writer,
        posted_at=read.sent_at,
        parent_ref=read.in_reply_to,
        thread_ref=read.thread,
        private=True,
        raw={
            "subject": read.subject,
            "message_id": read.message_id,
            "in_reply_to": read.in_reply_to,
            "reply_to": read.reply_to,
            "automatic": read.automatic,
            **({"seal": read.seal} if read.seal else {}),
        },
        attachments=read.attachments,
        addressed_to=read.to,
        # Anybody and any web form can write from the mailbox's own address: of those letters only what a program sent,
        # such as the desk's own alarms, is ours.
        ours=writer == own and read.automatic,
    )


def _ref(read: Letter) -> str:
    """What a letter is known by. Its id is its sender's choice: another letter under the same id is another message."""
    written = "\0".join((read.author, read.sent_at.isoformat(), read.words))
    return f"{read.message_id}~{hashlib.sha256(written.encode('utf-8', 'replace')).hexdigest()[:16]}"


def _writer(read: Letter, own: str) -> tuple[str, str]:
    """(address, name) of who wrote it. A web form writes from the mailbox's own address, for whoever Reply-To names."""
    if read.author == own and read.reply_to and not _is_own(read.reply_to, own):
        return read.reply_to, read.reply_to
    return read.author, read.author_name or read.author


def _is_own(address: str, own: str) -> bool:
    """Whether an address leads to this mailbox, also one with something behind a plus sign."""
    local, _, host = address.rpartition("@")
    return f"{local.partition('+')[0]}@{host}" == own
