from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Mapping
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
from gatepost.networks.wordpress import WordPress
from gatepost.networks.wordpress_text import blocks, heading, numbered, plain, slug
from tests.networks import wires
from tests.networks.wires import HTML, WORDPRESS, answer

POST = Outgoing(key="k1", kind="publish", title="Bins", text="Bins on Friday", since=datetime(2026, 11, 20, tzinfo=UTC))
REPLY = dataclasses.replace(POST, kind="reply", in_reply_to="comment:34")
SLUG = slug("Bins", "k1")
IMAGE = MediaFile(b"\x89PNG", "image/png", "A green bin", "bin.png")


class Site:
    """Answers by the last part of "METHOD /path"; what is not named is an empty list."""

    def __init__(self, answers: Mapping[str, httpx.Response | Exception]) -> None:
        self.answers = answers

    def __call__(self, request: httpx.Request) -> httpx.Response:
        asked = f"{request.method} {request.url.path.removeprefix('/wp-json/wp/v2')}"
        given = self.answers.get(asked, answer(200, []))
        if isinstance(given, Exception):
            raise given
        return given


def made(handler: wires.Handler | httpx.Response | Exception) -> tuple[WordPress, wires.Wire]:
    wire = wires.Wire(handler)
    return WordPress(WORDPRESS, wire), wire


def site(**answers: httpx.Response | Exception) -> tuple[WordPress, wires.Wire]:
    """Keyword GET_posts stands for "GET /posts", GET_comments_34 for "GET /comments/34"."""
    return made(Site({name.replace("_", " /", 1).replace("_", "/"): each for name, each in answers.items()}))


def fault(status: int, code: str, message: str = "Sorry.") -> httpx.Response:
    return answer(status, {"code": code, "message": message, "data": {"status": status}})


def test_what_it_can_do() -> None:
    blog, _ = made(answer(200, {}))
    assert all(isinstance(blog, ability) for ability in (Hides, RemovesOthers, Approves))


WRITE_ROWS = [
    (fault(401, "rest_cannot_create"), Refused, "does not say which"),
    (fault(401, "incorrect_password"), Refused, "application password"),
    (fault(403, "rest_cannot_publish"), Refused, "Editor"),
    (fault(403, "rest_comment_closed"), Refused, "Comments are closed"),
    (fault(403, "rest_comment_trash_post"), Refused, "in the bin"),
    (fault(429, "comment_flood"), TryLater, "pause"),
    (fault(400, "comment_flood"), TryLater, "pause"),
    (fault(409, "comment_duplicate"), Unknown, "there already"),
    (fault(404, "rest_no_route"), Refused, "Permalinks"),
    (fault(404, "rest_post_invalid_id"), Refused, "no longer on the website"),
    (fault(400, "rest_invalid_param", "Invalid parameter(s): title"), Refused, "title"),
    (fault(413, "too_large"), Refused, "refused"),
    (fault(500, "internal_server_error", "There has been a critical error"), Unknown, "fault of its own"),
    (answer(500, HTML), Unknown, "page"),
    (answer(200, HTML), Unknown, "page"),
    (answer(201, {}), Unknown, "without an id"),
    (answer(201, {"id": 0}), Unknown, "without an id"),
    (answer(201, []), Unknown, "without an id"),
    (httpx.ReadTimeout("slow"), Unknown, "answer was lost"),
    (httpx.ConnectError("refused"), TryLater, "Nothing was sent"),
]


@pytest.mark.parametrize(("given", "kind", "says"), WRITE_ROWS)
def test_every_row_of_the_error_table_on_a_write(given: Any, kind: type, says: str) -> None:
    above = answer(200, {"id": 34, "post": 12})
    for blog, act in (
        (site(POST_posts=given)[0], POST),
        (site(POST_comments=given, GET_comments_34=above)[0], REPLY),
    ):
        said = blog.publish(act)
        assert type(said) is kind
        assert not isinstance(said, Receipt)
        assert says in said.reason


