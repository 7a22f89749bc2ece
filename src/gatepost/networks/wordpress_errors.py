"""What the WordPress REST API's error codes mean for us.

Source: the source of WordPress 6.5 (wp-includes/rest-api/endpoints) and answers of a real server, November
2026.
"""

from __future__ import annotations

from .client import Reply, Wire, by_status, wait_seconds
from .fields import text
from .protocol import Answer, ReadFailed, Refused, TryLater, Unknown
from .wordpress_text import plain

RECONNECT = (
    "WordPress does not accept the user name or the application password. It does not say which: check both, or make a "
    "new application password under Users, Profile. WordPress takes them over https alone."
)
GONE = "This is no longer on the website."
_GONE_CODES = frozenset({"rest_comment_invalid_id", "rest_post_invalid_id", "rest_already_trashed"})
_REASONS = {
    "rest_comment_closed": "Comments are closed for this page. Open them in WordPress, then send it again.",
    "rest_comment_trash_post": "The page that this answers is in the bin.",
    "rest_comment_draft_post": "The page that this answers is not published.",
    "rest_upload_limited_space": "The website has no room for the picture. Make room, then send it again.",
    "rest_upload_file_too_big": "The picture is too large for this website. Use a smaller one.",
    "rest_upload_sideload_error": "The website does not take this kind of picture. Use a JPEG or a PNG.",
}


def code_of(reply: Reply) -> str:
    """WordPress's own code of an error, "" when the answer carries none."""
    return text(reply.body, "code")


def is_gone(reply: Reply) -> bool:
    return not reply.fine and code_of(reply) in _GONE_CODES


def no_route(reply: Reply) -> bool:
    """Whether the REST API itself is not where it should be."""
    return reply.status == 404 and code_of(reply) in ("", "rest_no_route")


def failed_write(wire: Wire, reply: Reply) -> Answer:
    """The answer for a write that came back with an error."""
    code, told = code_of(reply), wire.say(plain(text(reply.body, "message")))
    if code in _REASONS:
        return Refused(_REASONS[code] + (f" WordPress says: {told}" if told else ""), code)
    if reply.status == 401:
        return Refused(f"{RECONNECT} WordPress says: {told}", code or "401")
    if code == "comment_flood":
        return TryLater(wait_seconds(reply.headers, otherwise=20.0), "WordPress wants a pause between two comments.")
    if code == "comment_duplicate":
        return Unknown("WordPress says that this comment is there already. It is being looked for.")
    if is_gone(reply):
        return Refused(GONE, code)
    if no_route(reply):
        return Refused(f"{_no_api(wire)}", "rest_no_route")
    if reply.status == 403:
        return Refused(f"This WordPress user may not do this: {told} It needs the role Editor.", code or "403")
    return by_status(wire, reply, network="WordPress")


def failed_read(wire: Wire, reply: Reply) -> ReadFailed:
    """The exception for a read that came back with an error; the caller raises it."""
    code, told = code_of(reply), wire.say(plain(text(reply.body, "message")))
    if reply.status == 401:
        return ReadFailed(f"{RECONNECT} WordPress says: {told}", None)
    if is_gone(reply):
        return ReadFailed(GONE, None)
    if no_route(reply):
        return ReadFailed(_no_api(wire), None)
    if reply.status == 403:
        return ReadFailed(f"This WordPress user may not read this: {told} It needs the role Editor.", None)
    return ReadFailed(f"WordPress refused to be read ({code or reply.status}): {told or 'without a reason'}", None)


def _no_api(wire: Wire) -> str:
    return (
        f"There is no WordPress REST API at {wire.base}/wp-json/. Check the address; if it is right, choose any "
        "permalink structure but “Plain” under Settings, Permalinks."
    )
