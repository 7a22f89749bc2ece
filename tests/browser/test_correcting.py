"""Somebody says on the message's page that it was read wrongly."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from .begin import COMPLAINT, address_of, begin, colleague, post_of
from .conftest import Person, RunningDesk

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.parametrize("width", [1280, 390], indirect=True, scope="module"),
    pytest.mark.xdist_group("correcting"),
]


def test_a_correction_is_kept_and_told(desk: RunningDesk, browser: Browser, width: int) -> None:
    people = []
    for name in ("officer", "staff"):
        context = browser.new_context(viewport={"width": width, "height": 900}, locale="en-GB")
        people.append(Person(desk, context, context.new_page(), f"{width}-{name}"))
    officer, staff = people
    begin(officer)
    page = staff.go(colleague(officer))
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_load_state()
    desk.say("facebook", COMPLAINT, under=post_of(desk))
    page.goto(desk.url + address_of(page, desk, COMPLAINT[:40]))
    page.get_by_text("Something is wrong or missing").click()
    page.get_by_label("This message", exact=True).select_option(label="is not “Complaint”")
    staff.looks("correction-form")
    page.get_by_role("button", name="Keep the correction").click()
    expect(page.get_by_text("Sam Whitlock said: this is not “Complaint”")).to_be_visible()
    staff.looks("correction-kept")
    page = officer.go("/settings/")
    page.get_by_role("link", name="Corrections, figures, and what is in use").click()
    expect(page.get_by_text("9 more before it is learnt")).to_be_visible()
    officer.looks("learnt")
    page.get_by_role("button", name="Learn from the corrections").click()
    expect(page.get_by_text("Complaint: fewer than 10 corrections")).to_be_visible()
    officer.looks("nothing-learnt")
