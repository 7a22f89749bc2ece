"""Every e-mail that the desk writes by itself goes through here: it says so (RFC 3834), and is known if it comes back.

`Auto-Submitted` keeps answering machines silent, so that no two of them write to each other for ever; Exchange asks for
a header of its own. `Precedence` is not set: RFC 3834 recommends no value for it, and what is marked "bulk" is sorted
away, which an alarm must not be. A letter that lands in a mailbox which the desk reads is known by its seal.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Mapping, Sequence

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.crypto import salted_hmac

SEAL = "X-Gatepost-Seal"


def letter(
    subject: str,
    body: str,
    to: Sequence[str] = (),
    *,
    bcc: Sequence[str] = (),
    reply_to: str = "",
    headers: Mapping[str, str] | None = None,
) -> EmailMessage:
    """A letter of the desk's, ready to be sent. `subject` is put on one line."""
    return EmailMessage(
        subject=" ".join(subject.split()),
        body=body,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=list(to),
        bcc=list(bcc),
        reply_to=[reply_to] if reply_to else None,
        headers={
            "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "OOF, AutoReply",
            SEAL: _sealed(secrets.token_hex(8)),
            **(headers or {}),
        },
    )


def why(error: OSError) -> str:
    """Why a letter did not leave, for people. smtplib's errors hold addresses in their text, which do not belong in a
    log: of those their name is told."""
    return error.strerror or type(error).__name__


def _sealed(number: str) -> str:
    return f"{number}-{salted_hmac('gatepost.letter', number, algorithm='sha256').hexdigest()[:32]}"


def is_ours(seal: str) -> bool:
    """Whether the desk itself wrote the letter that carries this seal."""
    number, _, rest = seal.partition("-")
    return bool(rest) and hmac.compare_digest(_sealed(number).encode(), seal.encode("utf-8", "replace"))
