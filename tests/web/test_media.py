"""The media library and its pages; files that arrive in pieces; cutting and films in the Write form."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from gatepost.channels.models import Channel
from gatepost.people.models import User
from gatepost.publishing import uploads
from gatepost.publishing.models import Consent, Media, Post, Rendition, Upload
from tests import factories
from tests.publishing.films import film, needs_ffmpeg
from tests.publishing.images import photograph
from tests.publishing.test_subtitle_files import SRT

from .test_write import client, form, writer
from .test_writing import words

__all__ = ["client", "writer"]  # the fixtures
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def store(settings: LazySettings, tmp_path: Path) -> None:
    settings.DATA = tmp_path
    settings.MEDIA_STORE = tmp_path / "media"


def photo(name: str = "hall.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, photograph(), content_type="image/jpeg")


def a_picture(client: Client) -> Media:
    client.post("/media/", {"picture": photo()})
    return Media.objects.get()


def test_an_empty_library_and_one_with_a_picture(client: Client) -> None:
    assert "Nothing here yet" in words(client.get("/media/"))
    media = a_picture(client)
    assert "hall.jpg" in words(client.get("/media/"))
    assert "Nothing found" in words(client.get("/media/?q=roof"))
    assert "Choose a file first." in words(client.post("/media/", {}))
    page = words(client.get(f"/media/{media.pk}/"))
    assert "Nowhere that we know of." in page
    assert client.get(f"/media/{'0' * 64}/").status_code == 404
    assert client.post(f"/media/{media.pk}/", {"do": "nothing"}).status_code == 404


def test_what_is_noted_of_a_picture_begins_its_alternative_text(client: Client, channel: Channel) -> None:
    media = a_picture(client)
    client.post(f"/media/{media.pk}/", {"do": "describe", "alt": "The hall", "source": "J. Sample", "people": "yes"})
    assert "The hall</textarea>" in words(client.get(f"/write/?media={media.pk}"))
    page = words(client.post("/write/check/", form(channel, picture_kept=media.pk, **{f"alt.{media.pk}": "The hall"})))
    assert "nobody has noted that they agreed" in page


def test_a_consent_is_noted_shown_and_withdrawn(client: Client) -> None:
    media = a_picture(client)
    here = f"/media/{media.pk}/"
    scan = SimpleUploadedFile("form.pdf", b"%PDF-1.7 form")
    client.post(here, {"do": "consent", "who": "form 12", "expires": "2030-01-31", "form": scan})
    kept = Consent.objects.get()
    page = words(client.get(here))
    assert "until 31 January 2030" in page
    answer = client.get(f"/media/consent/{kept.pk}/form/")
    assert answer.content == b"%PDF-1.7 form"
    assert answer["Content-Disposition"].startswith("attachment")
    assert client.get("/media/consent/99/form/").status_code == 404
    assert "Say who agreed" in words(client.post(here, {"do": "consent", "who": " "}))
    assert client.post(here, {"do": "consent", "who": "form 1", "expires": "whenever"}).status_code == 422
    client.post(here, {"do": f"withdraw:{kept.pk}", "because": "By letter"})
    page = words(client.get(here))
    assert "Withdrawn" in page
    assert "Consents that end soon" in words(client.get("/media/"))


def test_consents_are_not_for_everybody_who_was_let_in(client: Client) -> None:
    media = a_picture(client)
    here = f"/media/{media.pk}/"
    scan = SimpleUploadedFile("form.pdf", b"%PDF-1.7 form")
    client.post(here, {"do": "consent", "who": "form 12", "expires": "2030-01-31", "form": scan})
    kept = Consent.objects.get()
    assert "form 12" in words(client.get(here))
    client.force_login(factories.person())
    assert client.get(f"/media/consent/{kept.pk}/form/").status_code == 403
    assert "form 12" not in words(client.get(here))
    refused = client.post(here, {"do": f"withdraw:{kept.pk}"})
    assert refused.status_code == 422
    assert "Ask the communications officer to approve you" in words(refused)
    kept.refresh_from_db()
    assert kept.withdrawn_at is None


def test_a_file_in_pieces(client: Client, officer: User) -> None:
    data = photograph()
    begun = client.post("/media/upload/", {"name": "hall.jpg", "size": str(len(data))})
    assert begun.status_code == 201
    here = f"/media/upload/{begun.json()['key']}/"

    def patch(place: object, piece: bytes) -> object:
        kind = "application/offset+octet-stream"
        return client.patch(here, piece, content_type=kind, headers={"Upload-Offset": str(place)})

    assert patch(0, data[:500]).json()["received"] == 500  # type: ignore[attr-defined]
    wrong = patch(0, data[:500])
    assert (wrong.status_code, wrong.json()["received"]) == (409, 500)  # type: ignore[attr-defined]
    assert patch("x", b"a").status_code == 409  # type: ignore[attr-defined]
    assert client.get(here).json() | {"key": ""} == {
        "key": "", "received": 500, "size": len(data), "ready": "", "failed": "",
    }  # fmt: skip
    told = patch(500, data[500:]).json()  # type: ignore[attr-defined]
    assert told["ready"] == Media.objects.get().pk
    assert patch(500, b"a").status_code == 422  # type: ignore[attr-defined]
    other = Client()
    other.force_login(officer)
    assert other.get(here).status_code == 404  # nobody sees another's
    assert client.post("/media/upload/", {"name": "a.jpg", "size": "many"}).status_code == 422


def test_a_picture_is_cut_without_script_and_the_preview_shows_the_cut(client: Client, channel: Channel) -> None:
    media = a_picture(client)
    cut = {f"alt.{media.pk}": "The hall", f"shape.{media.pk}": "1:1", f"across.{media.pk}": "10"}
    page = words(client.post("/write/check/", form(channel, picture_kept=media.pk, **cut)))
    made = Rendition.objects.get()
    assert (made.width, made.height) == (336, 336)
    assert f"/write/picture/{made.sha256}/small/" in page
    assert client.get(f"/write/picture/{made.sha256}/small/").status_code == 200
    client.post("/write/", form(channel, picture_kept=media.pk, do="keep", **cut))
    kept = Post.objects.get().pictures.get()
    assert (kept.shape, kept.focus_x, kept.focus_y) == ("1:1", 10, 50)
    back = words(client.get(f"/write/{Post.objects.get().pk}/"))
    assert 'value="10"' in back
    odd = {f"shape.{media.pk}": "9:1", f"across.{media.pk}": "900", f"down.{media.pk}": "-4"}
    answer = words(client.post("/write/", form(channel, picture_kept=media.pk, do="check", **odd)))
    assert 'value="100"' in answer


@needs_ffmpeg
def test_a_film_comes_with_the_form_and_is_there_when_it_is_prepared(
    client: Client, x: Channel, tmp_path: Path
) -> None:
    data = film(tmp_path / "walk.mp4", seconds=7).read_bytes()
    page = words(client.post("/write/", form(x, do="add", picture=SimpleUploadedFile("walk.mp4", data))))
    upload = Upload.objects.get()
    assert "Being prepared" in page
    assert f'name="coming" value="{upload.pk}"' in page
    media = uploads.make_media(upload, at=upload.at)
    assert media is not None
    page = words(client.post("/write/", form(x, do="add", coming=str(upload.pk))))
    assert "Say what the film shows" in page
    checked = words(client.post("/write/check/", form(x, picture_kept=media.pk, **{f"alt.{media.pk}": "A walk"})))
    assert "This film has no captions" in checked
    here = f"/media/{media.pk}/"
    assert "Choose the file" in words(client.post(here, {"do": "subtitles", "language": "en"}))
    client.post(here, {"do": "subtitles", "language": "en", "subtitles": io.BytesIO(SRT)})
    item = words(client.get(here))
    assert "2 subtitles" in item
    track = re.search(r'<track kind="captions" src="([^"]+)"', item)
    assert track is not None
    answer = client.get(track[1])
    assert answer["Content-Type"].startswith("text/vtt")
    part = client.get(f"/write/picture/{media.pk}/whole/", headers={"Range": "bytes=0-99"})
    assert part.status_code == 206
    assert len(part.getvalue()) == 100
    assert client.get(f"/write/picture/{media.pk}/small/")["Content-Type"] == "image/webp"
    assert client.get(f"/write/picture/{media.still}/small/").status_code == 200
    number = media.subtitles.get().pk
    client.post(here, {"do": f"unsubtitle:{number}"})
    assert "None yet." in words(client.get(here))


@needs_ffmpeg
def test_a_film_that_is_none_says_so_in_the_form(client: Client, x: Channel) -> None:
    client.post("/write/", form(x, do="add", picture=SimpleUploadedFile("walk.mp4", b"no film")))
    upload = Upload.objects.get()
    uploads.make_media(upload, at=upload.at)
    answer = client.post("/write/", form(x, do="add", coming=[str(upload.pk), "no key"]))
    assert answer.status_code == 422
    assert "cannot be read" in words(answer)
