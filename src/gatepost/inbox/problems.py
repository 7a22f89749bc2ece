"""How the inbox says no."""

from __future__ import annotations


class InboxError(Exception):
    """Something cannot be done about a message; the message says why and what to do. Nothing has been sent."""


class LooksLawful(InboxError):
    """What is to be taken away looks like speech that the policy keeps. Say what makes it more than that (`field`)."""

    field = "more_than"

    def __init__(self, message: str, clause: str) -> None:
        super().__init__(message)
        self.clause = clause
