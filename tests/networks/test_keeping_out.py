"""Blocking, muting and closing comments, in each network's own words."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import httpx
import pytest

from gatepost.networks.protocol import NotThere, Outgoing, Receipt, Refused, TryLater, Unknown
from tests.networks.test_facebook import fault as graph_fault
from tests.networks.test_facebook import made as on_facebook
from tests.networks.test_wordpress import fault
from tests.networks.test_wordpress import site as on_wordpress
from tests.networks.test_x import made as on_x
from tests.networks.test_x import problem
from tests.networks.wires import answer

POST = Outgoing(key="k", kind="block")


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        (answer(200, {"77": True}), Receipt),
        (answer(200, {"success": True}), Receipt),
        (answer(200, {"77": False}), Refused),
        (answer(200, {}), Unknown),
        (graph_fault(200), Refused),
        (graph_fault(210, message="User not visible"), Refused),
        (httpx.ReadTimeout("slow"), Unknown),
    ],
)
def test_blocking(given: Any, kind: type) -> None:
    page, wire = on_facebook(given)
    assert type(page.block("77")) is kind
    assert (wire.requests[0].method, wire.requests[0].url.path) == ("POST", "/v26.0/111222333/blocked")
    assert wire.bodies() == [{"user": ["77"]}]


def test_unblocking_and_looking_who_is_blocked() -> None:
    page, wire = on_facebook(answer(200, {"success": True}))
    assert isinstance(page.unblock("77"), Receipt)
    assert (wire.requests[0].method, wire.requests[0].url.params["user"]) == ("DELETE", "77")
    blocked, free = (dataclasses.replace(POST, kind=kind, target="77") for kind in ("block", "unblock"))
    listed = on_facebook(answer(200, {"data": [{"id": "77", "name": "Casey Sample"}]}))[0]
    assert (type(listed.find(blocked)), type(listed.find(free))) == (Receipt, NotThere)
    nobody = on_facebook(answer(200, {"data": []}))[0]
    assert (type(nobody.find(blocked)), type(nobody.find(free))) == (NotThere, Receipt)
    assert isinstance(on_facebook(answer(200, {}))[0].find(blocked), Unknown)


@pytest.mark.parametrize("person", ["", "casey", "1_2", "../me"])
def test_somebody_facebook_did_not_name_cannot_be_blocked(person: str) -> None:
    page, wire = on_facebook(answer(200, {"success": True}))
    answers = [
        page.block(person),
        page.unblock(person),
        page.find(dataclasses.replace(POST, kind="block", target=person)),
    ]
    assert {type(each) for each in answers} == {Refused}
    assert wire.requests == []


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        (answer(200, {"data": {"muting": True}}), Receipt),
        (answer(200, {"data": {"muting": False}}), Unknown),
        (problem(403, "You cannot mute yourself."), Refused),
        (problem(429, "Too Many Requests"), TryLater),
    ],
)
def test_muting(given: httpx.Response, kind: type) -> None:
    x, wire = on_x(given)
    assert type(x.mute("12")) is kind
    assert (wire.requests[0].method, wire.requests[0].url.path) == ("POST", "/2/users/555666777/muting")
    assert wire.bodies() == [{"target_user_id": "12"}]


def test_unmuting_and_who_is_nobody() -> None:
    x, wire = on_x(answer(200, {"data": {"muting": False}}))
    assert isinstance(x.unmute("12"), Receipt)
    assert (wire.requests[0].method, wire.requests[0].url.path) == ("DELETE", "/2/users/555666777/muting/12")
    assert isinstance(x.find(dataclasses.replace(POST, kind="mute", target="12")), NotThere)
    assert {type(x.mute("casey")), type(x.unmute("../2"))} == {Refused}
    assert len(wire.requests) == 1


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        (answer(200, {"id": 12, "comment_status": "closed"}), Receipt),
        (answer(200, {"id": 12, "comment_status": "open"}), Unknown),
        (fault(403, "rest_cannot_edit"), Refused),
        (httpx.ReadTimeout("slow"), Unknown),
    ],
)
def test_closing_comments(given: Any, kind: type) -> None:
    blog, wire = on_wordpress(POST_posts_12=given)
    assert type(blog.close_comments("post:12")) is kind
    assert json.loads(wire.requests[-1].content) == {"comment_status": "closed"}


def test_comments_are_opened_again_and_looked_at() -> None:
    now = answer(200, {"id": 12, "comment_status": "open"})
    blog, _ = on_wordpress(POST_posts_12=now, GET_posts_12=now)
    assert isinstance(blog.reopen_comments("post:12"), Receipt)
    closed, opened = (dataclasses.replace(POST, kind=kind, target="post:12") for kind in ("close", "reopen"))
    assert isinstance(blog.find(opened), Receipt)
    assert isinstance(blog.find(closed), NotThere)
    assert isinstance(blog.close_comments("comment:12"), Refused)
    assert isinstance(blog.find(dataclasses.replace(closed, target="comment:12")), Refused)
