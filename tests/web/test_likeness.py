"""Previews: what the network would show of a content."""

from __future__ import annotations

import pytest

from gatepost.channels.models import Channel
from gatepost.gate.content import Content, MediaRef
from gatepost.publishing.lengths import leaving, length_of
from gatepost.web.preview.likeness import preview

LINK = "https://www.example.org/news"


def content(text: str = "Hello", **more: object) -> Content:
    return Content(kind="publish", channel=1, text=text, **more)  # type: ignore[arg-type]


def channel(network: str) -> Channel:
    return Channel(pk=1, network=network, name="Millrace homes", handle="@millrace")


def test_the_fold_hides_nothing_from_the_person_who_writes() -> None:
    text = "The estate office is open. " * 30
    shown = preview(channel("facebook"), content(text + "<b>end</b>"))
    assert "end" not in shown.html
    assert "&lt;b&gt;end&lt;/b&gt;" in shown.rest
    assert preview(channel("x"), content(text)).rest == ""


@pytest.mark.django_db  # what was seen of the link
def test_a_link_becomes_a_card_where_the_network_makes_one() -> None:
    shown = preview(channel("facebook"), content(link=LINK))
    assert shown.card is not None
    assert (shown.card.site, shown.link) == ("example.org", "")
    picture = MediaRef("0" * 64, "image/png", "A hall", "hall.png")
    beside = preview(channel("facebook"), content(link=LINK, media=(picture,)))
    assert (beside.card, beside.link) == (None, LINK)
    assert preview(channel("wordpress"), content(link=LINK)).card is None
    assert preview(channel("facebook"), content(link="https://[")).card is None


def test_a_private_answer_is_measured_as_one() -> None:
    assert length_of(content("Hello"), "facebook").words == "5 of 63,206"
    assert length_of(content("Hello", privately=True), "facebook").words == "5 of 2,000"


def test_who_carries_the_link_in_the_text() -> None:
    assert leaving(content(link=LINK), "x") == f"Hello {LINK}"
    assert leaving(content(link=LINK), "mastodon") == f"Hello {LINK}"
    assert leaving(content(link=LINK), "bluesky") == "Hello"


@pytest.mark.parametrize(("pictures", "shape"), [(1, "16-9"), (2, "1-1")])
def test_pictures_are_cut_as_the_network_cuts_them(pictures: int, shape: str) -> None:
    media = (MediaRef("0" * 64, "image/png", "A hall", "hall.png"),) * pictures
    assert preview(channel("mastodon"), content(media=media)).shape == shape


def test_bytes_are_told_when_they_are_what_is_too_much() -> None:
    family = "\U0001f469\u200d\U0001f467"
    told = length_of(content(family * 290), "bluesky")
    assert (told.words, told.over) == ("3,190 of 3,000 bytes", 190)
    assert length_of(content("Hello"), "bluesky").words == "5 of 300"
    assert length_of(content("Hello there"), "wordpress").words == "2 words"
