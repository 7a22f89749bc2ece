"""The officer changes the policy on the screen: brought in, looked over, changed, tried, adopted, taken back."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.shared import shared

from .begin import COMPLAINT, address_of, begin, post_of
from .conftest import Person, RunningDesk

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("change the policy")]

TEXT = "Thank you for your message. A member of staff will contact you by the end of the next working day"


class TestChangeThePolicy:
    def test_01_a_desk_with_complaints(self, desk: RunningDesk, officer: Person) -> None:
        begin(officer)
        desk.say("facebook", COMPLAINT, under=post_of(desk))
        address_of(officer.page, desk, "third time I have complained")
        page = officer.go("/policy/")
        expect(page.get_by_text("examples all get the decision they should")).to_be_visible()
        page.get_by_role("link", name="Change the policy").click()
        expect(page.get_by_text("Nobody is changing the policy")).to_be_visible()
        officer.looks("policy-drafts-empty")

    def test_02_a_draft_with_another_wording(self, officer: Person) -> None:
        page = officer.go("/policy/drafts/")
        page.get_by_role("button", name="Begin a draft").click()
        expect(page.get_by_role("alert")).to_contain_text("Say in a few words what the draft is for")
        page.get_by_label("What the draft is for").fill("Kinder words")
        page.get_by_role("button", name="Begin a draft").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Kinder words")
        officer.looks("policy-draft")
        page.get_by_role("link", name="Wordings", exact=True).click()
        officer.looks("policy-wordings")
        page.get_by_role("link", name="A member of staff will be in touch").click()
        page.get_by_label("The words, as they are sent").fill(TEXT)
        officer.looks("policy-wording")
        page.get_by_role("button", name="See what would change").click()
        expect(page.get_by_text("Nothing is saved yet. Both are run")).to_be_visible()
        expect(page.locator("#effect")).to_contain_text("would have been decided otherwise", timeout=60_000)
        page.get_by_role("button", name="Save this change").click()
        expect(page.get_by_text("Saved as version 3 of the draft")).to_be_visible()

    def test_03_a_threshold_and_what_it_does(self, officer: Person) -> None:
        page = officer.page
        page.get_by_role("link", name="Thresholds", exact=True).click()
        page.get_by_label("A complaint").fill("much")
        page.get_by_role("button", name="See what would change").click()
        expect(page.get_by_role("alert")).to_contain_text("write a number")
        expect(page.get_by_label("A complaint")).to_have_value("much")
        officer.looks("policy-thresholds-wrong")
        page.get_by_label("A complaint").fill("0.999")
        page.get_by_role("button", name="See what would change").click()
        expect(page.locator("#effect")).to_contain_text(re.compile(r"[1-9]\d* of \d+"), timeout=60_000)
        expect(page.locator("#effect")).to_contain_text("complaint: no longer")
        expect(page.get_by_text("would not hold")).to_be_visible()
        officer.looks("policy-effect")
        page.get_by_role("link", name="Do not save it").click()
        page.get_by_role("link", name="Thresholds", exact=True).click()
        page.get_by_label("A complaint").fill("0.49")
        page.get_by_role("button", name="See what would change").click()
        expect(page.locator("#effect")).to_contain_text("would have been decided otherwise", timeout=60_000)
        page.get_by_role("button", name="Save this change").click()
        expect(page.get_by_text("Saved as version 4 of the draft")).to_be_visible()
        officer.looks("policy-draft-changed")

    def test_04_the_forms_of_the_other_parts(self, officer: Person) -> None:
        page = officer.page
        draft = page.url
        for part in (
            "Rules",
            "Words",
            "Roles",
            "Clauses",
            "Examples",
            "Figures of the checks",
            "Words we do not write",
        ):
            page.goto(draft)
            page.get_by_role("link", name=part, exact=True).click()
            officer.looks(f"policy-part-{part.lower().replace(' ', '-')}")
        page.goto(f"{draft}rules/question/")
        assert "label = spam" in page.get_by_label("And none of these holds").input_value()
        officer.looks("policy-rule")

    def test_05_adopted_signed_and_in_force(self, desk: RunningDesk, officer: Person) -> None:
        page = officer.go("/policy/drafts/")
        page.get_by_role("link", name="Kinder words").click()
        page.get_by_role("link", name="Adopt").click()
        officer.looks("policy-adopt")
        page.get_by_role("button", name="Adopt").click()
        expect(page.get_by_role("alert")).to_contain_text("Tick the box")
        page.get_by_label("I have read what changes").check()
        page.get_by_role("button", name="Adopt").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Wordings to sign off")
        expect(page.get_by_text("Before it read")).to_be_visible()
        officer.looks("policy-signing")
        page.get_by_role("button", name=re.compile("^Sign")).click()
        expect(page.get_by_text("Every wording is signed off")).to_be_visible()
        page = officer.go("/policy/")
        expect(page.get_by_text("Version draft-2, in force since").first).to_be_visible()
        expect(page.locator("blockquote", has_text=TEXT)).to_be_visible()
        officer.looks("policy-in-force")

    def test_06_compared_and_rolled_back(self, officer: Person) -> None:
        page = officer.go("/policy/versions/")
        officer.looks("policy-versions")
        page.get_by_text("Go back to it").first.click()
        page.get_by_role("link", name="What would change").first.click()
        expect(page.get_by_text("by the end of the next working day").first).to_be_visible()
        officer.looks("policy-compare")
        page = officer.go("/policy/versions/")
        page.get_by_text("Go back to it").first.click()
        page.get_by_label("Put it in force again, now").first.check()
        page.get_by_role("button", name="Roll back").first.click()
        expect(page.get_by_text("version draft-1, is in force again")).to_be_visible()
        page.get_by_role("link", name="Social Media Policy, version draft-2").first.click()
        expect(page.get_by_text("A member of staff will contact you by the end")).to_be_visible()
        officer.looks("policy-version")

    def test_07_a_written_policy_is_read_and_looked_over(self, officer: Person) -> None:
        document = shared("seed/social-media-policy.txt")
        page = officer.go("/policy/import/")
        officer.looks("policy-import")
        page.get_by_label("The document").set_input_files(document)
        page.get_by_role("button", name="Read it").click()
        expect(page.get_by_text("It has been read")).to_be_visible(timeout=90_000)
        page.get_by_role("link", name="Look over what was found").click()
        expect(page.get_by_text("020 8937 2323").first).to_be_visible()
        officer.looks("policy-review")
        page.locator("select[name='kind.usage.4']").select_option("informative")
        page.get_by_label("Name of the draft").fill("As it is written")
        page.get_by_role("button", name="Make a draft of it").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("As it is written")
        officer.looks("policy-draft-imported")

    def test_08_the_imported_policy_is_adopted_and_taken_back(self, officer: Person) -> None:
        shared("seed/social-media-policy.txt")  # without it nothing was read in the step before
        page = officer.page
        page.get_by_role("link", name="Wordings", exact=True).click()
        page.get_by_role("link", name=re.compile("Thank you for your communication")).click()
        page.get_by_label("The words, as they are sent").fill(TEXT)
        page.get_by_role("button", name="See what would change").click()
        expect(page.locator("#effect")).to_contain_text("would have been decided otherwise", timeout=60_000)
        page.get_by_role("button", name="Save this change").click()
        page.get_by_role("link", name="Adopt").click()
        page.get_by_label("I have read what changes").check()
        page.get_by_role("button", name="Adopt").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Wordings to sign off")
        page = officer.go("/policy/versions/")
        page.get_by_text("Go back to it").first.click()
        page.get_by_label("Put it in force again, now").first.check()
        page.get_by_role("button", name="Roll back").first.click()
        expect(page.get_by_text("is in force again")).to_be_visible()
