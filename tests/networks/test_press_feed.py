"""News feeds from a real web server: items once, changed ones again, and said when some may have been missed."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatepost.networks.client import BadAccount
from gatepost.networks.press_feed import PressFeed
from gatepost.networks.protocol import Account, Outgoing, Page, ReadFailed, Refused, Unknown
from tests.networks import wires


def item(number: int, words: str = "", *, title: str = "") -> str:
    return (
        f"<item><title>{title or f'Story {number}'}</title><guid>story-{number}</guid>"
        f"<link>https://news.example.org/{number}</link><pubDate>Tue, 24 Nov 2026 0{number % 10}:00:00 GMT</pubDate>"
        f"<description>&lt;p&gt;{words or 'The council met.'}&lt;/p&gt;</description></item>"
    )


def rss(*items: str) -> bytes:
    body = "".join(items)
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>Gazette</title>{body}</channel></rss>'.encode()


ATOM = b"""<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Gazette</title><entry><id>tag:1</id>
<title>Lift out again</title><link href="https://news.example.org/lift"/><author><name>A Writer</name></author>
<updated>2026-11-24T09:00:00Z</updated>
<content type="html">&lt;p&gt;The lift at Elm Court&lt;br&gt;is out.&lt;/p&gt;</content></entry></feed>"""


@dataclass
class Paper:
    """A web server with one page; `feed` is what it shows."""

    url: str
    feed: dict[str, Any] = field(default_factory=lambda: {"status": 200, "body": rss()})

    def account(self, **secrets: str) -> Account:
        return Account("press_feed", self.url, "The Sample Gazette", "", secrets, allow_private=True)

    def show(self, body: bytes, status: int = 200) -> None:
        self.feed.update(body=body, status=status)


@pytest.fixture
def paper() -> Iterator[Paper]:
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # the library's name
            self.send_response(shown.feed["status"])
            self.send_header("Content-Length", str(len(shown.feed["body"])))
            self.end_headers()
            self.wfile.write(shown.feed["body"])

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    shown = Paper(f"http://127.0.0.1:{server.server_port}/rss.xml")
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield shown
    server.shutdown()
    server.server_close()


def test_items_come_once_oldest_first_and_changed_ones_again(paper: Paper) -> None:
    feed = PressFeed(paper.account())
    paper.show(rss(item(2), item(1)))
    page = feed.read_since("")
    assert [one.text for one in page.messages] == ["Story 1\n\nThe council met.", "Story 2\n\nThe council met."]
    first = page.messages[0]
    assert (first.kind, first.author_name, first.permalink) == (
        "press item",
        "The Sample Gazette",
        "https://news.example.org/1",
    )
    assert first.posted_at.hour == 1
    paper.show(rss(item(3), item(2), item(1, "The council did not meet.")))
    again = feed.read_since(page.cursor)
    assert [(one.ref == first.ref, one.text.splitlines()[-1]) for one in again.messages] == [
        (True, "The council did not meet."),
        (False, "The council met."),
    ]
    assert not again.cut
    assert feed.read_since(again.cursor) == Page((), again.cursor)


def test_atom_with_an_author(paper: Paper) -> None:
    paper.show(ATOM)
    (read,) = PressFeed(paper.account()).read_since("").messages
    assert read.text == "Lift out again\n\nThe lift at Elm Court\nis out."
    assert read.author_name == "The Sample Gazette, A Writer"


def test_only_items_with_the_words(paper: Paper) -> None:
    paper.show(rss(item(1, "Elm Court lift out"), item(2, "Elmcourtly love"), item(3, title="SAMPLE HOMES fined")))
    page = PressFeed(paper.account(words="elm court, Sample Homes")).read_since("")
    assert [one.text.splitlines()[0] for one in page.messages] == ["Story 1", "SAMPLE HOMES fined"]


def test_a_feed_that_has_moved_on_says_that_some_may_be_missing(paper: Paper) -> None:
    feed = PressFeed(paper.account())
    paper.show(rss(item(1), item(2)))
    cursor = feed.read_since("").cursor
    paper.show(rss(item(8), item(9)))
    assert feed.read_since(cursor).cut
    paper.show(rss())
    assert not feed.read_since(cursor).cut


def test_what_is_no_feed_is_said(paper: Paper) -> None:
    feed = PressFeed(paper.account())
    paper.show(b"<!doctype html><title>Sorry</title>")
    with pytest.raises(ReadFailed, match="no news feed"):
        feed.read_since("")
    paper.show(b"", 503)
    assert "status 503" in feed.check().says
    paper.show(rss(item(1)))
    assert feed.check().says == "Read Gazette; 1 items stand in it."
    with pytest.raises(ReadFailed, match="private network"):
        PressFeed(replace(paper.account(), allow_private=False)).read_since("")
    with pytest.raises(ReadFailed, match="damaged"):
        feed.read_since("{")


@pytest.mark.parametrize("url", ["", "news.example.org", "ftp://news.example.org", "https://", "https://a:b"])
def test_addresses_that_cannot_be_a_feed(url: str) -> None:
    with pytest.raises(BadAccount, match="address of the feed"):
        PressFeed(Account("press_feed", url, "x"))


def test_nothing_is_sent_to_it() -> None:
    feed, act = PressFeed(wires.PRESS), Outgoing("k", "reply", "text")
    assert isinstance(feed.publish(act), Refused)
    assert isinstance(feed.find(act), Unknown)
    assert isinstance(feed.remove("x"), Refused)


@given(st.binary(max_size=800) | st.text(max_size=400).map(lambda words: rss(item(1, words))))
def test_any_feed_gives_a_page_or_fails_with_words(body: bytes) -> None:
    wire = wires.Wire(httpx.Response(200, content=body))
    try:
        page = PressFeed(wires.PRESS, wire).read_since("")
    except ReadFailed:
        return
    for message in page.messages:
        assert message.text
        message.text.encode("utf-8")
