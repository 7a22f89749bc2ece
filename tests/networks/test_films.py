"""Films reach X and WordPress whole, with their subtitles and, where there is one, their description."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from gatepost.networks.protocol import MediaFile, Outgoing, Receipt, Refused, SubtitleFile, TryLater
from gatepost.networks.registry import connect
from gatepost.networks.subtitles import srt_of
from gatepost.networks.wordpress_text import Embedded, blocks
from gatepost.networks.x import X
from gatepost.networks.x_films import PIECE
from gatepost.sandbox.town import Town
from tests.networks import wires
from tests.networks.conftest import town_account
from tests.networks.wires import answer
from tests.networks.wordpress_server import WordPressServer
from tests.publishing.films import film, needs_ffmpeg

VTT = b"WEBVTT\n\n00:00:00.000 --> 00:00:01.500\nThe hall &amp; the yard\n"
CREATED = answer(201, {"data": {"id": "77", "text": "A walk"}})


def sent(path: Path) -> MediaFile:
    return MediaFile(
        b"", "video/mp4", "A walk round the hall", "walk.mp4", path=path, subtitles=(SubtitleFile(VTT, "en"),)
    )


def test_subtitles_for_networks_that_want_srt() -> None:
    assert srt_of(VTT) == b"1\n00:00:00,000 --> 00:00:01,500\nThe hall & the yard\n"
    assert srt_of(b"WEBVTT\n\nno time\n\n00:00:00.000 --> 00:00:01.500\n") == b""


def test_a_film_and_its_subtitles_reach_the_town_in_pieces(town: Town, tmp_path: Path) -> None:
    path = tmp_path / "walk.mp4"
    path.write_bytes(b"\0\0\0\x18ftypmp42" + bytes(range(256)) * (PIECE // 200))  # more than one piece
    network = connect(town_account(town, "x"))
    receipt = network.publish(Outgoing(key="f1", kind="publish", text="A walk round the hall", media=(sent(path),)))
    assert isinstance(receipt, Receipt)
    (file,) = town.data.glob("*.sqlite3")
    with closing(sqlite3.connect(file)) as kept:
        ((mime, data, caption),) = kept.execute("SELECT mime, data, caption FROM media WHERE item=?", (receipt.ref,))
        assert (mime, data) == ("video/mp4", path.read_bytes())
        track = re.search(r" EN:(\d+)$", caption)
        assert track is not None
        ((words,),) = kept.execute("SELECT data FROM media WHERE id=?", (track[1],))
    assert words == srt_of(VTT)


class Films:
    """X as far as a film needs it; `state` is what it says of its work."""

    def __init__(self, state: str = "succeeded", **answers: httpx.Response | Exception) -> None:
        self.state, self.answers = state, answers

    def __call__(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path.removeprefix("/2/").replace("/5/", "/")
        given = self.answers.get(path.replace("/", "_"))
        if isinstance(given, Exception):
            raise given
        if given is not None:
            return given
        if path == "tweets":
            return CREATED
        info = {"state": self.state, "check_after_secs": 1}
        return answer(200, {"data": {"id": "5", "processing_info": info} if "final" in path else {"id": "5"}})


def published(handler: Films, tmp_path: Path) -> object:
    path = tmp_path / "walk.mp4"
    path.write_bytes(b"film")
    act = Outgoing(key="k", kind="publish", text="A walk", media=(sent(path),))
    return X(wires.X, wires.Wire(handler)).publish(act)


def test_what_can_go_wrong_with_a_film(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gatepost.networks.x_films.time.sleep", lambda seconds: None)
    assert isinstance(published(Films(), tmp_path), Receipt)
    assert isinstance(published(Films("failed"), tmp_path), Refused)
    assert isinstance(published(Films("pending"), tmp_path), Receipt)  # asked again: it was done
    lost = httpx.ReadTimeout("late")
    for step in ("media_upload_initialize", "media_upload_append", "media_upload_finalize", "media_subtitles"):
        assert isinstance(published(Films(**{step: lost}), tmp_path), TryLater), step
    assert isinstance(published(Films(media_upload_initialize=answer(200, {"data": {}})), tmp_path), TryLater)
    assert isinstance(published(Films("pending", media_upload=answer(500, {})), tmp_path), TryLater)


def test_a_film_in_the_text_of_a_page() -> None:
    one = Embedded("https://x.example/a.mp4", 'A "walk"', True, (("https://x.example/a.vtt", "en"), ("b.vtt", "cy")))
    html = blocks("Text", "", (one,))
    assert '<track src="https://x.example/a.vtt" srclang="en" label="en" kind="captions" default/>' in html
    assert 'srclang="cy" label="cy" kind="captions"/>' in html
    assert "A &quot;walk&quot;</figcaption>" in html


@needs_ffmpeg
@pytest.mark.wordpress
def test_a_real_wordpress_shows_the_film_with_its_subtitles(wordpress: WordPressServer, tmp_path: Path) -> None:
    path = film(tmp_path / "walk.mp4")
    network = connect(wordpress.account())
    act = Outgoing(key="film-1", kind="publish", title="A walk", text="Round the hall", media=(sent(path),))
    receipt = network.publish(act)
    assert isinstance(receipt, Receipt), receipt
    page = httpx.get(receipt.permalink, follow_redirects=True).text
    track = re.search(r'<track[^>]*src="([^"]+)"', page)
    shown = re.search(r'<video[^>]*src="([^"]+)"', page)
    assert track is not None
    assert shown is not None
    assert "A walk round the hall" in page
    assert httpx.get(shown[1]).content == path.read_bytes()
    assert httpx.get(track[1]).content == VTT
    again = network.publish(replace(act))
    assert again == receipt  # nothing is uploaded or published twice
