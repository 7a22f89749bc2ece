"""The pages for people."""

from __future__ import annotations

import re

import pytest

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
