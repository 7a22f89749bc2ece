"""The X API v2's dialect, as a connector meets it."""

from __future__ import annotations

import base64
import json
from typing import Any

import httpx
import jsonschema
import pytest

from tests.shared import shared

from .conftest import Visitor, done, png


def test_who_we_are_and_who_others_are(here: Visitor) -> None:
    assert done(here.x("GET", "users/me"))["data"]["username"] == "BHP_practice"
    other = here.state["residents"][0]
    shown = done(here.x("GET", f"users/{other['x_id']}", params={"user.fields": "public_metrics"}))["data"]
    assert (shown["username"], shown["public_metrics"]["followers_count"] > 0) == (other["handle"], True)
    assert done(here.x("GET", "users/1"))["errors"][0]["title"] == "Not Found Error"


@pytest.mark.parametrize("token", ["", "Bearer wrong", "Basic x"])
def test_without_the_right_token_nothing_is_shown(here: Visitor, token: str) -> None:
    answer = here.client.get("/x/2/users/me", headers={"Authorization": token})
    assert answer.status_code == 401
    assert answer.json() == {
        "title": "Unauthorized",
        "type": "about:blank",
        "status": 401,
        "detail": "Unauthorized",
    }


def test_links_become_short_and_are_found_in_the_entities(here: Visitor) -> None:
    text = "Read this & tell us: https://example.org/a?b=1"
    made = here.x("POST", "tweets", json={"text": text})
    assert made.status_code == 201
    ref = made.json()["data"]["id"]
    post = done(here.x("GET", f"tweets/{ref}", params={"tweet.fields": "entities,created_at,author_id"}))["data"]
    (url,) = post["entities"]["urls"]
    assert post["text"] == f"Read this &amp; tell us: {url['url']}"
    assert post["text"][url["start"] : url["end"]] == url["url"]
    assert url["expanded_url"] == "https://example.org/a?b=1"
    assert post["author_id"] == here.user
    assert here.count(text) == 1


def test_the_same_text_twice_is_refused_until_the_first_is_gone(here: Visitor) -> None:
    ref = here.tweet("Only once")
    again = here.x("POST", "tweets", json={"text": "Only once"})
    assert (again.status_code, "duplicate content" in again.json()["detail"]) == (403, True)
    assert done(here.x("DELETE", f"tweets/{ref}")) == {"data": {"deleted": True}}
    here.tweet("Only once")
    assert here.x("DELETE", f"tweets/{ref}").status_code == 404
    assert done(here.x("GET", f"tweets/{ref}"))["errors"][0]["type"].endswith("/resource-not-found")


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"text": "x" * 281}, 400),
        ({"text": ""}, 400),
        ({"text": "x", "colour": "red"}, 400),
        ({"text": "x", "reply": {"in_reply_to_tweet_id": 5}}, 400),
        ({"text": "x", "reply": {"in_reply_to_tweet_id": "5"}}, 403),
        ({"text": "x", "media": {"media_ids": []}}, 400),
        ({"text": "x", "media": {"media_ids": ["5"]}}, 400),
        ({"text": {"a": 1}}, 400),
    ],
)
def test_a_bad_post_is_refused(here: Visitor, sent: dict[str, Any], status: int) -> None:
    answer = here.x("POST", "tweets", json=sent)
    assert answer.status_code == status
    assert {"title", "detail", "type"} <= set(answer.json())


def test_mentions_come_newest_first_with_authors_and_pages(here: Visitor) -> None:
    ours = here.tweet("Ask us anything")
    said = [here.say("x", f"Question {n}?", ours if n % 2 else "", "priya") for n in range(7)]
    params = {
        "max_results": "5",
        "since_id": ours,
        "expansions": "author_id",
        "post.fields": "conversation_id,referenced_posts",
    }
    page = done(here.x("GET", f"users/{here.user}/mentions", params=params))
    assert page["includes"]["users"][0]["username"] == "priyawads"
    assert page["data"][0]["text"] == "@BHP_practice Question 6?"
    assert page["data"][1]["referenced_posts"] == [{"type": "replied_to", "id": ours}]
    assert page["data"][1]["conversation_id"] == ours
    rest = done(
        here.x(
            "GET",
            f"users/{here.user}/mentions",
            params=params | {"pagination_token": page["meta"]["next_token"]},
        )
    )
    assert [one["id"] for one in page["data"] + rest["data"]] == said[::-1]
    assert "next_token" not in rest["meta"]
    newest = page["meta"]["newest_id"]
    assert done(here.x("GET", f"users/{here.user}/mentions", params={"since_id": newest})) == {
        "meta": {"result_count": 0}
    }
    assert here.x("GET", "users/12/mentions").status_code == 403


