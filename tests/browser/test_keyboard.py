"""A complaint is answered and an answer is signed off with keys alone, and where the focus is can always be seen."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from .begin import COMPLAINT, address_of, begin, colleague, post_of
from .conftest import Person, RunningDesk, person, until

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.parametrize("width", [1280], indirect=True, scope="module"),
    pytest.mark.xdist_group("keyboard"),
]
STEPS = 400
OWN_WORDS = "Thank you for writing. An engineer looks at the lift on Tuesday morning."

# The focused element is on the page, not hidden behind another, and looks other than without the focus.
SEEN = """() => {
  const on = document.activeElement, box = on.getBoundingClientRect();
  if (!on || on === document.body) return "nothing has the focus";
  if (!box.width || !box.height) return "it has no size";
  if (box.bottom <= 0 || box.top >= innerHeight) return "it is outside the window";
  const spot = document.elementFromPoint(
    Math.min(Math.max(box.left + box.width / 2, 1), innerWidth - 1),
    Math.min(Math.max(box.top + Math.min(box.height / 2, 12), 1), innerHeight - 1));
  const label = on.labels && on.labels[0];
  if (spot && !on.contains(spot) && !spot.contains(on) && !(label && label.contains(spot)))
    return "it lies under " + spot.outerHTML.slice(0, 80);
  return "";
}"""

THERE = (
    "([which, words]) => document.activeElement.matches(which) && document.activeElement.textContent.includes(words)"
)


@pytest.fixture(scope="module")
def nell(desk: RunningDesk, browser: Browser, width: int) -> Person:
    officer = person(desk, browser, width)
    begin(officer)
    return officer


@pytest.fixture(scope="module")
def sam(nell: Person, desk: RunningDesk, browser: Browser, width: int) -> Person:
    staff = person(desk, browser, width)
    page = staff.go(colleague(nell))
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_load_state()
    return staff


def tab_to(page: Page, selector: str, words: str = "") -> None:
    """Presses Tab until an element of this selector holding these words has the focus; each stop must be seen."""
    for _ in range(STEPS):
        page.keyboard.press("Tab")
        page.wait_for_timeout(10)
        assert page.evaluate(SEEN) == "", page.evaluate("document.activeElement.outerHTML.slice(0, 200)")
        if page.evaluate(THERE, [selector, words]):
            return
    raise AssertionError(f"{STEPS} presses of Tab do not lead to {selector} {words}")


def enter(page: Page) -> None:
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_the_first_press_leads_past_the_bar(nell: Person) -> None:
    page = nell.go("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to main content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_a_complaint_is_answered_with_an_approved_wording(sam: Person, desk: RunningDesk) -> None:
    desk.say("facebook", COMPLAINT, under=post_of(desk))
    address_of(sam.page, desk, "third time I have complained")
    page = sam.go("/inbox/")
    tab_to(page, ".gp-initem", "third time I have complained")
    enter(page)
    tab_to(page, "#wordings input[type=radio]")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    assert page.locator("#wordings input:checked").count() == 1
    tab_to(page, "#wordings button", "Send the wording")
    enter(page)
    expect(page.get_by_text("is covered by a standing sign-off")).to_be_visible()


def test_an_answer_in_words_of_their_own_is_submitted(sam: Person, desk: RunningDesk) -> None:
    desk.say("facebook", "I complain about the lights in Rowan House: they have been out for a month.", post_of(desk))
    page = sam.go(address_of(sam.page, desk, "lights in Rowan House"))
    page.keyboard.press("r")
    assert page.evaluate("document.activeElement.id") == "reply"
    page.keyboard.type(OWN_WORDS)
    expect(page.locator("#checks")).to_contain_text(f"{len(OWN_WORDS)} characters")
    assert page.evaluate("document.activeElement.id") == "reply"
    tab_to(page, "#reply-form button", "Submit for sign-off")
    enter(page)
    expect(page.get_by_text("waits for its sign-off")).to_be_visible()


def test_it_is_signed_off(nell: Person, desk: RunningDesk) -> None:
    page = nell.go("/")
    tab_to(page, ".gp-nav a", "Sign-off")
    enter(page)
    tab_to(page, "main a", "An engineer looks")
    enter(page)
    tab_to(page, "#sign button[value=sign]")
    enter(page)
    expect(page.get_by_text("Signed off. It is on its way.")).to_be_visible()
    until(lambda: OWN_WORDS in str(desk.published("facebook")))


def test_no_key_is_a_trap(nell: Person) -> None:
    """Tab goes round every page and comes back to its beginning."""
    for path in ("/", "/inbox/", "/sign-off/", "/write/", "/hold/", "/record/"):
        page = nell.go(path)
        seen: list[str] = []
        for _ in range(STEPS):
            page.keyboard.press("Tab")
            here = page.evaluate("document.activeElement.outerHTML.slice(0, 120)")
            if here.startswith("<body") or (seen and here == seen[0]):
                break
            seen.append(here)
        else:
            raise AssertionError(f"{path}: Tab does not come round in {STEPS} presses: {seen[-3:]}")
        assert len(seen) > 10
