"""Other words for what is out, and seeing it again, in each network's own shapes."""

from __future__ import annotations

from typing import Any

import httpx

from gatepost.networks.facebook import Facebook
from gatepost.networks.protocol import NotThere, Outgoing, Receipt, Refused, Shown
from gatepost.networks.wordpress import WordPress
from gatepost.networks.x import X

from . import wires


def edit(target: str, text: str = "Shut on Saturday.", title: str = "") -> Outgoing:
    return Outgoing(key="k", kind="edit", text=text, title=title, target=target)


def kept(answers: dict[str, Any]) -> wires.Wire:
    """Answers by method and the last part of the path."""

    def handle(request: httpx.Request) -> httpx.Response:
        status, body = answers[f"{request.method} {request.url.path.rpartition('/')[2]}"]
        return wires.answer(status, body)

    return wires.Wire(handle)


def test_facebook() -> None:
    wire = kept({"POST 5_6": (200, {"success": True}), "GET 5_6": (200, {"message": "Hi"})})
    page = Facebook(wires.FACEBOOK, wire)
    assert page.edit(edit("5_6")) == Receipt("5_6", raw={"success": True})
    assert wire.bodies()[0] == {"message": "Shut on Saturday."}
    seen = page.shown("5_6")
    assert seen == Shown("Hi")
    assert seen.raw == {"message": "Hi"}
    assert isinstance(page.find(edit("5_6")), NotThere)
    assert page.find(edit("5_6", "Hi")) == Receipt("5_6")
    assert isinstance(page.edit(edit("../me")), Refused)


def test_x() -> None:
    there = {"data": {"id": "9", "text": "Shut on Saturday."}}
    wire = kept({"POST tweets": (201, {"data": {"id": "12"}}), "GET 9": (200, there)})
    account = X(wires.X, wire)
    made = account.edit(edit("9"))
    assert isinstance(made, Receipt)
    assert made.ref == "12"
    assert wire.bodies()[0]["edit_options"] == {"previous_post_id": "9"}
    before = len(wire.requests)
    seen = account.shown("9")
    assert seen == Shown("Shut on Saturday.")
    assert seen.raw == {**there, "media": []}
    assert len(wire.requests) == before + 1  # each reading costs money
    assert account.find(edit("9")) == Receipt("9")
    assert isinstance(account.edit(edit("nine")), Refused)


def test_wordpress_keeps_the_pictures() -> None:
    image = '<!-- wp:image -->\n<figure><img src="a.png" alt="The hall"/></figure>\n<!-- /wp:image -->'
    now: dict[str, Any] = {"content": {"raw": f"<p>Open.</p>\n\n{image}"}, "status": "publish"}
    done = {"id": 7, "link": "https://example.org/7", "status": "publish"}
    answers: dict[str, Any] = {"GET 7": (200, now), "POST 7": (200, done)}
    wire = kept(answers)
    site = WordPress(wires.WORDPRESS, wire)
    made = site.edit(edit("post:7", title="New"))
    assert isinstance(made, Receipt)
    assert made.ref == "post:7"
    sent = wire.bodies()[-1]
    assert image in sent["content"]
    assert "Shut on Saturday." in sent["content"]
    assert sent["title"] == "New"
    assert site.shown("post:7") == Shown("Open.")
    now["featured_media"] = 8
    answers["GET 8"] = (200, {"alt_text": "The hall"})
    assert site.shown("post:7") == Shown("Open.", ("The hall",))
    answers["GET 8"] = (404, {"code": "rest_post_invalid_id"})
    assert site.shown("post:7") == Shown("Open.")
    assert isinstance(site.edit(edit("page:7")), Refused)


def test_wordpress_in_the_bin_is_not_there() -> None:
    answers = {"GET 7": (200, {"status": "trash", "content": {"raw": "Open."}})}
    assert isinstance(WordPress(wires.WORDPRESS, kept(answers)).shown("post:7"), NotThere)
