"""Access tokens for mailboxes: asked for over the guarded wire, kept until shortly before their end, never logged.

They are kept in this process alone: nothing of them reaches the database or the disk.
"""

from __future__ import annotations

import base64
import threading
import time
from dataclasses import dataclass, field
from urllib.parse import quote_plus

import jwt

from .client import BadAccount, Reply, Wire, wait_seconds
from .mail_sign_in import Grant
from .protocol import Account, ReadFailed, Refused, TryLater
from .token_errors import refusal

__all__ = ["Token", "forget", "token_of"]

BEFORE_END = 300.0
"""A token is asked for anew so many seconds before its end; half its life before, where that is shorter."""
UNSAID = 300.0
"""How long a token is taken to last whose service does not say."""
LONGEST = 24 * 3600.0
TOKEN_LIMIT = 16_384  # characters
KEPT = 64
_ASSERTION = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_ASSERTION_SECONDS = 600


@dataclass(frozen=True, slots=True)
class Token:
    """`kept`: it was not asked for now, so the provider may have changed what it allows meanwhile."""

    value: str = field(repr=False)
    until: float  # of time.monotonic(): to be used no longer
    kept: bool = False


_tokens: dict[Grant, Token] = {}
_lock = threading.Lock()


def token_of(grant: Grant, *, fresh: bool = False) -> Token:
    """A token that is good now. `fresh`: asked for now, whatever is kept. Raises ReadFailed."""
    now = time.monotonic()
    with _lock:
        known = _tokens.get(grant)
    if known and known.until > now and not fresh:
        return Token(known.value, known.until, kept=True)
    made = _asked(grant)
    with _lock:
        for old in [one for one, token in _tokens.items() if token.until <= now]:
            del _tokens[old]
        if len(_tokens) < KEPT:
            _tokens[grant] = made
    return made


def forget(grant: Grant) -> None:
    """Its token was refused: the next is asked for."""
    with _lock:
        _tokens.pop(grant, None)


def _asked(grant: Grant) -> Token:
    now = time.monotonic()
    try:
        wire = _wire(grant)
        answer = wire.write("POST", "", form=_form(grant))
    except BadAccount as fault:
        raise ReadFailed(str(fault), None) from None
    if isinstance(answer, Refused):
        raise ReadFailed(answer.reason, None)
    if isinstance(answer, TryLater):
        raise ReadFailed(f"{grant.who} could not be asked to let the desk in. {answer.reason}", answer.seconds)
    if not isinstance(answer, Reply):
        raise ReadFailed(f"{grant.who} did not answer as it should when asked to let the desk in. It is tried again.")
    if answer.status == 429:
        raise ReadFailed(f"{grant.who} asks us to wait before asking again.", wait_seconds(answer.headers))
    if answer.status >= 500:
        raise ReadFailed(f"{grant.who} has a fault of its own (status {answer.status}). It is tried again.")
    if not answer.fine:
        raise ReadFailed(refusal(grant, answer.body), None)
    return _read(grant, answer, now)


def _read(grant: Grant, answer: Reply, now: float) -> Token:
    body = answer.body if isinstance(answer.body, dict) else {}
    value, kind = body.get("access_token"), body.get("token_type", "Bearer")
    if (
        not isinstance(value, str)
        or not 0 < len(value) <= TOKEN_LIMIT
        or not (value.isascii() and value.isprintable())
        or not isinstance(kind, str)
        or kind.lower() != "bearer"
    ):
        raise ReadFailed(f"{grant.who} answered with something that is no token. It is tried again.", 300.0)
    lasts = _seconds(body.get("expires_in"))
    return Token(value, now + lasts - min(BEFORE_END, lasts / 2))


def _seconds(said: object) -> float:
    """How long a token lasts; services write the number as text too."""
    if isinstance(said, str) and said.isascii() and said.isdigit():
        said = int(said[:9])
    if isinstance(said, int | float) and not isinstance(said, bool) and said > 0:
        return min(float(said), LONGEST)
    return UNSAID


def _wire(grant: Grant) -> Wire:
    headers = {}
    if grant.way == "other":  # RFC 6749, 2.3.1: what every token service understands
        pair = f"{quote_plus(grant.client)}:{quote_plus(grant.secret)}"
        headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
    account = Account("token service", grant.url, "", allow_private=grant.allow_private)
    return Wire(account, grant.url, headers=headers, secrets=(grant.secret,))


def _form(grant: Grant) -> dict[str, str]:
    """Raises ReadFailed for a key that signs nothing."""
    if grant.way == "google":
        return {"grant_type": _ASSERTION, "assertion": _assertion(grant)}
    form = {"grant_type": "client_credentials"}
    if grant.way == "microsoft":
        form |= {"client_id": grant.client, "client_secret": grant.secret}
    if grant.scope:
        form["scope"] = grant.scope
    return form


def _assertion(grant: Grant) -> str:
    """The service account's word, signed with its key, that it asks for the mailbox's user (RFC 7523)."""
    now = int(time.time())
    claims = {
        "iss": grant.client,
        "sub": grant.user,
        "scope": grant.scope,
        "aud": grant.url,
        "iat": now,
        "exp": now + _ASSERTION_SECONDS,
    }
    try:
        return jwt.encode(claims, grant.secret, algorithm="RS256", headers={"kid": grant.key_id})
    except (jwt.PyJWTError, ValueError, TypeError):
        raise ReadFailed("The private key in the key file is damaged. Paste the whole file again.", None) from None
