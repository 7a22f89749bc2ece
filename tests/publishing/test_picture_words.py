"""Words in pictures, read by the real Tesseract: how far they cover a picture, whose details they show, and then."""

from __future__ import annotations

import io
import shutil
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client
from django.utils import timezone
from PIL import Image
from procrastinate.contrib.django.models import ProcrastinateJob

from gatepost.calls.actions import ACTIONS
from gatepost.gate.checking import Stopped, Unanswered
from gatepost.gate.facts import MediaFact
from gatepost.gate.media import stored
from gatepost.people.models import User
from gatepost.publishing import picture_words
from gatepost.publishing.actions import findings, save_draft, submit
from gatepost.publishing.drafts import Draft, Picture
from gatepost.publishing.models import Media, Post
from gatepost.publishing.picture_words import Unread, look_for_words, read_words, start_of_alt, version
from gatepost.publishing.pictures import add_picture
from gatepost.publishing.renditions import Wanted, made_for
from gatepost.rulebook.actions import in_force

from .images import evening, jpeg, picture, poster
from .test_posts import Desk, desk

__all__ = ["desk"]  # the fixture

needs_tesseract = pytest.mark.skipif(not shutil.which("tesseract"), reason="Tesseract is not installed")
PHONE = ("Thank you all for the garden", "Ring me on 07700 900123")
SHOUTED = ("PLAYGROUND", "OPENING", "SATURDAY", "FREE ENTRY")


@pytest.fixture(autouse=True)
def store(settings: LazySettings, tmp_path: Path) -> None:
    settings.DATA = tmp_path
    settings.MEDIA_STORE = tmp_path / "media"


def added(desk: Desk, data: bytes, name: str = "poster.png") -> Media:
    return add_picture(data, name, by=desk.staff, at=desk.at)


def asked_for() -> list[str]:
    jobs = ProcrastinateJob.objects.filter(task_name="read_picture")
    return [job.args["media"] for job in jobs]


def written(desk: Desk, media: Media, **how: Any) -> Post:
    pack = in_force(desk.at)
    draft = Draft(
        text="The garden in Damson Court is open on Saturday.",
        kind=pack.post_kinds[0].id,
        aim=pack.aims[0].id,
        channels=[desk.facebook.pk],
        pictures=[Picture(media.pk, "Two neighbours in the garden", **how)],
    )
    return save_draft(draft, by=desk.staff, at=desk.at)


@needs_tesseract
class TestReading:
    def test_a_poster_and_an_evening_sky(self) -> None:
        shouted = read_words(poster(*SHOUTED, letters=150))
        quiet = read_words(poster("The hall opens on Saturday"))
        sky = read_words(evening())
        assert {"PLAYGROUND", "OPENING", "SATURDAY"} <= set(shouted.words.split())
        assert "hall opens on Saturday" in quiet.words
        assert shouted.share > 0.2 > quiet.share > sky.share == 0
        assert sky.words == ""

    @pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
    def test_of_each_kind_that_is_kept(self, kind: str) -> None:
        assert "07700 900123" in read_words(poster(*PHONE, kind=kind)).words

    def test_a_large_one_is_made_small_and_a_see_through_one_gets_a_ground(self) -> None:
        large = poster("Saturday", letters=300, size=(4800, 3200), kind="JPEG")
        assert read_words(large).words == "Saturday"
        clear = Image.new("RGBA", (900, 300), (0, 0, 0, 0))
        assert read_words(picture("PNG")) is not None
        assert picture_words._small(_png(clear))[1] == 900 * 300

    def test_a_damaged_one_says_so(self) -> None:
        with pytest.raises(Unread, match="damaged"):
            read_words(jpeg()[:400])

    def test_its_version(self) -> None:
        assert version().startswith("tesseract ")


def _png(drawn: Image.Image) -> bytes:
    out = io.BytesIO()
    drawn.save(out, "PNG")
    return out.getvalue()


