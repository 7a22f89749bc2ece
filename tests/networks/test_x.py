from __future__ import annotations

import dataclasses
import json
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from gatepost.networks.client import BadAccount
from gatepost.networks.protocol import (
    Approves,
    Found,
    Hides,
    MediaFile,
    NotThere,
    Outgoing,
    ReadFailed,
    Receipt,
    Refused,
    RemovesOthers,
    TryLater,
    Unknown,
)
from gatepost.networks.x import OWN_PAGES
from gatepost.networks.x import X as Connector
from gatepost.networks.x_posts import id_at, known_by, seconds_of, words
from tests.networks import wires
from tests.networks.wires import HTML, X, answer

POST = Outgoing(key="k", kind="publish", text="Bins on Friday", since=datetime(2026, 11, 20, 12, tzinfo=UTC))
REPLY = dataclasses.replace(POST, kind="reply", in_reply_to="900")
ME = {"data": {"id": "555666777", "name": "Practice", "username": "practice"}}
NOT_FOUND = {"type": "https://api.x.com/2/problems/resource-not-found", "detail": "Could not find tweet with id: [1]."}


def made(handler: wires.Handler | httpx.Response | Exception) -> tuple[Connector, wires.Wire]:
    wire = wires.Wire(handler)
    return Connector(X, wire), wire


def problem(status: int, detail: str, **headers: str) -> httpx.Response:
    body = {"title": "Problem", "detail": detail, "type": "about:blank", "status": status}
    return answer(status, body, **headers)


DUPLICATE = problem(403, "You are not allowed to create a Tweet with duplicate content.")
RESTRICTED = problem(
    403,
    "Reply to this conversation is not allowed because you have not been mentioned or otherwise engaged by the "
    "author of the post you are replying to.",
)


def test_what_it_can_do() -> None:
    x, _ = made(answer(200, {}))
    assert [isinstance(x, ability) for ability in (Hides, RemovesOthers, Approves)] == [True, False, False]


@pytest.mark.parametrize("act", [POST, REPLY], ids=["publish", "reply"])
@pytest.mark.parametrize(
    ("given", "kind", "says"),
    [
        (problem(401, "Unauthorized"), Refused, "Reconnect"),
        (problem(402, "CreditsDepleted"), Refused, "credit"),
        (DUPLICATE, Unknown, "already"),
        (RESTRICTED, Refused, "Reply by hand on X, then record it"),
        (
            problem(403, "You attempted to reply to a Tweet that is deleted or not visible to you."),
            Refused,
            "no longer",
        ),
        (problem(403, "Your client app is not configured"), Refused, "tweet.write"),
        (problem(404, "Not found"), Refused, "no longer on X"),
        (problem(400, "Your Tweet text is too long."), Refused, "too long"),
        (problem(429, "Too Many Requests", retry_after="5"), TryLater, "wait"),
        (problem(500, "Oops"), Unknown, "fault of its own"),
        (problem(502, "Oops"), Unknown, "fault of its own"),
        (problem(503, "Over capacity"), Unknown, "fault of its own"),
        (problem(504, "Oops"), Unknown, "fault of its own"),
        (answer(503, HTML), Unknown, "page"),
        (answer(200, HTML), Unknown, "page"),
        (answer(201, {"data": {}}), Unknown, "without an id"),
        (answer(201, {"data": {"id": "abc"}}), Unknown, "without an id"),
        (answer(201, []), Unknown, "without an id"),
        (answer(200, {"errors": [{"message": "Forbidden thing"}]}), Unknown, "without an id"),
    ],
)
def test_every_row_of_the_error_table_on_a_write(act: Outgoing, given: httpx.Response, kind: type, says: str) -> None:
    said = made(given)[0].publish(act)
    assert type(said) is kind
    assert not isinstance(said, Receipt)
    assert says in said.reason


@pytest.mark.parametrize(
    ("given", "wait", "says"),
    [
        (problem(401, "Unauthorized"), None, "Reconnect"),
        (problem(402, "CreditsDepleted"), None, "credit"),
        (problem(403, "Forbidden"), None, "refused to be read"),
        (problem(429, "Too Many Requests", retry_after="5"), 5.0, "less often"),
        (problem(503, "Over capacity"), 60.0, "fault of its own"),
        (answer(200, HTML), 60.0, "page"),
    ],
)
def test_every_row_of_the_error_table_on_a_read(given: httpx.Response, wait: float | None, says: str) -> None:
    with pytest.raises(ReadFailed, match=says) as failed:
        made(given)[0].read_since("")
    assert failed.value.retry_after == wait


