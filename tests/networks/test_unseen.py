"""Files that go up before their post: nobody sees them, the post names them, and what has ended goes up anew."""

from __future__ import annotations

import functools
from dataclasses import replace
from typing import Any

import httpx
import pytest

from gatepost.networks.facebook import Facebook
from gatepost.networks.protocol import (
    MediaFile,
    Outgoing,
    ReadsBack,
    Receipt,
    Refused,
    Shown,
    SubtitleFile,
    TryLater,
    Uploaded,
    UploadsAhead,
)
from gatepost.networks.registry import connect
from gatepost.networks.wordpress import WordPress
from gatepost.networks.x import X
from gatepost.sandbox.town import Town
from tests.networks import wires
from tests.networks.conftest import town_account
from tests.networks.wires import answer
from tests.networks.wordpress_server import WordPressServer
from tests.publishing.images import picture as drawn

VTT = b"WEBVTT\n\n00:00:00.000 --> 00:00:01.500\nThe hall\n"
FILM = MediaFile(b"\0\0\0\x18ftypmp42", "video/mp4", "A walk", "walk.mp4", subtitles=(SubtitleFile(VTT, "en"),))


@functools.cache  # drawn by chance: another one would be another content
def picture() -> MediaFile:
    return MediaFile(drawn("PNG"), "image/png", "The hall with its doors open", "hall.png")


@pytest.mark.parametrize("network", ["facebook", "x"])
def test_a_post_names_what_is_there_already(town: Town, network: str) -> None:
    made = connect(town_account(town, network))
    assert isinstance(made, UploadsAhead)
    up = made.upload_unseen(picture(), key="k", place=0)
    assert isinstance(up, Uploaded)
    act = Outgoing(key="k", kind="publish", text=f"The hall is open ({network}).", media=(picture(),))
    receipt = made.publish(replace(act, media=(replace(picture(), ref=up.ref),)))
    assert isinstance(receipt, Receipt)
    assert isinstance(made, ReadsBack)
    shown = made.shown(receipt.ref)
    assert isinstance(shown, Shown)
    assert shown.alts == ("The hall with its doors open",)


class Line:
    """Answers requests in order; the last one for ever."""

    def __init__(self, *answers: httpx.Response) -> None:
        self.answers, self.paths = list(answers), list[str]()

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.paths.append(f"{request.method} {request.url.path}")
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


def test_x_takes_a_picture_anew_when_what_it_had_has_ended() -> None:
    gone = answer(400, {"errors": [{"message": "Your media IDs are invalid."}], "title": "Invalid Request"})
    line = Line(
        gone, answer(200, {"data": {"id": "8"}}), answer(200, {"data": {}}), answer(201, {"data": {"id": "77"}})
    )
    act = Outgoing(key="k", kind="publish", text="Open", media=(replace(picture(), ref="5"),))
    assert isinstance(X(wires.X, wires.Wire(line)).publish(act), Receipt)
    assert line.paths == ["POST /2/tweets", "POST /2/media/upload", "POST /2/media/metadata", "POST /2/tweets"]


def test_facebook_takes_a_picture_anew_when_what_it_had_has_ended() -> None:
    gone = answer(400, {"error": {"code": 100, "message": "Invalid attached_media"}})
    line = Line(gone, answer(200, {"id": "8"}), answer(200, {"id": "111222333_9"}))
    act = Outgoing(key="k", kind="publish", text="Open", media=(replace(picture(), ref="5"),))
    assert isinstance(Facebook(wires.FACEBOOK, wires.Wire(line)).publish(act), Receipt)
    assert [path.rpartition("/")[2] for path in line.paths] == ["feed", "photos", "feed"]
    other = Facebook(wires.FACEBOOK, wires.Wire(answer(400, {"error": {"code": 368, "message": "Blocked"}})))
    assert isinstance(other.publish(act), Refused)


def test_a_film_on_x_is_gone_on_with_where_it_stood() -> None:
    def state(state: str) -> dict[str, Any]:
        return {"data": {"expires_after_secs": 3600, "processing_info": {"state": state, "check_after_secs": 7}}}

    begun = answer(200, {"data": {"id": "5"}})
    line = Line(begun, answer(200, {}), answer(200, state("pending")))
    assert X(wires.X, wires.Wire(line)).upload_unseen(FILM, key="k", place=0) == Uploaded("5", 3600.0, 7.0)
    line = Line(answer(200, state("succeeded")), answer(200, {"data": {"id": "6"}}), answer(200, {"data": {}}))
    film = replace(FILM, ref="5")
    assert X(wires.X, wires.Wire(line)).upload_unseen(film, key="k", place=0) == Uploaded("5", 3600.0)
    assert line.paths == ["GET /2/media/upload", "POST /2/media/upload", "POST /2/media/subtitles"]
    for status, kind in ((404, Refused), (500, TryLater)):
        made = X(wires.X, wires.Wire(answer(status, {})))
        assert isinstance(made.upload_unseen(film, key="k", place=0), kind)
    assert X(wires.X, wires.Wire(begun)).forget_unseen(film) == Receipt("5")  # X has no way to delete it


