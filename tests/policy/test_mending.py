"""Mends: what one press puts in the place of what a check found."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gatepost.policy.check import check
from gatepost.policy.mending import Mend, apply, mend_for
from gatepost.policy.mending.tags import split
from gatepost.policy.model import Finding, Image, Outbound
from gatepost.policy.pack import Pack, load

NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)
PICTURE = Image("image/png", 1200, 630, 100)


@cache
def shipped() -> Pack:
    return load(Path(__file__).parents[2] / "packs" / "bhp")


def mends(draft: Outbound, name: str) -> list[Mend | None]:
    pack = shipped()
    return [mend_for(found, draft, pack) for found in check(draft, pack, NOON) if found.check == name]


def mended(text: str, name: str) -> str:
    """The text with every mend of one check made, the last first so that places stay true."""
    for mend in reversed([mend for mend in mends(Outbound(text), name) if mend]):
        text = apply(mend, text)
    return text


@pytest.mark.parametrize(
    ("name", "text", "becomes"),
    [
        ("hashtags", "Come to #repairsweek now", "Come to #RepairsWeek now"),
        ("hashtags", "At Larkspur Court: #larkspurcourtplayground", "At Larkspur Court: #LarkspurCourtPlayground"),
        ("hashtags", "#budget2026meeting", "#budget2026meeting"),  # "budget" is not known: no guess is made
        ("hashtags", "The budget: #budget2026meeting", "The budget: #Budget2026Meeting"),
        ("hashtags", "#zzyzxqwrtplm", "#zzyzxqwrtplm"),
        ("fancy_letters", "𝗡𝗲𝘄 office", "New office"),
        ("capitals", "OUR OFFICES WILL BE CLOSED ON MONDAY.", "Our offices will be closed on Monday."),
        ("capitals", "See: ASK THE NHS TEAM today", "See: ask the NHS team today"),
        ("unsendable", "Hi \u202eyou", "Hi you"),
        ("emoji", "Hello 🎉 a 🎉 b 🎉 c 🎉 d 🎈!", "Hello 🎉 a 🎉 b 🎉 c d!"),
        ("contractions", "You can't park here. Don’t.", "You cannot park here. Do not."),
        ("contractions", "We'll be there.", "We'll be there."),
        ("banned", "As per the plan", "As in the plan"),
        ("banned", "Please calm down", "Please calm down"),
    ],
)
def test_what_becomes_of_it(name: str, text: str, becomes: str) -> None:
    assert mended(text, name) == becomes


def test_a_long_sentence_is_cut_where_two_are_joined() -> None:
    text = (
        "The estate office on the ground floor of the hall is open on Saturday from nine until twelve, and "
        "you can bring your questions about repairs, rent and the works planned for the spring."
    )
    (mend,) = mends(Outbound(text), "sentence")
    assert mend is not None
    assert mend.says == "Make it two sentences"
    assert "until twelve. You can bring" in apply(mend, text)
    but = text.replace(", and ", ", but ")
    assert "until twelve. But you can" in mended(but, "sentence")
    semi = text.replace(", and ", "; ")
    assert "until twelve. You can" in mended(semi, "sentence")
    assert mends(Outbound("one two three four five six seven " * 6), "sentence") == [None]


def test_jargon_has_the_packs_own_words() -> None:
    term, instead = next((" ".join(key), value) for key, value in shipped().words.jargon.items() if value.isalpha())
    assert mended(f"Please {term} it soon.", "jargon") == f"Please {instead} it soon."


def test_fields_other_than_the_text() -> None:
    draft = Outbound(
        "The hall.", link="http://example.org/x", images=(Image("image/png", 1200, 630, 9, "Photo of the hall"),)
    )
    (link,) = mends(draft, "link")
    (alt,) = mends(draft, "alternative_text")
    assert link is not None
    assert alt is not None
    assert apply(link, draft.link) == "https://example.org/x"
    assert (alt.field, apply(alt, draft.images[0].alt).strip()) == ("images.0.alt", "the hall")
    assert mends(Outbound("Hall", images=(PICTURE,)), "alternative_text") == [None]  # only a person knows what it shows


def test_a_finding_that_does_not_fit_the_draft_has_no_mend() -> None:
    pack = shipped()
    for finding in (
        Finding("hashtags", "note", "", "", "", start=4, end=90),
        Finding("hashtags", "note", "", "", "", field="images.7.alt", end=2),
        Finding("hashtags", "note", "", "", "", field="title", end=2),
        Finding("hashtags", "note", "", "", "", start=0, end=3),
        Finding("banned", "note", "", "", "", start=0, end=3),
        Finding("jargon", "note", "", "", "", start=0, end=3),
        Finding("contractions", "note", "", "", "", start=0, end=3),
        Finding("link", "note", "", "", "", field="link"),
        Finding("alternative_text", "stop", "", "", "", field="images.0.alt", end=1),
        Finding("tone", "stop", "", "", "", start=0, end=3),
    ):
        assert mend_for(finding, Outbound("text", images=(Image("", 1, 1, 1, "x"),)), pack) is None


def test_a_mend_changes_nothing_when_the_words_are_gone() -> None:
    assert apply(Mend("text", 0, 3, "abc", "x", ""), "zbc") == "zbc"


def test_words_of_a_hashtag() -> None:
    known = frozenset({"the", "rapist", "therapist", "rap", "ist"})
    assert split("therapist", known) == ("therapist",)
    assert split("12the34", known) == ("12", "the", "34")
    assert split("thex", known) == ()


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="ABCabc #'ndot𝗡🎉\u202e .,;and", max_size=60))
def test_a_mend_touches_only_its_span_and_ends_what_it_mends(text: str) -> None:
    pack = shipped()
    for found in check(Outbound(text), pack, NOON):
        mend = mend_for(found, Outbound(text), pack)
        if mend is None:
            continue
        after = apply(mend, text)
        assert after[: mend.start] == text[: mend.start]
        assert after[mend.start + len(mend.instead) :] == text[mend.end :]
        assert after != text


def test_office_words_keep_their_capitals_and_each_has_its_own() -> None:
    text = "We will UTILISE it and then utilise it again. Utilise it."
    assert mended(text, "jargon") == "We will USE it and then use it again. Use it."


def test_a_sentence_is_cut_only_between_whole_ones() -> None:
    joined = "It is so, and the works which were due to start in the spring of this year have now been moved to the "
    text = joined + "autumn because the weather has been far too wet for anything at all."
    (mend,) = mends(Outbound(text), "sentence")
    assert mend is None or "It is so. " not in apply(mend, text)
