from __future__ import annotations

import dataclasses
import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from gatepost.networks import facebook_finding
from gatepost.networks.client import BadAccount
from gatepost.networks.facebook import Facebook
from gatepost.networks.protocol import (
    Approves,
    Found,
    Hides,
    Left,
    MediaFile,
    NotThere,
    Outgoing,
    ReadFailed,
    Receipt,
    Receives,
    Refused,
    RemovesOthers,
    TryLater,
    Unknown,
)
from tests.networks import wires
from tests.networks.wires import FACEBOOK, HTML, answer
from tests.shared import shared

POST = Outgoing(key="k", kind="publish", text="Bins on Friday", since=datetime(2026, 11, 20, 12, tzinfo=UTC))
REPLY = dataclasses.replace(POST, kind="reply", in_reply_to="111222333_9")
PAGE = {"id": "111222333", "name": "Practice"}


def made(handler: wires.Handler | httpx.Response | Exception) -> tuple[Facebook, wires.Wire]:
    wire = wires.Wire(handler)
    return Facebook(FACEBOOK, wire), wire


def fault(code: int, status: int = 400, message: str = "no", **more: Any) -> httpx.Response:
    return answer(status, {"error": {"message": message, "type": "OAuthException", "code": code, **more}})


def test_what_it_can_do() -> None:
    page, _ = made(answer(200, {}))
    assert [isinstance(page, ability) for ability in (Hides, RemovesOthers, Receives, Approves)] == [True] * 3 + [False]


WRITE_ROWS = [
    (fault(190), Refused, "Reconnect"),
    (fault(104), Refused, "Reconnect"),
    (fault(102, 401), Refused, "Reconnect"),
    (fault(4, 403), TryLater, "wait"),
    (fault(17), TryLater, "wait"),
    (fault(32), TryLater, "wait"),
    (fault(613), TryLater, "wait"),
    (fault(80001), TryLater, "wait"),
    (fault(1, 500), Unknown, "passing fault"),
    (fault(2, 503), Unknown, "passing fault"),
    (fault(506), Unknown, "already"),
    (fault(368), Refused, "blocked"),
    (fault(10, 403), Refused, "pages_manage_posts"),
    (fault(200, 403), Refused, "pages_manage_posts"),
    (fault(298, 403), Refused, "pages_manage_posts"),
    (fault(100, error_subcode=33), Refused, "no longer on Facebook"),
    (fault(803, 404), Refused, "no longer on Facebook"),
    (fault(100, message="Param message must be shorter"), Refused, "must be shorter"),
    (fault(1500, message="The url you supplied is invalid"), Refused, "url you supplied"),
    (fault(99999, 500), Unknown, "fault of its own"),
    (answer(200, {"error": {"code": 190, "message": "inside a 200"}}), Refused, "Reconnect"),
    (answer(200, {}), Unknown, "without an id"),
    (answer(200, {"id": "<script>"}), Unknown, "without an id"),
    (answer(200, []), Unknown, "without an id"),
    (answer(200, HTML), Unknown, "page"),
    (answer(500, HTML), Unknown, "page"),
    (answer(429, {}, retry_after="9"), TryLater, "wait"),
]


@pytest.mark.parametrize(("given", "kind", "says"), WRITE_ROWS)
@pytest.mark.parametrize("act", [POST, REPLY], ids=["publish", "reply"])
def test_every_row_of_the_error_table_on_a_write(act: Outgoing, given: httpx.Response, kind: type, says: str) -> None:
    said = made(given)[0].publish(act)
    assert type(said) is kind
    assert not isinstance(said, Receipt)
    assert says in said.reason


@pytest.mark.parametrize(
    ("given", "wait", "says"),
    [
        (fault(190), None, "Reconnect"),
        (fault(32), 300.0, "wait"),
        (fault(1), 60.0, "passing fault"),
        (fault(2, 500), 60.0, "fault of its own"),
        (fault(10, 403), None, "refused to be read"),
        (fault(100, error_subcode=33), None, "no longer on Facebook"),
        (answer(200, HTML), 60.0, "page"),
    ],
)
def test_every_row_of_the_error_table_on_a_read(given: httpx.Response, wait: float | None, says: str) -> None:
    with pytest.raises(ReadFailed, match=says) as failed:
        made(given)[0].read_since("")
    assert failed.value.retry_after == wait


