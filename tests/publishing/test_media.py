"""Films and pictures: arriving in pieces, cleaned, measured, cut and made smaller, with rights and subtitles."""

from __future__ import annotations

import io
import shutil
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np
import pytest
from django.conf import LazySettings
from PIL import Image

from gatepost.gate import actions as gate
from gatepost.gate.facts import MediaFact
from gatepost.gate.media import MediaError, file_of, get, put, whole
from gatepost.gate.models import Act
from gatepost.gate.sending import claim
from gatepost.ledger.models import Line
from gatepost.networks.protocol import Limits
from gatepost.people.authority import NotAllowed
from gatepost.publishing import film, library, renditions, rights, uploads
from gatepost.publishing.actions import Draft, Picture, PublishingError, content_of, submit
from gatepost.publishing.measured import sharpness
from gatepost.publishing.models import Consent, Media, Rendition, Upload
from gatepost.publishing.pictures import add_picture
from gatepost.publishing.renditions import Wanted, box, fitted, made_for
from gatepost.publishing.subtitle_files import SubtitleError
from tests import factories

from .films import PLACE, needs_ffmpeg
from .films import film as make
from .images import GPS, exif, jpeg, photograph, picture
from .test_posts import Desk, desk
from .test_subtitle_files import SRT

__all__ = ["GPS", "desk"]

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def store(settings: LazySettings, tmp_path: Path) -> None:
    settings.DATA = tmp_path
    settings.MEDIA_STORE = tmp_path / "media"


def arrived(desk: Desk, path: Path, *, piece: int = 100_000) -> Upload:
    upload = uploads.begin_upload(path.name, path.stat().st_size, by=desk.staff, at=desk.at)
    data = path.read_bytes()
    for place in range(0, len(data), piece):
        upload = uploads.take_piece(upload, place, data[place : place + piece], by=desk.staff, at=desk.at)
    return upload


def a_film(desk: Desk, path: Path, **how: Any) -> Media:
    media = uploads.make_media(arrived(desk, make(path, **how)), at=desk.at)
    assert media is not None
    return media