def test_a_post_and_a_reply() -> None:
    x, wire = made(answer(201, {"data": {"id": "123", "text": "Bins on Friday"}}))
    said = x.publish(dataclasses.replace(POST, link="https://example.org/bins"))
    assert isinstance(said, Receipt)
    assert (said.ref, said.permalink) == ("123", "https://x.com/practice/status/123")
    x.publish(REPLY)
    assert wire.bodies() == [
        {"text": "Bins on Friday https://example.org/bins"},
        {"text": "Bins on Friday", "reply": {"in_reply_to_tweet_id": "900"}},
    ]
    assert wire.requests[0].headers["authorization"] == "Bearer xsecret"


IMAGE = MediaFile(b"\x89PNG", "image/png", "A green bin", "bin.png")


def test_a_picture_gets_its_alternative_text_before_the_post_goes_out() -> None:
    x, wire = made(answer(200, {"data": {"id": "31"}}))
    assert isinstance(x.publish(dataclasses.replace(POST, media=(IMAGE, IMAGE))), Receipt)
    paths = [request.url.path for request in wire.requests]
    assert paths == ["/2/media/upload", "/2/media/metadata"] * 2 + ["/2/tweets"]
    assert b'name="media_category"\r\n\r\ntweet_image' in wire.requests[0].content
    assert json.loads(wire.requests[1].content) == {"id": "31", "metadata": {"alt_text": {"text": "A green bin"}}}
    assert json.loads(wire.requests[4].content)["media"] == {"media_ids": ["31", "31"]}


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        (httpx.ReadTimeout("slow"), TryLater),
        (problem(500, "Oops"), TryLater),
        (answer(200, {"data": {}}), TryLater),
        (problem(400, "media type unrecognized"), Refused),
    ],
)
def test_a_picture_that_fails_publishes_nothing_so_it_is_never_unknown(given: Any, kind: type) -> None:
    x, wire = made(given)
    assert type(x.publish(dataclasses.replace(POST, media=(IMAGE,)))) is kind
    assert len(wire.requests) == 1


def test_a_picture_without_its_alternative_text_is_not_published() -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        return answer(200, {"data": {"id": "31"}}) if "upload" in request.url.path else problem(503, "Oops")

    x, wire = made(handler)
    assert isinstance(x.publish(dataclasses.replace(POST, media=(IMAGE,))), TryLater)
    assert [request.url.path for request in wire.requests] == ["/2/media/upload", "/2/media/metadata"]


@pytest.mark.parametrize("ref", ["", "../me", "1?x=1", "a", "1" * 20, "1\n", "٣"])
def test_a_ref_that_is_none_is_refused_before_anything_is_sent(ref: str) -> None:
    x, wire = made(answer(200, {"data": {}}))
    answers = [x.remove(ref), x.hide(ref), x.unhide(ref), x.publish(dataclasses.replace(REPLY, in_reply_to=ref))]
    answers += [x.find(dataclasses.replace(POST, kind=kind, target=ref)) for kind in ("hide", "remove", "delete")]
    assert {type(each) for each in answers} == {Refused}
    assert wire.requests == []


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        (answer(200, {"data": {"deleted": True}}), Receipt),
        (answer(200, {"data": {"deleted": False}}), Unknown),
        (answer(200, {"errors": [NOT_FOUND]}), Receipt),
        (problem(404, "Could not find"), Receipt),
        (problem(403, "You are not authorized to delete this Tweet."), Refused),
        (problem(401, "Unauthorized"), Refused),
        (httpx.ReadTimeout("slow"), Unknown),
    ],
)
def test_deleting(given: Any, kind: type) -> None:
    x, wire = made(given)
    assert type(x.remove("12")) is kind
    assert (wire.requests[0].method, wire.requests[0].url.path) == ("DELETE", "/2/tweets/12")


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        (answer(200, {"data": {"hidden": True}}), Receipt),
        (answer(200, {"data": {"hidden": False}}), Unknown),
        (answer(200, {"errors": [NOT_FOUND]}), Refused),
        (problem(403, "You may only hide replies in conversations you started."), Refused),
        (problem(429, "Too Many Requests"), TryLater),
    ],
)
def test_hiding(given: httpx.Response, kind: type) -> None:
    x, wire = made(given)
    assert type(x.hide("12")) is kind
    assert (wire.requests[0].method, wire.requests[0].url.path) == ("PUT", "/2/tweets/12/hidden")
    assert wire.bodies() == [{"hidden": True}]


