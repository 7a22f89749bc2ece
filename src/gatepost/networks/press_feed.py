"""A news feed (RSS or Atom) of a paper or site, read for what is written about the organisation.

`base_url` is the feed's address, `external_id` the paper's name. Credentials: `words` (optional), words or names of
which an item must hold one, with commas between. A feed shows its newest items alone: when none of those seen before is
left in it, some may have been missed, and the page says so (`cut`). Everything is read behind the address guard.

Source: RSS 2.0 and RFC 4287 as feedparser reads them.
"""

from __future__ import annotations

import calendar
import hashlib
import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import feedparser
import httpx

from .client import BadAccount
from .cursors import damaged
from .fields import clean
from .guard import GuardedTransport
from .pages import fetch
from .protocol import Account, Answer, Found, Health, Incoming, Outgoing, Page, ReadFailed, Refused, Unknown
from .seen_text import text_of

SECONDS = 20.0
ITEMS = 500
TEXT = 1024 * 1024  # code points of one item

READ_ONLY = "A news feed is read and nothing is sent there. Write to the paper's news desk."


class PressFeed:
    """One feed. Raises BadAccount when made with an address that cannot be one."""

    key = "press_feed"

    def __init__(self, account: Account, transport: httpx.BaseTransport | None = None) -> None:
        try:
            address = urlsplit(account.base_url.strip())
            usable = address.scheme in ("http", "https") and bool(address.hostname) and address.port != 0
        except ValueError:
            usable = False
        if not usable:
            raise BadAccount("Enter the address of the feed, such as https://www.example.org/news/rss.xml")
        self._url, self._paper = account.base_url.strip(), account.external_id
        self._source = f"feed:{address.hostname}"
        self._transport = transport or GuardedTransport(allow_private=account.allow_private)
        named = [word.strip() for word in account.credentials.get("words", "").split(",") if word.strip()]
        bound = "|".join(re.escape(word) for word in named[:100])
        self._wanted = re.compile(rf"(?<!\w)(?:{bound})(?!\w)", re.IGNORECASE) if bound else None

    def read_since(self, cursor: str) -> Page:
        seen = _seen(cursor)
        _, entries = self._entries()
        marks = [(_mark(one), one) for one in entries]
        fresh = [one for mark, one in marks if mark not in seen]
        items = [item for item in map(self._incoming, fresh) if item is not None]
        items.sort(key=lambda item: item.posted_at)
        known = {_name(one) for one in entries} & {mark.partition(":")[0] for mark in seen}
        cut = bool(seen) and bool(entries) and not known
        return Page(tuple(items), json.dumps([mark for mark, _ in marks]) if marks else cursor, cut=cut)

    def check(self) -> Health:
        try:
            title, entries = self._entries()
        except ReadFailed as fault:
            return Health(False, fault.reason)
        return Health(True, f"Read {title or 'the feed'}; {len(entries)} items stand in it.", title)

    def publish(self, act: Outgoing) -> Answer:
        return Refused(READ_ONLY)

    def find(self, act: Outgoing) -> Found:
        return Unknown(READ_ONLY)

    def remove(self, ref: str) -> Answer:
        return Refused(READ_ONLY)

    def _entries(self) -> tuple[str, list[Mapping[str, Any]]]:
        got = fetch(self._url, transport=self._transport, seconds=SECONDS)
        if got.broken:
            raise ReadFailed(f"The feed could not be read. {got.broken}", 300.0)
        read = feedparser.parse(got.data)  # bytes: it opens no address itself
        if not read.get("version"):
            raise ReadFailed("There is no news feed at this address. Look for that of its RSS or Atom feed.", None)
        return clean(str(read.feed.get("title", "")))[:200], list(read.entries[:ITEMS])

    def _incoming(self, one: Mapping[str, Any]) -> Incoming | None:
        title, body = text_of(str(one.get("title", ""))), text_of(_body(one))
        words = title if not body or body.startswith(title) else f"{title}\n\n{body}"
        words = (words if words != title or not body else body)[:TEXT]
        if not words or (self._wanted and not self._wanted.search(words)):
            return None
        link = str(one.get("link", ""))
        author = clean(str(one.get("author", "")))[:200]
        return Incoming(
            ref=f"item:{_name(one)}",
            kind="press item",
            text=words,
            author_ref=self._source,
            author_name=f"{self._paper}, {author}"[:200] if author else self._paper,
            posted_at=_moment(one),
            permalink=link if link.startswith(("https://", "http://")) else "",
            raw={"title": title[:300], "link": link[:600]},
        )


def _body(one: Mapping[str, Any]) -> str:
    content = one.get("content")
    whole = str(content[0].get("value", "")) if isinstance(content, list) and content else ""
    short = str(one.get("summary", ""))
    return whole if len(whole) > len(short) else short


def _name(one: Mapping[str, Any]) -> str:
    known = str(one.get("id") or one.get("link") or one.get("title") or "")
    return hashlib.sha256(known.encode("utf-8", "replace")).hexdigest()[:32]


def _mark(one: Mapping[str, Any]) -> str:
    """What an item is known by, and what it says: other words of one known are told again."""
    said = f"{one.get('title', '')}\0{_body(one)}"
    return f"{_name(one)}:{hashlib.sha256(said.encode('utf-8', 'replace')).hexdigest()[:16]}"


def _moment(one: Mapping[str, Any]) -> datetime:
    for name in ("published_parsed", "updated_parsed"):
        told = one.get(name)
        try:
            if told:
                return datetime.fromtimestamp(calendar.timegm(told), UTC)
        except (ValueError, OverflowError, TypeError, OSError):
            continue
    return datetime.now(UTC)


def _seen(cursor: str) -> frozenset[str]:
    if not cursor:
        return frozenset()
    try:
        read = json.loads(cursor)
        if isinstance(read, list) and all(isinstance(one, str) for one in read):
            return frozenset(read)
    except (ValueError, RecursionError):
        pass
    raise damaged()