def test_what_can_go_wrong_with_a_picture() -> None:
    lost = wires.Wire(httpx.ReadTimeout("late"))
    for made in (X(wires.X, lost), Facebook(wires.FACEBOOK, lost), WordPress(wires.WORDPRESS, lost)):
        assert isinstance(made.upload_unseen(picture(), key="k", place=0), TryLater)
    deleted = Facebook(wires.FACEBOOK, wires.Wire(answer(200, {"success": True})))
    assert deleted.forget_unseen(replace(picture(), ref="8")) == Receipt("8", raw={"success": True})
    blog = WordPress(wires.WORDPRESS, wires.Wire(answer(200, {"id": 8, "status": "inherit"})))
    assert blog.forget_unseen(replace(picture(), ref="8")) == Refused("A page shows it by now.")
    assert isinstance(blog.forget_unseen(replace(picture(), ref="x")), Refused)
    blog = WordPress(wires.WORDPRESS, wires.Wire(answer(500, {})))
    assert isinstance(blog.forget_unseen(replace(picture(), ref="8")), TryLater)


class Shelf:
    """A media library in memory: keeps what comes by its slug, finds it again, deletes it."""

    def __init__(self) -> None:
        self.there: dict[int, dict[str, Any]] = {}

    def __call__(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path.partition("/wp/v2/")[2]
        number = int(path.partition("/")[2] or 0)
        if request.method == "GET" and not number:
            found = [one for one in self.there.values() if one["slug"] == request.url.params.get("slug")]
            return answer(200, found)
        if request.method == "DELETE":
            return answer(200, self.there.pop(number))
        if path == "media":
            said = request.content.decode("latin-1").partition('name="slug"\r\n\r\n')[2].partition("\r\n")[0]
            number = len(self.there) + 8
            self.there[number] = {"id": number, "slug": said, "status": "private", "source_url": f"/{number}"}
        return answer(200, self.there.get(number, {"id": 12}))


def test_wordpress_never_finds_what_was_brought_up_for_other_bytes_or_another_text() -> None:
    shelf = Shelf()
    blog = WordPress(wires.WORDPRESS, wires.Wire(shelf))
    assert blog.upload_unseen(FILM, key="k", place=0) == Uploaded("9,8")
    assert blog.upload_unseen(FILM, key="k", place=0) == Uploaded("9,8")  # the same again is found
    corrected = replace(FILM, subtitles=(SubtitleFile(VTT.replace(b"hall", b"yard"), "en"),))
    assert blog.upload_unseen(corrected, key="k", place=0) == Uploaded("9,10")
    assert blog.upload_unseen(replace(FILM, alt="A run"), key="k", place=0) == Uploaded("11,8")
    assert blog.upload_unseen(replace(FILM, data=FILM.data + b"2"), key="k", place=0) == Uploaded("12,8")
    assert blog.forget_unseen(replace(FILM, ref="9,8")) == Receipt("9,8")  # the film and its subtitles
    assert sorted(shelf.there) == [10, 11, 12]
    assert isinstance(blog.forget_unseen(replace(FILM, ref="9,x")), Refused)


def test_subtitles_that_wordpress_does_not_take_stop_their_film() -> None:
    blog = WordPress(wires.WORDPRESS, wires.Wire(answer(500, {})))
    assert isinstance(blog.upload_unseen(FILM, key="k", place=0), TryLater)


@pytest.mark.wordpress
def test_a_real_wordpress_shows_nothing_of_it_before_the_post(wordpress: WordPressServer) -> None:
    made = connect(wordpress.account())
    assert isinstance(made, UploadsAhead)

    def seen() -> list[str]:
        return [one["slug"] for one in httpx.get(f"{wordpress.url}/wp-json/wp/v2/media?per_page=100").json()]

    before = seen()
    up = made.upload_unseen(picture(), key="ahead", place=0)
    assert isinstance(up, Uploaded)
    assert made.upload_unseen(picture(), key="ahead", place=0) == up  # after a lost answer it is found again
    kept = wordpress.ask("GET", f"/media/{up.ref}", params={"context": "edit"}).json()
    assert (kept["status"], kept["alt_text"]) == ("private", "The hall with its doors open")
    assert "hall.png" not in kept["source_url"]  # the file's own address cannot be guessed
    assert seen() == before
    assert httpx.get(kept["link"], follow_redirects=True).status_code == 404
    act = Outgoing(key="ahead", kind="publish", title="Ahead", text="Open", media=(replace(picture(), ref=up.ref),))
    receipt = made.publish(act)
    assert isinstance(receipt, Receipt), receipt
    assert kept["source_url"] in httpx.get(receipt.permalink, follow_redirects=True).text or kept["slug"] in seen()
    assert wordpress.ask("GET", f"/media/{up.ref}", params={"context": "edit"}).json()["status"] == "inherit"
    other = made.upload_unseen(picture(), key="other", place=0)
    assert isinstance(other, Uploaded)
    assert made.forget_unseen(replace(picture(), ref=other.ref)) == Receipt(other.ref)
    assert wordpress.ask("GET", f"/media/{other.ref}").status_code == 404
    assert isinstance(made.forget_unseen(replace(picture(), ref=up.ref)), Refused)
