"""Pages that are open stay true by themselves, and nothing moves under the pointer or takes the focus."""

from __future__ import annotations

import psycopg
import pytest
from playwright.sync_api import Browser, Page, expect

from gatepost.embedded import url_of

from .begin import COMPLAINT, address_of, begin, colleague, post_of
from .conftest import Person, RunningDesk, person

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.parametrize("width", [1280], indirect=True, scope="module"),
    pytest.mark.xdist_group("live"),
]
MARK = "document.body.dataset.loaded = 'once'"  # gone when a page is loaded anew
LATER = "The garden club meets on Monday at 6pm."


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


def submit(staff: Person, text: str, *, tomorrow: bool = False) -> str:
    """Writes a post and submits it; its address."""
    page = staff.go("/write/")
    page.locator("select[name=aim]").select_option(index=1)
    page.locator("input[name=audience][value=residents]").check()
    page.fill("#text", text)
    page.locator("input[name=channel]").first.check()
    if tomorrow:
        page.locator("input[name=when][value=at]").check()
        page.fill("input[name=day]", "tomorrow")
        page.fill("input[name=time]", "9am")
    page.get_by_role("button", name="Submit for sign-off").click()
    page.wait_for_url("**/posts/*/")
    return page.url


def watched(page: Page, desk: RunningDesk, path: str) -> Page:
    """The page, open and listening, with the pointer away from it."""
    page.mouse.move(0, 0)
    with page.expect_response("**/live"):
        page.goto(desk.url + path)
    page.evaluate(MARK)
    return page


def loaded_once(page: Page) -> bool:
    return bool(page.evaluate("document.body.dataset.loaded === 'once'"))


def test_the_town_calls_at_once(sam: Person, desk: RunningDesk) -> None:
    """Its calls are subscribed to when the account is connected, so reading at intervals is only the safety net."""
    page = watched(sam.page, desk, "/inbox/")
    desk.say("facebook", COMPLAINT, under=post_of(desk))
    expect(page.get_by_text("1 new")).to_be_visible()
    address = url_of(desk.data)
    assert address
    with psycopg.connect(address) as connection:
        calls = connection.execute("SELECT count(*) FROM inbox_delivery").fetchone()
    assert calls == (1,)
    page.goto(desk.url + address_of(page, desk, "third time I have complained"))
    expect(page.locator(".gp-conv__head")).to_contain_text("Under ")
    assert loaded_once(page) is False


def test_the_queue_and_today_show_what_is_submitted(nell: Person, sam: Person, desk: RunningDesk) -> None:
    queue = watched(nell.page, desk, "/sign-off/")
    today = watched(nell.context.new_page(), desk, "/")
    address = submit(sam, LATER, tomorrow=True)
    expect(today.locator("#live-sign")).to_contain_text("garden club")
    nell.page.bring_to_front()
    expect(queue.locator("#live-queue")).to_contain_text("garden club")
    expect(queue.locator("#live-lead")).to_contain_text("1 to look at")
    assert loaded_once(queue)
    assert loaded_once(today)
    today.close()
    post = watched(sam.page, desk, address.removeprefix(desk.url))
    queue.locator("#live-queue a").first.click()
    queue.get_by_role("button", name="Sign off").click()
    sam.page.bring_to_front()
    expect(post.locator("#live-leaves .gp-panel__head").first).to_contain_text("Signed off")
    expect(post.locator("#live-history")).to_contain_text("Signed off")
    assert loaded_once(post)


def test_what_is_pointed_at_or_has_the_focus_waits(nell: Person, sam: Person, desk: RunningDesk) -> None:
    submit(sam, "The bins are collected on Wednesday.")
    queue = watched(nell.page, desk, "/sign-off/")
    first = queue.locator("#live-queue a").first
    first.hover()
    before = first.bounding_box()
    submit(sam, "The shop in Rowan House is open again.")
    queue.bring_to_front()
    expect(queue.locator("#live-lead")).to_contain_text("2 to look at")
    queue.wait_for_timeout(1500)
    assert "Rowan House" not in queue.locator("#live-queue").inner_text()
    assert first.bounding_box() == before
    first.focus()
    queue.mouse.move(5, 500)
    queue.wait_for_timeout(500)
    assert "Rowan House" not in queue.locator("#live-queue").inner_text()
    assert queue.evaluate("document.activeElement.closest('#live-queue') !== null")
    queue.locator(".gp-nav a").first.focus()
    expect(queue.locator("#live-queue")).to_contain_text("Rowan House")
    assert loaded_once(queue)
