"""The pages for people."""

from __future__ import annotations

import re
import shutil

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

from .conftest import Visitor, png


def test_the_page_shows_both_networks_with_pictures_and_their_words(here: Visitor) -> None:
    form = {"message": "A <b>bold</b> picture & more", "alt_text_custom": 'A "grey" rectangle'}
    here.graph("POST", f"{here.page}/photos", data=form, files={"source": ("a.png", png())})
    page = here.client.get("/").text
    assert '<html lang="en-GB">' in page
    assert "A &lt;b&gt;bold&lt;/b&gt; picture &amp; more" in page
    assert 'alt="A &quot;grey&quot; rectangle"' in page
    assert "<main" in page
    assert "<nav" in page
    assert "<script" not in page
    assert re.findall(r"<h2[^>]*>(\w+):", page) == ["Facebook", "X"]
    assert not re.search(r'(src|href)="https?://(?!example)', page)


def test_hidden_comments_are_for_the_organisation_alone(here: Visitor) -> None:
    ref = here.post("Hidden things")
    comment = here.say("facebook", "You should not see this", ref)
    here.graph("POST", comment, json={"is_hidden": True})
    assert "You should not see this" not in here.client.get("/").text
    inside = here.client.get("/?as=admin").text
    assert "You should not see this" in inside
    assert "Hidden from the public" in inside
    here.graph("DELETE", comment)
    assert "You should not see this" not in here.client.get("/?as=admin").text


@pytest.mark.parametrize("path", ["/", "/mail", "/town.css"])
def test_only_this_machine_is_served(here: Visitor, path: str) -> None:
    assert here.client.get(path).status_code == 200
    assert here.client.get(path, headers={"Host": "town.example.org"}).status_code == 400


def test_another_sites_page_may_not_change_the_town(here: Visitor) -> None:
    sent = {"network": "x", "text": "forged"}
    assert here.client.post("/_town/say", json=sent, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 390])
def test_a_browser_finds_nothing_inaccessible(here: Visitor, width: int) -> None:
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("no chromium on this machine")
    form = {"message": "For the browser", "alt_text_custom": "A grey rectangle"}
    here.graph("POST", f"{here.page}/photos", data=form, files={"source": ("a.png", png(900, 500))})
    here.town_api("POST", "burst", json={"n": 10})
    with sync_playwright() as driver:
        flags = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"]
        browser = driver.chromium.launch(executable_path=chromium, args=flags)
        # axe is put into the page as a script, which the page's own policy rightly forbids.
        page = browser.new_context(viewport={"width": width, "height": 900}, bypass_csp=True).new_page()
        for path in ("/", "/?as=admin", "/mail"):
            page.goto(here.town.url + path)
            assert [one["id"] for one in Axe().run(page).response["violations"]] == []
            assert page.evaluate("document.documentElement.scrollWidth") <= width
        browser.close()
