"""How an access token is shown to a mail server: the SASL mechanisms XOAUTH2 and OAUTHBEARER.

Source: RFC 7628 (OAUTHBEARER), RFC 5801 section 4 (its header); XOAUTH2 as Google and Microsoft publish it for IMAP and
SMTP; tried on Dovecot 2.3, November 2026.
"""

from __future__ import annotations

from collections.abc import Collection

MECHANISMS = ("XOAUTH2", "OAUTHBEARER")
"""The first that a server offers is taken. Microsoft offers the first alone; both providers describe it."""


class Bearer:
    """Answers a server's challenges, as imaplib (bytes) and smtplib (text) ask for them."""

    def __init__(self, mechanism: str, *, user: str, token: str, host: str, port: int) -> None:
        self.mechanism = mechanism
        if mechanism == "XOAUTH2":
            self._first, self._after = f"user={user}\x01auth=Bearer {token}\x01\x01", ""
        else:
            name = user.replace("=", "=3D").replace(",", "=2C")
            self._first = f"n,a={name},\x01host={host}\x01port={port}\x01auth=Bearer {token}\x01\x01"
            self._after = "\x01"

    def text(self, challenge: bytes | None = None) -> str:
        """The credentials at first. A challenge with words in it says that they were refused: the answer ends the try,
        and the server then says no."""
        return self._after if challenge else self._first

    def data(self, challenge: bytes) -> bytes:
        return self.text(challenge).encode("ascii")


def offered(names: Collection[str]) -> str:
    """The mechanism to take of those a server names, in capitals; "" when it takes no token."""
    return next((name for name in MECHANISMS if name in names), "")
