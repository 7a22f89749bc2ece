"""Reading comments: against a small model of WordPress's listing, and against a real WordPress."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gatepost.networks import wordpress_reading
from gatepost.networks.protocol import Incoming, Network
from gatepost.networks.registry import connect
from gatepost.networks.wordpress import WordPress
from tests.networks import wires
from tests.networks.wires import WORDPRESS, answer
from tests.networks.wordpress_server import WordPressServer


def entry(number: int, **more: Any) -> dict[str, Any]:
    base = {"id": number, "post": 1, "parent": 0, "author": 0, "author_name": "Ada", "author_email": "ada@example.org"}
    kept = {"content": {"raw": f"No {number}"}, "date_gmt": "2026-11-20T12:00:00", "status": "approved"}
    return {**base, **kept, **more}


class Listing:
    """GET /comments as WordPress answers it: by id, with offset, per_page, include and the total in a header."""

    def __init__(self, numbers: list[int]) -> None:
        self.entries = {number: entry(number) for number in numbers}
        self.asked = 0

    def __call__(self, request: httpx.Request) -> httpx.Response:
        params = request.url.params
        if request.url.path.endswith("/users/me"):
            return answer(200, {"id": 99})
        self.asked += 1
        if "include" in params:
            chosen = [self.entries[int(n)] for n in params["include"].split(",") if int(n) in self.entries]
            return answer(200, chosen)
        ordered = sorted(self.entries, reverse=params["order"] == "desc")
        start = int(params.get("offset", 0))
        shown = [self.entries[n] for n in ordered[start : start + int(params["per_page"])]]
        return answer(200, shown, x_wp_total=str(len(self.entries)))


def drained(network: Network, cursor: str = "") -> tuple[list[Incoming], str]:
    heard: list[Incoming] = []
    for _ in range(200):
        page = network.read_since(cursor)
        heard += page.messages
        cursor = page.cursor
        if not page.more:
            return heard, cursor
    raise AssertionError("there is always more")


def blog(listing: Listing) -> WordPress:
    return WordPress(WORDPRESS, wires.Wire(listing))


def test_the_usual_read_is_one_request() -> None:
    listing = Listing(list(range(1, 50)))
    heard, cursor = drained(blog(listing))
    assert [m.ref for m in heard] == [f"comment:{n}" for n in range(1, 50)]
    assert listing.asked == 1
    listing.entries[50] = entry(50)
    later, _ = drained(blog(listing), cursor)
    assert [m.ref for m in later] == ["comment:50"]
    assert listing.asked == 2


@pytest.mark.parametrize("removed", [0, 3])
def test_a_long_backlog_is_read_in_batches(removed: int) -> None:
    listing = Listing(list(range(1, 40)))
    _, cursor = drained(blog(listing))
    for number in range(1, 1 + removed):
        del listing.entries[number]
    listing.entries |= {number: entry(number) for number in range(50, 1050)}
    listing.asked = 0
    heard, _ = drained(blog(listing), cursor)
    assert [m.ref for m in heard] == [f"comment:{n}" for n in range(50, 1050)]
    assert listing.asked < 200


@settings(max_examples=40, deadline=None)
@given(st.sets(st.integers(1, 900), max_size=500), st.sets(st.integers(901, 1500), max_size=400), st.data())
def test_every_comment_comes_once_and_in_order_however_many(
    early: set[int], late: set[int], data: st.DataObject
) -> None:
    listing = Listing(sorted(early))
    heard, cursor = drained(blog(listing))
    assert [m.ref for m in heard] == [f"comment:{n}" for n in sorted(early)]
    for number in data.draw(st.sets(st.sampled_from(sorted(early)), max_size=20)) if early else ():
        del listing.entries[number]  # taken away meanwhile, which moves every place
    listing.entries |= {number: entry(number) for number in late}
    heard, _ = drained(blog(listing), cursor)
    assert [m.ref for m in heard] == [f"comment:{n}" for n in sorted(late)]


def test_a_comment_rescued_from_spam_is_still_read() -> None:
    listing = Listing([1, 2, 4])
    _, cursor = drained(blog(listing))
    listing.entries[3] = entry(3)
    assert [m.ref for m in drained(blog(listing), cursor)[0]] == ["comment:3"]


def test_a_thread_is_named_by_its_first_comment() -> None:
    listing = Listing([1])
    _, cursor = drained(blog(listing))
    listing.entries |= {2: entry(2, parent=1), 30: entry(30, parent=2), 31: entry(31, parent=28)}
    heard, _ = drained(blog(listing), cursor)
    assert {m.ref: m.thread_ref for m in heard} == {
        "comment:2": "comment:1",
        "comment:30": "comment:1",
        "comment:31": "comment:28",
    }


def test_what_a_comment_becomes() -> None:
    listing = Listing([])
    listing.entries = {
        1: entry(1, author=99),
        2: entry(2, content={"raw": "a &amp; <b>b</b>"}, status="hold", author=4, link="https://blog.example.org/#2"),
        3: entry(3, content={"raw": " "}),
        4: entry(4, author_email="", author_name=""),
    }
    first, second = drained(blog(listing))[0]
    assert (first.text, first.hidden, first.author_ref, first.post_ref) == ("a & b", True, "user:4", "post:1")
    assert (first.parent_ref, first.permalink) == ("post:1", "https://blog.example.org/#2")
    assert second.author_name == "Somebody on the website"
    assert "author_email" not in first.raw


def test_the_batch_is_as_large_as_wordpress_allows() -> None:
    assert wordpress_reading.BATCH == 100
    # A batch found by halving begins below the cursor: it must reach beyond it, or reading would stand still.
    assert wordpress_reading.BATCH > wordpress_reading.OVERLAP + 5


# --- a real WordPress -------------------------------------------------------------------------------------------


@pytest.mark.wordpress
def test_comments_of_one_second_and_on_hold_are_all_read_once(
    wordpress: WordPressServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Smaller, so that the place has to be found by halving without hundreds of comments.
    monkeypatch.setattr(wordpress_reading, "BATCH", 20)
    monkeypatch.setattr(wordpress_reading, "OVERLAP", 5)
    network = connect(wordpress.account())
    post = wordpress.ask("POST", "/posts", json={"title": "Talk", "content": "Talk", "status": "publish"}).json()["id"]
    _, cursor = drained(network)
    for number in range(45):
        sent = {"post": post, "content": f"Made at once {number}", "date_gmt": "2026-11-20T12:00:00"}
        made = {**sent, "author_name": "Ada Example", "author_email": "ada@example.org"}
        answered = wordpress.ask("POST", "/comments", json={**made, "status": "hold" if number % 2 else "approved"})
        assert answered.status_code == 201, answered.text
    heard, cursor = drained(network, cursor)
    assert [m.text for m in heard] == [f"Made at once {number}" for number in range(45)]
    assert [m.hidden for m in heard[:2]] == [False, True]
    assert drained(network, cursor)[0] == []


@pytest.mark.wordpress
def test_a_real_site_keeps_the_authors_address_when_a_comment_is_hidden(wordpress: WordPressServer) -> None:
    network = connect(wordpress.account())
    assert isinstance(network, WordPress)
    post = wordpress.ask("POST", "/posts", json={"title": "Talk", "content": "Talk", "status": "publish"}).json()["id"]
    body = {"post": post, "content": "Evidence", "author_ip": "192.0.2.7", "author_user_agent": "Browser 1"}
    body |= {"author_name": "Ada Example", "author_email": "ada@example.org"}
    number = wordpress.ask("POST", "/comments", json=body).json()["id"]
    network.hide(f"comment:{number}")
    now = wordpress.ask("GET", f"/comments/{number}", params={"context": "edit"}).json()
    assert (now["status"], now["author_ip"], now["author_user_agent"]) == ("hold", "192.0.2.7", "Browser 1")
