"""Reading what people say to a Facebook Page: comments under its newest posts, and others' posts on the Page.

Graph has no edge "all comments of a Page since": the newest POSTS posts are asked with their comments nested, oldest
first, `since` the cursor. Comments under older posts are told by webhook (facebook_delivery.py). Times have whole
seconds and comments appear late, hence the overlap.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .client import Reply
from .cursors import cursor_of
from .facebook_paging import next_place
from .fields import dig, ident, kept, moment, objects, text
from .protocol import Incoming, Page

OVERLAP = 120
"""Seconds before the cursor's mark that are read again."""
POSTS = 100
POSTS_A_PAGE = 25
COMMENTS_A_PAGE = 100
COMMENT_PAGES = 20
BATCH = 500

Get = Callable[[str, Mapping[str, str]], Reply]

_COMMENT = "id,message,from{id,name},created_time,parent{id},is_hidden,permalink_url"


@dataclass
class _Harvest:
    """What one read has gathered. `complete_to` is the time up to which nothing is missing."""

    page: str
    messages: dict[str, Incoming] = field(default_factory=dict)
    complete_to: int | None = None
    pages_left: int = COMMENT_PAGES

    def cut_at(self, seconds: int) -> None:
        self.complete_to = seconds if self.complete_to is None else min(self.complete_to, seconds)

    def add(self, message: Incoming | None) -> None:
        if message is not None:
            self.messages.setdefault(message.ref, message)


def read_page(get: Get, page: str, written: str) -> Page:
    """One batch after the cursor `written`, oldest first, each message once. Raises ReadFailed."""
    cursor = cursor_of(written)
    start = max(cursor.mark - OVERLAP, 0)
    harvest = _Harvest(page)
    _read_posts(get, harvest, start)
    found = sorted(harvest.messages.values(), key=lambda m: (m.posted_at, m.ref))
    found = [m for m in found if _seconds(m) >= start]
    if harvest.complete_to is not None:
        found = [m for m in found if _seconds(m) <= harvest.complete_to]
    fresh = [m for m in found if m.ref not in cursor.seen]
    more = harvest.complete_to is not None
    if len(fresh) > BATCH:
        # Cut between two seconds, never inside one: the mark could not tell the halves apart.
        last = _seconds(fresh[BATCH - 1])
        fresh = [m for m in fresh if _seconds(m) <= last]
        found = [m for m in found if _seconds(m) <= last]
        more = True
    moved = cursor.moved([(_seconds(m), m.ref) for m in found], OVERLAP)
    return Page(tuple(fresh), moved.written() if found else cursor.written(), more and bool(fresh))


def _seconds(message: Incoming) -> int:
    return int(message.posted_at.timestamp())


def _read_posts(get: Get, harvest: _Harvest, start: int) -> None:
    since = f".since({start})" if start else ""
    nested = f"comments.filter(stream).order(chronological).limit({COMMENTS_A_PAGE}){since}{{{_COMMENT}}}"
    fields = f"id,message,from{{id,name}},created_time,permalink_url,is_hidden,{nested}"
    params = {"fields": fields, "limit": str(POSTS_A_PAGE)}
    for _ in range(POSTS // POSTS_A_PAGE):
        reply = get(f"/{harvest.page}/feed", params)
        for post in objects(reply.body, "data"):
            ref = ident(post, "id")
            if ref:
                harvest.add(message_of(harvest.page, post, post_ref=""))
                _read_comments(get, harvest, post, start)
        place = next_place(reply.body)
        if not place:
            return
        params |= place


def _read_comments(get: Get, harvest: _Harvest, post: Mapping[str, Any], start: int) -> None:
    ref, edge = ident(post, "id"), dig(post, "comments")
    params = {
        "fields": _COMMENT,
        "filter": "stream",
        "order": "chronological",
        "limit": str(COMMENTS_A_PAGE),
        **({"since": str(start)} if start else {}),
    }
    while True:
        entries = objects(edge, "data")
        for entry in entries:
            harvest.add(message_of(harvest.page, entry, post_ref=ref))
        place = next_place(edge)
        if not entries or not place:
            return
        if harvest.pages_left <= 0 or not ref.replace("_", "").isdigit():
            harvest.cut_at(int(moment(entries[-1], "created_time").timestamp()))
            return
        harvest.pages_left -= 1
        edge = get(f"/{ref}/comments", {**params, **place}).body


def message_of(page: str, entry: Mapping[str, Any], *, post_ref: str) -> Incoming | None:
    """A comment, or a visitor's post when `post_ref` is empty; None for the Page's own words and for empty
    ones."""
    ref, author = ident(entry, "id"), ident(entry, "from", "id")
    words = text(entry, "message")
    if not ref or author == page or not words.strip():
        return None
    parent = ident(entry, "parent", "id")
    return Incoming(
        ref=ref,
        kind="comment" if post_ref else "mention",
        text=words,
        author_ref=author,
        author_name=text(entry, "from", "name") or "Somebody on Facebook",
        posted_at=moment(entry, "created_time"),
        parent_ref=parent or post_ref,
        thread_ref=parent or ref,
        post_ref=post_ref,
        permalink=text(entry, "permalink_url"),
        hidden=dig(entry, "is_hidden") is True,
        raw=kept({name: value for name, value in entry.items() if name != "comments"}),
    )
