"""The whole path by plain forms, in a browser that runs no script: sign in, answer, write, submit, sign off, hold."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, expect

from .begin import COMPLAINT, address_of, begin, colleague, post_of
from .conftest import WAIT, Person, RunningDesk, until

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.parametrize("width", [1280], indirect=True, scope="module"),
    pytest.mark.xdist_group("without script"),
]
POST = "The community garden is open on Sunday from 2pm. Everybody is welcome."
OWN_WORDS = "Thank you for writing. An engineer looks at the lights on Tuesday morning."


def plain(desk: RunningDesk, browser: Browser, width: int) -> Person:
    """Somebody whose browser runs no script."""
    context = browser.new_context(viewport={"width": width, "height": 900}, locale="en-GB", java_script_enabled=False)
    page = context.new_page()
    page.set_default_timeout(WAIT)
    return Person(desk, context, page, f"{width}-plain")


@pytest.fixture(scope="module")
def nell(desk: RunningDesk, browser: Browser, width: int) -> Person:
    officer = plain(desk, browser, width)
    begin(officer)
    return officer


@pytest.fixture(scope="module")
def sam(nell: Person, desk: RunningDesk, browser: Browser, width: int) -> Person:
    staff = plain(desk, browser, width)
    page = staff.go(colleague(nell))
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_load_state()
    return staff


def test_a_complaint_is_answered_with_an_approved_wording(sam: Person, desk: RunningDesk) -> None:
    desk.say("facebook", COMPLAINT, under=post_of(desk))
    page = sam.go(address_of(sam.page, desk, "third time I have complained"))
    page.locator("#wordings input[type=radio]").nth(1).check(force=True)
    page.get_by_role("button", name="Send the wording").click()
    expect(page.get_by_text("is covered by a standing sign-off")).to_be_visible()
    until(lambda: "We have referred your query to the Complaints Team" in str(desk.published("facebook")))


def test_an_answer_of_ones_own_shows_its_checks_and_is_submitted(sam: Person, desk: RunningDesk) -> None:
    desk.say("facebook", "I complain about the lights in Rowan House: they have been out for a month.", post_of(desk))
    page = sam.go(address_of(sam.page, desk, "lights in Rowan House"))
    page.fill("#reply", "Please calm down.")
    page.get_by_role("button", name="Submit for sign-off").click()
    expect(page.locator("#problem")).to_be_visible()
    assert page.locator("#reply").input_value() == "Please calm down."
    expect(page.locator("#checks")).to_contain_text("usage.2")
    page.fill("#reply", OWN_WORDS)
    page.get_by_role("button", name="Submit for sign-off").click()
    expect(page.get_by_text("waits for its sign-off")).to_be_visible()


def test_a_post_is_written_and_submitted(sam: Person) -> None:
    page = sam.go("/write/")
    page.locator("select[name=aim]").select_option(index=1)
    page.locator("input[name=audience][value=residents]").check(force=True)
    page.fill("#text", POST)
    page.locator("input[name=channel]").first.check(force=True)
    page.get_by_role("button", name="Check it").click()
    expect(page.locator("#previews")).to_contain_text("community garden")
    assert page.locator("#text").input_value() == POST
    page.get_by_role("button", name="Submit for sign-off").click()
    page.wait_for_url(re.compile(r"/posts/\d+/"))


def test_everything_is_held_signed_off_and_let_go(nell: Person, sam: Person, desk: RunningDesk) -> None:
    page = nell.go("/hold/")
    page.fill("#reason", "A rehearsal")
    page.get_by_role("button", name="Hold", exact=True).click()
    assert "Everything is held" in page.locator(".gp-state").inner_text()
    for _ in range(2):
        nell.go("/sign-off/")
        page.locator("#live-queue a").first.click()
        page.get_by_role("button", name=re.compile("^Sign off")).click()
        expect(page.get_by_text("Signed off. It is on its way.")).to_be_visible()
    nell.go("/hold/")
    assert "community garden" in page.inner_text("main")
    page.get_by_role("button", name=re.compile("^End the hold")).click()
    page.wait_for_load_state()
    while page.get_by_role("button", name=re.compile("^Keep it")).count():  # each is looked at before it leaves
        page.get_by_role("button", name=re.compile("^Keep it")).first.click()
        page.wait_for_load_state()
    assert page.locator(".gp-state").count() == 0
    until(lambda: POST in str(desk.published("facebook")))
    until(lambda: OWN_WORDS in str(desk.published("facebook")))


def test_the_policy_is_changed_and_taken_back(nell: Person) -> None:
    page = nell.go("/policy/drafts/")
    page.get_by_label("What the draft is for").fill("Finds more complaints")
    page.get_by_role("button", name="Begin a draft").click()
    page.get_by_role("link", name="Thresholds", exact=True).click()
    page.get_by_label("A complaint").fill("0.49")
    page.get_by_role("button", name="See what would change").click()

    def worked_out() -> bool:
        if page.get_by_text("would have been decided otherwise").count():
            return True
        page.get_by_role("link", name="See how far it is").click()
        return False

    until(worked_out, 60.0)
    page.get_by_role("button", name="Save this change").click()
    page.get_by_role("link", name="Adopt").click()
    page.get_by_label("I have read what changes").check()
    page.get_by_role("button", name="Adopt").click()
    page = nell.go("/policy/versions/")
    page.get_by_text("Go back to it").first.click()
    page.get_by_label("Put it in force again, now").first.check()
    page.get_by_role("button", name="Roll back").first.click()
    expect(page.get_by_text("is in force again")).to_be_visible()
