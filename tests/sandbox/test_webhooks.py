"""Meta's webhooks: the challenge, and notices signed over the raw bytes."""

from __future__ import annotations

import http.server
import json
import queue
import threading
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from gatepost.sandbox.webhooks import sign

from .conftest import Visitor, done

Heard = queue.Queue[tuple[dict[str, str], bytes]]


@pytest.fixture
def listener() -> Iterator[tuple[str, Heard]]:
    heard: Heard = queue.Queue()

    class Listener(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            query = parse_qs(urlsplit(self.path).query)
            right = query["hub.verify_token"] == ["open sesame"] and query["hub.mode"] == ["subscribe"]
            self.send_response(200 if right else 403)
            self.end_headers()
            self.wfile.write(query["hub.challenge"][0].encode() if right else b"no")

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            heard.put(({name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Says nothing: tests read what was heard."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Listener)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/hook", heard
    server.shutdown()
    server.server_close()


def test_the_published_vector() -> None:
    expected = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
    assert sign("It's a Secret to Everybody", b"Hello, World!") == expected


def test_a_new_comment_is_told_to_the_subscriber(here: Visitor, listener: tuple[str, Heard]) -> None:
    url, heard = listener
    account = here.state["accounts"]["facebook"]
    path = f"/facebook/v26.0/{account['app_id']}/subscriptions"
    sent = {"object": "page", "callback_url": url, "verify_token": "wrong", "fields": "feed"}
    headers = {"Authorization": f"Bearer {account['app_id']}|{account['app_secret']}"}
    refused = here.client.post(path, json=sent, headers=headers)
    assert (refused.status_code, refused.json()["error"]["code"]) == (400, 2200)
    assert done(here.client.post(path, json={**sent, "verify_token": "open sesame"}, headers=headers)) == {
        "success": True
    }
    assert done(here.graph("POST", f"{here.page}/subscribed_apps", json={"subscribed_fields": "feed"})) == {
        "success": True
    }
    assert done(here.graph("GET", f"{here.page}/subscribed_apps"))["data"][0]["id"] == account["app_id"]
    ref = here.post("Tell me")
    comment = here.say("facebook", "Telling you: ęó", ref, "irena")
    told, raw = heard.get(timeout=10)
    assert told["x-hub-signature-256"] == sign(account["app_secret"], raw)
    value = json.loads(raw)["entry"][0]["changes"][0]["value"]
    assert (value["comment_id"], value["post_id"], value["message"]) == (comment, ref, "Telling you: ęó")
    assert (value["item"], value["verb"], value["from"]["name"]) == ("comment", "add", "Irena Kowalik")
    assert done(here.client.get(path, headers=headers))["data"][0]["callback_url"] == url
    assert done(here.client.delete(path, headers=headers)) == {"success": True}
    here.say("facebook", "Nobody hears this", ref)
    with pytest.raises(queue.Empty):
        heard.get(timeout=0.3)


def test_private_messages_and_what_became_of_ours_are_told(here: Visitor, listener: tuple[str, Heard]) -> None:
    url, heard = listener
    here.town_api("POST", "rules", json={"read_after": 0.05})
    here.town_api("POST", "subscribe", json={"url": url, "verify_token": "open sesame"})
    comment = here.say("facebook", "Can you write to me?", here.post("Ask us"), "irena")
    assert "feed" in json.loads(heard.get(timeout=10)[1])["entry"][0]["changes"][0]["field"]
    sent = {"recipient": {"comment_id": comment}, "message": {"text": "Here we are."}}
    took = done(here.graph("POST", f"{here.page}/messages", json=sent))
    events = [json.loads(heard.get(timeout=10)[1])["entry"][0]["messaging"][0] for _ in range(2)]
    assert [event["sender"]["id"] for event in events] == [took["recipient_id"]] * 2
    assert events[0]["delivery"]["mids"] == [took["message_id"]]
    assert events[1]["read"]["watermark"] >= events[0]["delivery"]["watermark"]
    again = here.graph("POST", f"{here.page}/messages", json=sent)
    assert again.json()["error"]["code"] == 10900
    answer = {"recipient": {"id": took["recipient_id"]}, "message": {"text": "Still here."}}
    late = here.graph("POST", f"{here.page}/messages", json=answer).json()["error"]
    assert (late["code"], late["error_subcode"]) == (10, 2018278)
    here.town_api("POST", "say", json={"network": "facebook", "text": "Thanks", "resident": "irena", "private": True})
    assert json.loads(heard.get(timeout=10)[1])["entry"][0]["messaging"][0]["message"]["text"] == "Thanks"
    assert done(here.graph("POST", f"{here.page}/messages", json=answer))["message_id"]
    other = here.say("facebook", "And mine?", here.post("Ask us again"), "irena")
    here.town_api("POST", "private", json={"comment": other, "text": "From our own inbox."})
    late = here.graph("POST", f"{here.page}/messages", json={**sent, "recipient": {"comment_id": other}})
    assert late.json()["error"]["code"] == 10900
    nobody = here.client.post("/_town/private", json={"comment": "1_2", "text": "From our own inbox."})
    assert nobody.status_code == 400
    kept = here.town_api("GET", "private")["private"]
    assert [one["ours"] for one in kept] == [True, True, False, True]
    assert here.count("Here we are.") == 1
    here.town_api("POST", "rules", json={"clock_ahead": 8 * 86_400})
    old = here.graph("POST", f"{here.page}/messages", json={**sent, "recipient": {"comment_id": comment}})
    here.town_api("POST", "rules", json={"clock_ahead": 0})
    assert old.json()["error"]["code"] == 10901