@pytest.mark.parametrize(
    ("script", "says"),
    [
        ("exec sleep 30", "too long"),
        ("cat >/dev/null; exit 3", "could not read"),
        ("exit 0", "could not read"),
        ("cat >/dev/null; echo Error", "could not read"),
    ],
)
def test_a_program_that_hangs_or_fails(script: str, says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tool = tmp_path / "tesseract"
    tool.write_text(f"#!/bin/sh\n{script}\n")
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    if says == "too long":  # the others end by themselves, as slow as this machine may be
        monkeypatch.setattr(picture_words, "SECONDS", 1)
    with pytest.raises(Unread, match=says):
        read_words(jpeg())


def test_the_words_of_one_line_stand_together_and_specks_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    head = "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext"
    rows = [
        "4\t1\t1\t1\t1\t0\t0\t0\t90\t10\t-1\t",
        "5\t1\t1\t1\t1\t1\t0\t0\t20\t10\t96.1\t07700",
        "5\t1\t1\t1\t1\t2\t30\t0\t30\t10\t91\t900123",
        "5\t1\t2\t1\t1\t1\t0\t20\t30\t10\t59.9\tblurred",
        "5\t1\t2\t1\t1\t2\t0\t20\t30\t10\t99\t—",
        '5\t1\t3\t1\t1\t1\t0\t40\t50\t10\t60\t"quoted',
    ]
    found = picture_words._found("\n".join([head, *rows]), 10_000)
    assert found == picture_words.InPicture(0.1, '07700 900123\n"quoted')
    grain = picture_words._found(f"{head}\n5\t1\t1\t1\t1\t1\t0\t0\t9\t9\t83\t2", 10_000)
    assert grain == picture_words.InPicture(0.0, "")


@needs_tesseract
@pytest.mark.django_db
class TestOnTheDesk:
    def test_a_number_in_a_screenshot_stops_the_post(self, desk: Desk) -> None:
        media = added(desk, poster(*PHONE, size=(1080, 600)))
        assert asked_for() == [media.pk]
        found = look_for_words(media, at=desk.at)
        assert found is not None
        assert "07700 900123" in found.words
        assert look_for_words(media, at=desk.at) is None  # once is enough
        post = written(desk, media)
        (one,) = [item for item in findings(post, at=desk.at)[desk.facebook.pk] if item.check == "personal_data"]
        assert (one.severity, one.field) == ("stop", "images.0")
        assert "The picture holds words that look like a phone number." in one.message
        with pytest.raises(Stopped):
            submit(post, by=desk.staff, at=desk.at)

    def test_a_form_made_for_a_network_is_stopped_too_whichever_came_first(self, desk: Desk) -> None:
        media = added(desk, poster(*PHONE, size=(1080, 600)))
        before = made_for(media, Wanted("facebook", "1:1")).sha256
        look_for_words(media, at=desk.at)
        after = made_for(media, Wanted("facebook", "16:9")).sha256
        assert len({media.pk, before, after}) == 3
        facts = MediaFact.objects.in_bulk([media.pk, before, after])
        assert ["900123" in fact.words for fact in facts.values()] == [True] * 3
        with pytest.raises(Stopped, match="phone number"):
            submit(written(desk, media, shape="1:1"), by=desk.staff, at=desk.at)

    def test_a_poster_asks_and_its_words_begin_what_it_shows(self, desk: Desk) -> None:
        media = added(desk, poster(*SHOUTED, letters=150))
        look_for_words(media, at=desk.at)
        post = written(desk, media)
        with pytest.raises(Unanswered, match="of the picture is words"):
            submit(post, by=desk.staff, at=desk.at)
        fact = MediaFact.objects.get(pk=media.pk)
        offered = start_of_alt(fact.words, in_force(desk.at))
        assert offered.startswith("Words in the picture: PLAYGROUND")

    def test_its_page_and_the_api(self, desk: Desk, client: Client) -> None:
        media = added(desk, poster(*PHONE, size=(1080, 600)))
        client.force_login(desk.staff)
        assert "Not measured. They are looked for when" in _page(client, media)
        look_for_words(media, at=desk.at)
        page = _page(client, media)
        assert "Thank you all for the garden" in page
        assert "(phone number hidden)" in page
        assert "900123" not in page
        told = _told(media, desk.staff)
        assert told["details"] == ["phone"]
        assert "900123" not in told["in_picture"]
        assert 0 < told["text_share"] < 0.2

    def test_words_that_nobody_is_found_by_are_offered(self, desk: Desk, client: Client) -> None:
        media = added(desk, poster("The hall opens on Saturday"))
        look_for_words(media, at=desk.at)
        client.force_login(desk.staff)
        assert 'href="?begin=words#alt"' in _page(client, media)
        begun = client.get(f"/media/{media.pk}/?begin=words").content.decode()
        assert "Words in the picture: The hall opens on Saturday</textarea>" in begun
        assert not Media.objects.get().alt  # a person looks at it first
        assert "Words in the picture: The hall opens" in client.get(f"/write/?media={media.pk}").content.decode()

    def test_a_picture_without_words_says_so(self, desk: Desk, client: Client) -> None:
        media = added(desk, evening(), "sky.jpg")
        look_for_words(media, at=desk.at)
        client.force_login(desk.staff)
        assert "None were found." in _page(client, media)


@pytest.mark.django_db
def test_an_older_picture_is_read_when_it_is_next_used(desk: Desk) -> None:
    media = added(desk, poster("The hall"))
    ProcrastinateJob.objects.all()._raw_delete("default")
    assert asked_for() == []
    written(desk, media)
    assert asked_for() == [media.pk]
    MediaFact.objects.update(words_at=desk.at)
    ProcrastinateJob.objects.all()._raw_delete("default")
    written(desk, media)
    assert asked_for() == []


@pytest.mark.django_db
def test_without_tesseract_it_says_not_measured_and_asks_again(
    desk: Desk, client: Client, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    media = added(desk, poster(*PHONE))
    monkeypatch.setenv("PATH", str(tmp_path))
    assert version() == ""
    assert look_for_words(media, at=desk.at) is None
    fact = MediaFact.objects.get(pk=media.pk)
    assert (fact.text_share, fact.words_at) == (None, None)
    client.force_login(desk.staff)
    assert "Not measured. Tesseract, which reads words in pictures, is not installed" in _page(client, media)
    assert "is not installed" in _told(media, desk.staff)["unread"]
    submit(written(desk, media), by=desk.staff, at=desk.at)  # nothing stops for it
    assert media.pk in asked_for()


@pytest.mark.django_db
def test_one_that_cannot_be_read_is_not_tried_for_ever(desk: Desk) -> None:
    media = added(desk, poster("The hall"))
    stored(media.pk).unlink()
    assert look_for_words(media, at=desk.at) is None
    fact = MediaFact.objects.get(pk=media.pk)
    assert "missing from the server" in fact.unread
    assert fact.words_at == desk.at


def _page(client: Client, media: Media) -> str:
    return client.get(f"/media/{media.pk}/").content.decode()


def _told(media: Media, by: User) -> dict[str, Any]:
    action = ACTIONS["media.get"]
    return action(action.asks(media=media.pk), by=by, at=timezone.now()).model_dump(mode="json")
