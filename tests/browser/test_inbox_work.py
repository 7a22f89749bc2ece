"""A complaint, a call for help with personal details and a journalist's query, worked by two people at one desk."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, expect

from .begin import COMPLAINT, address_of, begin, colleague, post_of
from .conftest import Person, RunningDesk, until
from .conftest import person as somebody

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.parametrize("width", [1280, 390], indirect=True, scope="module"),
    pytest.mark.xdist_group("inbox-work"),
]
DETAILS = "Please ring me on 01632 960123, my heating is broken and I am freezing. Can somebody help?"
JOURNALIST = "I am a reporter with the Wharfside Courier. How many homes are without heating? My deadline is 4pm."
PERSONAL = "We are sorry. Your boiler repair is booked for Tuesday morning."


@pytest.fixture(scope="module")
def nell(desk: RunningDesk, browser: Browser, width: int) -> Person:
    officer = somebody(desk, browser, width)
    begin(officer)
    return officer


@pytest.fixture(scope="module")
def sam(nell: Person, desk: RunningDesk, browser: Browser, width: int) -> Person:
    staff = somebody(desk, browser, width)
    page = staff.go(colleague(nell))
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_load_state()
    return staff


def test_a_complaint_is_taken_noted_and_answered(nell: Person, sam: Person, desk: RunningDesk) -> None:
    desk.say("facebook", COMPLAINT, under=post_of(desk))
    page = sam.page
    path = address_of(page, desk, COMPLAINT[:40])
    sam.go(path)
    page.get_by_role("button", name="Take it").click()
    expect(page.get_by_text("You have this")).to_be_visible()
    for key, place in (("m", "moderation"), ("p", "person"), ("g", "w-person")):  # the last opens what it stands in
        page.keyboard.press(key)
        assert page.evaluate("document.activeElement.id") == place
    page.fill("#w-label", "Damson Court lift")
    sam.looks("work-open")
    page.get_by_role("button", name="Put on").click()
    expect(page.locator(".gp-work .gp-tag--own", has_text="Damson Court lift")).to_be_visible()
    page.locator("#notes summary").click()
    page.fill("#note_text", "Rang the lift company on 01632 960777, they come tomorrow.")
    page.get_by_role("button", name="Keep the note").click()
    expect(page.locator(".gp-note")).to_contain_text("they come tomorrow")
    assert "960777" not in page.content()
    # The officer sees who is at it, and what was begun, without reloading.
    other = nell.go(path)
    expect(other.get_by_text("Sam Whitlock has this")).to_be_visible()
    page.fill("#reply", "Thank you for telling us")
    page.locator("#reply").press("End")
    expect(other.get_by_text("Sam Whitlock is replying to this")).to_be_visible()
    until(lambda: "began an answer" in nell.go(path).content())
    nell.looks("complaint-elsewhere")
    sam.go(path)
    expect(page.locator("#reply")).to_have_value("Thank you for telling us")
    page.locator("label[for=w2]").click()
    page.get_by_role("button", name="Send the wording").click()
    expect(page.get_by_text("covered by a standing sign-off and is on its way")).to_be_visible()
    until(lambda: "Sent" in sam.go(path).locator(".gp-msg--ours").first.inner_text())
    expect(page.locator("#h-done")).to_be_visible()
    sam.looks("complaint-answered")


def test_a_call_for_help_with_details_becomes_a_referral(sam: Person, desk: RunningDesk) -> None:
    desk.say("facebook", DETAILS, under=post_of(desk))
    page = sam.page
    path = address_of(page, desk, "my heating is broken")
    sam.go(path)
    page.fill("#reply", PERSONAL)
    expect(page.get_by_text("Turn it into a referral.")).to_be_visible()
    page.locator("#turn-to").select_option(label="Repairs")
    sam.looks("turning")
    before = len(desk.published("facebook"))
    page.get_by_role("button", name="Turn it into a referral").click()
    expect(page.get_by_text("Nothing of it was said in public")).to_be_visible()
    letters = until(lambda: [mail for mail in desk.mail() if "Your boiler repair is booked" in str(mail)])
    assert "960123" not in str(letters)
    assert not any(PERSONAL in str(post) for post in desk.published("facebook")[before:])
    sam.looks("turned")


def test_a_journalists_query_is_found_by_all_and_goes_to_the_press_office(
    nell: Person, sam: Person, desk: RunningDesk
) -> None:
    desk.say("facebook", JOURNALIST, under=post_of(desk))
    page = sam.page
    path = address_of(page, desk, "reporter with the Wharfside")
    other = nell.go("/inbox/?label=media_query")
    other.locator("#list").get_by_text("Save this filter").click()
    other.fill("#v-title", "Journalists")
    other.get_by_label("For everybody").check()
    nell.looks("save-filter")
    other.get_by_role("button", name="Save", exact=True).click()
    sam.go("/inbox/")
    page.locator("#views summary").click()
    sam.looks("views")
    page.get_by_role("link", name="Journalists").click()
    expect(page.locator(".gp-initem", has_text="Wharfside Courier")).to_be_visible()
    assert page.locator(".gp-initem").count() == page.locator(".gp-initem", has_text="Journalist").count()
    sam.go(path)
    expect(page.locator(".gp-found")).to_contain_text("Journalist")
    page.locator("#refer").get_by_role("button", name=re.compile("Refer")).click()
    expect(page.get_by_text("The e-mail is on its way")).to_be_visible()
    until(lambda: [mail for mail in desk.mail() if "press" in str(mail).lower()])


def test_many_are_closed_and_undone(sam: Person, desk: RunningDesk, width: int) -> None:
    for words in ("Lovely day at the fair", "What a nice picture", "Hello from Sycamore Tower"):
        desk.say("facebook", words, under=post_of(desk))
    page = sam.page
    address_of(page, desk, "Hello from Sycamore")
    rows = page.locator(".gp-initem")
    count = rows.count()
    assert count >= 3
    for words in ("Lovely day", "What a nice", "Hello from"):
        page.locator(".gp-inlist > li", has_text=words).locator("input[type=checkbox]").check()
    expect(page.locator("#ticked")).to_have_text("(3)")
    page.locator("#bulk summary").click()
    page.fill("#b-because", "Kind words, nothing to do")
    sam.looks("bulk")
    page.locator("#bulk").get_by_role("button", name="Close").click()
    expect(page.get_by_text("Closed: 3 messages.").first).to_be_visible()
    expect(rows).to_have_count(count - 3)
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Undone: 3 messages.")).to_be_visible()
    expect(rows).to_have_count(count)
    if width > 640:
        page.keyboard.press("?")
        expect(page.locator("#keys")).to_be_visible()
        sam.looks("keys")
        page.keyboard.press("?")
        page.keyboard.press("j")
        page.keyboard.press("x")
        expect(page.locator("#ticked")).to_have_text("(1)")
        page.keyboard.press("/")
        assert page.evaluate("document.activeElement.id") == "s-q"


def test_duty_labels_readers_and_people_look_right(sam: Person) -> None:
    page = sam.page
    for path, name in (("/desk/duty/", "duty"), ("/desk/labels/", "labels"), ("/desk/readers/", "readers")):
        sam.go(path)
        sam.looks(name)
    sam.go("/desk/duty/")
    page.locator("#to").fill("23:59")
    page.get_by_role("button", name="Put on duty").click()
    expect(page.get_by_text("Sam Whitlock is on duty from")).to_be_visible()
    sam.looks("on-duty")
    sam.go("/inbox/?show=all")
    page.locator(".gp-initem").first.click()
    page.get_by_role("link", name=re.compile("All of it")).click()
    sam.looks("person")
