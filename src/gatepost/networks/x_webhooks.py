"""Calls of X's: its question whether an address is ours, and the signature of what it tells.

Both are HMAC-SHA256 in base64, keyed with the app's API secret key (consumer secret): over the question's token, and
over the body as it came. Which events X tells depends on product and plan, so what a call holds is not read: it says
that there is something, and the account is read. Source: docs.x.com/x-api/webhooks/quickstart, November 2026.

One key signs both, and anybody may ask the question: an answer must be no signature of a call. X's calls are JSON
objects. What could be one is not answered, and nothing else is taken as a call.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Protocol, runtime_checkable

HEADER = "x-twitter-webhooks-signature"
LONGEST = 500  # characters of a question


@runtime_checkable
class AnswersQuestion(Protocol):
    """Networks that ask whether an address is ours by what only the holder of a secret can answer."""

    def answer_to(self, asked: Mapping[str, str]) -> str:
        """The answer as JSON; "" when nothing of the kind was asked, or there is no secret to answer with."""
        ...


def answer_to(secret: str, asked: Mapping[str, str]) -> str:
    token = asked.get("crc_token", "")
    if not secret or not token or len(token) > LONGEST or "{" in token:
        return ""
    return json.dumps({"response_token": _signed(secret, token.encode("utf-8", "replace"))})


def is_signed(secret: str, body: bytes, headers: Mapping[str, str]) -> bool:
    """Whether the signature is X's over `body`. False without a secret, and for what is no JSON object."""
    given = next((value for name, value in headers.items() if name.lower() == HEADER), "")
    # Bytes on both sides, because compare_digest raises for text outside ASCII.
    said = given.strip().encode("utf-8", "replace")
    return bool(secret) and body.startswith(b"{") and hmac.compare_digest(said, _signed(secret, body).encode())


def _signed(secret: str, body: bytes) -> str:
    return "sha256=" + base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode("ascii")
