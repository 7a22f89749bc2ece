"""What a call of Facebook's webhook says: comments under any post of the Page, however old, and visitors' posts; that
their words were changed, or that they are gone.

The signature must have been checked before: nothing in here is proof of anything.
Source: developers.facebook.com/docs/graph-api/webhooks/reference/page (field `feed`), read November 2026.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from .fields import ident, kept, objects, text, whole
from .protocol import Attached, Incoming

LARGEST = 1024 * 1024
"""Bytes of a call that are read; Facebook's own are a few thousand."""
CHANGES = 1000
VISITORS_POSTS = frozenset({"status", "post", "photo", "share", "video"})


def messages_in(body: bytes, page: str) -> tuple[Incoming, ...]:
    """New messages to the Page `page` in one call, in the order told. Anything else in it is passed over."""
    if len(body) > LARGEST:
        return ()
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return ()
    changes = [
        (change, _time(whole(entry, "time")))
        for entry in objects(told, "entry")
        if ident(entry, "id") == page
        for change in objects(entry, "changes")
        if text(change, "field") == "feed"
    ]
    read = (_message(page, change.get("value"), when) for change, when in changes[:CHANGES])
    return tuple(message for message in read if message is not None)


def _time(seconds: int) -> datetime:
    return datetime.fromtimestamp(min(max(seconds, 0), 4_000_000_000), UTC)


def _pictures(value: Mapping[str, Any]) -> tuple[Attached, ...]:
    """Pictures and films of a comment or a visitor's post: addresses on Facebook's own servers."""
    listed = value.get("photos")
    found = [text(value, "photo"), text(value, "video"), *(listed if isinstance(listed, list) else [])]
    usable = [one for one in found if isinstance(one, str) and one.startswith("https://") and len(one) <= 2000]
    return tuple(Attached("", "", url=one) for one in dict.fromkeys(usable[:20]))


def _message(page: str, value: Any, when: datetime) -> Incoming | None:
    """`when` is the time of the call's entry: that of the change. `created_time` stays that of the first words."""
    verb = text(value, "verb")
    if not isinstance(value, Mapping) or verb not in ("add", "edited", "remove"):
        return None
    item, post, author = text(value, "item"), ident(value, "post_id"), ident(value, "from", "id")
    is_comment = item == "comment"
    ref = ident(value, "comment_id") if is_comment else post
    words = text(value, "message")
    gone = verb == "remove"
    pictures = _pictures(value)
    if (
        not ref
        or not (words.strip() or gone or pictures)
        or author == page
        or not (is_comment or item in VISITORS_POSTS)
    ):
        return None
    above = ident(value, "parent_id")
    # A comment right under the post names the post as its parent; a thread begins with a comment.
    parent = above if above != post else ""
    written = _time(whole(value, "created_time"))
    return Incoming(
        ref=ref,
        kind="comment" if is_comment else "mention",
        text=words,
        author_ref=author,
        author_name=text(value, "from", "name") or "Somebody on Facebook",
        posted_at=written,
        parent_ref=(parent or post) if is_comment else "",
        thread_ref=(parent or ref) if is_comment else ref,
        post_ref=post if is_comment else "",
        permalink=text(value, "post", "permalink_url"),
        raw=kept(dict(value)),
        gone=gone,
        attachments=pictures,
        changed_at=written if verb == "add" else when,
    )