@pytest.mark.parametrize(
    ("given", "wait", "says"),
    [
        (fault(401, "rest_forbidden_context"), None, "does not say which"),
        (fault(403, "rest_forbidden"), None, "Editor"),
        (fault(404, "rest_no_route"), None, "Permalinks"),
        (fault(400, "rest_invalid_param", "Bad"), None, "Bad"),
        (fault(503, "maintenance"), 60.0, "fault of its own"),
        (answer(404, HTML), 60.0, "page"),
        (answer(200, {"id": 3}), 60.0, "no list"),
    ],
)
def test_every_row_of_the_error_table_on_a_read(given: httpx.Response, wait: float | None, says: str) -> None:
    blog, _ = site(GET_users_me=answer(200, {"id": 1}), GET_comments=given)
    with pytest.raises(ReadFailed, match=says) as failed:
        blog.read_since("")
    assert failed.value.retry_after == wait


def test_a_post_with_pictures() -> None:
    picture = answer(201, {"id": 8, "source_url": "https://blog.example.org/bin.png"})
    blog, wire = site(
        POST_media=picture, POST_posts=answer(201, {"id": 12, "link": "https://blog.example.org/bins", "slug": SLUG})
    )
    said = blog.publish(dataclasses.replace(POST, media=(IMAGE, IMAGE), link="https://example.org/a?b=1&c=2"))
    assert isinstance(said, Receipt)
    assert (said.ref, said.permalink) == ("post:12", "https://blog.example.org/bins")
    assert [f"{r.method} {r.url.path.removeprefix('/wp-json/wp/v2')}" for r in wire.requests] == [
        "GET /posts",
        "GET /media",
        "POST /media",
        "GET /media",
        "POST /media",
        "POST /posts",
    ]
    assert b'name="alt_text"\r\n\r\nA green bin' in wire.requests[2].content
    sent = json.loads(wire.requests[5].content)
    assert (sent["title"], sent["status"], sent["slug"], sent["featured_media"]) == ("Bins", "publish", SLUG, 8)
    assert sent["content"].count("wp:image") == 2  # the second picture alone: opened and closed
    assert "https://example.org/a?b=1&amp;c=2" in sent["content"]


def test_a_post_that_is_there_already_is_not_sent_again() -> None:
    blog, wire = site(GET_posts=answer(200, [{"id": 12, "slug": SLUG, "link": "https://blog.example.org/bins"}]))
    assert blog.publish(POST) == blog.find(POST)
    assert {request.method for request in wire.requests} == {"GET"}


@pytest.mark.parametrize(
    ("found", "kind"),
    [
        ([{"id": 12, "slug": SLUG}], Receipt),
        ([{"id": 12, "slug": SLUG + "-2"}], NotThere),
        ([{"id": 5, "slug": SLUG}], NotThere),
        ([], NotThere),
        ({"id": 3}, TryLater),
    ],
)
def test_looking_for_a_post(found: Any, kind: type[Found]) -> None:
    assert type(site(GET_posts=answer(200, found))[0].find(dataclasses.replace(POST, taken={"post:5"}))) is kind


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        (httpx.ReadTimeout("slow"), TryLater),
        (fault(500, "internal"), TryLater),
        (answer(201, {}), TryLater),
        (fault(500, "rest_upload_sideload_error"), Refused),
        (fault(413, "rest_upload_file_too_big"), Refused),
        (fault(401, "rest_cannot_create"), Refused),
    ],
)
def test_a_picture_that_fails_publishes_nothing_so_it_is_never_unknown(given: Any, kind: type) -> None:
    blog, wire = site(POST_media=given)
    assert type(blog.publish(dataclasses.replace(POST, media=(IMAGE,)))) is kind
    assert all(not request.url.path.endswith("/posts") for request in wire.requests if request.method == "POST")


def test_a_picture_that_is_there_already_is_not_uploaded_again() -> None:
    mark = hashlib.sha256(IMAGE.data + IMAGE.alt.encode()).hexdigest()[:16]
    name = f"{slug('picture', 'k1')}-0-{mark}"
    blog, wire = site(GET_media=answer(200, [{"id": 8, "slug": name}]), POST_posts=answer(201, {"id": 12}))
    assert isinstance(blog.publish(dataclasses.replace(POST, media=(IMAGE,))), Receipt)
    assert sum(request.method == "POST" for request in wire.requests) == 1


def test_a_reply_is_a_comment_beneath_with_its_markup_escaped() -> None:
    blog, wire = site(GET_comments_34=answer(200, {"id": 34, "post": 12}), POST_comments=answer(201, {"id": 35}))
    said = blog.publish(dataclasses.replace(REPLY, text="Less <than> & more"))
    assert isinstance(said, Receipt)
    assert said.ref == "comment:35"
    assert json.loads(wire.requests[-1].content) == {
        "post": 12,
        "parent": 34,
        "content": "Less &lt;than&gt; &amp; more",
    }
    blog.publish(dataclasses.replace(REPLY, in_reply_to="post:12"))
    assert json.loads(wire.requests[-1].content)["post"] == 12


