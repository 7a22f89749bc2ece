"""How the inbox says no."""

from __future__ import annotations


class Refusal(Exception):
    """The text says why and what to do. `field`: the argument of the action that mends it, when it is one."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class InboxError(Refusal):
    """Something cannot be done about a message; the message says why and what to do. Nothing has been sent."""


class LooksLawful(InboxError):
    """What is to be taken away looks like speech that the policy keeps. Say what makes it more than that (`field`)."""

    def __init__(self, message: str, clause: str) -> None:
        super().__init__(message, "more_than")
        self.clause = clause
