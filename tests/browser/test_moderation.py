"""Danger, abuse of staff, and a removal that is reviewed: at the desk, and outside without an account."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from .begin import begin, colleague, post_of
from .conftest import Person, RunningDesk, person, until

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.parametrize("width", [1280, 390], indirect=True, scope="module"),
    pytest.mark.xdist_group("moderation"),
]

DANGER = "I can't go on any more, I want to kill myself tonight"
ABUSE = "Your receptionist is a useless stupid bitch and I will punch her in the face"
OFFENCE = "My neighbour in Damson Court is a fucking wanker"
CRITICISM = "This is a disgrace. Third time I have reported the lift in Damson Court and nobody came."


@pytest.fixture(scope="module")
def outside(desk: RunningDesk, browser: Browser, width: int) -> Person:
    return person(desk, browser, width)


def waiting(one: Person, words: str) -> int:
    """How many lines of the queue have this label or these words. The town's own residents write too."""
    one.go("/moderation/")
    return one.page.locator(".gp-row", has_text=words).count()


def open_from_queue(one: Person, words: str, *, beyond: int = 0) -> Page:
    """Opens the newest message of the queue with this label or these words, once there are more than `beyond`."""
    until(lambda: waiting(one, words) > beyond)
    one.page.locator(".gp-row", has_text=words).first.locator("a").click()
    one.page.wait_for_load_state()
    return one.page


def in_both(one: Person, name: str) -> None:
    """Looks at the page in light and in dark."""
    one.looks(name)
    one.page.emulate_media(color_scheme="dark")
    one.looks(f"{name}-dark")
    one.page.emulate_media(color_scheme="light")