def test_a_comment_takes_a_link_in_its_text_and_refuses_pictures() -> None:
    blog, wire = site(POST_comments=answer(201, {"id": 35}))
    act = dataclasses.replace(REPLY, in_reply_to="post:12", link="https://example.org/bins")
    assert isinstance(blog.publish(act), Receipt)
    assert json.loads(wire.requests[-1].content)["content"] == "Bins on Friday\n\nhttps://example.org/bins"
    wire.requests.clear()
    assert isinstance(blog.publish(dataclasses.replace(act, media=(IMAGE,))), Refused)
    assert wire.requests == []


def our(number: int, raw: str = "Bins on Friday", at: str = "2026-11-20T00:00:05", author: int = 3) -> dict[str, Any]:
    return {"id": number, "author": author, "content": {"raw": raw}, "date_gmt": at}


@pytest.mark.parametrize(
    ("comments", "kind"),
    [
        ([our(40)], Receipt),
        ([our(40, "Bins &amp; bags")], NotThere),
        ([our(40, at="2026-11-19T23:00:00")], NotThere),
        ([our(5)], NotThere),
        ([our(40, author=9)], NotThere),
        ([our(0)], NotThere),
        ([our(n, "x") for n in range(100, 200)], Unknown),
        ({}, TryLater),
    ],
)
def test_looking_for_a_reply(comments: Any, kind: type[Found]) -> None:
    blog, wire = site(GET_users_me=answer(200, {"id": 3}), GET_comments=answer(200, comments))
    assert type(blog.find(dataclasses.replace(REPLY, taken={"comment:5"}))) is kind
    assert wire.requests[-1].url.params["parent"] == "34"


@pytest.mark.parametrize("ref", ["", "34", "page:3", "post:", "post:1/../2", "post:٣", "comment:" + "9" * 30])
def test_a_ref_that_is_none_is_refused_before_anything_is_sent(ref: str) -> None:
    blog, wire = site(GET_users_me=answer(200, {"id": 3}))
    answers = [blog.remove(ref), blog.remove_other(ref), blog.hide(ref), blog.unhide(ref), blog.approve(ref)]
    answers += [blog.publish(dataclasses.replace(REPLY, in_reply_to=ref))]
    answers += [blog.find(dataclasses.replace(REPLY, in_reply_to=ref))]
    answers += [blog.find(dataclasses.replace(POST, kind=kind, target=ref)) for kind in ("hide", "remove", "delete")]
    assert {type(each) for each in answers} == {Refused}
    assert wire.requests == []


def test_a_post_is_no_comment_to_be_moderated() -> None:
    blog, wire = made(answer(200, {}))
    assert {type(each) for each in (blog.hide("post:1"), blog.remove_other("post:1"))} == {Refused}
    assert wire.requests == []


def test_moderating_keeps_the_authors_address_which_wordpress_would_overwrite() -> None:
    now = answer(200, {"id": 34, "author_ip": "192.0.2.7", "author_user_agent": "Browser", "status": "approved"})
    blog, wire = site(GET_comments_34=now, POST_comments_34=answer(200, {"id": 34, "status": "hold"}))
    assert isinstance(blog.hide("comment:34"), Receipt)
    assert json.loads(wire.requests[-1].content) == {
        "status": "hold",
        "author_ip": "192.0.2.7",
        "author_user_agent": "Browser",
    }
    assert isinstance(blog.approve("comment:34"), Unknown)  # the site still says “hold”
    assert isinstance(site(GET_comments_34=fault(404, "rest_comment_invalid_id"))[0].hide("comment:34"), Refused)
    assert isinstance(site(GET_comments_34=answer(503, HTML))[0].hide("comment:34"), TryLater)


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        (answer(200, {"id": 34, "status": "trash"}), Receipt),
        (fault(410, "rest_already_trashed"), Receipt),
        (fault(404, "rest_comment_invalid_id"), Receipt),
        (fault(401, "rest_cannot_delete"), Refused),
        (httpx.ReadTimeout("slow"), Unknown),
    ],
)
def test_taking_down(given: Any, kind: type) -> None:
    assert type(site(DELETE_comments_34=given)[0].remove("comment:34")) is kind