def post(ref: str, text: str = "Bins on Friday", **more: Any) -> dict[str, Any]:
    return {"id": ref, "text": text, "author_id": "555666777", **more}


def answering(ref: str, to: str, text: str = "Bins on Friday", name: str = "referenced_posts") -> dict[str, Any]:
    return post(ref, text, **{name: [{"type": "replied_to", "id": to}]})


SHORT = {
    "urls": [
        {"url": "https://t.co/a1", "expanded_url": "https://example.org/bins"},
        {"url": "https://t.co/b2", "expanded_url": "https://x.com/practice/status/6/photo/1"},
    ]
}


@pytest.mark.parametrize(
    ("act", "posts", "found"),
    [
        (POST, [post("1")], "1"),
        (POST, [post("1", "Something else")], ""),
        (POST, [post("5")], ""),
        (POST, [answering("1", "900")], ""),
        (REPLY, [post("1"), answering("2", "901"), answering("3", "900")], "3"),
        (REPLY, [answering("3", "900", name="referenced_tweets")], "3"),
        (REPLY, [answering("3", "900", "@ada @bob Bins on Friday")], "3"),
        (dataclasses.replace(POST, text="Bins & <bags>"), [post("1", "Bins &amp; &lt;bags&gt;")], "1"),
        (
            dataclasses.replace(POST, link="https://example.org/bins"),
            [post("6", "Bins on Friday https://t.co/a1 https://t.co/b2", entities=SHORT)],
            "6",
        ),
        (
            dataclasses.replace(POST, text="See example.org/bins today"),
            [post("6", "See https://t.co/a1 today", entities=SHORT)],
            "6",
        ),
        (POST, [], ""),
    ],
)
def test_looking_for_a_post(act: Outgoing, posts: list[Any], found: str) -> None:
    x, wire = made(answer(200, {"data": posts, "meta": {"result_count": len(posts)}}))
    said = x.find(dataclasses.replace(act, taken={"5"}))
    assert said == NotThere() if not found else isinstance(said, Receipt) and said.ref == found
    assert wire.requests[0].url.params["start_time"] == "2026-11-20T11:55:00Z"


def test_looking_goes_through_the_pages_and_gives_up_honestly() -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        if "pagination_token" in request.url.params:
            return answer(200, {"data": [post("1")], "meta": {}})
        return answer(200, {"data": [post("2", "x")], "meta": {"next_token": "n1"}})

    assert isinstance(made(handler)[0].find(POST), Receipt)
    endless, wire = made(answer(200, {"data": [post("2", "x")], "meta": {"next_token": "n1"}}))
    assert isinstance(endless.find(POST), Unknown)
    assert len(wire.requests) == OWN_PAGES
    assert isinstance(made(answer(200, []))[0].find(POST), Unknown)


@pytest.mark.parametrize(
    ("given", "kind", "found"),
    [
        (answer(200, {"data": post("9")}), "hide", NotThere),
        (answer(200, {"errors": [NOT_FOUND]}), "hide", Refused),
        (answer(200, {"data": post("9")}), "delete", NotThere),
        (answer(200, {"errors": [NOT_FOUND]}), "delete", Receipt),
        (answer(200, {"data": post("9"), "errors": [NOT_FOUND]}), "delete", NotThere),
        (problem(401, "Unauthorized"), "delete", Unknown),
        (problem(429, "Too Many Requests"), "delete", TryLater),
        (answer(200, {}), "approve", Refused),
    ],
)
def test_looking_whether_it_is_so_by_now(given: httpx.Response, kind: Any, found: type[Found]) -> None:
    assert type(made(given)[0].find(dataclasses.replace(POST, kind=kind, target="9"))) is found


def mention(number: int, seconds: int, **more: Any) -> dict[str, Any]:
    ref = str(int(id_at(1_800_000_000 + seconds)) + number)
    base = {"id": ref, "text": f"@practice No {number}", "author_id": "7", "conversation_id": ref}
    return {**base, "created_at": "2027-01-15T08:00:00.000Z", **more}


