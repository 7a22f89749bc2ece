"""The Graph API's dialect, as a connector meets it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json

import pytest

from tests.shared import shared

from .conftest import Visitor, done, png


def error(answer: object) -> dict[str, object]:
    body = answer.json()  # type: ignore[attr-defined]  # an httpx.Response
    assert set(body) == {"error"}
    assert {"message", "type", "code", "fbtrace_id"} <= set(body["error"])
    return dict(body["error"])


def test_the_page_says_who_it_is_with_and_without_a_version(here: Visitor) -> None:
    assert done(here.graph("GET", "me")) == {"id": here.page, "name": "Brent Housing Partnership (practice)"}
    plain = here.client.get("/facebook/me", params={"access_token": here.state["accounts"]["facebook"]["token"]})
    assert plain.json()["id"] == here.page


@pytest.mark.parametrize(("token", "code"), [("", 104), ("Bearer wrong", 190), ("Bearer", 104)])
def test_without_the_right_token_nothing_is_shown(here: Visitor, token: str, code: int) -> None:
    answer = here.client.get("/facebook/v26.0/me", headers={"Authorization": token} if token else {})
    assert (answer.status_code, error(answer)["code"]) == (400, code)


def test_appsecret_proof_is_checked_when_given(here: Visitor) -> None:
    account = here.state["accounts"]["facebook"]
    proof = hmac.new(account["app_secret"].encode(), account["token"].encode(), hashlib.sha256).hexdigest()
    assert here.graph("GET", "me", params={"appsecret_proof": proof}).is_success
    assert error(here.graph("GET", "me", params={"appsecret_proof": "0" * 64}))["code"] == 100


def test_a_post_is_published_read_back_edited_and_deleted(here: Visitor) -> None:
    ref = here.post("The path is open again.", link="https://example.org/path")
    assert ref.startswith(f"{here.page}_")
    shown = done(here.graph("GET", ref, params={"fields": "id,message,from,link,permalink_url,is_published"}))
    assert shown["message"] == "The path is open again."
    assert shown["from"]["id"] == here.page
    assert shown["link"] == "https://example.org/path"
    assert done(here.graph("POST", ref, json={"message": "The path is open."})) == {"success": True}
    assert done(here.graph("GET", ref))["message"] == "The path is open."
    assert done(here.graph("DELETE", ref)) == {"success": True}
    gone = error(here.graph("GET", ref))
    assert (gone["code"], gone["error_subcode"]) == (100, 33)
    assert error(here.graph("DELETE", ref))["error_subcode"] == 33


def test_the_same_status_twice_is_a_duplicate(here: Visitor) -> None:
    here.post("Twice the same.")
    again = error(here.graph("POST", f"{here.page}/feed", json={"message": "Twice the same."}))
    assert again["code"] == 506
    assert here.count("Twice the same.") == 1


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ({}, 100),
        ({"message": " "}, 100),
        ({"message": "x" * 63_207}, 100),
        ({"message": "x", "link": "no address"}, 1500),
        ({"message": "x", "attached_media": [{"media_fbid": "1"}]}, 100),
        ({"message": "x", "attached_media": "no list"}, 100),
        ({"message": ["x"]}, 100),
    ],
)
def test_a_bad_post_is_refused_by_its_code(here: Visitor, sent: dict[str, object], code: int) -> None:
    assert error(here.graph("POST", f"{here.page}/feed", json=sent))["code"] == code


@pytest.mark.parametrize("raw", [b"\xff\xfe", b"[1]", b"{", b'{"message": "\\ud800"}', b"[" * 50_000])
def test_bytes_that_are_no_json_object_are_refused(here: Visitor, raw: bytes) -> None:
    answer = here.graph("POST", f"{here.page}/feed", content=raw)
    assert (answer.status_code, error(answer)["code"]) == (400, 100)


def test_pictures_keep_their_alternative_text(here: Visitor) -> None:
    form = {"published": "false", "alt_text_custom": "A grey rectangle"}
    first = done(here.graph("POST", f"{here.page}/photos", data=form, files={"source": ("a.png", png(), "image/png")}))
    assert set(first) == {"id"}
    second = done(
        here.graph("POST", f"{here.page}/photos", data=form, files={"source": ("b.png", png(4, 4), "image/png")})
    )
    ref = here.post("Two pictures", attached_media=[{"media_fbid": first["id"]}, {"media_fbid": second["id"]}])
    shown = done(here.graph("GET", ref, params={"fields": "attachments{subattachments}"}))
    parts = shown["attachments"]["data"][0]["subattachments"]["data"]
    assert [part["target"]["id"] for part in parts] == [first["id"], second["id"]]
    assert parts[0]["media"]["image"]["width"] == 3
    photo = done(here.graph("GET", first["id"], params={"fields": "alt_text_custom,page_story_id,images"}))
    assert photo["alt_text_custom"] == "A grey rectangle"
    assert photo["page_story_id"] == ref
    assert here.client.get(photo["images"][0]["source"]).content == png()
    used = here.graph(
        "POST", f"{here.page}/feed", json={"message": "x", "attached_media": [{"media_fbid": first["id"]}]}
    )
    assert error(used)["code"] == 100


def test_a_picture_may_come_by_address_from_this_machine_alone(here: Visitor) -> None:
    stored = done(
        here.graph("POST", f"{here.page}/photos", data={"message": "One"}, files={"source": ("a.png", png())})
    )
    address = f"{here.town.url}/_town/media/{stored['id']}"
    copied = done(here.graph("POST", f"{here.page}/photos", json={"url": address, "caption": "A copy"}))
    assert done(here.graph("GET", copied["post_id"]))["message"] == "A copy"
    for bad in ("http://192.0.2.1/a.png", "file:///etc/hostname", f"{here.town.url}/nothing"):
        assert error(here.graph("POST", f"{here.page}/photos", json={"url": bad}))["code"] == 100
    none = here.graph("POST", f"{here.page}/photos", files={"source": ("a.png", b"no picture")})
    assert error(none)["code"] == 324


def test_comments_are_read_answered_hidden_and_deleted(here: Visitor) -> None:
    ref = here.post("Say something")
    first = here.say("facebook", "First!", ref, "maureen")
    answer = done(here.graph("POST", f"{first}/comments", json={"message": "Thank you for this."}))["id"]
    beneath = here.say("facebook", "You are welcome.", answer, "maureen")
    flat = done(
        here.graph("GET", f"{ref}/comments", params={"filter": "stream", "fields": "message,from,parent,is_hidden"})
    )
    assert [one["message"] for one in flat["data"]] == ["First!", "Thank you for this.", "You are welcome."]
    assert [one.get("parent", {}).get("id") for one in flat["data"]] == [None, first, first]
    top = done(here.graph("GET", f"{ref}/comments", params={"summary": "true"}))
    assert [one["id"] for one in top["data"]] == [first]
    assert top["summary"]["total_count"] == 1
    assert done(here.graph("POST", beneath, json={"is_hidden": True})) == {"success": True}
    assert done(here.graph("GET", beneath, params={"fields": "is_hidden,can_hide"}))["is_hidden"] is True
    assert error(here.graph("POST", answer, json={"is_hidden": True}))["code"] == 200
    assert error(here.graph("POST", beneath, json={"message": "Ours now"}))["code"] == 200
    assert done(here.graph("DELETE", first)) == {"success": True}
    assert done(here.graph("GET", f"{ref}/comments", params={"filter": "stream"}))["data"] == []


def test_who_is_blocked_cannot_write_until_let_in_again(here: Visitor) -> None:
    ref = here.post("Say something kind")
    comment = here.say("facebook", "Rubbish!", ref, "maureen")
    who = done(here.graph("GET", comment, params={"fields": "from"}))["from"]["id"]
    edge = f"{here.page}/blocked"
    for _ in range(2):
        assert done(here.graph("POST", edge, json={"user": [who]})) == {who: True}
    assert [one["id"] for one in done(here.graph("GET", edge, params={"user": who}))["data"]] == [who]
    assert done(here.graph("GET", edge, params={"user": "1"}))["data"] == []
    said = here.client.post("/_town/say", json={"network": "facebook", "text": "Still here", "resident": "maureen"})
    assert said.status_code == 400
    assert "blocked this resident" in said.text
    assert error(here.graph("POST", edge, json={"user": ["1"]}))["code"] == 210
    assert error(here.graph("POST", edge, json={}))["code"] == 100
    assert done(here.graph("DELETE", edge, params={"user": who})) == {"success": True}
    assert done(here.graph("GET", edge))["data"] == []
    here.say("facebook", "Back again", ref, "maureen")


def test_nested_comments_and_paging_lead_to_everything_once(here: Visitor) -> None:
    ref = here.post("Many answers, please")
    said = [here.say("facebook", f"Answer {n}", ref) for n in range(7)]
    fields = "id,comments.limit(3).order(chronological).filter(stream){id,from{name},created_time}"
    page = done(here.graph("GET", ref, params={"fields": fields}))["comments"]
    seen = [one["id"] for one in page["data"]]
    assert set(page["data"][0]) == {"id", "from", "created_time"}
    while "next" in page["paging"]:
        page = done(here.client.get(page["paging"]["next"], headers=here.headers("facebook")))
        seen += [one["id"] for one in page["data"]]
    assert seen == said
    newest = done(here.graph("GET", f"{ref}/comments", params={"order": "reverse_chronological", "limit": "2"}))
    assert [one["id"] for one in newest["data"]] == [said[6], said[5]]


def test_the_feed_pages_newest_first_and_honours_since(here: Visitor) -> None:
    refs = [here.post(f"Feed {n}") for n in range(4)]
    page = done(here.graph("GET", f"{here.page}/feed", params={"limit": "2"}))
    assert [one["id"] for one in page["data"]] == [refs[3], refs[2]]
    older = done(
        here.graph("GET", f"{here.page}/feed", params={"limit": "2", "after": page["paging"]["cursors"]["after"]})
    )
    assert [one["id"] for one in older["data"]] == [refs[1], refs[0]]
    back = done(
        here.graph("GET", f"{here.page}/feed", params={"limit": "2", "before": older["paging"]["cursors"]["before"]})
    )
    assert [one["id"] for one in back["data"]] == [refs[3], refs[2]]
    assert done(here.graph("GET", f"{here.page}/feed", params={"since": "99999999999"}))["data"] == []
    hidden = here.post("Not yet", published=False)
    assert hidden not in [one["id"] for one in done(here.graph("GET", f"{here.page}/feed"))["data"]]


@pytest.mark.parametrize(
    "params",
    [
        {"limit": "0"},
        {"limit": "many"},
        {"limit": "101"},
        {"since": "yesterday-ish"},
        {"after": "%%%"},
        {"after": base64.b64encode(b"x:y").decode()},
        {"fields": "favourite_biscuit"},
    ],
)
def test_bad_parameters_of_a_feed_are_refused(here: Visitor, params: dict[str, str]) -> None:
    assert error(here.graph("GET", f"{here.page}/feed", params=params))["code"] == 100


def test_unknown_paths_and_methods_are_graph_errors_too(here: Visitor) -> None:
    assert error(here.graph("GET", f"{here.page}/nonsense/deep"))["code"] == 2500
    assert error(here.graph("POST", "me", json={}))["code"] == 100
    assert error(here.graph("GET", "12345"))["error_subcode"] == 33
    assert error(here.graph("POST", f"{here.page}_1/comments", json={"message": "x"}))["error_subcode"] == 33


def test_comments_have_the_shape_of_recorded_ones(here: Visitor) -> None:
    folder = "specs/recorded/python-facebook/testdata/facebook/apidata/comments"
    recorded = json.loads(shared(f"{folder}/comments_p1.json").read_text())
    ref = here.post("In the recorded shape")
    here.say("facebook", "One", ref)
    here.say("facebook", "Two", ref)
    params = {"fields": ",".join(recorded["data"][0]), "summary": "1", "filter": "stream", "limit": "1"}
    shown = done(here.graph("GET", f"{ref}/comments", params=params))
    assert set(shown) == set(recorded)
    assert set(shown["data"][0]) == {*recorded["data"][0], "id"}
    assert set(shown["paging"]) == set(recorded["paging"])
    assert set(shown["summary"]) == set(recorded["summary"])
    assert len(shown["data"][0]["created_time"]) == len(recorded["data"][0]["created_time"])


def test_errors_have_the_shape_of_recorded_ones(here: Visitor) -> None:
    recorded = json.loads(shared("specs/recorded/python-facebook/testdata/error.json").read_text())["error"]
    assert set(error(here.graph("GET", f"{here.page}/feed", params={"limit": "0"}))) == set(recorded)