def test_a_site_without_a_bin_deletes_for_good() -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        gone = answer(200, {"deleted": True})
        return gone if "force" in request.url.params else fault(501, "rest_trash_not_supported")

    blog, wire = made(handler)
    assert isinstance(blog.remove("post:12"), Receipt)
    assert len(wire.requests) == 2


@pytest.mark.parametrize(
    ("given", "kind", "found"),
    [
        (answer(200, {"status": "hold"}), "hide", Receipt),
        (answer(200, {"status": "approved"}), "hide", NotThere),
        (answer(200, {"status": "approved"}), "unhide", Receipt),
        (answer(200, {"status": "hold"}), "approve", NotThere),
        (answer(200, {"status": "trash"}), "remove", Receipt),
        (answer(200, {"status": "approved"}), "remove", NotThere),
        (answer(200, {}), "hide", Unknown),
        (fault(404, "rest_comment_invalid_id"), "delete", Receipt),
        (fault(404, "rest_comment_invalid_id"), "hide", Refused),
        (fault(401, "rest_forbidden_context"), "hide", Unknown),
        (answer(500, HTML), "hide", TryLater),
    ],
)
def test_looking_whether_it_is_so_by_now(given: httpx.Response, kind: Any, found: type[Found]) -> None:
    blog, _ = site(GET_comments_34=given)
    assert type(blog.find(dataclasses.replace(POST, kind=kind, target="comment:34"))) is found


RIGHTS = {"publish_posts": True, "upload_files": True, "moderate_comments": True}


@pytest.mark.parametrize(
    ("who", "ok", "says"),
    [
        (answer(200, {"id": 1, "name": "Desk", "capabilities": RIGHTS}), True, "as Desk"),
        (answer(200, {"id": 1, "capabilities": {**RIGHTS, "moderate_comments": False}}), False, "moderate_comments"),
        (answer(200, {"id": 1}), False, "Editor"),
        (fault(401, "rest_not_logged_in"), False, "application password"),
        (answer(200, HTML), False, "page"),
    ],
)
def test_health(who: httpx.Response, ok: bool, says: str) -> None:
    health = made(Site({"GET /users/me": who, "GET /wp-json/": answer(200, {"name": "Blog"})}))[0].check()
    assert health.ok is ok
    assert says in health.says


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"credentials": {"username": "desk"}}, "application password"),
        ({"base_url": ""}, "address of its website"),
        ({"base_url": "http://blog.example.org"}, "https"),
        ({"credentials": {"username": "a:b", "application_password": "x"}}, "colon"),
    ],
)
def test_settings_that_cannot_work(changes: dict[str, Any], says: str) -> None:
    with pytest.raises(BadAccount, match=says):
        WordPress(dataclasses.replace(WORDPRESS, **changes))


def test_plain_text_becomes_paragraphs_and_nothing_in_it_becomes_markup() -> None:
    made_of = blocks("One\ntwo\r\n\r\n\n<script>& three", "")
    assert made_of.count("<p>") == 2
    assert "One<br>two" in made_of
    assert "&lt;script&gt;&amp; three" in made_of


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("a &amp; b", "a & b"),
        ("<p>One</p>\n<p>Two<br>three</p>", "One\n\nTwo\nthree"),
        ('see <a href="https://example.org">here</a>', "see here"),
        ("1 < 2", "1 < 2"),
        ("<p>Good</p><![ odd", "Good"),
        pytest.param("<p>Good</p>" + "<a/" * 20_000, "Good", id="unclosed tags, which are not to take hours"),
        ("", ""),
    ],
)
def test_markup_becomes_plain_text(markup: str, text: str) -> None:
    assert plain(markup) == text


def test_headings_and_slugs() -> None:
    assert heading("", "\n First line\nsecond") == "First line"
    assert heading(" Given ", "text") == "Given"
    assert heading("", "word " * 40).endswith("…")
    assert slug("Café & Bins!", "k") == slug("Café & Bins!", "k")
    assert slug("Café & Bins!", "k").startswith("cafe-bins-")
    assert slug("Same", "k1") != slug("Same", "k2")
    assert slug("日本", "k").startswith("post-")


def test_refs_name_their_kind() -> None:
    assert numbered("post:12") == ("post", 12)
    assert numbered("comment:3") == ("comment", 3)
    assert numbered("12") == ("", 0)
