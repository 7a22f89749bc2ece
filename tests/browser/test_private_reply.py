"""The power to answer a comment privately: given on the policy's form, used at the desk, signed, sent once, refused."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from .begin import address_of, begin, colleague, post_of
from .conftest import Person, RunningDesk, until

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("private reply")]

WORDS = "We are sorry. Your boiler repair is booked for Tuesday morning."
EXAMPLE = "Private answer to a comment"


def _written_privately(staff: Person, officer: Person, path: str) -> str:
    """Sam writes it for the writer alone and the officer signs it; the path of the conversation."""
    page = staff.go(path)
    page.get_by_label("Reply privately").check()
    page.locator("#reply").fill(WORDS)
    expect(page.locator("#checks")).to_contain_text("sign")
    staff.looks("private-written")
    page.get_by_role("button", name="Submit for sign-off").click()
    expect(page.get_by_role("heading", name="An answer is on its way")).to_be_visible()
    staff.looks("private-waits")
    page.get_by_role("link", name="See it in the sign-off").first.click()
    sign = officer.go(page.url)
    expect(sign.get_by_text("Only the person who wrote the comment, as a private message")).to_be_visible()
    officer.looks("private-sign-off")
    sign.get_by_role("button", name=re.compile("^Sign")).first.click()
    sign.wait_for_load_state()
    return path


def _shows(staff: Person, path: str, words: str) -> None:
    until(lambda: words in (staff.go(path) and staff.page.locator(".gp-thread").inner_text()))


class TestPrivateReply:
    def test_01_the_policy_as_shipped_keeps_it_closed(self, desk: RunningDesk, officer: Person) -> None:
        begin(officer)
        desk.ask_town("rules", {"read_after": 3600})
        desk.say("facebook", "My boiler has been broken since Friday, can you help me?", under=post_of(desk))
        officer.go(address_of(officer.page, desk, "boiler has been broken"))
        expect(officer.page.get_by_text("the policy does not let us begin")).to_be_visible()
        assert officer.page.get_by_label("Reply privately").count() == 0

    def test_02_the_power_is_given_on_its_form_and_adopted(self, officer: Person) -> None:
        page = officer.go("/policy/drafts/")
        page.get_by_label("What the draft is for").fill("Answers to one person")
        page.get_by_role("button", name="Begin a draft").click()
        draft = page.url
        page.get_by_role("link", name="Powers", exact=True).click()
        officer.looks("policy-powers")
        page.get_by_label("Which clause lets us answer").select_option("usage.5")
        page.get_by_role("button", name="See what would change").click()
        expect(page.get_by_text("answer a public comment by one private message” changes")).to_be_visible()
        expect(page.locator("#effect")).to_contain_text("would", timeout=60_000)
        officer.looks("policy-powers-effect")
        page.get_by_role("button", name="Save this change").click()
        page.goto(f"{draft}examples/private_answer_to_a_comment/")
        page.get_by_label("What the draft does now is right").check()
        page.get_by_role("button", name="See what would change").click()
        expect(page.locator("#effect")).to_contain_text("would", timeout=60_000)
        page.get_by_role("button", name="Save this change").click()
        page.goto(f"{draft}adopt/")
        page.get_by_label("I have read what changes").check()
        page.get_by_role("button", name="Adopt").click()
        expect(page.get_by_text("The draft is the policy now")).to_be_visible()
        officer.go("/policy/#usage.5")
        expect(page.get_by_text("one private message to whoever wrote a public comment")).to_be_visible()

    def test_03_written_signed_and_read(self, desk: RunningDesk, officer: Person, staff: Person) -> None:
        staff.go(colleague(officer))
        staff.page.get_by_role("button", name="Sign in").click()
        path = address_of(staff.page, desk, "boiler has been broken")
        staff.go(path)
        staff.looks("private-offered")
        _written_privately(staff, officer, path)
        sent = until(lambda: desk.ask_town("private")["private"])
        assert [(one["text"], bool(one["ours"])) for one in sent] == [(WORDS, True)]
        assert WORDS not in str(desk.published("facebook"))
        _shows(staff, path, "Delivered")
        staff.looks("private-delivered")
        desk.ask_town("private", {"message": sent[0]["mid"], "became": "read"})
        _shows(staff, path, "opened by")
        expect(staff.page.get_by_text("never a second")).to_be_visible()
        assert staff.page.get_by_label("Reply privately").count() == 0
        staff.looks("private-read")

    def test_04_refused_because_somebody_was_faster(self, desk: RunningDesk, officer: Person, staff: Person) -> None:
        comment = desk.say("facebook", "And the radiator in my hall leaks as well.", under=post_of(desk))
        path = address_of(staff.page, desk, "radiator in my hall")
        desk.ask_town("private", {"comment": comment, "text": "We will ring you."})
        _written_privately(staff, officer, path)
        _shows(staff, path, "Failed")
        expect(staff.page.locator("#reply-form")).to_contain_text("perhaps by a colleague in the Page's own inbox")
        expect(staff.page.locator("#reply-form")).to_contain_text("See in the Page's own inbox on Facebook")
        assert staff.page.get_by_label("Reply privately").count() == 0
        assert staff.page.get_by_role("button", name="By hand").count() == 0
        staff.looks("private-refused")