class Timeline:
    """Mentions newest first, `size` a page, after since_id, as X does."""

    def __init__(self, posts: list[dict[str, Any]], size: int = 100) -> None:
        self.posts, self.size = posts, size

    def __call__(self, request: httpx.Request) -> httpx.Response:
        params = request.url.params
        fresh = [p for p in self.posts if int(p["id"]) > int(params.get("since_id", 0))]
        fresh.sort(key=lambda p: -int(p["id"]))
        start = int(params.get("pagination_token", "t0")[1:])
        more = {"next_token": f"t{start + self.size}"} if fresh[start + self.size :] else {}
        people = [{"id": "7", "name": "Ada", "username": "ada_x"}]
        shown = {"data": fresh[start : start + self.size], "includes": {"users": people}} if fresh else {}
        return answer(200, {**shown, "meta": more})


def test_mentions_come_oldest_first_each_once_over_pages_and_reads() -> None:
    timeline = Timeline([mention(n, n) for n in range(25)], size=10)
    x, _ = made(timeline)
    first = x.read_since("")
    assert [m.text for m in first.messages] == [f"@practice No {n}" for n in range(25)]
    timeline.posts += [mention(25, 24), mention(26, 30)]  # one of them older than the newest seen
    second = x.read_since(first.cursor)
    assert [m.text for m in second.messages] == ["@practice No 25", "@practice No 26"]
    third = x.read_since(second.cursor)
    assert third.messages == ()
    assert not third.more


def test_what_a_mention_becomes() -> None:
    asked = mention(1, 0, referenced_posts=[{"type": "replied_to", "id": "42"}], conversation_id="40")
    asked["in_reply_to_user_id"] = X.external_id
    (read,) = made(Timeline([asked]))[0].read_since("").messages
    assert (read.kind, read.parent_ref, read.post_ref, read.thread_ref) == ("comment", "42", "42", "40")
    assert (read.author_ref, read.author_name, read.author_handle) == ("7", "Ada", "ada_x")
    assert read.permalink == f"https://x.com/ada_x/status/{read.ref}"


def test_our_own_posts_and_nonsense_are_left_out() -> None:
    odd = [mention(1, 0, author_id=X.external_id), mention(2, 0, text=""), mention(3, 0, author_id=None)]
    (read,) = made(answer(200, {"data": [*odd, {"id": "x"}, 5], "meta": {}}))[0].read_since("").messages
    assert read.author_name == "Somebody on X"


def test_the_long_form_of_a_post_is_read_under_both_names() -> None:
    for name in ("note_post", "note_tweet"):
        assert words({"text": "Short…", name: {"text": "The long one"}}) == "The long one"


def test_an_older_server_is_asked_again_by_the_older_names_and_from_then_on() -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        if "post.fields" in request.url.params:
            errors = [{"message": "The query parameter [post.fields] is not one of [id,tweet.fields]"}]
            return answer(400, {"title": "Invalid Request", "errors": errors})
        return answer(200, {"data": [mention(1, 0)], "meta": {}})

    x, wire = made(handler)
    assert len(x.read_since("").messages) == 1
    assert len(x.read_since("").messages) == 1
    assert ["tweet.fields" in request.url.params for request in wire.requests] == [False, True, True]


def test_ids_hold_their_time() -> None:
    assert seconds_of(id_at(1_800_000_000)) == 1_800_000_000
    assert id_at(0) == "1"


def test_a_text_of_names_alone_is_nobodys() -> None:
    assert not set(known_by("@ada", "")) & set(known_by("@bob", ""))


@pytest.mark.parametrize(
    ("given", "ok", "says"),
    [
        (answer(200, ME), True, "@practice"),
        (answer(200, {"data": {"id": "9", "username": "other"}}), False, "@other"),
        (problem(401, "Unauthorized"), False, "Reconnect"),
        (answer(200, HTML), False, "page"),
    ],
)
def test_health(given: httpx.Response, ok: bool, says: str) -> None:
    health = made(given)[0].check()
    assert health.ok is ok
    assert says in health.says


@pytest.mark.parametrize(
    ("changes", "says"), [({"credentials": {"token": " "}}, "no token"), ({"external_id": "@practice"}, "number")]
)
def test_settings_that_cannot_work(changes: dict[str, Any], says: str) -> None:
    with pytest.raises(BadAccount, match=says):
        Connector(dataclasses.replace(X, **changes))
