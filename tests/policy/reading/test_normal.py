from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatepost.policy.reading.normal import normal
from gatepost.policy.reading.page import open_page
from tests.policy.reading.test_messages import words


@given(st.text(st.characters(), max_size=100))
def test_every_place_leads_back(text: str) -> None:
    plain = normal(text)
    for place in range(len(plain.text)):
        start, end = plain.span(place, place + 1)
        assert 0 <= start < end <= len(text)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("It’s “late”…", 'it\'s "late".'),
        ("ＦＵＬＬ", "full"),
        ("sh\u200bit", "shit"),
        ("\u202eabc", "abc"),
        ("fuсk", "fuck"),  # with a Cyrillic letter
        ("вода", "вода"),  # real Russian stays
        ("fսck", "fuck"),  # with an Armenian one
        ("ꜰᴜᴄᴋ ʏᴏᴜ", "fuck you"),
        ("ƒuck", "fuck"),
        ("🅵🆄🅲🅺 🅨🅞🅤", "fuck you"),
        ("f⃣u⃣c⃣k⃣", "fuck"),
        ("fu\u3164ck\u2800you", "fuck you"),
        ("բարև", "բարև"),  # real Armenian stays
        ("straße", "strasse"),
        ("a\x00b\ud800", "a b "),
    ],
)
def test_plain_forms(text: str, plain: str) -> None:
    assert normal(text).text == plain


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("w@nker", "wanker"),
        ("f u c k", "fuck"),
        ("f_u_c_k", "fuck"),
        ("f.u.c.k", "fuck"),
        ("c.u.n.t.s", "cunts"),
        ("b*stard", "bastard"),
        ("f**k", "fuck"),
        ("f***", "fuck"),
        ("sh*t", "shit"),
        ("fuuuuck", "fuck"),
        ("0fficer", "officer"),
        ("pls", "please"),
    ],
)
def test_disguised_words_are_read(text: str, word: str) -> None:
    page = open_page(text, words())
    assert word in page.forms
    assert page.span(page.forms.index(word), page.forms.index(word) + 1) == (0, len(text))


@pytest.mark.parametrize("text", ["u r a", "u.k.c.i.d", "f.u.n.", "joan_ok", "covid19", "5pm", "2nd", "A4"])
def test_a_word_that_hides_nothing_stays(text: str) -> None:
    page = open_page(text, words())
    assert not page.of("insult")


def test_hashtags_are_taken_apart() -> None:
    page = open_page("oh #BrokenLift", words())
    assert page.forms == ["oh", "broken", "lift"]
    assert page.span(2, 3) == (10, 14)
