from __future__ import annotations

import hashlib
import hmac
import http.server
import json
import threading
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatepost.networks.facebook import Facebook
from gatepost.networks.facebook_delivery import messages_in
from gatepost.networks.protocol import ReadsDeliveries
from gatepost.sandbox.town import Town
from tests.networks import wires
from tests.networks.conftest import said_in_town, town_account
from tests.networks.test_fields import ANYTHING
from tests.networks.wires import FACEBOOK

PAGE = FACEBOOK.external_id


def call(*values: Any, page: str = PAGE, field: str = "feed") -> bytes:
    changes = [{"field": field, "value": value} for value in values]
    return json.dumps({"object": "page", "entry": [{"id": page, "time": 1, "changes": changes}]}).encode()


def comment(**more: Any) -> dict[str, Any]:
    base = {"item": "comment", "verb": "add", "post_id": f"{PAGE}_1", "comment_id": "1_5", "parent_id": f"{PAGE}_1"}
    return {**base, "from": {"id": "7", "name": "Ada"}, "message": "The lift", "created_time": 1_700_000_000, **more}


def test_a_comment_and_an_answer_to_it() -> None:
    first, second = messages_in(call(comment(), comment(comment_id="1_6", parent_id="1_5")), PAGE)
    assert (first.ref, first.parent_ref, first.thread_ref, first.post_ref) == ("1_5", f"{PAGE}_1", "1_5", f"{PAGE}_1")
    assert (second.ref, second.parent_ref, second.thread_ref) == ("1_6", "1_5", "1_5")
    assert first.posted_at == datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)
    assert (first.author_ref, first.author_name, first.text) == ("7", "Ada", "The lift")


def test_other_words_and_what_is_gone_carry_the_time_of_the_change() -> None:
    body = json.dumps(
        {
            "entry": [
                {"id": PAGE, "time": 1_700_000_500, "changes": [{"field": "feed", "value": comment(verb=verb, **more)}]}
                for verb, more in (("add", {}), ("edited", {"message": "The lifts"}), ("remove", {"message": None}))
            ]
        }
    ).encode()
    said, edited, gone = messages_in(body, PAGE)
    assert (said.ref, edited.ref, gone.ref) == ("1_5", "1_5", "1_5")
    assert said.changed_at == said.posted_at == edited.posted_at
    later = datetime(2023, 11, 14, 22, 21, 40, tzinfo=UTC)
    assert (edited.changed_at, edited.text, edited.gone) == (later, "The lifts", False)
    assert (gone.changed_at, gone.gone) == (later, True)


def test_a_visitors_post() -> None:
    (read,) = messages_in(call(comment(item="status", post_id=f"{PAGE}_9")), PAGE)
    assert (read.kind, read.ref, read.thread_ref, read.post_ref) == ("mention", f"{PAGE}_9", f"{PAGE}_9", "")


@pytest.mark.parametrize(
    "body",
    [
        call(comment(verb="hide")),
        call(comment(verb="edited", message="")),
        call(comment(item="reaction")),
        call(comment(message="")),
        call(comment(**{"from": {"id": PAGE}})),
        call(comment(comment_id=None)),
        call(comment(), page="999"),
        call(comment(), field="ratings"),
        call(None, 5, []),
        b"",
        b"{",
        b"[" * 100_000,
        b" " * (1024 * 1024) + call(comment()),
    ],
)
def test_what_is_passed_over(body: bytes) -> None:
    assert messages_in(body, PAGE) == ()


@given(ANYTHING | st.binary(), ANYTHING)
def test_anything_may_be_sent(body: Any, value: Any) -> None:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    assert isinstance(messages_in(raw, PAGE), tuple)
    assert isinstance(messages_in(call(value, comment(created_time=value)), PAGE), tuple)


def test_the_connector_can_read_them() -> None:
    page = Facebook(FACEBOOK, wires.Wire(wires.answer(200)))
    assert isinstance(page, ReadsDeliveries)
    assert len(page.messages_in(call(comment()))) == 1


def test_a_call_of_the_practice_town_is_signed_and_says_what_reading_says(town: Town) -> None:
    calls: list[tuple[bytes, dict[str, str]]] = []
    arrived = threading.Event()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(httpx.URL(self.path).params["hub.challenge"].encode())

        def do_POST(self) -> None:
            calls.append((self.rfile.read(int(self.headers["content-length"])), dict(self.headers)))
            self.send_response(200)
            self.end_headers()
            arrived.set()

        def log_message(self, *args: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        account = town_account(town, "facebook")
        page = Facebook(account)
        hook = {"url": f"http://127.0.0.1:{server.server_port}/hook", "verify_token": "v"}
        httpx.post(f"{town.url}/_town/subscribe", json=hook).raise_for_status()
        before = page.read_since("").cursor
        ref = said_in_town(town, "facebook", "The lift is broken again")
        assert arrived.wait(10)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
    body, headers = calls[0]
    assert page.signature_is_valid(body, headers)
    assert not page.signature_is_valid(body + b" ", headers)
    assert hmac.new(account.credentials["app_secret"].encode(), body, hashlib.sha256).hexdigest() in str(headers)
    (told,) = page.messages_in(body)
    (read,) = page.read_since(before).messages
    assert told.ref == read.ref == ref
    same = ("text", "author_ref", "author_name", "parent_ref", "thread_ref", "post_ref", "kind")
    assert [getattr(told, name) for name in same] == [getattr(read, name) for name in same]


def test_a_picture_without_words_is_a_message() -> None:
    photo = "https://scontent.example.org/p.jpg"
    alone = comment(message="", photo=photo)
    (read,) = messages_in(call(alone), PAGE)
    assert (read.text, [one.url for one in read.attachments]) == ("", [photo])
    (post,) = messages_in(call(comment(item="photo", photos=[photo, photo, 7, "ftp://x"])), PAGE)
    assert [one.url for one in post.attachments] == [photo]
