"""Every screen in light and dark: axe finds nothing, nothing scrolls sideways, every control is large enough to hit."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser

from .conftest import Person, RunningDesk, person

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("screens")]
SCREENS = [
    "/",
    "/inbox/",
    "/inbox/1/",
    "/moderation/",
    "/moderation/1/",
    "/moderation/networks/",
    "/review/",
    "/referrals/",
    "/cases/",
    "/cases/systems/",
    "/desk/labels/",
    "/desk/readers/",
    "/desk/duty/",
    "/desk/people/1/",
    "/on-call/",
    "/have/trial/",
    "/intake/channel/1/",
    "/intake/record/",
    "/intake/whole/1/",
    "/personal/",
    "/personal/keeping/",
    "/personal/holds/",
    "/personal/looked/",
    "/personal/papers/processing/",
    "/sign-off/",
    "/write/",
    "/posts/",
    "/calendar/",
    "/policy/",
    "/policy/drafts/",
    "/policy/drafts/1/",
    "/policy/drafts/1/thresholds/",
    "/policy/drafts/1/wordings/acknowledgement/",
    "/policy/drafts/1/rules/question/",
    "/policy/drafts/1/departments/complaints/",
    "/policy/drafts/1/hours/",
    "/policy/drafts/1/calendar/",
    "/policy/drafts/1/chains/new/",
    "/policy/drafts/1/waiting/",
    "/policy/drafts/1/risks/resource/",
    "/policy/drafts/1/adopt/",
    "/policy/tried/1/",
    "/policy/import/",
    "/policy/versions/",
    "/policy/compare/",
    "/policy/shadow/",
    "/policy/signing/",
    "/channels/",
    "/channels/1/",
    "/channels/connect/wordpress/",
    "/people/",
    "/people/1/",
    "/record/",
    "/archive/",
    "/archive/online/",
    "/lines/",
    "/lines/new/",
    "/campaigns/",
    "/campaigns/new/",
    "/campaigns/1/results/",
    "/calendar/elsewhere/",
    "/calendar/?view=month",
    "/calendar/?view=day",
    "/hold/",
    "/town/",
    "/settings/",
    "/settings/learnt/",
    "/settings/passkeys/",
]
# Controls inside a sentence are exempt; a clause, a radio and a checkbox are hit over a larger area than is drawn.
TOO_SMALL = """(least) => [...document.querySelectorAll(
  "a[href], button, summary, select, input:not([type=hidden]), textarea")].filter((element) => {
    const box = element.getBoundingClientRect();
    if (!box.width || !box.height || getComputedStyle(element).display === "inline") return false;
    if (element.closest(".govuk-skip-link, .govuk-visually-hidden, .gp-clause, .gp-choice")) return false;
    if (element.closest(".gp-initem__tick")) return false;
    if (element.closest(".govuk-radios__item, .govuk-checkboxes__item")) return false;
    return box.height < least - 0.5 || box.width < least - 0.5;
  }).map((element) => element.tagName + " " + (element.textContent || element.id).trim().slice(0, 30))"""


@pytest.fixture(scope="module")
def nell(desk: RunningDesk, browser: Browser, width: int) -> Person:
    """The first administrator after her first day; the practice channels are signed off."""
    officer = person(desk, browser, width)
    page = officer.go(desk.link)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_label("Your name").fill("Nell Okafor")
    page.get_by_label("Your e-mail address").fill("nell@example.org")
    page.get_by_role("button", name="Begin").click()
    for _ in range(2):
        page.get_by_role("button", name=re.compile("^Sign off ")).first.click()
        page.get_by_text("is signed off and is read from now on").wait_for()
    page = officer.go("/campaigns/new/")
    page.fill("#name", "Warm homes")
    page.fill("#goal", "Fewer cold homes")
    page.fill("#measure", "Calls to the advice line")
    page.fill("#baseline", "40")
    page.fill("#target", "120")
    page.fill("#begins", "2026-11-01")
    page.fill("#ends", "2027-02-01")
    page.locator("#kind-1").select_option("print")
    page.fill("#what-1", "Leaflet")
    page.fill("#cost-1", "£120")
    page.get_by_role("button", name="Keep the plan").click()
    page = officer.go("/campaigns/1/results/")
    page.get_by_label("What it counts").select_option(label="Leaflet: brought")
    page.get_by_label("Figure", exact=True).fill("48")
    page.get_by_label("Where it is from").fill("Asked at the door")
    page.get_by_role("button", name="Keep the figure").click()
    page = officer.go("/policy/drafts/")
    page.get_by_label("What the draft is for").fill("Kinder words")
    page.get_by_role("button", name="Begin a draft").click()
    page.get_by_role("button", name="Run it over last month").click()
    page.locator("#effect").get_by_text("would have been decided otherwise").wait_for(timeout=60_000)
    return officer


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", SCREENS)
def test_nothing_is_found(nell: Person, path: str, scheme: str, width: int) -> None:
    nell.page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page = nell.go(path)
    nell.looks(f"screen{path.replace('/', '-').replace('?', '')}{scheme}")
    assert page.evaluate(TOO_SMALL, 44 if width < 500 else 24) == []


def test_the_menu_shuts_and_changes_the_colours(nell: Person) -> None:
    page = nell.go("/people/")
    menu = page.locator("details.gp-menu")
    menu.locator("summary").click()
    nell.looks("menu")
    page.keyboard.press("Escape")
    assert menu.get_attribute("open") is None
    for choice, kept in (("Dark", "dark"), ("As this device", None)):
        menu.locator("summary").click()
        menu.get_by_label(choice).check(force=True)
        with page.expect_navigation():
            menu.get_by_role("button", name="Save").click()
        assert page.locator("html").get_attribute("data-scheme") == kept


def test_an_error_summary_takes_the_focus(nell: Person) -> None:
    page = nell.go("/hold/")
    page.get_by_role("button", name="Hold", exact=True).click()
    page.locator("#problem").wait_for()
    assert page.evaluate("document.activeElement.id") == "problem"
    nell.looks("hold-error")


def test_everything_is_held_and_let_go_without_script(nell: Person, browser: Browser, width: int) -> None:
    context = browser.new_context(java_script_enabled=False, storage_state=nell.context.storage_state())
    page = context.new_page()
    page.goto(nell.desk.url + "/hold/")
    page.get_by_label("Why").fill("A rehearsal")
    page.get_by_role("button", name="Hold", exact=True).click()
    assert "Everything is held" in page.locator(".gp-state").inner_text()
    nell.go("/")
    nell.looks("today-held")
    page.get_by_role("button", name=re.compile("^End the hold")).click()
    page.wait_for_load_state()
    while page.get_by_role("button", name=re.compile("^Keep it")).count():  # each is looked at before it leaves
        page.get_by_role("button", name=re.compile("^Keep it")).first.click()
        page.wait_for_load_state()
    assert page.locator(".gp-state").count() == 0
    context.close()