@pytest.mark.parametrize(
    "params",
    [
        {"max_results": "4"},
        {"max_results": "x"},
        {"since_id": "-1"},
        {"start_time": "today"},
        {"pagination_token": "?"},
    ],
)
def test_bad_parameters_are_named(here: Visitor, params: dict[str, str]) -> None:
    answer = here.x("GET", f"users/{here.user}/mentions", params=params)
    assert answer.status_code == 400
    assert set(answer.json()["errors"][0]["parameters"]) == set(params)


def test_replies_only_to_those_who_mentioned_us_unless_the_rule_is_off(here: Visitor) -> None:
    mention = here.say("x", "Can you help?")
    here.tweet("Yes, we can.", reply={"in_reply_to_tweet_id": mention})
    assert done(here.x("GET", f"tweets/{mention}"))["data"]["text"].startswith("@BHP_practice")
    said = {"network": "x", "text": "Not to you", "under": mention, "named": False}
    stranger = here.town_api("POST", "say", json=said)["ref"]
    answer = {"text": "We answer you too.", "reply": {"in_reply_to_tweet_id": stranger}}
    refused = here.x("POST", "tweets", json=answer)
    assert (refused.status_code, "mentioned" in refused.json()["detail"]) == (403, True)
    mentions = done(here.x("GET", f"users/{here.user}/mentions"))
    assert stranger not in [one["id"] for one in mentions["data"]]
    assert here.town_api("POST", "rules", json={"replies_restricted": False})["replies_restricted"] is False
    assert here.x("POST", "tweets", json=answer).status_code == 201
    here.town_api("POST", "rules", json={"replies_restricted": True})


def test_only_answers_in_our_own_conversations_can_be_hidden(here: Visitor) -> None:
    ours = here.tweet("Hide and seek")
    beneath, elsewhere = here.say("x", "Found you", ours), here.say("x", "I am elsewhere")
    assert done(here.x("PUT", f"tweets/{beneath}/hidden", json={"hidden": True})) == {"data": {"hidden": True}}
    assert here.x("PUT", f"tweets/{elsewhere}/hidden", json={"hidden": True}).status_code == 403
    assert here.x("PUT", f"tweets/{beneath}/hidden", json={"hidden": "yes"}).status_code == 400
    assert here.x("DELETE", f"tweets/{beneath}").status_code == 403
    assert done(here.x("PUT", f"tweets/{beneath}/hidden", json={"hidden": False})) == {"data": {"hidden": False}}


def test_an_account_is_muted_and_heard_again(here: Visitor) -> None:
    said = here.say("x", "Hear me")
    author = done(here.x("GET", f"tweets/{said}", params={"tweet.fields": "author_id"}))["data"]["author_id"]
    edge = f"users/{here.user}/muting"
    assert done(here.x("POST", edge, json={"target_user_id": author})) == {"data": {"muting": True}}
    assert [one["id"] for one in done(here.x("GET", edge))["data"]] == [author]
    assert here.x("POST", edge, json={"target_user_id": "1"}).status_code == 400
    assert here.x("POST", "users/1/muting", json={"target_user_id": author}).status_code == 404
    assert done(here.x("DELETE", f"{edge}/{author}")) == {"data": {"muting": False}}


