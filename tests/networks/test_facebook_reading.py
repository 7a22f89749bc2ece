from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from gatepost.networks import facebook_reading
from gatepost.networks.facebook import Facebook
from gatepost.networks.protocol import Incoming
from tests.networks import wires
from tests.networks.wires import FACEBOOK, answer

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
OURS = {"id": FACEBOOK.external_id, "name": "Practice"}


def comment(number: int, seconds: float, **more: Any) -> dict[str, Any]:
    at = (NOON + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%S+0000")
    base = {"id": f"1_{number}", "message": f"No {number}", "created_time": at, "from": {"id": "7", "name": "Ada"}}
    return {**base, "is_hidden": False, **more}


class Page:
    """A Page with one post whose comments page by number, `size` at a time, as Graph does."""

    def __init__(self, comments: list[dict[str, Any]], size: int = 100) -> None:
        self.comments, self.size, self.asked = comments, size, 0

    def edge(self, after: int, since: int) -> dict[str, Any]:
        fresh = [c for c in self.comments if datetime.fromisoformat(c["created_time"]).timestamp() >= since]
        shown = fresh[after : after + self.size]
        more = {"next": "https://graph.facebook.com/x?access_token=EAAsecret"} if fresh[after + self.size :] else {}
        return {"data": shown, "paging": {"cursors": {"after": str(after + self.size)}, **more}}

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked += 1
        params = request.url.params
        if request.url.path.endswith("/feed"):
            fields = params["fields"]
            since = int(fields.split(".since(")[1].split(")")[0]) if ".since(" in fields else 0
            post = {"id": f"{FACEBOOK.external_id}_1", "from": OURS, "created_time": "2026-11-01T00:00:00+0000"}
            return answer(200, {"data": [{**post, "message": "Ours", "comments": self.edge(0, since)}]})
        return answer(200, self.edge(int(params["after"]), int(params.get("since", 0))))


def drained(page: Page, cursor: str = "") -> tuple[list[Incoming], str]:
    facebook, heard = Facebook(FACEBOOK, wires.Wire(page)), []
    for _ in range(100):
        read = facebook.read_since(cursor)
        heard += read.messages
        cursor = read.cursor
        if not read.more:
            return heard, cursor
    raise AssertionError("there is always more")


def test_what_a_comment_becomes() -> None:
    page = Page([comment(1, 0, parent={"id": "1_0"}, is_hidden=True, permalink_url="https://www.facebook.com/c")])
    (read,), _ = drained(page)
    assert (read.ref, read.kind, read.text, read.author_ref, read.author_name) == (
        "1_1",
        "comment",
        "No 1",
        "7",
        "Ada",
    )
    assert (read.parent_ref, read.thread_ref, read.post_ref) == ("1_0", "1_0", f"{FACEBOOK.external_id}_1")
    assert read.hidden
    assert read.posted_at == NOON


def test_our_own_comments_and_empty_ones_are_left_out() -> None:
    page = Page([comment(1, 0, **{"from": OURS}), comment(2, 1, message=" "), comment(3, 2), comment(4, 3, id="x y")])
    assert [m.ref for m in drained(page)[0]] == ["1_3"]


def test_a_visitors_post_is_a_mention() -> None:
    posts = {"data": [comment(5, 0), {"id": "2_2", "from": OURS, "message": "Ours"}]}
    read = Facebook(FACEBOOK, wires.Wire(answer(200, posts))).read_since("")
    assert [(m.kind, m.thread_ref, m.post_ref) for m in read.messages] == [("mention", "1_5", "")]


def test_comments_of_the_same_second_come_once_each_whenever_they_appear() -> None:
    page = Page([comment(1, 0), comment(2, 0)])
    heard, cursor = drained(page)
    page.comments += [comment(3, 0), comment(4, 0.5)]
    later, cursor = drained(page, cursor)
    assert [m.ref for m in heard] == ["1_1", "1_2"]
    assert [m.ref for m in later] == ["1_3", "1_4"]
    assert drained(page, cursor)[0] == []


def test_a_comment_that_shows_late_is_not_missed() -> None:
    page = Page([comment(1, 0), comment(3, 100)])
    _, cursor = drained(page)
    page.comments.insert(1, comment(2, 10))
    assert [m.ref for m in drained(page, cursor)[0]] == ["1_2"]


def test_many_comments_are_read_by_pages_and_in_batches(monkeypatch: Any) -> None:
    monkeypatch.setattr(facebook_reading, "BATCH", 70)
    page = Page([comment(n, n // 3) for n in range(450)], size=40)
    heard, cursor = drained(page)
    assert sorted(m.ref for m in heard) == sorted(f"1_{n}" for n in range(450))
    assert [m.posted_at for m in heard] == sorted(m.posted_at for m in heard)
    assert drained(page, cursor)[0] == []


def test_a_flood_beyond_one_reads_requests_is_finished_by_the_next_reads(monkeypatch: Any) -> None:
    monkeypatch.setattr(facebook_reading, "COMMENT_PAGES", 2)
    monkeypatch.setattr(facebook_reading, "OVERLAP", 5)
    page = Page([comment(n, n) for n in range(200)], size=10)
    heard, _ = drained(page)
    assert [m.ref for m in heard] == [f"1_{n}" for n in range(200)]


def test_a_damaged_answer_gives_nothing_and_moves_nothing() -> None:
    for body in ([], {"data": {}}, {"data": [1, None, {"id": 3}]}, {"data": [{"id": "1_1", "comments": 5}]}):
        read = Facebook(FACEBOOK, wires.Wire(answer(200, body))).read_since('{"mark": 5, "seen": ["a"]}')
        assert read.messages == ()
        assert read.cursor == '{"mark":5,"seen":["a"]}'
        assert not read.more
