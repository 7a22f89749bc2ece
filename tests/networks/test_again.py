"""Asking again about single messages: what they say now, what is gone, and what is not known."""

from __future__ import annotations

import httpx
import pytest

from gatepost.networks.facebook import Facebook
from gatepost.networks.protocol import ReadFailed
from gatepost.networks.registry import networks
from gatepost.networks.rereading import Again, Rereads
from gatepost.networks.wordpress import WordPress
from gatepost.networks.x import X
from tests.networks import wires
from tests.networks.wires import Wire, answer

GONE = {"error": {"code": 100, "error_subcode": 33, "message": "Unsupported get request."}}


def test_facebook_one_by_one() -> None:
    def shown(request: httpx.Request) -> httpx.Response:
        ref = request.url.path.rpartition("/")[2]
        if ref == "1_2":
            return answer(400, GONE)
        words = {"message": "Other words"} if ref == "1_1" else {}
        return answer(
            200, {"id": ref, "from": {"id": "7", "name": "Ada"}, "created_time": "2026-11-24T10:00:00+0000", **words}
        )

    wire = Wire(shown)
    seen = Facebook(wires.FACEBOOK, wire).again(["1_1", "1_2", "1_3", "../me"])
    assert [(one.ref, one.text, one.changed_at) for one in seen.messages] == [("1_1", "Other words", None)]
    assert seen.gone == ("1_2",)
    assert len(wire.requests) == 3
    busy = Wire(answer(400, {"error": {"code": 32, "message": "Page request limit reached"}}))
    with pytest.raises(ReadFailed):
        Facebook(wires.FACEBOOK, busy).again(["1_1"])


ODD = {"error": {"code": 10, "message": "This needs a permission."}}
FEED = f"/{wires.FACEBOOK.external_id}/feed"


def by_path(**answers: httpx.Response) -> Wire:
    """A Page that gives each thing its answer; what is not named is there."""

    def shown(request: httpx.Request) -> httpx.Response:
        ref = "feed" if request.url.path.endswith(FEED) else f"r{request.url.path.rpartition('/')[2]}"
        there = {"message": "Words", "from": {"id": "7"}, "created_time": "2026-11-24T10:00:00+0000"}
        return answers.get(ref) or answer(200, there)

    return Wire(shown)


def test_one_that_facebook_refuses_does_not_keep_the_others() -> None:
    wire = by_path(r1_1=answer(400, ODD), r1_2=answer(400, GONE))
    seen = Facebook(wires.FACEBOOK, wire).again(["1_1", "1_2", "1_3"])
    assert ([one.ref for one in seen.messages], seen.gone) == (["1_3"], ("1_2",))
    with pytest.raises(ReadFailed, match="code 10") as raised:
        Facebook(wires.FACEBOOK, by_path(r1_1=answer(400, ODD))).again(["1_1"])
    assert raised.value.retry_after is None


def test_where_facebook_shows_nothing_the_page_itself_is_looked_at() -> None:
    gone = {"r1_1": answer(400, GONE), "r1_2": answer(400, GONE)}
    assert Facebook(wires.FACEBOOK, by_path(**gone)).again(["1_1", "1_2"]).gone == ("1_1", "1_2")
    with pytest.raises(ReadFailed, match="permission"):
        Facebook(wires.FACEBOOK, by_path(**gone, feed=answer(400, GONE))).again(["1_1", "1_2"])
    with pytest.raises(ReadFailed, match="code 10"):
        Facebook(wires.FACEBOOK, by_path(**gone, feed=answer(400, ODD))).again(["1_1", "1_2"])


def test_x_many_at_once() -> None:
    post = {"id": "11", "text": "Other words", "author_id": "9", "created_at": "2026-11-24T10:00:00.000Z"}
    lost = {"type": "https://api.twitter.com/2/problems/resource-not-found", "resource_id": "12"}
    wire = Wire(answer(200, {"data": [post], "errors": [lost]}))
    seen = X(wires.X, wire).again(["11", "12", "13", "odd"])
    assert ([one.ref for one in seen.messages], seen.gone) == (["11"], ("12",))
    assert wire.requests[0].url.params["ids"] == "11,12,13"
    assert X(wires.X, wire).again([]) == Again()


def test_wordpress_in_one_list() -> None:
    there = {
        "id": 5,
        "author_name": "Ada",
        "content": {"raw": "Other words"},
        "date_gmt": "2026-11-24T10:00:00",
        "post": 1,
    }
    states = {"6": answer(200, {"status": "spam"}), "7": answer(404, {"code": "rest_comment_invalid_id"})}
    states |= {"8": answer(200, {"status": "approved"})}

    def shown(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/users/me"):
            return answer(200, {"id": 1})
        return states.get(request.url.path.rpartition("/")[2]) or answer(200, [there])

    seen = WordPress(wires.WORDPRESS, Wire(shown)).again([f"comment:{n}" for n in (5, 6, 7, 8)] + ["post:1"])
    assert [(one.ref, one.text) for one in seen.messages] == [("comment:5", "Other words")]
    assert seen.gone == ("comment:6", "comment:7")
    assert WordPress(wires.WORDPRESS, Wire(shown)).again(["post:1"]) == Again()


def test_which_can() -> None:
    accounts = {"facebook": Facebook(wires.FACEBOOK), "x": X(wires.X), "wordpress": WordPress(wires.WORDPRESS)}
    assert set(accounts) <= set(networks())
    assert all(isinstance(one, Rereads) for one in accounts.values())
