"""What the Graph API's error codes mean for us.

Source: developers.facebook.com/docs/graph-api/guides/error-handling and
/docs/graph-api/overview/rate-limiting, read November 2026. A code decides before the HTTP status does:
Facebook sends most errors with 400 or 500.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from .client import LONGEST_WAIT, Reply, Wire, by_status, used_up, wait_seconds
from .fields import text, whole
from .protocol import Answer, ReadFailed, Refused, Unknown

TOKEN = frozenset({102, 104, 190, 463, 467})
BUSY = frozenset({4, 17, 32, 341, 613, 80001, 80002, 80006})
TRANSIENT = frozenset({1, 2})
DUPLICATE = 506
BLOCKED = 368
GONE = (100, 33)
LATE = (10, 2018278)

RECONNECT = (
    "Facebook no longer accepts this channel's Page token (it has expired or was revoked). "
    "Reconnect the channel: make a new Page token and enter it under Channels."
)


class Gone(ReadFailed):
    """What was asked for does not exist any more, or not for this Page."""

    def __init__(self) -> None:
        super().__init__("This is no longer on Facebook, or this Page may not see it.", None)


class RefusedHere(ReadFailed):
    """An error that may be about this one thing: it says nothing of the token or of how much we ask."""


def code_of(reply: Reply) -> int:
    """The Graph error code of an answer, 0 when it carries none."""
    return whole(reply.body, "error", "code")


def is_gone(reply: Reply) -> bool:
    """Whether Facebook says that the object does not exist (any more)."""
    pair = (code_of(reply), whole(reply.body, "error", "error_subcode"))
    return pair == GONE or code_of(reply) == 803 or (reply.status == 404 and code_of(reply) in (0, 100))


def failed_write(wire: Wire, reply: Reply) -> Answer:
    """The answer for a write that came back with an error."""
    code, told = code_of(reply), wire.say(text(reply.body, "error", "message"))
    if code in TOKEN:
        return Refused(RECONNECT, str(code))
    if code in BUSY:
        return used_up(reply, "Facebook says that this Page asks too much of it; it wants us to wait.", _wait(reply))
    if code in TRANSIENT:
        return Unknown(f"Facebook reports a passing fault of its own (code {code}) and may have taken it.")
    if code == DUPLICATE:
        return Unknown("Facebook says that this was posted already (code 506). It is being looked for.")
    if code == BLOCKED:
        return Refused(
            f"Facebook has blocked this Page for a while: {told} Read the Page's support inbox.",
            "368",
        )
    if (code, whole(reply.body, "error", "error_subcode")) == LATE:
        return Refused("Facebook takes an answer for 24 hours after a person's last message. That time is over.", "10")
    if code in (3, 10) or 200 <= code <= 299:
        return Refused(
            f"The Page token may not do this: {told} Reconnect the channel and grant the permissions "
            "pages_manage_posts, pages_manage_engagement and pages_read_user_content, and for private messages "
            "pages_messaging.",
            str(code),
        )
    if is_gone(reply):
        return Refused("This is no longer on Facebook, or this Page may not see it.", "100/33")
    if code and reply.status < 500:
        return Refused(f"Facebook refused it: {told}", str(code))
    return by_status(wire, reply, network="Facebook")


def failed_read(wire: Wire, reply: Reply) -> ReadFailed:
    """The exception for a read that came back with an error; the caller raises it."""
    code, told = code_of(reply), wire.say(text(reply.body, "error", "message"))
    if code in TOKEN:
        return ReadFailed(RECONNECT, None)
    if code in BUSY:
        return ReadFailed("Facebook asks us to wait before reading again.", _wait(reply))
    if code in TRANSIENT:
        return RefusedHere(f"Facebook reports a passing fault of its own (code {code}).")
    return RefusedHere(f"Facebook refused to be read (code {code}): {told or 'without a reason'}", None)


def _wait(reply: Reply) -> float:
    """Seconds until Facebook takes requests again; X-Business-Use-Case-Usage counts in minutes."""
    return max(wait_seconds(reply.headers), _usage_wait(reply.headers))


def _usage_wait(headers: Mapping[str, str]) -> float:
    try:
        usage = json.loads(headers.get("x-business-use-case-usage", "{}"))
    except (ValueError, RecursionError):
        return 0.0
    entries = [e for v in usage.values() if isinstance(v, list) for e in v] if isinstance(usage, dict) else []
    return min(max((whole(e, "estimated_time_to_regain_access") for e in entries), default=0) * 60.0, LONGEST_WAIT)
