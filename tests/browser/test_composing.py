"""Writing a post as its people do it: mends, a picture cut and described, versions, comments, a film."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.publishing.films import film, needs_ffmpeg
from tests.publishing.test_subtitle_files import SRT

from .begin import begin, colleague
from .conftest import Person, RunningDesk, until

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("composing")]

TEXT = "You can't miss it: the hall is open on Saturday from 10am. Come to #repairsweek"


def photograph(path: Path) -> Path:
    """Large enough to be sent in pieces, with detail in it."""
    noise = np.random.default_rng(7).integers(0, 255, (900, 1400, 3), dtype=np.uint8)
    Image.fromarray(noise).save(path, compress_level=1)
    return path


class TestComposing:
    def test_01_the_first_day(self, desk: RunningDesk, officer: Person, staff: Person) -> None:
        begin(officer)
        page = staff.go(colleague(officer))
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_load_state()

    def test_02_words_are_marked_and_mended_with_one_press(self, staff: Person) -> None:
        page = staff.go("/write/")
        staff.looks("compose-empty")
        page.locator("select[name=kind]").select_option(index=1)
        page.locator("select[name=aim]").select_option(index=1)
        page.locator("input[name=audience][value=residents]").check()
        page.locator("input[name=channel]").first.check()
        page.fill("#text", TEXT)
        page.get_by_role("button", name="Write cannot").wait_for()
        staff.looks("compose-mends")
        page.get_by_role("button", name="Write cannot").click()
        expect(page.locator("#text")).to_have_value(TEXT.replace("can't", "cannot"))
        page.get_by_role("button", name="Write #RepairsWeek").click()
        expect(page.locator("#text")).to_have_value(re.compile("#RepairsWeek"))
        expect(page.get_by_role("button", name="Write #RepairsWeek")).to_have_count(0)
        page.locator("#text").press("Control+z")
        expect(page.locator("#text")).to_have_value(re.compile("#repairsweek"))  # a mend is undone like typing
        page.get_by_role("button", name="Write #RepairsWeek").click()

    def test_03_what_was_typed_is_there_after_leaving(self, staff: Person) -> None:
        page = staff.page
        expect(page.locator("#kept")).to_contain_text("is kept for you on the server")
        page = staff.go("/write/")
        page.get_by_role("link", name=re.compile("Go on with what you typed")).first.click()
        expect(page.locator("#text")).to_have_value(re.compile("You cannot miss it"))

    def test_04_a_picture_in_pieces_described_and_cut(self, staff: Person, tmp_path: Path) -> None:
        page = staff.page
        page.set_input_files("#picture", str(photograph(tmp_path / "hall.png")))
        page.get_by_label("Say what the picture shows").wait_for()
        page.get_by_label("Say what the picture shows").fill("The community hall with its doors open")
        page.get_by_text("Cut it").click()
        page.get_by_label("Shape").select_option("1:1")
        page.get_by_label(re.compile("percent from the left")).fill("10")
        until(lambda: page.locator("#previews img").count())
        staff.looks("compose-picture")
        page.get_by_role("button", name="Keep as draft").last.click()
        page.get_by_text("Kept. Nothing has been submitted or sent.").wait_for()

    def test_05_versions_and_comments(self, staff: Person, officer: Person) -> None:
        page = staff.page
        page.fill("#title", "Open day")
        page.get_by_role("button", name="Keep as draft").last.click()
        page.get_by_role("link", name="its versions").click()
        expect(page.get_by_text("Version 2, as it stands")).to_be_visible()
        staff.looks("versions")
        page.get_by_role("main").get_by_role("link").first.click()
        page.get_by_label("Say something about this post").fill("Is the time right, @NellOkafor?")
        page.get_by_role("button", name="Add the comment").click()
        page.get_by_text("Your comment is added").wait_for()
        staff.looks("post-comments")
        told = officer.go("/posts/")
        told.get_by_text("You are named in 1 comment").wait_for()
        officer.looks("posts-named")

    def test_06_it_is_submitted_and_leaves_with_its_description(
        self, desk: RunningDesk, staff: Person, officer: Person
    ) -> None:
        page = staff.page
        page.get_by_role("link", name=re.compile("Go on writing")).click()
        page.get_by_role("button", name="Submit for sign-off").click()
        page.wait_for_url(re.compile(r"/posts/\d+/"))
        sign = officer.go("/sign-off/")
        sign.locator("main a[href^='/sign-off/']").first.click()
        sign.wait_for_load_state()
        sign.get_by_role("button", name=re.compile("^Sign")).first.click()
        until(lambda: "You cannot miss it" in str(desk.published("facebook")), 60)
        assert "The community hall with its doors open" in str(desk.published("facebook"))

    def test_07_the_library_and_one_picture(self, staff: Person) -> None:
        page = staff.go("/media/")
        staff.looks("media")
        page.get_by_role("link", name=re.compile("hall.png")).click()
        page.wait_for_load_state()
        page.get_by_text("Note a consent").click()
        staff.looks("media-picture")
        page.get_by_label("Who agreed").fill("form 12")
        page.get_by_role("button", name="Note the consent").click()
        page.get_by_text("The consent is noted.").wait_for()

    @needs_ffmpeg
    def test_08_a_film_with_subtitles(self, staff: Person, tmp_path: Path) -> None:
        page = staff.go("/media/")
        page.set_input_files("#picture", str(film(tmp_path / "walk.mp4", seconds=7)))
        page.locator("main").get_by_role("button", name="Add", exact=True).click()

        def there() -> bool:
            page.goto(f"{staff.desk.url}/media/?kind=films")
            return bool(page.get_by_role("link", name=re.compile("walk.mp4")).count())

        until(there, 60)
        page.get_by_role("link", name=re.compile("walk.mp4")).click()
        (tmp_path / "walk.srt").write_bytes(SRT)
        page.set_input_files("#subtitles", str(tmp_path / "walk.srt"))
        page.get_by_role("button", name="Add the subtitles").click()
        page.get_by_text("2 subtitles kept").wait_for()
        staff.looks("media-film")
        page.get_by_role("link", name=re.compile("Write a post with it")).click()
        page.get_by_label("Say what the film shows").wait_for()
        staff.looks("compose-film")
