"""The officer finds somebody from their message, hands over the file, holds it, agrees to the periods and erases."""

from __future__ import annotations

import re
import zipfile

import pytest
from playwright.sync_api import Browser, expect

from .begin import COMPLAINT, address_of, begin, post_of
from .conftest import Person, RunningDesk, person

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.parametrize("width", [1280, 390], indirect=True, scope="module"),
    pytest.mark.xdist_group("peoples-data"),
]

WORDS = f"{COMPLAINT} Ring me on 07700 900123."


def dark(officer: Person, path: str, name: str) -> None:
    """The same page in the dark."""
    officer.page.emulate_media(color_scheme="dark")
    officer.go(path)
    officer.looks(f"{name}-dark")
    officer.page.emulate_media(color_scheme="light")
    officer.go(path)


def test_from_the_message_to_the_erasing(desk: RunningDesk, browser: Browser, width: int) -> None:
    officer = person(desk, browser, width)
    begin(officer)
    page = officer.page
    desk.say("facebook", WORDS, under=post_of(desk))
    message = address_of(page, desk, COMPLAINT[:40])
    page.goto(desk.url + message)
    assert "900123" not in page.content()
    page.get_by_role("button", name="Find everything about this person").click()
    page.get_by_role("heading", name="What was found", exact=True).wait_for()
    officer.looks("personal-found")
    page.get_by_label("How you made sure who asks").fill("Came with a passport")
    page.get_by_role("button", name="Begin the request").click()
    page.get_by_text("is begun").wait_for()
    request = page.url.removeprefix(desk.url)
    officer.looks("personal-request")
    dark(officer, request, "personal-request")

    with page.expect_download() as download:
        page.get_by_role("button", name="Make the file").click()
    with zipfile.ZipFile(str(download.value.path())) as file:
        assert WORDS in file.read("data.html").decode()

    officer.go("/personal/")
    expect(page.get_by_role("link", name=re.compile("Request 1"))).to_be_visible()
    officer.looks("personal")
    dark(officer, "/personal/", "personal")
    for name, path in (("holds", "/personal/holds/"), ("keeping", "/personal/keeping/")):
        officer.go(path)
        officer.looks(f"personal-{name}")
        dark(officer, path, f"personal-{name}")
    page.get_by_label("I have looked at what would go").check()
    page.get_by_role("button", name="Agree to these periods").click()
    page.get_by_text("What is due is deleted within the hour.").first.wait_for()
    officer.go("/personal/papers/dpia/")
    officer.looks("personal-dpia")

    officer.go(request)
    page.get_by_role("button", name="Erase", exact=True).click()
    page.get_by_role("alert").get_by_text("Tick the box").wait_for()
    officer.looks("personal-erase-refused")
    page.get_by_label("Yes, erase it").check()
    page.get_by_role("button", name="Erase", exact=True).click()
    page.get_by_text("1 message erased").first.wait_for()
    officer.looks("personal-erased")
    page.goto(desk.url + message)
    page.get_by_text("Erased, as the person asked").first.wait_for()
    officer.looks("personal-message-erased")
    officer.context.close()