class TestArriving:
    def test_in_pieces_and_on_from_where_it_was(self, desk: Desk, tmp_path: Path) -> None:
        data = photograph()
        upload = uploads.begin_upload("hall.jpg", len(data), by=desk.staff, at=desk.at)
        uploads.take_piece(upload, 0, data[:1000], by=desk.staff, at=desk.at)
        with pytest.raises(uploads.WrongPlace) as wrong:
            uploads.take_piece(upload, 500, data[500:1500], by=desk.staff, at=desk.at)
        assert wrong.value.received == 1000
        done = uploads.take_piece(upload, 1000, data[1000:], by=desk.staff, at=desk.at)
        done.refresh_from_db()
        assert done.media is not None
        assert done.media.filename == "hall.jpg"
        assert not uploads.path_of(upload).exists()
        with pytest.raises(uploads.UploadError, match="arrived already"):
            uploads.take_piece(upload, len(data), b"x", by=desk.staff, at=desk.at)

    @pytest.mark.parametrize("size", [0, 26 * 2**20])
    def test_how_large(self, desk: Desk, size: int) -> None:
        with pytest.raises(uploads.UploadError, match="The most is 25 MB"):
            uploads.begin_upload("a.jpg", size, by=desk.staff, at=desk.at)

    def test_a_file_for_which_there_is_no_room_is_not_kept(self, desk: Desk, tmp_path: Path, settings: Any) -> None:
        (tmp_path / "came").write_bytes(b"x" * 100)
        settings.DATA = tmp_path / "data"
        settings.DATA.mkdir()
        (settings.DATA / "uploads").write_text("a file where the folder should be")
        with pytest.raises(uploads.UploadError, match="disk is full"):
            uploads.take_whole("hall.jpg", tmp_path / "came", by=desk.staff, at=desk.at)
        assert not Upload.objects.exists()

    def test_a_piece_that_is_none(self, desk: Desk) -> None:
        upload = uploads.begin_upload("a.jpg", 10, by=desk.staff, at=desk.at)
        for data in (b"", b"x" * 11):
            with pytest.raises(uploads.UploadError, match="piece is empty"):
                uploads.take_piece(upload, 0, data, by=desk.staff, at=desk.at)
        with pytest.raises(Upload.DoesNotExist):
            uploads.take_piece(upload, 0, b"x", by=desk.officer, at=desk.at)  # nobody adds to another's

    def test_what_is_no_picture_is_said_and_not_kept(self, desk: Desk, tmp_path: Path) -> None:
        path = tmp_path / "a.jpg"
        path.write_bytes(b"not a picture")
        upload = arrived(desk, path)
        upload.refresh_from_db()
        assert "not a picture, or it is damaged" in upload.failed
        assert not Media.objects.exists()

    def test_not_too_many_at_once_and_old_ones_go(self, desk: Desk) -> None:
        for _ in range(uploads.AT_ONCE):
            uploads.begin_upload("a.jpg", 10, by=desk.staff, at=desk.at)
        with pytest.raises(uploads.UploadError, match="on their way already"):
            uploads.begin_upload("a.jpg", 10, by=desk.staff, at=desk.at)
        uploads.begin_upload("a.jpg", 10, by=desk.staff, at=desk.at + timedelta(days=3))
        assert Upload.objects.count() == 1
        assert uploads.upload_of(UUID(int=0), desk.staff) is None

    def test_without_ffmpeg_films_are_refused_and_pictures_work(
        self, desk: Desk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(shutil, "which", lambda name: None)
        with pytest.raises(uploads.UploadError, match=r"ffmpeg is not installed.*apt-get install ffmpeg"):
            uploads.begin_upload("a.mp4", 10, by=desk.staff, at=desk.at)
        with pytest.raises(film.FilmError, match="Pictures can"):
            film.probe(Path("a.mp4"))
        assert add_picture(photograph(), "a.jpg", by=desk.staff, at=desk.at).width == 640


@needs_ffmpeg
class TestFilms:
    def test_a_film_is_kept_without_its_place_and_measured(self, desk: Desk, tmp_path: Path) -> None:
        media = a_film(desk, tmp_path / "walk.mp4")
        assert (media.mime, media.width, media.height, media.moving) == ("video/mp4", 640, 360, True)
        assert media.seconds == pytest.approx(2, abs=0.2)
        kept = whole(media.pk).read_bytes()
        assert PLACE.encode() not in kept
        assert b"Secret title" not in kept
        with Image.open(io.BytesIO(get(media.still))) as still:
            assert still.size == (640, 360)
        fact = MediaFact.objects.get(pk=media.pk)
        assert fact.seconds == media.seconds

    def test_other_codecs_become_what_every_network_takes(self, tmp_path: Path) -> None:
        out = tmp_path / "out.mp4"
        shown = film.cleaned(make(tmp_path / "a.webm", codec="libvpx", sound=False), out)
        assert (shown.video, shown.audio, shown.pixels) == ("h264", "", "yuv420p")

    def test_made_small_enough_or_refused(self, tmp_path: Path) -> None:
        path = make(tmp_path / "a.mp4", seconds=4)
        was = film.probe(path)
        film.smaller(path, tmp_path / "b.mp4", most_bytes=260_000, was=was)
        assert (tmp_path / "b.mp4").stat().st_size <= 260_000
        with pytest.raises(film.FilmError, match="too long to be made small enough"):
            film.smaller(path, tmp_path / "c.mp4", most_bytes=20_000, was=was)

    def test_what_is_no_film(self, desk: Desk, tmp_path: Path) -> None:
        path = tmp_path / "a.mp4"
        path.write_bytes(b"#EXTM3U\nfile:///etc/passwd\n" * 40)  # a list that would have other files read
        assert uploads.make_media(arrived(desk, path), at=desk.at) is None
        assert "cannot be read" in Upload.objects.get().failed
        still = make(tmp_path / "sound.mp4").with_name("s.mp4")
        still.write_bytes(picture("PNG"))
        with pytest.raises(film.FilmError):
            film.probe(still)

    def test_subtitles_leave_with_it_and_change_what_is_signed(self, desk: Desk, tmp_path: Path) -> None:
        media = a_film(desk, tmp_path / "walk.mp4", seconds=7)
        post = desk.save(desk.draft(pictures=[Picture(media.pk, "A walk round the hall")], channels=[desk.x.pk]))
        variant = post.variants.select_related("channel").get()
        silent = content_of(post, variant)
        assert [one.check for one in gate.check(silent, at=desk.at) if one.severity == "stop"] == ["captions"]
        kept = library.add_subtitles(media, SRT, "en-GB", by=desk.staff, at=desk.at)
        spoken = content_of(post, variant)
        assert spoken.digest != silent.digest
        assert [(one.sha256, one.language) for one in spoken.media[0].captions] == [(kept.sha256, "en-GB")]
        assert not [one for one in gate.check(spoken, at=desk.at) if one.severity == "stop"]
        sent = file_of(spoken.media[0])
        assert sent.path is not None
        assert sent.size == media.bytes
        assert sent.subtitles[0].data.startswith(b"WEBVTT")
        assert b"".join(sent.pieces(10_000)) == whole(media.pk).read_bytes()
        library.drop_subtitles(kept, by=desk.staff, at=desk.at)
        assert content_of(post, variant).digest == silent.digest

    def test_subtitles_that_do_not_fit(self, desk: Desk, tmp_path: Path) -> None:
        media = a_film(desk, tmp_path / "walk.mp4")
        with pytest.raises(SubtitleError, match="The film ends after 2 seconds"):
            library.add_subtitles(media, SRT, "en", by=desk.staff, at=desk.at)
        with pytest.raises(SubtitleError, match="language"):
            library.add_subtitles(media, SRT, "English", by=desk.staff, at=desk.at)
        still = add_picture(photograph(), "a.jpg", by=desk.staff, at=desk.at)
        with pytest.raises(SubtitleError, match="Only films"):
            library.add_subtitles(still, SRT, "en", by=desk.staff, at=desk.at)

    def test_too_heavy_for_a_network_is_made_by_the_worker(
        self, desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        media = a_film(desk, tmp_path / "walk.mp4", seconds=4)
        small = renditions.limits("x")
        monkeypatch.setattr(renditions, "limits", lambda network: _lighter(small, 260_000))
        assert made_for(media, Wanted("x")).sha256 == media.pk  # not made yet: its weight stops it
        kept = Rendition.objects.get()
        renditions.make_film(kept)
        made = made_for(media, Wanted("x"))
        assert made.sha256 != media.pk
        assert made.bytes <= 260_000
        assert MediaFact.objects.get(pk=made.sha256).seconds == media.seconds
        Rendition.objects.update(wanted="film 9b", sha256="")
        renditions.make_film(Rendition.objects.get())
        assert "too long" in Rendition.objects.get().failed

    def test_a_film_and_nothing_beside_it(self, desk: Desk, tmp_path: Path) -> None:
        media = a_film(desk, tmp_path / "walk.mp4")
        still = add_picture(photograph(), "a.jpg", by=desk.staff, at=desk.at)
        both = [Picture(media.pk, "A walk"), Picture(still.pk, "The hall")]
        post = desk.save(desk.draft(pictures=both, channels=[desk.x.pk]))
        found = gate.check(content_of(post, post.variants.get()), at=desk.at)
        assert "takes one film and nothing beside it" in " ".join(one.message for one in found)


def _lighter(known: Limits, most: int) -> Limits:
    return replace(known, video_bytes=most)


class TestPictures:
    def test_sharp_blurred_and_flat(self) -> None:
        noise = Image.fromarray(np.random.default_rng(1).integers(0, 255, (200, 200), dtype=np.uint8))
        soft = noise.resize((20, 20)).resize((200, 200), Image.Resampling.BICUBIC)
        assert (sharpness(noise) or 0) > 1000 > 100 > (sharpness(soft) or 0) > 0
        assert sharpness(Image.new("RGB", (600, 400), "teal")) is None
        assert sharpness(Image.new("L", (2, 2))) is None

    def test_sharpness_reaches_the_checks(self, desk: Desk) -> None:
        media = add_picture(photograph(), "a.jpg", by=desk.staff, at=desk.at)
        assert MediaFact.objects.get(pk=media.pk).sharpness == media.sharpness
        MediaFact.objects.update(sharpness=0.5)
        post = desk.save(desk.draft(pictures=[Picture(media.pk, "The hall")], channels=[desk.x.pk]))
        found = gate.check(content_of(post, post.variants.get()), at=desk.at)
        assert "image_sharpness" in {one.check for one in found}

    @pytest.mark.parametrize(
        ("size", "shape", "focus", "wanted"),
        [
            ((1000, 500), "1:1", (50, 50), (250, 0, 750, 500)),
            ((1000, 500), "1:1", (0, 50), (0, 0, 500, 500)),
            ((1000, 500), "1:1", (100, 50), (500, 0, 1000, 500)),
            ((500, 1000), "16:9", (50, 10), (0, 0, 500, 281)),
            ((160, 90), "16:9", (10, 10), (0, 0, 160, 90)),
        ],
    )
    def test_the_cut_keeps_what_matters(
        self, size: tuple[int, int], shape: str, focus: tuple[int, int], wanted: tuple[int, int, int, int]
    ) -> None:
        assert box(*size, shape, focus) == wanted

    def test_cut_and_kept_by_its_own_digest(self, desk: Desk) -> None:
        media = add_picture(photograph(), "a.jpg", by=desk.staff, at=desk.at)
        cut = [Picture(media.pk, "The hall", "1:1", (0, 50))]
        post = desk.save(desk.draft(pictures=cut, channels=[desk.x.pk]))
        content = content_of(post, post.variants.select_related("channel").get())
        assert (content.media[0].width, content.media[0].height) == (336, 336)
        assert content.media[0].sha256 != media.pk
        assert content_of(post, post.variants.get()).digest == content.digest  # made once
        assert Rendition.objects.count() == 1
        other = desk.save(
            desk.draft(pictures=[Picture(media.pk, "The hall", "1:1", (90, 50))], channels=[desk.x.pk]),
            post=post,
            version=1,
        )
        assert content_of(other, other.variants.get()).digest != content.digest
        for bad in (Picture(media.pk, "", "3:1"), Picture(media.pk, "", "1:1", (101, 0))):
            with pytest.raises(PublishingError, match="cut to a shape we do not know"):
                desk.save(desk.draft(pictures=[bad]))

    def test_formats_sizes_and_weights_of_a_network(self) -> None:
        grey = Image.new("RGBA", (4200, 200), (0, 0, 0, 0))
        out = io.BytesIO()
        grey.save(out, "WEBP")
        data, mime, width, _ = fitted(out.getvalue(), Wanted("facebook"))
        assert (mime, width) == ("image/jpeg", 2048)
        with Image.open(io.BytesIO(data)) as made:
            assert made.getpixel((5, 5)) == (255, 255, 255)  # what is see-through becomes white, not black
            assert not made.getexif()
        noise = Image.effect_noise((1900, 1900), 90).convert("RGB")
        out = io.BytesIO()
        noise.save(out, "PNG")
        data, mime, _, _ = fitted(out.getvalue(), Wanted("bluesky"))
        assert len(data) <= 2_000_000
        assert mime == "image/jpeg"  # a PNG cannot be made lighter by its quality

    def test_what_fits_leaves_as_it_is_kept(self, desk: Desk) -> None:
        media = add_picture(jpeg(exif=exif()), "a.jpg", by=desk.staff, at=desk.at)
        assert made_for(media, Wanted("x")).sha256 == media.pk
        assert not Rendition.objects.exists()


class TestRights:
    def used(self, desk: Desk) -> tuple[Media, Act]:
        media = add_picture(picture("JPEG", (1000, 700)), "a.jpg", by=desk.staff, at=desk.at)
        draft: Draft = desk.draft(
            pictures=[Picture(media.pk, "Two neighbours at the hall", "1:1")], channels=[desk.x.pk]
        )
        (act,) = submit(desk.save(draft), by=desk.staff, at=desk.at)
        return media, act

    def agree(self, desk: Desk, media: Media, **how: Any) -> Consent:
        given = {"given_on": desk.at.date(), "expires_on": None, "by": desk.officer, "at": desk.at, **how}
        return rights.note_consent(media, given.pop("who", "form 12"), **given)

    def test_people_without_a_consent_are_asked_about(self, desk: Desk) -> None:
        media, act = self.used(desk)
        rights.describe(media, rights.About(alt="Two people", people=True), by=desk.staff, at=desk.at)
        found = {one.check: one.severity for one in gate.check(gate.from_json(act.content), at=desk.at)}
        assert found["consent"] == "ask"
        self.agree(desk, media)
        assert "consent" not in {one.check for one in gate.check(gate.from_json(act.content), at=desk.at)}

    @pytest.mark.parametrize("how", ["expired", "withdrawn"])
    def test_what_was_signed_does_not_leave_when_they_no_longer_agree(self, desk: Desk, how: str) -> None:
        media, act = self.used(desk)
        kept = self.agree(desk, media, expires_on=desk.at.date() + timedelta(days=1))
        gate.sign_off(act, digest=act.digest, by=desk.officer, at=desk.at)
        later = desk.at + timedelta(days=3) if how == "expired" else desk.at
        if how == "withdrawn":
            rights.withdraw_consent(kept, because="Asked by letter", by=desk.staff, at=desk.at)
        Act.objects.filter(pk=act.pk).update(due_at=later)
        assert claim(worker="test", at=later) == []
        act.refresh_from_db()
        assert act.state == "to_sign_off"
        assert "law.2" in act.says

    def test_where_it_is_still_online(self, desk: Desk) -> None:
        media, act = self.used(desk)
        kept = self.agree(desk, media)
        assert rights.out_there(media) == []
        Act.objects.filter(pk=act.pk).update(state="sent", ref="99")
        assert rights.withdraw_consent(kept, because="", by=desk.staff, at=desk.at) == [act]
        Act.objects.create(
            kind="delete", channel=desk.x, author=desk.staff, subject=f"act:{act.pk}", content={}, digest="0" * 64,
            state="sent", created_at=desk.at,
        )  # fmt: skip
        assert rights.out_there(media) == []
        assert rights.using(media) == [act]
        assert rights.ending(desk.at) == [kept]

    def test_who_was_only_let_in_notes_nothing_and_reads_no_form(self, desk: Desk) -> None:
        media, _ = self.used(desk)
        kept = self.agree(desk, media, form=b"%PDF-1.7 x", form_name="f.pdf")
        nobody = factories.person()
        for tried in (
            lambda: rights.describe(media, rights.About(people=False), by=nobody, at=desk.at),
            lambda: self.agree(desk, media, by=nobody),
            lambda: rights.withdraw_consent(kept, because="", by=nobody, at=desk.at),
            lambda: rights.read_form(kept, by=nobody, at=desk.at),
            lambda: library.add_subtitles(media, SRT, "en", by=nobody, at=desk.at),
        ):
            with pytest.raises(NotAllowed, match="approved for a channel"):
                tried()
        kept.refresh_from_db()
        assert (media.consents.count(), kept.withdrawn_at) == (1, None)
        assert not Line.objects.filter(actor=nobody.actor).exists()

    def test_the_writer_does_not_vouch_for_the_post_and_each_reading_is_on_the_record(self, desk: Desk) -> None:
        media, act = self.used(desk)
        with pytest.raises(NotAllowed, match="Somebody else notes the consent"):
            self.agree(desk, media, by=desk.staff)
        kept = self.agree(desk, media, form=b"%PDF-1.7 x", form_name="f.pdf")
        assert rights.read_form(kept, by=desk.staff, at=desk.at) == b"%PDF-1.7 x"
        line = Line.objects.get(verb="consent.read")
        assert (line.actor, line.detail) == (desk.staff.actor, {"consent": kept.pk})
        Act.objects.filter(pk=act.pk).update(state="sent")  # what has left is no longer theirs to get through
        assert self.agree(desk, media, by=desk.staff).by == desk.staff

    def test_what_is_no_consent(self, desk: Desk) -> None:
        media, _ = self.used(desk)
        today = desk.at.date()
        for who, given, expires, form in (
            (" ", today, None, b""),
            ("form 1", today + timedelta(days=9), None, b""),
            ("form 1", today, date(2001, 1, 1), b""),
            ("form 1", today, None, b"<html>"),
        ):
            with pytest.raises(rights.RightsError):
                self.agree(desk, media, who=who, given_on=given, expires_on=expires, form=form)
        kept = self.agree(desk, media, form=b"%PDF-1.7 x", form_name="f.pdf")
        assert get(kept.form_sha256) == b"%PDF-1.7 x"


def test_a_film_that_was_changed_on_the_disk_is_not_sent(tmp_path: Path) -> None:
    digest = put(b"film")
    path = whole(digest)
    path.write_bytes(b"other")
    with pytest.raises(MediaError, match="has been changed"):
        whole(digest)
    path.unlink()
    with pytest.raises(MediaError, match="missing"):
        whole(digest)
