"""How the inbox says no."""

from __future__ import annotations


class InboxError(Exception):
    """Something cannot be done about a message; the message says why and what to do. Nothing has been sent."""
