"""The calendar, lines, campaigns and the archive in a browser: a post moved by mouse, by keyboard and on a phone."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from playwright.sync_api import Browser, expect

from .begin import begin
from .conftest import Person, RunningDesk, person, until

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("planning")]
TEXT = "The community hall opens again. Everybody is welcome."


@pytest.fixture(scope="module")
def nell(desk: RunningDesk, browser: Browser, width: int) -> Person:
    officer = person(desk, browser, width)
    begin(officer)
    return officer


def monday() -> date:
    """Of the week after next: every day of it lies ahead."""
    today = date.today()
    return today + timedelta(days=14 - today.weekday())


@pytest.fixture(scope="module")
def draft(nell: Person) -> str:
    """A draft for 10am on that Monday; its number."""
    page = nell.go("/write/")
    page.fill("#text", TEXT)
    page.locator("input[name=channel]").first.check(force=True)
    page.locator("#when2").check(force=True)
    page.fill("#day", f"{monday():%d %b %Y}")
    page.fill("#time", "10am")
    page.get_by_role("button", name="Keep as draft", exact=True).last.click()
    page.wait_for_url(re.compile(r"/write/\d+/"))
    found = re.search(r"/write/(\d+)/", page.url)
    assert found
    return found[1]


def week(nell: Person, view: str = "week") -> None:
    nell.go(f"/calendar/?view={view}&on={monday():%Y-%m-%d}")


def test_it_is_moved_with_the_arrow_keys(nell: Person, draft: str, width: int) -> None:
    week(nell)
    page = nell.page
    if width < 900:
        page.locator(f".gp-phone-only [data-post='{draft}'] [data-move]").click()
        page.wait_for_url(re.compile("/calendar/move/"))
        page.fill("#day", f"{monday() + timedelta(days=1):%d %b %Y}")
        page.get_by_role("button", name="Move it").click()
    else:
        move = page.locator(f".gp-wide-only [data-post='{draft}'] [data-move]").first
        move.focus()
        page.keyboard.press("ArrowRight")
        page.keyboard.press("ArrowRight")
        expect(page.locator("#mover-says")).to_contain_text("Wednesday")
        page.keyboard.press("Escape")
        expect(page.locator("#mover-says")).to_have_text("Where it was.")
        page.keyboard.press("ArrowRight")
        page.keyboard.press("ArrowDown")
        expect(page.locator("#mover-says")).to_contain_text("Tuesday")
        expect(page.locator("#mover-says")).to_contain_text("1 hour later")
        nell.looks("calendar-moving")
        page.keyboard.press("ArrowUp")
        page.keyboard.press("Enter")
    expect(page.get_by_text("Moved to Tuesday")).to_be_visible()
    expect(page.get_by_text("10am", exact=False).first).to_be_visible()
    nell.looks("calendar-moved")


def test_it_is_put_back(nell: Person, draft: str) -> None:
    nell.page.get_by_role("button", name=re.compile("^Put “The community hall")).click()
    expect(nell.page.get_by_text("Moved to Monday")).to_be_visible()


def test_it_is_dragged_to_another_day_and_another_hour(nell: Person, draft: str, width: int) -> None:
    if width < 900:
        pytest.skip("a phone has the form")
    week(nell)
    page = nell.page
    slot = page.locator(f".gp-wide-only [data-post='{draft}']").first
    gap = page.locator(".gp-week__gap").first  # Tuesday to Sunday: nothing else is planned
    box = gap.bounding_box()
    assert box
    slot.drag_to(gap, target_position={"x": box["width"] * 2.5 / 6, "y": 8})
    expect(page.get_by_text("Moved to Thursday")).to_be_visible()
    nell.go(f"/calendar/?view=day&on={monday() + timedelta(days=3):%Y-%m-%d}")
    row = page.locator(".gp-hours tr", has=page.get_by_role("rowheader", name="3pm", exact=True))
    page.locator(f"[data-post='{draft}']").first.drag_to(row.locator("td"))
    expect(page.get_by_text("3pm.")).to_be_visible()


def test_a_signed_post_asks_before_its_sign_off_is_lost(
    nell: Person, desk: RunningDesk, browser: Browser, width: int
) -> None:
    from .begin import colleague

    sam = person(desk, browser, width)
    page = sam.go(colleague(nell))
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_load_state()
    sam.go("/write/")
    page.locator("select[name=aim]").select_option(index=1)
    page.locator("input[name=audience][value=residents]").check(force=True)
    page.fill("#text", "The board meets on Thursday evening. Everybody may listen.")
    page.locator("input[name=channel]").first.check(force=True)
    page.locator("#when2").check(force=True)
    page.fill("#day", f"{monday():%d %b %Y}")
    page.fill("#time", "4pm")
    page.get_by_role("button", name="Submit for sign-off").click()
    page.wait_for_url(re.compile(r"/posts/\d+/"))
    post = re.search(r"/posts/(\d+)/", page.url)
    assert post
    nell.go("/sign-off/")
    nell.page.locator("#live-queue a").first.click()
    nell.page.get_by_role("button", name=re.compile("^Sign off")).click()
    expect(nell.page.get_by_text("Signed off").first).to_be_visible()
    sam.go(f"/calendar/move/{post[1]}/?to={monday() + timedelta(days=1):%Y-%m-%d}")
    expect(page.get_by_text("The sign-off becomes void")).to_be_visible()
    page.get_by_role("button", name="Move it").click()
    expect(page.get_by_role("heading", name="This makes a sign-off void")).to_be_visible()
    sam.looks("move-void")
    page.get_by_role("button", name="Move it and void the sign-off").click()
    expect(page.get_by_text("is void: it has to be signed again")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("view", ["month", "week", "day", "list"])
def test_every_view(nell: Person, draft: str, view: str, scheme: str) -> None:
    nell.page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    week(nell, view)
    nell.looks(f"calendar-{view}-{scheme}")
    nell.page.emulate_media(color_scheme="light")


def test_a_line_is_set_and_a_draft_at_odds_with_it_is_listed(nell: Person, draft: str) -> None:
    page = nell.go("/lines/new/")
    page.fill("#topic", "Community hall")
    page.fill("#text", "The community hall is closed until May 2027.")
    page.fill("#words", "community hall")
    page.fill("#dates", "opens: 3 May 2027")
    page.get_by_role("button", name="Set the line").click()
    expect(page.get_by_text("Our line on Community hall is set.")).to_be_visible()
    nell.looks("line")


def test_a_campaign_is_planned_without_more_than_a_form(nell: Person) -> None:
    page = nell.go("/campaigns/new/")
    page.fill("#name", "Open hall")
    page.fill("#goal", "A full hall")
    page.fill("#begins", "2026-12-01")
    page.fill("#ends", "2027-02-01")
    page.locator("#kind-1").select_option("print")
    page.fill("#what-1", "Leaflet")
    page.fill("#cost-1", "£120")
    page.get_by_role("button", name="Keep the plan").click()
    expect(page.get_by_text("£120.00").first).to_be_visible()
    nell.looks("campaign")
    page.get_by_role("link", name="Results", exact=True).click()
    page.get_by_label("What it counts").select_option(label="Leaflet: brought")
    page.get_by_label("Figure", exact=True).fill("48")
    page.get_by_label("Where it is from").fill("Asked at the door")
    page.get_by_role("button", name="Keep the figure").click()
    expect(page.get_by_role("cell", name="£2.50")).to_be_visible()
    nell.looks("campaign-results")


def test_what_is_sent_stands_in_the_archive_within_seconds(nell: Person, desk: RunningDesk, browser: Browser) -> None:
    nell.go("/archive/")
    nell.looks("archive-empty")
    page = nell.go("/people/")
    page.get_by_role("link", name="Sam Whitlock").click()
    page.get_by_role("button", name="Make a one-time link").click()
    link = re.search(r"/sign-in/link/[\w-]+/", page.content())
    assert link
    other = person(desk, browser, 1280)
    there = other.go(link[0])
    there.get_by_role("button", name="Sign in").click()
    there.wait_for_load_state()
    other.go("/write/")
    there.locator("select[name=aim]").select_option(index=1)
    there.locator("input[name=audience][value=residents]").check(force=True)
    there.fill("#text", "The garden group meets on Friday. Bring gloves.")
    there.locator("input[name=channel]").first.check(force=True)
    there.get_by_role("button", name="Submit for sign-off").click()
    there.wait_for_url(re.compile(r"/posts/\d+/"))
    nell.go("/sign-off/")
    nell.page.locator("#live-queue a", has_text="garden group").first.click()
    nell.page.get_by_role("button", name=re.compile("^Sign off")).click()

    def kept() -> bool:
        return nell.go("/archive/?words=garden").get_by_role("link", name=re.compile("garden group")).count() > 0

    until(kept)
    nell.page.get_by_role("link", name=re.compile("garden group")).click()
    expect(nell.page.get_by_role("heading", name="What was sent")).to_be_visible()
    nell.looks("archive-item")
    nell.go("/archive/online/")
    nell.looks("archive-online")
