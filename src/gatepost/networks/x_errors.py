"""What X's problem answers mean for us.

Source: docs.x.com/x-api/fundamentals/response-codes-and-errors and /rate-limits, read November 2026; the
wording of the 403 answers as seen in public reports of users of the API. X tells its 403s apart by words
alone.
"""

from __future__ import annotations

from .client import Reply, Wire, by_status
from .fields import dig, objects, text
from .protocol import Answer, ReadFailed, Refused, Unknown

RECONNECT = (
    "X no longer accepts this channel's token (it has expired or was revoked). "
    "Reconnect the channel: sign in at X again and enter the new token under Channels."
)
BY_HAND = (
    "X does not let this account answer here by its API, because the author did not mention or quote it. "
    "Reply by hand on X, then record it here."
)
CREDIT = "The credit of this X developer account is used up. Buy credit in its console, then send it again."
GONE = "This is no longer on X, or this account may not see it."

_RESTRICTED = (
    "not allowed because you have not been mentioned",
    "reply to this conversation",
    "who can reply",
)
_UNSEEN = ("deleted or not visible", "could not find")


def is_gone(reply: Reply) -> bool:
    """Whether X says that the post does not exist (any more). It says so with 404 or with an error inside a
    200."""
    if reply.status in (404, 410):
        return True
    if not reply.fine or dig(reply.body, "data") is not None:
        return False  # beside data it speaks of something else: an answered post that was deleted
    types = [text(problem, "type") for problem in objects(reply.body, "errors")]
    return any(kind.endswith("/resource-not-found") for kind in types)


def words_of(reply: Reply) -> str:
    """The network's own explanation, from wherever this answer keeps it."""
    inner = [text(e, "detail") or text(e, "message") for e in objects(reply.body, "errors")]
    return text(reply.body, "detail") or " ".join(filter(None, inner)) or text(reply.body, "title")


def failed_write(wire: Wire, reply: Reply, *, replying: bool = False) -> Answer:
    """The answer for a write that came back with an error."""
    told = wire.say(words_of(reply))
    low = told.lower()
    if reply.status == 401:
        return Refused(RECONNECT, "401")
    if reply.status == 402 or "creditsdepleted" in low.replace(" ", ""):
        return Refused(CREDIT, "402")
    if reply.status == 403:
        if "duplicate content" in low:
            return Unknown("X says that this was posted already. It is being looked for.")
        if any(words in low for words in _RESTRICTED):
            return Refused(BY_HAND, "403")
        if any(words in low for words in _UNSEEN):
            return Refused(f"{GONE} X says: {told}", "403")
        hint = f" If nothing explains it: {BY_HAND}" if replying else ""
        return Refused(
            f"X does not permit it: {told} Check that the app has the scopes tweet.write, tweet.moderate.write "
            f"and media.write, and reconnect the channel.{hint}",
            "403",
        )
    if is_gone(reply):
        return Refused(GONE, "404")
    return by_status(wire, reply, network="X")


def failed_read(wire: Wire, reply: Reply) -> ReadFailed:
    """The exception for a read that came back with an error; the caller raises it."""
    told = wire.say(words_of(reply))
    if reply.status == 401:
        return ReadFailed(RECONNECT, None)
    if reply.status == 402:
        return ReadFailed(CREDIT, None)
    return ReadFailed(f"X refused to be read (status {reply.status}): {told or 'without a reason'}", None)