class TestModeration:
    def test_01_the_first_day(self, desk: RunningDesk, officer: Person, staff: Person) -> None:
        begin(officer)
        page = staff.go(colleague(officer))
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_load_state()
        staff.go("/moderation/")
        staff.looks("moderation-empty")

    def test_02_danger_stands_on_every_page_until_somebody_takes_it(
        self, desk: RunningDesk, officer: Person, staff: Person
    ) -> None:
        officer.go("/posts/")
        desk.say("facebook", DANGER, under=post_of(desk))
        expect(officer.page.locator(".gp-alarm")).to_contain_text("Somebody may be in danger")
        letter = until(lambda: next((one for one in desk.mail() if "danger" in str(one).lower()), None))
        assert "kill myself" not in json.dumps(letter)
        officer.looks("moderation-alarm")
        page = open_from_queue(staff, "can't go on")
        expect(page.get_by_text("116 123").first).to_be_visible()
        in_both(staff, "moderation-danger")
        page.get_by_label("What you do now").fill("Ringing the safeguarding team")
        page.get_by_role("button", name="I have read it and see to it").click()
        expect(page.get_by_text("With Sam Whitlock")).to_be_visible()
        waits = staff.go("/moderation/").locator(".gp-row", has_text="Nobody has taken it")
        while waits.count():  # the town's own residents may be in danger too
            waits.first.locator("a").click()
            page.get_by_role("button", name="I have read it and see to it").click()
            page.wait_for_load_state()
            staff.go("/moderation/")
        officer.go("/posts/")
        expect(officer.page.locator(".gp-alarm")).to_have_count(0)

    def test_02_it_stands_first_a_link_takes_it_and_a_correction_decides_anew(
        self, desk: RunningDesk, officer: Person, staff: Person, outside: Person
    ) -> None:
        def links() -> set[str]:
            return set(re.findall(r"/have/[\w-]+/", json.dumps(desk.mail())))

        before = links()
        desk.say("facebook", f"{DANGER}, nobody helps", under=post_of(desk))
        page = outside.go(str(until(lambda: links() - before).pop()))
        expect(page.get_by_text("Nobody has it yet")).to_be_visible()
        assert "kill myself" not in page.content()
        in_both(outside, "on-call-have")
        page.get_by_role("button", name="I have it").click()
        expect(page.get_by_text("Somebody has it")).to_be_visible()
        staff.go("/inbox/?show=all")
        first = staff.page.locator(".gp-inlist > li").first
        expect(first).to_contain_text("Somebody may be in danger")
        in_both(staff, "inbox-danger-first")
        first.locator("a.gp-initem").click()
        staff.page.locator(".gp-fix button[value='safeguarding no']").click()
        expect(staff.page.get_by_text("Decided anew after Sam Whitlock’s correction")).to_be_visible()
        staff.page.get_by_text("What was decided before").click()
        in_both(staff, "conversation-decided-anew")
        for path, name in (("/intake/record/", "record-by-hand"), ("/desk/duty/", "duty")):
            staff.go(path)
            in_both(staff, name)
        officer.go("/on-call/")
        in_both(officer, "on-call")

    def test_03_abuse_is_covered_and_the_employer_has_a_record(
        self, desk: RunningDesk, staff: Person, tmp_path: Path
    ) -> None:
        before = waiting(staff, "Abuse to staff")
        desk.say("facebook", ABUSE, under=post_of(desk))
        page = open_from_queue(staff, "Abuse to staff", beyond=before)
        assert "bitch" not in page.content()
        in_both(staff, "moderation-covered")
        page.get_by_role("button", name="Show the words").click()
        expect(page.locator(".gp-mod__said")).to_contain_text("receptionist")
        page.get_by_label("Whom it was aimed at").fill("The receptionist at Hall Road")
        page.get_by_role("button", name="Begin the record").click()
        page.get_by_label("In words").fill("Met her the same day, offered the counselling line")
        page.get_by_role("button", name="Add to the record").click()
        expect(page.get_by_text("offered the counselling line")).to_be_visible()
        staff.looks("moderation-abuse")
        with page.expect_download() as download:
            page.get_by_role("button", name="Take the whole record out").click()
        file = tmp_path / "record.json"
        download.value.save_as(file)
        told = json.loads(file.read_text("utf-8"))
        assert told["exposed"][0]["name"] == "Sam Whitlock"
        page.get_by_role("link", name="The conversation").click()
        expect(page.locator(".gp-msg__text").first).to_contain_text("receptionist")  # opened a moment ago
        staff.looks("moderation-conversation")

    def test_04_criticism_stays(self, desk: RunningDesk, staff: Person) -> None:
        desk.say("facebook", CRITICISM, under=post_of(desk))

        def there() -> str | None:
            staff.go("/inbox/")
            return staff.page.locator(".gp-initem", has_text="Third time").first.get_attribute("href", timeout=2_000)

        path = str(until(lambda: there() if staff.go("/inbox/").get_by_text("Third time").count() else None))
        number = re.search(r"/inbox/(\d+)/", path)
        assert number
        page = staff.go(f"/moderation/{number[1]}/")
        expect(page.get_by_text("This looks like criticism, which the policy keeps.").first).to_be_visible()
        hide = page.locator("section", has=page.get_by_role("heading", name="Hide it", exact=True))
        hide.get_by_text("Give a reason and a clause").click()
        hide.get_by_label("Reason").fill("Rude")
        hide.get_by_role("button", name="Hide it").click()
        expect(page.get_by_role("alert").filter(has_text="Say what makes it more than that")).to_be_visible()
        staff.looks("moderation-criticism")

    def test_05_hidden_told_reviewed_and_put_back(
        self, desk: RunningDesk, officer: Person, staff: Person, outside: Person
    ) -> None:
        before = waiting(staff, "Offensive")
        ref = desk.say("facebook", OFFENCE, under=post_of(desk))
        page = open_from_queue(staff, "Offensive", beyond=before)
        in_both(staff, "moderation-message")
        page.locator("section", has=page.get_by_role("heading", name="Hide it", exact=True)).get_by_role(
            "button", name="Hide it"
        ).click()
        here = page.url
        until(lambda: page.goto(here) and page.get_by_text("In force.").count())
        assert ref
        page.locator("aside").get_by_role("link", name="Hidden").click()
        notice = page.get_by_role("group", name="The words of the notice").inner_text()
        reference = re.search(r"Your reference is (\w{5}-\w{5})", notice)
        assert reference, notice
        page.get_by_role("button", name="I have told them by hand").click()
        expect(page.get_by_text("Given by hand by Sam Whitlock")).to_be_visible()
        in_both(staff, "moderation-decision")

        there = outside.go("/review/")
        outside.looks("review-house")
        there.get_by_label("Your reference").fill("KQFMPXBTVZ")
        there.get_by_role("button", name="See the decision").click()
        outside.looks("review-wrong")
        there.get_by_label("Your reference").fill(reference[1].lower().replace("-", " "))
        there.get_by_role("button", name="See the decision").click()
        expect(there.get_by_role("heading", name="Why")).to_be_visible()
        assert "wanker" not in there.content()
        in_both(outside, "review-decision")
        there.get_by_label("Ask for a review").fill("It is what he called me. I was quoting him.")
        there.get_by_role("button", name="Ask for a review").click()
        expect(there.get_by_text("We have it")).to_be_visible()

        staff.go(page.url)
        expect(page.get_by_text("You had a part in this decision")).to_be_visible()
        desk_page = officer.go("/moderation/")
        desk_page.get_by_role("link", name="Hidden on Facebook").first.click()
        desk_page.get_by_label("Your answer, with its reasons").fill("You are right, and we are sorry.")
        officer.looks("moderation-review")
        desk_page.get_by_role("button", name="Change the decision").click()
        expect(desk_page.get_by_text("Decision changed")).to_be_visible()
        outside.page.reload()
        until(lambda: outside.page.reload() and outside.page.get_by_text("It is shown again").count())
        expect(there.get_by_text("You are right, and we are sorry.")).to_be_visible()
        outside.looks("review-restored")

    def test_05_removed_and_reviewed_it_may_be_written_again(
        self, desk: RunningDesk, officer: Person, staff: Person, outside: Person
    ) -> None:
        before = waiting(staff, "Offensive")
        desk.say("facebook", f"{OFFENCE}, and so is his dog", under=post_of(desk))
        page = open_from_queue(staff, "Offensive", beyond=before)
        remove = page.locator("section", has=page.get_by_role("heading", name="Remove it", exact=True))
        remove.locator("summary").click()
        remove.get_by_label("Reason").fill("Obscene words about a neighbour")
        remove.get_by_role("button", name="Remove it").click()
        here = page.url
        until(lambda: page.goto(here) and page.get_by_text("In force.").count())
        page.locator("aside").get_by_role("link", name="Removed").click()
        notice = page.get_by_role("group", name="The words of the notice").inner_text()
        reference = re.search(r"Your reference is (\w{5}-\w{5})", notice)
        assert reference, notice
        there = outside.go(f"/review/{reference[1].replace('-', '')}/")
        there.get_by_label("Ask for a review").fill("That is what he called me.")
        there.get_by_role("button", name="Ask for a review").click()
        expect(there.get_by_text("We have it")).to_be_visible()
        desk_page = officer.go("/moderation/")
        desk_page.get_by_role("link", name="Removed on Facebook").first.click()
        desk_page.get_by_label("Your answer, with its reasons").fill("You are right, and we are sorry.")
        desk_page.get_by_role("button", name="Change the decision").click()
        expect(desk_page.get_by_text("Decision changed")).to_be_visible()
        there.reload()
        expect(there.get_by_text("cannot be put back. You may write it again")).to_be_visible()
        outside.looks("review-removed")

    def test_06_the_queue_and_the_networks(self, desk: RunningDesk, staff: Person) -> None:
        desk.say("facebook", ABUSE + " again", under=post_of(desk))
        desk.say("facebook", "Ring me on 01632 960123, it is about the boiler, can somebody help?", under=post_of(desk))
        until(lambda: staff.go("/moderation/").get_by_text("Personal details").count())
        in_both(staff, "moderation-queue")
        staff.page.get_by_role("link", name="What each network allows").click()
        in_both(staff, "moderation-networks")