def test_media_in_one_shot_and_in_parts_with_alternative_text(here: Visitor) -> None:
    sent = {"media": base64.b64encode(png()).decode(), "media_category": "tweet_image"}
    one = done(here.x("POST", "media/upload", json=sent))["data"]
    assert one["image"] == {"image_type": "image/png", "w": 3, "h": 2}
    started = {"media_type": "image/png", "total_bytes": len(png(9, 9)), "media_category": "tweet_image"}
    two = done(here.x("POST", "media/upload/initialize", json=started))["data"]["id"]
    half = len(png(9, 9)) // 2
    parts = (png(9, 9)[:half], png(9, 9)[half:])
    for segment in (1, 0):
        file = {"media": ("part", parts[segment])}
        done(here.x("POST", f"media/upload/{two}/append", data={"segment_index": str(segment)}, files=file))
    early = here.x("POST", "media/metadata", json={"id": two, "metadata": {"alt_text": {"text": "x"}}})
    assert early.status_code == 400
    assert done(here.x("POST", f"media/upload/{two}/finalize"))["data"]["image"]["w"] == 9
    for ref, alt in ((one["id"], "Small"), (two, "Larger")):
        done(here.x("POST", "media/metadata", json={"id": ref, "metadata": {"alt_text": {"text": alt}}}))
    post = here.tweet("Two pictures", media={"media_ids": [one["id"], two]})
    params = {
        "expansions": "attachments.media_keys",
        "media.fields": "alt_text,width",
        "tweet.fields": "entities",
    }
    shown = done(here.x("GET", f"tweets/{post}", params=params))
    assert [media["alt_text"] for media in shown["includes"]["media"]] == ["Small", "Larger"]
    assert shown["data"]["text"].startswith("Two pictures https://t.co/")
    assert shown["data"]["entities"]["urls"][0]["media_key"] == f"3_{one['id']}"
    assert here.x("POST", "tweets", json={"text": "Again", "media": {"media_ids": [two]}}).status_code == 400


@pytest.mark.parametrize(
    ("path", "sent"),
    [
        ("media/upload", {"media": "!!", "media_category": "tweet_image"}),
        ("media/upload", {"media": base64.b64encode(b"text").decode(), "media_category": "tweet_image"}),
        ("media/upload", {"media_category": "tweet_image"}),
        ("media/upload/initialize", {"total_bytes": 6 * 1024 * 1024}),
        ("media/upload/initialize", {}),
    ],
)
def test_bad_media_is_refused(here: Visitor, path: str, sent: dict[str, Any]) -> None:
    assert here.x("POST", path, json=sent).status_code == 400


def test_alternative_text_has_its_limit(here: Visitor) -> None:
    sent = {"media": base64.b64encode(png()).decode(), "media_category": "tweet_image"}
    ref = done(here.x("POST", "media/upload", json=sent))["data"]["id"]
    for metadata in ({"alt_text": {"text": "x" * 1001}}, {"alt_text": "x"}, "x"):
        assert here.x("POST", "media/metadata", json={"id": ref, "metadata": metadata}).status_code == 400


def test_rate_limits_are_told_and_kept(here: Visitor) -> None:
    before = here.x("GET", "users/me").headers
    after = here.x("GET", "users/me").headers
    assert int(after["x-rate-limit-remaining"]) == int(before["x-rate-limit-remaining"]) - 1
    here.town_api("POST", "rules", json={"x_limit": 1})
    try:
        answer = here.x("GET", "users/me")
        assert (answer.status_code, answer.headers["x-rate-limit-remaining"]) == (429, "0")
        assert int(answer.headers["x-rate-limit-reset"]) > 0
    finally:
        here.town_api("POST", "rules", json={"x_limit": 10_000})


def test_answers_match_the_networks_own_description(here: Visitor) -> None:
    described = json.loads(shared("specs/x/openapi-2.167.json").read_text())
    ours = here.tweet("Checked against the description")
    mention = here.say("x", "Me too", ours)
    asked = {
        "post.fields": "created_at,entities,conversation_id,attachments",
        "expansions": "author_id,in_reply_to_user_id",
    }
    answers: list[tuple[str, str, httpx.Response]] = [
        ("/2/users/me", "get", here.x("GET", "users/me")),
        ("/2/users/{id}/mentions", "get", here.x("GET", f"users/{here.user}/mentions", params=asked)),
        ("/2/users/{id}/tweets", "get", here.x("GET", f"users/{here.user}/tweets", params=asked)),
        ("/2/tweets/{id}", "get", here.x("GET", f"tweets/{mention}", params=asked)),
        (
            "/2/tweets/{tweet_id}/hidden",
            "put",
            here.x("PUT", f"tweets/{mention}/hidden", json={"hidden": True}),
        ),
        ("/2/tweets", "post", here.x("POST", "tweets", json={"text": "Described"})),
        ("/2/tweets/{id}", "delete", here.x("DELETE", f"tweets/{ours}")),
    ]
    for path, method, answer in answers:
        responses = described["paths"][path][method]["responses"]
        schema = responses[str(answer.status_code)]["content"]["application/json"]["schema"]
        jsonschema.validate(answer.json(), {**schema, "components": described["components"]})
