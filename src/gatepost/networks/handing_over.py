"""Hands something over to a system of the organisation's own by a signed POST, behind the address guard.

The receiver checks `X-Gatepost-Signature: t=SECONDS,v1=HEX`: HMAC-SHA256, keyed with the shared secret, over seconds,
a full stop and the body as it came. `X-Gatepost-Delivery` is the same at every try, so that a second one is known.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass

import httpx

from .client import CONNECT_SECONDS, READ_SECONDS, TOTAL_SECONDS, USER_AGENT
from .deadline import Deadline
from .guard import AddressRefused, GuardedTransport

AGAIN = frozenset({408, 425, 429})
LONGEST = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Taken:
    """The other system took it."""


@dataclass(frozen=True, slots=True)
class NotYet:
    """It was not taken this time; trying again may help. `reason` is for people."""

    reason: str


@dataclass(frozen=True, slots=True)
class Never:
    """It will not be taken as it stands. `reason` is for people."""

    reason: str


def signature(secret: str, seconds: int, body: bytes) -> str:
    """The value of the signature's header."""
    made = hmac.new(secret.encode(), b"%d." % seconds + body, hashlib.sha256).hexdigest()
    return f"t={seconds},v1={made}"


def address_problem(url: str, *, allow_private: bool) -> str:
    """What is wrong with an address as it is written; "" when nothing is."""
    try:
        read = httpx.URL(url)
    except (httpx.InvalidURL, ValueError):
        return "This is not a web address. Write it like https://housing.example.org/cases"
    if read.scheme not in ("https", "http") or not read.host:
        return "This is not a web address. Write it like https://housing.example.org/cases"
    if read.userinfo:
        return "Leave name and password out of the address: what is sent is signed."
    if read.scheme == "http" and not allow_private:
        return "The address begins with http:// and would show the case to others. Use https://"
    return ""


def host_of(url: str) -> str:
    """Scheme and host of an address, which may be shown: the rest of it often holds a key."""
    read = httpx.URL(url)
    return f"{read.scheme}://{read.netloc.decode('ascii')}"


def deliver(
    url: str,
    body: bytes,
    *,
    secret: str,
    delivery: str,
    seconds: int,
    allow_private: bool,
    kind: str = "application/json",
    authorisation: str = "",
    transport: httpx.BaseTransport | None = None,
) -> Taken | NotYet | Never:
    """One try. Redirects are not followed: the body would go where nobody agreed to. `authorisation`: the header of
    that name, where the other side asks for one besides the signature."""
    headers = {
        "User-Agent": USER_AGENT,
        "Content-Type": kind,
        "X-Gatepost-Delivery": delivery,
        "X-Gatepost-Signature": signature(secret, seconds, body),
    }
    if authorisation:
        headers["Authorization"] = authorisation
    if problem := address_problem(url, allow_private=allow_private):
        return Never(problem)
    if len(body) > LONGEST:
        return Never("The case is larger than 4 MB. Hand it over as a file.")
    client = httpx.Client(
        transport=transport or GuardedTransport(allow_private=allow_private),
        timeout=httpx.Timeout(READ_SECONDS, connect=CONNECT_SECONDS),
        follow_redirects=False,
        trust_env=False,
    )
    try:
        with (
            client,
            Deadline(TOTAL_SECONDS) as limit,
            client.stream("POST", url, content=body, headers=headers, extensions=limit.extensions) as answer,
        ):
            status = answer.status_code
    except AddressRefused as fault:
        return Never(str(fault))
    except httpx.HTTPError as fault:
        return NotYet(f"The other system did not answer ({type(fault).__name__}).")
    if 200 <= status < 300:
        return Taken()
    if status in AGAIN or status >= 500:
        return NotYet(f"The other system is not ready (status {status}).")
    return Never(f"The other system said no (status {status}). Check its address and the shared secret.")