def test_how_long_to_wait_is_read_from_facebooks_own_header() -> None:
    usage = json.dumps({"111222333": [{"estimated_time_to_regain_access": 19}]})
    busy = answer(400, {"error": {"code": 80001}}, x_business_use_case_usage=usage)
    assert made(busy)[0].publish(POST) == TryLater(
        19 * 60.0, "Facebook says that this Page asks too much of it; it wants us to wait.", Left(1, 0, 19 * 60.0)
    )
    for broken in ("nonsense", "[]", '{"a": 5}', "[" * 9999):
        said = made(answer(400, {"error": {"code": 4}}, x_business_use_case_usage=broken))[0].publish(POST)
        assert isinstance(said, TryLater)
        assert said.seconds == 300.0


def test_the_token_is_in_a_header_alone_and_never_in_what_people_see() -> None:
    page, wire = made(fault(190, message="Malformed access token EAAsecret"))
    said = page.publish(POST)
    assert "EAAsecret" not in repr(said)
    said = made(fault(100, message="Malformed access token EAAsecret"))[0].publish(POST)
    assert "[secret]" in repr(said)
    request = wire.requests[0]
    assert request.headers["authorization"] == "Bearer EAAsecret"
    assert "EAAsecret" not in str(request.url)
    proof = hmac.new(b"appsecret", b"EAAsecret", hashlib.sha256).hexdigest()
    assert request.url.params["appsecret_proof"] == proof


def test_a_post_with_a_link() -> None:
    page, wire = made(answer(200, {"id": "111222333_44"}))
    said = page.publish(dataclasses.replace(POST, link="https://example.org/bins"))
    assert said == Receipt("111222333_44", "https://www.facebook.com/111222333_44", {"id": "111222333_44"})
    assert wire.requests[0].url.path == "/v26.0/111222333/feed"
    assert wire.bodies() == [{"message": "Bins on Friday", "published": True, "link": "https://example.org/bins"}]


IMAGE = MediaFile(b"\x89PNG", "image/png", "A green bin", "bin.png")


def test_pictures_are_uploaded_unseen_with_their_alternative_text_and_then_attached() -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        return answer(200, {"id": "77"} if request.url.path.endswith("/photos") else {"id": "111222333_44"})

    page, wire = made(handler)
    said = page.publish(dataclasses.replace(POST, media=(IMAGE,), link="https://example.org/bins"))
    assert isinstance(said, Receipt)
    photo, feed = wire.requests
    assert b'name="alt_text_custom"\r\n\r\nA green bin' in photo.content
    assert b'name="published"\r\n\r\nfalse' in photo.content
    assert json.loads(feed.content) == {
        "message": "Bins on Friday\n\nhttps://example.org/bins",
        "published": True,
        "attached_media": [{"media_fbid": "77"}],
    }


def test_a_comment_takes_a_link_in_its_text_and_one_picture_and_drops_nothing_in_silence() -> None:
    page, wire = made(answer(200, {"id": "77"}))
    page.publish(dataclasses.replace(REPLY, link="https://example.org/bins", media=(IMAGE,)))
    assert json.loads(wire.requests[-1].content) == {
        "message": "Bins on Friday\n\nhttps://example.org/bins",
        "attachment_id": "77",
    }
    wire.requests.clear()
    assert isinstance(page.publish(dataclasses.replace(REPLY, media=(IMAGE, IMAGE))), Refused)
    assert wire.requests == []


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        (httpx.ReadTimeout("slow"), TryLater),
        (fault(1, 500), TryLater),
        (answer(200, {}), TryLater),
        (answer(200, HTML), TryLater),
        (fault(190), Refused),
        (fault(324, message="Missing or invalid image file"), Refused),
    ],
)
def test_a_picture_that_fails_publishes_nothing_so_it_is_never_unknown(given: Any, kind: type) -> None:
    page, wire = made(given)
    assert type(page.publish(dataclasses.replace(POST, media=(IMAGE,)))) is kind
    assert len(wire.requests) == 1


@pytest.mark.parametrize("ref", ["", "../me", "1?x=1", "a", "1_2_3_4", "1\n", "٣"])
def test_a_ref_that_is_none_is_refused_before_anything_is_sent(ref: str) -> None:
    page, wire = made(answer(200, {"success": True}))
    answers = [page.remove(ref), page.remove_other(ref), page.hide(ref), page.unhide(ref)]
    answers.append(page.publish(dataclasses.replace(REPLY, in_reply_to=ref)))
    answers += [page.find(dataclasses.replace(POST, kind=kind, target=ref)) for kind in ("hide", "remove", "delete")]
    answers.append(page.find(dataclasses.replace(REPLY, in_reply_to=ref)))
    assert {type(each) for each in answers} == {Refused}
    assert wire.requests == []


