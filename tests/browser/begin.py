"""The first day of a desk: the officer comes in and signs off the practice channels, somebody may write for them."""

from __future__ import annotations

import re

from playwright.sync_api import Page

from .conftest import Person, RunningDesk, until

COMPLAINT = "This is the third time I have complained about the lift in Damson Court. Nobody ever calls back."


def begin(officer: Person) -> None:
    page = officer.go(officer.desk.link)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_label("Your name").fill("Nell Okafor")
    page.get_by_label("Your e-mail address").fill("nell@example.org")
    page.get_by_role("button", name="Begin").click()
    for _ in range(2):
        page.get_by_role("button", name=re.compile("^Sign off ")).first.click()
        page.get_by_text("is signed off and is read from now on").wait_for()


def colleague(officer: Person) -> str:
    """Adds Sam, who may write for Facebook; the path of their sign-in link."""
    page = officer.go("/people/")
    page.fill("main input[name=name]", "Sam Whitlock")
    page.fill("main input[name=email]", "sam@example.org")
    page.get_by_role("button", name="Add", exact=True).click()
    page.locator("main [data-select]").wait_for()
    secret = re.search(r"/sign-in/link/[\w-]+/", page.content())
    assert secret
    page.get_by_role("link", name="Sam Whitlock").click()
    page.locator("select[name=channel]").select_option(label="Facebook (practice)")
    page.get_by_role("button", name="Approve", exact=True).click()
    page.wait_for_load_state()
    return secret[0]


def address_of(page: Page, desk: RunningDesk, words: str) -> str:
    """The path of the conversation that begins with these words, once it is on the desk."""

    def found() -> str | None:
        page.goto(desk.url + "/inbox/")
        link = page.locator(".gp-initem", has_text=words).first
        return link.get_attribute("href") if link.count() else None

    return str(until(found))


def post_of(desk: RunningDesk) -> str:
    """A post of ours on the town's Facebook, for residents to comment under."""
    return str([post for post in desk.published("facebook") if post["kind"] == "post"][-1]["ref"])
