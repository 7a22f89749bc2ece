"""Signing a post that comes again: until a day, with a day that cannot be read first, and the list it stands in."""

from __future__ import annotations

import pytest

from .begin import begin, colleague
from .conftest import Person, RunningDesk

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("ahead")]


def test_a_post_is_signed_ahead(desk: RunningDesk, officer: Person, staff: Person) -> None:
    begin(officer)
    page = staff.go(colleague(officer))
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_load_state()
    page = staff.go("/write/")
    page.locator("select[name=kind]").select_option(index=1)
    page.locator("select[name=aim]").select_option(index=1)
    page.locator("input[name=audience][value=residents]").check()
    page.locator("input[name=channel]").first.check()
    page.fill("#text", "The hall in Damson Court is open on Saturday from 10am to noon.")
    page.locator("#when2").check()
    page.fill("#day", "tomorrow")
    page.fill("#time", "10am")
    page.get_by_role("button", name="Submit for sign-off").click()
    page.get_by_text("Submitted for sign-off.").wait_for()
    p = officer.go("/sign-off/")
    p.locator("main a[href^='/sign-off/']").first.click()
    p.get_by_text("It comes again").click()
    p.fill("#until", "whenever")
    officer.looks("ahead-sign")
    p.get_by_role("button", name="Sign off", exact=True).click()
    p.wait_for_load_state()
    officer.looks("ahead-wrong")
    p.fill("#until", "28 Feb")
    p.get_by_role("button", name="Sign off", exact=True).click()
    p.get_by_text("the same again until").wait_for()
    officer.looks("ahead-list")