def test_hiding_and_deleting() -> None:
    page, wire = made(answer(200, {"success": True}))
    assert [page.hide("9_1"), page.unhide("9_1"), page.remove_other("9_1"), page.remove("9_2")] == [
        Receipt(ref, raw={"success": True}) for ref in ("9_1", "9_1", "9_1", "9_2")
    ]
    assert [(r.method, r.url.path) for r in wire.requests] == [
        ("POST", "/v26.0/9_1"),
        ("POST", "/v26.0/9_1"),
        ("DELETE", "/v26.0/9_1"),
        ("DELETE", "/v26.0/9_2"),
    ]
    assert wire.bodies() == [{"is_hidden": True}, {"is_hidden": False}]


def test_deleting_what_is_gone_is_done_and_hiding_it_is_not() -> None:
    page, _ = made(fault(100, error_subcode=33))
    assert page.remove("9_1") == Receipt("9_1", raw={"already_gone": True})
    assert isinstance(page.hide("9_1"), Refused)
    assert isinstance(made(answer(200, {"success": False}))[0].hide("9_1"), Unknown)


def feed(*entries: dict[str, Any], following: bool = False) -> httpx.Response:
    paging = {"cursors": {"after": "abc"}, **({"next": "https://graph.facebook.com/next"} if following else {})}
    return answer(200, {"data": list(entries), "paging": paging})


def entry(ref: str, text: str = "Bins on Friday", at: str = "2026-11-20T12:00:01+0000", by: str = "111222333") -> Any:
    return {"id": ref, "message": text, "created_time": at, "from": {"id": by}}


@pytest.mark.parametrize(
    ("entries", "found"),
    [
        ([entry("111222333_1")], "111222333_1"),
        ([entry("111222333_1", " Bins on Friday\n")], "111222333_1"),
        ([entry("111222333_1", at="2026-11-20T11:56:00+0000")], "111222333_1"),
        ([entry("111222333_1", at="2026-11-20T11:54:00+0000")], ""),
        ([entry("111222333_1", by="999")], ""),
        ([entry("111222333_1", "Bins on Friday!")], ""),
        ([entry("111222333_5")], ""),
        ([entry("111222333_5"), entry("111222333_6")], "111222333_6"),
        ([], ""),
        ([entry("111222333_1", "Bins on Friday\n\nhttps://example.org/bins")], ""),
    ],
)
def test_looking_for_a_post(entries: list[Any], found: str) -> None:
    said = made(feed(*entries))[0].find(dataclasses.replace(POST, taken={"111222333_5"}))
    assert said == NotThere() if not found else isinstance(said, Receipt) and said.ref == found


def test_looking_goes_on_to_the_next_page_and_gives_up_honestly() -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        return feed(entry("111222333_1")) if "after" in request.url.params else feed(entry("1_2", "x"), following=True)

    page, wire = made(handler)
    assert isinstance(page.find(POST), Receipt)
    assert wire.requests[0].url.params["since"] == str(int((POST.since or datetime.now(UTC)).timestamp()) - 300)
    endless, wire = made(feed(entry("1_2", "x"), following=True))
    assert isinstance(endless.find(POST), Unknown)
    assert len(wire.requests) == facebook_finding.PAGES


def test_an_answer_to_an_answer_is_looked_for_under_the_first_comment_too() -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        path = request.url.path.removeprefix("/v26.0")
        if path == "/9_2":
            return answer(200, {"id": "9_2", "parent": {"id": "9_1"}})
        return feed(entry("9_3")) if path == "/9_1/comments" else feed()

    said = made(handler)[0].find(dataclasses.replace(REPLY, in_reply_to="9_2"))
    assert isinstance(said, Receipt)
    assert said.ref == "9_3"


@pytest.mark.parametrize(
    ("given", "kind", "found"),
    [
        (answer(200, {"id": "9_1", "is_hidden": True}), "hide", Receipt),
        (answer(200, {"id": "9_1", "is_hidden": False}), "hide", NotThere),
        (answer(200, {"id": "9_1", "is_hidden": False}), "unhide", Receipt),
        (answer(200, {"id": "9_1"}), "hide", Unknown),
        (fault(100, error_subcode=33), "hide", Refused),
        (answer(200, {"id": "9_1"}), "remove", NotThere),
        (answer(200, {"id": "9_1"}), "delete", NotThere),
        (fault(100, error_subcode=33), "remove", Receipt),
        (fault(100, error_subcode=33), "delete", Receipt),
        (fault(190), "delete", Unknown),
        (fault(4), "delete", TryLater),
        (answer(200, {}), "approve", Refused),
        (answer(503, HTML), "hide", TryLater),
    ],
)
def test_looking_whether_it_is_so_by_now(given: httpx.Response, kind: Any, found: type[Found]) -> None:
    assert type(made(given)[0].find(dataclasses.replace(POST, kind=kind, target="9_1"))) is found


