"""Reading the comments of a WordPress site, none missed and none twice.

WordPress numbers comments as they come, so the cursor is the highest number seen; times would not do, because many
comments share a second and a site's clock goes back in autumn. The REST API has no "after number": the newest page
is read, and when that does not reach back to the cursor the place is found by halving.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from .client import Reply
from .cursors import cursor_of
from .fields import dig, moment, objects, text, whole
from .protocol import Incoming, Page, ReadFailed
from .rereading import Again
from .wordpress_text import plain

COMMENT = re.compile(r"comment:[0-9]{1,18}")
BATCH = 100
OVERLAP = 25
"""Numbers below the cursor that are looked at again: a comment rescued from spam, or written at the same instant.
Must stay well below BATCH, or a batch would hold nothing new."""
DEEPEST = 5
"""Levels of answers that are climbed to find a thread's first comment; WordPress nests five deep unless told
more."""

Get = Callable[[str, Mapping[str, str]], Reply]
Entry = Mapping[str, Any]

_PARAMS = {"status": "all", "context": "edit", "orderby": "id"}


def read_comments(get: Get, me: int, written: str) -> Page:
    """One batch after the cursor `written`, oldest first. Raises ReadFailed."""
    cursor = cursor_of(written)
    floor = max(cursor.mark - OVERLAP, 0)
    entries, more = _after(get, floor)
    entries = sorted((e for e in entries if whole(e, "id") > floor), key=lambda e: whole(e, "id"))
    fresh = [e for e in entries if f"comment:{whole(e, 'id')}" not in cursor.seen]
    roots = _roots(get, fresh)
    messages = tuple(m for m in (_message(e, me, roots) for e in fresh) if m is not None)
    moved = cursor.moved([(whole(e, "id"), f"comment:{whole(e, 'id')}") for e in entries], OVERLAP)
    return Page(messages, moved.written(), more and moved.mark > cursor.mark)


def comments_again(get: Get, me: int, refs: Sequence[str], status: Callable[[str], str]) -> Again:
    """What these comments say now. `status` of one that the list leaves out: what WordPress says, "" when it does not
    have it. In the bin and among the spam they are gone for everybody. Raises ReadFailed."""
    numbers = {ref: ref.removeprefix("comment:") for ref in refs if COMMENT.fullmatch(ref)}
    if not numbers:
        return Again()
    asked = list(numbers.values())[:BATCH]
    entries, _ = _list(get, include=",".join(asked), per_page=str(BATCH))
    there = {str(whole(entry, "id")) for entry in entries}
    gone = [
        ref
        for ref, number in numbers.items()
        if number in asked and number not in there and status(number) in ("", "trash", "spam")
    ]
    found = (_message(entry, me, {}) for entry in entries)
    return Again(tuple(one for one in found if one is not None), tuple(gone))


def _list(get: Get, **params: str) -> tuple[list[Entry], int]:
    """Comments, and how many there are in all."""
    reply = get("/comments", {**_PARAMS, **params})
    if not isinstance(reply.body, list):
        raise ReadFailed("WordPress answered with something that is no list of comments. Check the website's address.")
    total = reply.headers.get("x-wp-total", "")
    found: list[Entry] = [entry for entry in objects({"all": reply.body}, "all") if whole(entry, "id") > 0]
    return found, int(total) if total.isascii() and total.isdigit() and len(total) < 12 else len(found)


def _after(get: Get, floor: int) -> tuple[list[Entry], bool]:
    """Comments numbered above `floor` from the oldest on, and whether there are more than these."""
    newest, total = _list(get, order="desc", per_page=str(BATCH))
    if len(newest) < BATCH or min((whole(e, "id") for e in newest), default=0) <= floor:
        return newest, False
    low, high = 0, total if floor else 0
    while low < high:
        middle = (low + high) // 2
        probe, _ = _list(get, order="asc", per_page="1", offset=str(middle))
        if probe and whole(probe[0], "id") <= floor:
            low = middle + 1
        else:
            high = middle
    # A few earlier ones come along: comments may have been removed meanwhile and moved the places up.
    found, _ = _list(get, order="asc", per_page=str(BATCH), offset=str(max(low - 5, 0)))
    return found, True


def _roots(get: Get, entries: list[Entry]) -> dict[int, int]:
    """For every comment the number of the one above it, as far up as is needed to name the threads."""
    above = {whole(e, "id"): whole(e, "parent") for e in entries}
    for _ in range(DEEPEST):
        unknown = sorted({parent for parent in above.values() if parent > 0 and parent not in above})[:BATCH]
        if not unknown:
            break
        found, _total = _list(get, include=",".join(map(str, unknown)), per_page=str(BATCH))
        above |= dict.fromkeys(unknown, 0)  # gone or in the bin: the thread begins below it
        above |= {whole(e, "id"): whole(e, "parent") for e in found}
    return above


def _by_mail(address: str) -> str:
    """The same ref for the same address without keeping the address, which its owner gave to the website alone."""
    return "mail:" + hashlib.sha256(address.encode()).hexdigest()[:24]


def _message(entry: Entry, me: int, above: Mapping[int, int]) -> Incoming | None:
    number, author, post = whole(entry, "id"), whole(entry, "author"), whole(entry, "post")
    words = plain(text(entry, "content", "raw") or text(entry, "content", "rendered"))
    if author == me or not words:
        return None
    root = number
    for _ in range(DEEPEST):
        root = above.get(root, 0) or root
    parent = whole(entry, "parent")
    mail = text(entry, "author_email").lower()
    name = plain(text(entry, "author_name")) or "Somebody on the website"
    return Incoming(
        ref=f"comment:{number}",
        kind="comment",
        text=words,
        author_ref=f"user:{author}" if author > 0 else _by_mail(mail) if mail else f"name:{name}",
        author_name=name,
        posted_at=moment(entry, "date_gmt"),
        parent_ref=f"comment:{parent}" if parent > 0 else f"post:{post}",
        thread_ref=f"comment:{root}",
        post_ref=f"post:{post}" if post > 0 else "",
        permalink=text(entry, "link"),
        hidden=text(entry, "status") == "hold",
        raw={name: dig(entry, name) for name in ("id", "post", "parent", "status", "date_gmt")},
    )
