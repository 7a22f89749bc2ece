"""The ways into a mailbox: by password, or by a token of Microsoft's, Google's or another provider's.

What a person entered (or the environment names, for outgoing e-mail) becomes a Grant: how a token is asked for.
Source: OAuth 2.0 client credentials as Microsoft describes them for IMAP and SMTP (IMAP.AccessAsApp, SMTP.SendAsApp);
Google's service accounts with domain-wide delegation, scope https://mail.google.com/; RFC 6749, RFC 7523.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from .client import BadAccount

Way = Literal["password", "microsoft", "google", "other"]

MICROSOFT_SCOPE = "https://outlook.office365.com/.default"
GOOGLE_SCOPE = "https://mail.google.com/"
_TENANT = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]{0,99}")


@dataclass(frozen=True, slots=True)
class Grant:
    """How a token is asked for, and of whom. Equal grants share a token."""

    way: Way
    who: str  # as people know the provider
    url: str
    scope: str
    client: str
    secret: str = field(repr=False)  # the client's secret, or a private key as PEM
    user: str  # the mailbox
    key_id: str = ""
    ends: date | None = None  # when the secret runs out, where somebody said
    allow_private: bool = False


def way_of(credentials: Mapping[str, str]) -> Way:
    """Raises BadAccount for a way there is not."""
    match credentials.get("sign_in", "").strip() or "password":
        case "password":
            return "password"
        case "microsoft":
            return "microsoft"
        case "google":
            return "google"
        case "other":
            return "other"
        case unknown:
            raise BadAccount(
                f"There is no way to sign in called “{unknown[:40]}”. There are: password, microsoft, google, other."
            )


def grant_of(credentials: Mapping[str, str], *, user: str, allow_private: bool = False) -> Grant | None:
    """None where the mailbox is opened by its password. Raises BadAccount naming what is missing or cannot be."""
    way = way_of(credentials)
    if way == "password":
        return None
    given = {name: value.strip() for name, value in credentials.items()}
    ends = _day(given.get("secret_ends", ""))
    user = given.get("username") or user.strip()
    if not user or not user.isascii() or not user.isprintable():
        raise BadAccount("The address of the mailbox is missing, or has letters that no mail server takes.")
    if way == "google":
        key = _key_file(_entered(given, "key_file", "key file"))
        url = given.get("token_url") or key["token_uri"]
        return Grant(
            way, "Google", url, GOOGLE_SCOPE, key["client_email"], key["private_key"], user,
            key["private_key_id"], ends, allow_private,
        )  # fmt: skip
    client = _entered(given, "client_id", "client id")
    secret = _entered(given, "client_secret", "client secret")
    if way == "microsoft":
        tenant = _entered(given, "tenant", "tenant")
        if not _TENANT.fullmatch(tenant):
            raise BadAccount(
                "The tenant is the directory id of your organisation, or a domain of it: nothing else.", "tenant"
            )
        url = given.get("token_url") or f"https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token"
        scope = given.get("scope") or MICROSOFT_SCOPE
        return Grant(way, "Microsoft", url, scope, client, secret, user, "", ends, allow_private)
    url = _entered(given, "token_url", "address of the token service")
    return Grant(
        way, "The token service", url, given.get("scope", ""), client, secret, user, "", ends, allow_private
    )  # fmt: skip


def _entered(given: Mapping[str, str], name: str, called: str) -> str:
    value = given.get(name, "")
    if not value:
        raise BadAccount(f"The {called} is missing. Enter it and try again.", name)
    if name != "key_file" and not (value.isascii() and value.isprintable()):
        raise BadAccount(f"The {called} contains a line break or a letter that cannot be. Copy it again.", name)
    return value


def _day(said: str) -> date | None:
    if not said:
        return None
    try:
        return date.fromisoformat(said)
    except ValueError:
        raise BadAccount("The day on which the secret runs out is written as 2027-05-31.", "secret_ends") from None


def _key_file(said: str) -> dict[str, str]:
    """What is needed of the JSON file that Google makes for a key of a service account."""
    wanted = ("client_email", "private_key", "private_key_id", "token_uri")
    try:
        read: Any = json.loads(said)
        if isinstance(read, dict) and read.get("type") == "service_account":
            found = {name: read[name] for name in wanted}
            if all(isinstance(value, str) and value for value in found.values()):
                return found
    except (ValueError, KeyError, RecursionError):
        pass
    raise BadAccount(
        "That is not the key file of a service account. Paste the whole JSON file that Google made.", "key_file"
    )