def test_a_post_without_words_cannot_be_recognised() -> None:
    assert isinstance(made(feed(entry("1_1", "")))[0].find(dataclasses.replace(POST, text=" ")), Unknown)


@pytest.mark.parametrize(
    ("given", "ok", "says"),
    [
        (answer(200, PAGE), True, "Practice"),
        (answer(200, {"id": "9", "name": "Other"}), False, "this Page's token"),
        (fault(190), False, "Reconnect"),
        (answer(200, HTML), False, "page"),
        (httpx.ConnectError("refused"), False, "could not be"),
    ],
)
def test_health(given: Any, ok: bool, says: str) -> None:
    health = made(given)[0].check()
    assert health.ok is ok
    assert says in health.says


def test_webhook_signatures() -> None:
    # A published example of the same algorithm: docs.github.com, “Validating webhook deliveries”.
    credentials = {"token": "t", "app_secret": "It's a Secret to Everybody"}
    page = Facebook(dataclasses.replace(FACEBOOK, credentials=credentials), wires.Wire(answer(200)))
    right = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
    assert page.signature_is_valid(b"Hello, World!", {"X-Hub-Signature-256": right})
    assert page.signature_is_valid(b"Hello, World!", {"x-hub-signature-256": right})
    assert not page.signature_is_valid(b"Hello, World", {"X-Hub-Signature-256": right})
    for wrong in ("", right[:-1], right.removeprefix("sha256="), "sha256=é", "sha1=x"):
        assert not page.signature_is_valid(b"Hello, World!", {"X-Hub-Signature-256": wrong})
    assert not page.signature_is_valid(b"Hello, World!", {})


def test_without_an_app_secret_no_signature_is_valid() -> None:
    page = Facebook(dataclasses.replace(FACEBOOK, credentials={"token": "t"}), wires.Wire(answer(200)))
    forged = "sha256=" + hmac.new(b"", b"{}", hashlib.sha256).hexdigest()
    assert not page.signature_is_valid(b"{}", {"X-Hub-Signature-256": forged})


@pytest.mark.parametrize(
    ("changes", "says"),
    [({"credentials": {}}, "no token"), ({"external_id": "my.page"}, "number"), ({"base_url": "x"}, "web address")],
)
def test_settings_that_cannot_work(changes: dict[str, Any], says: str) -> None:
    with pytest.raises(BadAccount, match=says):
        Facebook(dataclasses.replace(FACEBOOK, **changes))


# --- answers recorded from the real network ---------------------------------------------------------------------


def recorded(name: str) -> Any:
    path = shared("specs/recorded/python-facebook/testdata") / name
    return json.loads(path.read_text("utf-8"))


def test_a_recorded_refusal() -> None:
    with pytest.raises(ReadFailed, match="app secret proof"):
        made(answer(400, recorded("error.json")))[0].read_since("")


def test_a_recorded_creation() -> None:
    said = made(answer(200, recorded("facebook/apidata/comments/create_resp.json")))[0].publish(REPLY)
    assert isinstance(said, Receipt)
    assert said.ref == "245778718206154_229887283291835"
    assert said.permalink.endswith("comment_id=229887283291835")


def test_a_recorded_feed_is_searched_through_its_pages_which_go_by_time() -> None:
    first = recorded("facebook/apidata/posts/feed_fields_p1.json")
    second = recorded("facebook/apidata/posts/feed_fields_p2.json")
    for post in first["data"] + second["data"]:
        post["from"] = {"id": FACEBOOK.external_id}
    wanted = second["data"][-1]
    first["data"] = first["data"][:-1]  # the two recorded pages show the same posts

    def handler(request: httpx.Request) -> httpx.Response:
        return answer(200, second if "until" in request.url.params else first)

    page, wire = made(handler)
    said = page.find(dataclasses.replace(POST, text=wanted["message"], since=datetime(2021, 1, 1, tzinfo=UTC)))
    assert isinstance(said, Receipt)
    assert said.ref == wanted["id"]
    assert wire.requests[-1].url.params["__paging_token"] == "__paging_token"
    assert all("access_token" not in request.url.params for request in wire.requests)


def test_recorded_comments_are_read() -> None:
    comments = recorded("facebook/apidata/comments/comments_p1.json")["data"]
    for number, comment in enumerate(comments):
        comment.setdefault("id", f"10158407654328553_{number}")
    body = {"data": [{"id": "111222333_1", "from": PAGE, "comments": {"data": comments}}]}
    read = made(answer(200, body))[0].read_since("")
    assert [m.text for m in read.messages] == [c["message"] for c in sorted(comments, key=lambda c: c["created_time"])]
    assert all(m.posted_at > datetime.now(UTC) - timedelta(days=365 * 50) for m in read.messages)
