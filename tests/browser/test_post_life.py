"""A post of several parts, from its writing to its end: written, signed, sent, changed, taken down. In the dark."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, expect

from .begin import begin, colleague
from .conftest import Person, RunningDesk, person, until

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("post-life")]

TEXT = "The hall in Damson Court is open on Saturday from 10am to noon."
SECOND = "Bring your questions about repairs. Somebody from the team is there."
THIRD = "Tea and coffee are free."
REASON = "The hall has another time."


@pytest.fixture(scope="module")
def dark(desk: RunningDesk, browser: Browser, width: int) -> Person:
    """The writer, at a browser that asks for dark pages."""
    found = person(desk, browser, width)
    found.page.emulate_media(color_scheme="dark")
    found.shots = f"{width}-dark"
    return found


def ours(desk: RunningDesk, network: str, words: str) -> list[dict[str, object]]:
    return [post for post in desk.published(network) if words in str(post["text"]) and not post["removed"]]


class TestTheLifeOfAPost:
    def test_01_the_first_day(self, desk: RunningDesk, officer: Person, dark: Person) -> None:
        begin(officer)
        page = dark.go(colleague(officer))
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_load_state()
        officer.page.locator("select[name=channel]").select_option(label="X (practice)")
        officer.page.get_by_role("button", name="Approve", exact=True).click()
        officer.page.wait_for_load_state()

    def test_02_parts_are_added_moved_and_checked(self, dark: Person) -> None:
        page = dark.go("/write/")
        page.locator("select[name=kind]").select_option(index=1)
        page.locator("select[name=aim]").select_option(index=1)
        page.locator("input[name=audience][value=residents]").check()
        for box in page.locator("input[name=channel]").all():
            box.check()
        page.fill("#text", TEXT)
        page.get_by_role("button", name="Add a part").click()
        page.get_by_label("Part 2", exact=True).fill(THIRD)
        page.get_by_role("button", name="Add a part").click()
        page.get_by_label("Part 3", exact=True).fill(SECOND)
        page.get_by_role("button", name=re.compile("Move up.*part 3")).click()
        expect(page.get_by_label("Part 2", exact=True)).to_have_value(SECOND)
        page.get_by_label("Part 3", exact=True).fill("Ring Ada on 07700 900123")
        page.get_by_text("Part 3:").first.wait_for()
        dark.looks("life-parts-stopped")
        page.get_by_label("Part 3", exact=True).fill(THIRD)
        expect(page.locator("#checks")).not_to_contain_text("Part 3:")
        expect(page.locator("#previews")).to_contain_text(THIRD)
        dark.looks("life-parts")
        page.get_by_role("button", name="Submit for sign-off").click()
        page.get_by_text("Submitted for sign-off.").wait_for()

    def test_03_every_part_is_seen_and_signed_at_once(self, officer: Person) -> None:
        page = officer.go("/sign-off/")
        page.get_by_role("link", name=re.compile("The hall in Damson Court")).first.click()
        expect(page.locator("main")).to_contain_text(SECOND)
        expect(page.locator("main")).to_contain_text(THIRD)
        officer.looks("life-sign-off")
        page.get_by_role("button", name=re.compile("Sign off all")).click()
        page.wait_for_load_state()

    def test_04_each_network_has_each_part_once_and_in_its_place(self, desk: RunningDesk, dark: Person) -> None:
        def there() -> bool:
            return all(len(ours(desk, network, THIRD)) == 1 for network in ("facebook", "x"))

        until(there, 60)
        assert all(len(ours(desk, network, words)) == 1 for network in ("facebook", "x") for words in (TEXT, SECOND))
        first, second, third = (ours(desk, "x", words)[0] for words in (TEXT, SECOND, THIRD))
        assert (second["parent"], third["parent"]) == (first["ref"], second["ref"])
        top, one, two = (ours(desk, "facebook", words)[0] for words in (TEXT, SECOND, THIRD))
        assert (one["parent"], two["parent"]) == (top["ref"], top["ref"])
        link = dark.page.get_by_role("link", name=re.compile("The hall in Damson Court"))

        def listed() -> bool:
            dark.go("/posts/?tab=sent")
            return bool(link.count())

        until(listed, 60)
        page = dark.page
        link.first.click()
        expect(page.locator("main")).to_contain_text("Part 3")
        dark.looks("life-sent")

    def test_05_its_words_are_changed_with_a_sign_off(self, desk: RunningDesk, dark: Person, officer: Person) -> None:
        page = dark.page
        leaf = page.get_by_role("region", name="Facebook (practice)")
        leaf.get_by_text("Change its words").click()
        leaf.get_by_label("What it is to say").fill(TEXT.replace("noon", "1pm"))
        leaf.get_by_label("Why it is changed").fill(REASON)
        leaf.get_by_role("button", name="Ask to change it").click()
        page.get_by_text("Changing its words").wait_for()
        dark.looks("life-changing")
        sign = officer.go("/sign-off/")
        sign.locator("main a[href^='/sign-off/']").first.click()
        officer.looks("life-change-to-sign")
        sign.get_by_role("button", name="Sign off", exact=True).click()
        until(lambda: ours(desk, "facebook", "to 1pm"), 60)

    def test_06_words_of_a_further_part_are_changed(self, desk: RunningDesk, dark: Person, officer: Person) -> None:
        page = dark.page
        page.reload()
        other = page.get_by_role("region", name="X (practice)")
        expect(other).to_contain_text("X does not let what stands under a first post be edited.")
        leaf = page.get_by_role("region", name="Facebook (practice)")
        leaf.get_by_text("Change the words of part 2").click()
        leaf.get_by_label("What part 2 is to say").fill(f"{SECOND} Bring a coat.")
        leaf.get_by_label("Why part 2 is changed").fill(REASON)
        dark.looks("life-part")
        leaf.get_by_role("button", name="Ask to change part 2").click()
        page.get_by_text("Changing its words").nth(1).wait_for()
        sign = officer.go("/sign-off/")
        sign.locator("main a[href^='/sign-off/']").first.click()
        expect(sign.locator("main")).to_contain_text("Bring a coat.")
        sign.get_by_role("button", name="Sign off", exact=True).click()
        until(lambda: ours(desk, "facebook", "Bring a coat."), 60)

    def test_07_it_is_taken_down_with_every_part(self, desk: RunningDesk, dark: Person, officer: Person) -> None:
        page = dark.page
        page.reload()
        leaf = page.get_by_role("region", name="X (practice)")
        leaf.get_by_text("Take it down from").click()
        leaf.get_by_label("Why it is taken down").fill(REASON)
        leaf.get_by_role("button", name="Ask to take it down").click()
        page.get_by_text("Taking it down").wait_for()
        sign = officer.go("/sign-off/")
        sign.locator("main a[href^='/sign-off/']").first.click()
        officer.looks("life-taking-down")
        sign.get_by_role("button", name="Sign off", exact=True).click()
        until(lambda: not any(ours(desk, "x", words) for words in (TEXT, SECOND, THIRD)), 60)
        page.reload()
        expect(page.locator("main")).to_contain_text("Taken down")
        dark.looks("life-down")
        still = dark.go("/archive/online/")
        expect(still.locator("main")).to_contain_text("With 2 further parts")
        dark.looks("life-still-online")
