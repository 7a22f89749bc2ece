"""Why a token was refused, in words that say what to do.

Microsoft asks programs not to build on its error numbers, for they may change: here they choose the words alone, and a
number that is not known is told with what Microsoft said of it.
Source: Microsoft's list of AADSTS codes, Google's description of service accounts, RFC 6749 section 5.2.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Any

from .fields import clean, text
from .mail_sign_in import Grant

_CODE = re.compile(r"AADSTS(\d{4,9})")
SECRETS = (
    "Make a new one in Entra (App registrations, the app, Certificates & secrets) and enter its value, not its id."
)
_MICROSOFT = {
    "700016": "Microsoft knows no app of this client id in this tenant. Compare both with the app's overview in Entra.",
    "90002": "Microsoft knows no tenant of this name. Compare it with the directory (tenant) id in Entra.",
    "900023": "Microsoft knows no tenant of this name. Compare it with the directory (tenant) id in Entra.",
    "7000112": "The app is switched off in Entra. Switch it on under Enterprise applications, Properties.",
    "7000229": "The app has no service principal in this tenant. Grant it admin consent in Entra.",
    "53003": "A conditional access policy of your organisation keeps the app out. Ask whoever looks after Entra.",
}
DELEGATION = (
    "Google does not let this service account act for the mailbox. In the Admin console, under Security, API controls, "
    "Domain-wide delegation, add its client id with the scope https://mail.google.com/"
)


def refusal(grant: Grant, body: Any, *, today: date | None = None) -> str:
    """`body`: the JSON of the answer."""
    error, told = text(body, "error"), text(body, "error_description")
    told = " ".join(clean(told).split()).replace(grant.secret, "[secret]")
    match grant.way:
        case "microsoft":
            return _microsoft(grant, error, told, today or datetime.now(UTC).date())
        case "google":
            return _google(error, told)
    known = {
        "invalid_client": "does not accept the client id and secret. Enter them again; the secret may have run out",
        "invalid_scope": "knows no such scope. Compare it with what the provider names",
        "unauthorized_client": "does not let this client ask for tokens by itself. Allow it client credentials there",
        "unsupported_grant_type": "gives no tokens for client credentials. Ask whoever runs it",
    }
    return f"{grant.who} {known.get(error) or 'refused: ' + _short(told or error or 'without a reason').rstrip('.')}."


def _microsoft(grant: Grant, error: str, told: str, today: date) -> str:
    found = _CODE.search(told)
    code = found[1] if found else ""
    if code == "7000222":
        when = f" on {_day(grant.ends)}" if grant.ends and grant.ends <= today else ""
        return f"Microsoft did not accept the client secret: it has run out{when}. {SECRETS}"
    if code == "7000215" or (not code and error == "invalid_client"):
        when = (
            f"it may have run out on {_day(grant.ends)}"
            if grant.ends and grant.ends <= today
            else "it may have run out"
        )
        return f"Microsoft did not accept the client secret: {when}, or it is another one. {SECRETS}"
    if code in _MICROSOFT:
        return _MICROSOFT[code]
    return f"Microsoft refused to let the desk in: {_short(told or error or 'without a reason')}"


def _google(error: str, told: str) -> str:
    said = told.lower()
    if error == "unauthorized_client":
        return DELEGATION
    if "signature" in said or error == "invalid_client" or "account not found" in said:
        return (
            "Google does not accept the key of the service account: the key or the account may have been deleted. "
            "Make a new key in the Google Cloud console (IAM, Service accounts, Keys) and paste its file."
        )
    if "timeframe" in said or "iat" in said.split():
        return "Google says that this machine's clock is wrong. Set it right: time is taken from it."
    if "invalid email" in said or "user id" in said:
        return "Google knows no user with the mailbox's address. A group has no mailbox: name a user's address."
    if error == "invalid_scope":
        return DELEGATION
    return f"Google refused to let the desk in: {_short(told or error or 'without a reason')}"


def _short(told: str) -> str:
    """Without the numbers of traces, which say nothing to people."""
    return told.split(" Trace ID:")[0][:200].strip()


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
