"""The town's own API: saying, counting, bad requests."""

from __future__ import annotations

from typing import Any

import pytest

from .conftest import Visitor


def test_state_names_what_is_needed_to_connect(here: Visitor) -> None:
    accounts = here.state["accounts"]
    assert accounts["facebook"]["name"] == "Brent Housing Partnership (practice)"
    assert accounts["x"]["handle"] == "BHP_practice"
    assert all(accounts[network]["token"] and accounts[network]["id"].isdecimal() for network in accounts)
    assert len(here.state["residents"]) >= 40


def test_posts_tell_what_became_of_comments(here: Visitor) -> None:
    ref = here.post("Look after this")
    comment = here.say("facebook", "Rude words", ref, "wayne")
    here.graph("POST", comment, json={"is_hidden": True})
    here.town_api("POST", "delete_elsewhere", json={"ref": ref})
    (post,) = [
        one for one in here.town_api("GET", "posts", params={"network": "facebook"})["posts"] if one["ref"] == ref
    ]
    assert post["removed"] == "elsewhere"
    assert [(one["author"], one["hidden"], one["removed"]) for one in post["comments"]] == [
        ("wayne", True, "elsewhere")
    ]


def test_the_same_text_is_counted_for_each_network(here: Visitor) -> None:
    here.post("On both")
    here.tweet("On both")
    assert here.count("On both") == 2
    for network in ("facebook", "x"):
        assert here.town_api("GET", "counts", params={"text": "On both", "network": network})["count"] == 1


def test_the_clock_can_be_moved(here: Visitor) -> None:
    here.town_api("POST", "rules", json={"clock_ahead": 86_400})
    try:
        later = here.graph("GET", here.post("Tomorrow")).json()["created_time"]
    finally:
        here.town_api("POST", "rules", json={"clock_ahead": 0})
    assert later > here.graph("GET", here.post("Today")).json()["created_time"]


@pytest.mark.parametrize(
    ("path", "sent"),
    [
        ("say", {"network": "pigeon", "text": "coo"}),
        ("say", {"network": "x", "text": " "}),
        ("say", {"network": "x", "text": "x" * 10_001}),
        ("say", {"network": "x", "text": "x", "resident": "nobody"}),
        ("say", {"network": "x", "text": "x", "under": "5"}),
        ("burst", {"n": 0}),
        ("burst", {"n": 501}),
        ("burst", {}),
        ("pace", {"pace": "fast"}),
        ("pace", {"pace": "nan"}),
        ("rules", {"gravity": False}),
        ("rules", {"x_limit": 0}),
        ("delete_elsewhere", {"ref": "5"}),
        ("subscribe", {"url": "http://192.0.2.1/hook", "verify_token": "x"}),
    ],
)
def test_what_cannot_be_done_is_said(here: Visitor, path: str, sent: dict[str, Any]) -> None:
    answer = here.client.post(f"/_town/{path}", json=sent)
    assert answer.status_code == 400
    assert answer.json()["error"].endswith(".")


def test_too_large_a_body_is_refused(here: Visitor) -> None:
    answer = here.graph("POST", f"{here.page}/feed", content=b'{"message": "' + b"x" * 21 * 1024 * 1024 + b'"}')
    assert answer.status_code == 400
    assert "20 MB" in answer.json()["error"]["message"]
