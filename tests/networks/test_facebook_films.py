"""Films reach a Page in pieces that nobody sees, are published by one call, and get their subtitles."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from gatepost.networks import facebook_films
from gatepost.networks.facebook import Facebook
from gatepost.networks.protocol import (
    MediaFile,
    NotThere,
    Outgoing,
    Receipt,
    Refused,
    Shown,
    SubtitleFile,
    TryLater,
    Unknown,
    Uploaded,
)
from gatepost.networks.registry import connect
from gatepost.networks.subtitles import srt_of
from gatepost.sandbox.town import Town
from tests.networks import wires
from tests.networks.conftest import town_account
from tests.networks.described import description
from tests.networks.wires import answer

VTT = b"WEBVTT\n\n00:00:00.000 --> 00:00:01.500\nThe hall &amp; the yard\n"
HEAD = b"\0\0\0\x18ftypmp42"
FILM = MediaFile(HEAD, "video/mp4", "A walk", "walk.mp4", subtitles=(SubtitleFile(VTT, "en"),))


def posted(film: MediaFile = FILM, **more: Any) -> Outgoing:
    return Outgoing(**{"key": "f", "kind": "publish", "text": "A walk round the hall", "media": (film,), **more})


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(facebook_films.time, "sleep", lambda seconds: None)


def test_a_film_goes_up_unseen_is_published_found_edited_and_taken_down(town: Town, tmp_path: Path) -> None:
    account = town_account(town, "facebook")
    page = connect(account)
    assert isinstance(page, Facebook)
    path = tmp_path / "walk.mp4"
    path.write_bytes(HEAD + bytes(range(256)) * 9000)  # more than two of the town's pieces
    film = replace(FILM, data=b"", path=path)
    up = page.upload_unseen(film, key="f", place=0)
    assert isinstance(up, Uploaded)
    there = replace(film, ref=up.ref)
    act = posted(there, link="https://example.org/walk", title="Our hall")
    assert page.find(act) == NotThere()  # nobody sees it
    receipt = page.publish(act)
    assert isinstance(receipt, Receipt)
    assert (receipt.note, receipt.ref.partition("_")[0]) == ("", account.external_id)
    assert page.shown(receipt.ref) == Shown(
        "A walk round the hall\n\nhttps://example.org/walk", counts=page.shown(receipt.ref).counts
    )  # type: ignore[union-attr]  # it is there
    video = up.ref.partition(":")[2]
    assert page.get(f"/{video}/captions", {}).body["data"][0]["locale"] == "en_GB"
    data = httpx.get(f"{town.url}/_town/media/{video}").content
    assert data == path.read_bytes()
    found = page.find(act)
    assert isinstance(found, Receipt)
    assert found.ref == receipt.ref
    assert page.edit(Outgoing(key="e", kind="edit", text="Round the hall", target=video)) == Receipt(
        video, raw={"success": True}
    )
    assert page.shown(video) == Shown("Round the hall")  # by the film's own number as well
    assert isinstance(page.remove(receipt.ref), Receipt)
    assert page.shown(receipt.ref) == NotThere()


def test_what_is_thrown_away_is_gone(town: Town) -> None:
    page = connect(town_account(town, "facebook"))
    assert isinstance(page, Facebook)
    up = page.upload_unseen(FILM, key="f", place=0)
    assert isinstance(up, Uploaded)
    film = replace(FILM, ref=up.ref)
    assert page.forget_unseen(film) == Receipt(up.ref)
    assert isinstance(page.forget_unseen(film), Refused)
    assert isinstance(page.publish(posted(film)), Refused)
    picture = MediaFile(HEAD, "image/png", "A walk", "walk.png", ref="12345")
    assert isinstance(page.forget_unseen(picture), (Receipt, Refused))


def test_the_town_refuses_what_facebook_refuses(town: Town) -> None:
    page = connect(town_account(town, "facebook"))
    assert isinstance(page, Facebook)
    no_film = page.publish(posted(replace(FILM, data=b"no film at all", subtitles=())))
    assert isinstance(no_film, Refused)
    assert "format" in no_film.reason
    other = replace(FILM, subtitles=(SubtitleFile(b"WEBVTT\n", "en"),))  # holds no times
    receipt = page.publish(posted(other, text="A film whose subtitles are not taken"))
    assert isinstance(receipt, Receipt)
    assert receipt.note == ("The film is out, but Facebook did not take its subtitles (en). Add them there by hand.")


class Line:
    """Facebook's answers by phase; `lost` names one whose answer is lost."""

    def __init__(self, **answers: httpx.Response | Exception) -> None:
        self.answers, self.requests = answers, list[httpx.Request]()

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        told = request.content.decode("latin-1")
        phases = ("start", "transfer", "finish", "cancel")
        phase = next((one for one in phases if f'"{one}"' in told or f"\r\n{one}\r\n" in told), request.method.lower())
        if request.url.path.endswith("captions"):
            phase = "captions"
        usual = {
            "start": {"upload_session_id": "7", "video_id": "5", "start_offset": "0", "end_offset": str(len(HEAD))},
            "transfer": {"start_offset": str(len(HEAD)), "end_offset": str(len(HEAD))},
            "get": {"id": "5", "post_id": "9", "permalink_url": "https://www.facebook.com/1/videos/5/"},
        }
        given = self.answers.get(phase, answer(200, usual.get(phase, {"success": True})))
        if isinstance(given, Exception):
            raise given
        return given


