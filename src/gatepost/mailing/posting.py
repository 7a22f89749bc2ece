"""The way letters leave: Django's own, and for mail servers that take no password a sign-in by a token.

The environment names the mail server, and may name a token service on this machine or its network.
"""

from __future__ import annotations

import errno
from datetime import date
from pathlib import Path
from smtplib import SMTPAuthenticationError, SMTPException

from django.conf import settings
from django.core.mail.backends.smtp import EmailBackend

from gatepost.networks.bearer import Bearer, offered
from gatepost.networks.client import BadAccount
from gatepost.networks.mail_sign_in import Grant, grant_of
from gatepost.networks.protocol import ReadFailed
from gatepost.networks.tokens import Token, forget, token_of

NOT_TAKEN = {
    "microsoft": "Microsoft gave a token, but its mail server does not take it. Check in Exchange that authenticated "
    "SMTP is on for this mailbox and that the app may send from it. What was changed there can take two hours",
    "google": "Google gave a token, but its mail server does not take it. Check that the user's address is right",
    "other": "The token service gave a token, but the mail server does not take it. Ask whoever runs the mail server",
}


class SignInFailed(SMTPException):
    """The mail server did not let the desk in. `strerror` says why, in words without secrets or addresses."""

    def __init__(self, says: str) -> None:
        super().__init__(errno.EACCES, says.rstrip("."))


class _Refused(SignInFailed):
    """The mail server refused a token."""


def grant() -> Grant | None:
    """How a token for the mail server is asked for; None where it takes a password or nothing. Raises SignInFailed."""
    given = dict(settings.EMAIL_SIGN_IN)
    try:
        if path := given.pop("key_path", ""):
            given["key_file"] = Path(path).read_text("utf-8")
        return grant_of(given, user=settings.EMAIL_HOST_USER, allow_private=bool(given["token_url"]))
    except BadAccount as error:
        raise SignInFailed(f"{error} See GATEPOST_SMTP_SIGN_IN") from None
    except (OSError, UnicodeError):
        raise SignInFailed("The file that GATEPOST_SMTP_KEY_FILE names cannot be read") from None


def secret_ends() -> date | None:
    """The day on which the secret for the mail server runs out, where somebody said."""
    try:
        found = grant()
    except SignInFailed:
        return None
    return found.ends if found else None


class Posting(EmailBackend):
    """Django's backend. `open` raises SignInFailed, and what Django's raises."""

    def open(self) -> bool | None:
        if self.connection:
            return False
        try:
            wanted = grant()
            return super().open() if wanted is None else self._opened(wanted)
        except OSError:
            if not self.fail_silently:
                raise
            return None

    def _opened(self, wanted: Grant) -> bool | None:
        if not (self.use_tls or self.use_ssl):
            raise SignInFailed("A token is shown to a mail server over TLS alone. Set GATEPOST_SMTP_STARTTLS to 1")
        token = _token(wanted)
        try:
            return self._signed_in(wanted, token)
        except _Refused:
            forget(wanted)
            if not token.kept:
                raise
        return self._signed_in(wanted, _token(wanted))  # it was kept, and what is allowed may have changed since

    def _signed_in(self, wanted: Grant, token: Token) -> bool | None:
        self.password = ""  # Django then signs nobody in
        opened = super().open()
        try:
            self._show(wanted, token)
        except BaseException:
            self.close()
            raise
        return opened

    def _show(self, wanted: Grant, token: Token) -> None:
        link = self.connection
        if link is None:
            return
        link.ehlo_or_helo_if_needed()
        mechanism = offered(link.esmtp_features.get("auth", "").upper().split())
        if not mechanism:
            raise SignInFailed("The mail server takes no sign-in by token (XOAUTH2). Check GATEPOST_SMTP_HOST")
        answers = Bearer(mechanism, user=wanted.user, token=token.value, host=self.host, port=self.port)
        try:
            link.auth(mechanism, answers.text)
        except SMTPAuthenticationError as error:
            if error.smtp_code < 500:
                raise SignInFailed("The mail server could not look at our sign-in just now") from None
            raise _Refused(NOT_TAKEN[wanted.way]) from None


def _token(wanted: Grant) -> Token:
    try:
        return token_of(wanted)
    except ReadFailed as error:
        raise SignInFailed(error.reason) from None