def on(line: Line) -> Facebook:
    return Facebook(wires.FACEBOOK, wires.Wire(line))


LOST = httpx.ReadTimeout("late")


def test_films_have_a_host_of_their_own_and_the_post_its_number() -> None:
    line = Line()
    receipt = on(line).publish(posted())
    assert isinstance(receipt, Receipt)
    assert (receipt.ref, receipt.note) == ("111222333_9", "")
    assert [request.url.host for request in line.requests] == ["graph-video.facebook.com"] * 4 + ["graph.facebook.com"]
    described = description("facebook", "")
    assert [fault for request in line.requests for fault in described.faults(request)] == []
    captions = line.requests[3].content
    assert b'filename="subtitles.en_GB.srt"' in captions
    assert srt_of(VTT) in captions


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        (Line(start=LOST), TryLater),
        (Line(start=answer(200, {})), TryLater),
        (Line(start=answer(400, {"error": {"code": 100, "message": "No."}})), Refused),
        (Line(transfer=LOST), TryLater),
        (Line(transfer=answer(200, {"start_offset": "0", "end_offset": "9"})), TryLater),
        (Line(finish=LOST), Unknown),
        (Line(finish=answer(200, {})), Unknown),
        (Line(finish=answer(400, {"error": {"code": 368, "message": "No."}})), Refused),
    ],
)
def test_what_can_go_wrong(line: Line, kind: type) -> None:
    assert isinstance(on(line).publish(posted()), kind)


def test_no_other_film_goes_for_one_whose_last_call_was_refused() -> None:
    line = Line(finish=answer(400, {"error": {"code": 100, "message": "The session has ended."}}))
    said = on(line).publish(posted(replace(FILM, ref="7:5")))
    assert isinstance(said, Refused)
    assert "Look on the Page" in said.reason
    assert len(line.requests) == 1


def test_subtitles_that_are_not_taken_are_told_and_the_post_is_out_all_the_same() -> None:
    receipt = on(Line(captions=LOST, get=answer(500, {}))).publish(posted())
    assert isinstance(receipt, Receipt)
    assert receipt.ref == "5"  # the post's number is not known: the film's own will do
    assert "did not take its subtitles (en)" in receipt.note


def test_a_lookup_goes_by_the_film_itself() -> None:
    film = posted(replace(FILM, ref="7:5"))
    taken = on(Line(get=answer(200, {"description": "A walk round the hall", "published": False, "post_id": "9"})))
    assert isinstance(taken.find(film), Receipt)  # Facebook is still working on it
    assert on(Line(get=answer(200, {"published": False}))).find(film) == NotThere()
    assert isinstance(on(Line(get=answer(200, {"published": True}))).find(film), Unknown)
    nothing = on(Line(get=answer(200, {"data": []})))
    assert isinstance(nothing.find(posted()), Unknown)  # no number to ask by, and it may still be worked on
    assert isinstance(nothing.find_many([film, posted()])[1], Unknown)


def test_a_film_is_a_post_of_its_own() -> None:
    page = on(Line())
    assert isinstance(page.publish(posted(kind="reply", in_reply_to="1_2")), Refused)
    assert isinstance(page.publish(posted(media=(FILM, FILM))), Refused)
