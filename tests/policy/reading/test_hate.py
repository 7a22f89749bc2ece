"""Hatred of people for who they are, told from harmless talk, counter-speech, words reclaimed and words alike."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gatepost.policy.reading import read
from gatepost.policy.reading.hate import _GLUED, _SHAPES, _parts, _spell_plainly, hate, log_odds
from gatepost.policy.reading.page import open_page
from tests.policy.reading.test_messages import words


def probable(text: str) -> bool:
    return log_odds(hate(open_page(text, words())).signs) > 0


@pytest.mark.parametrize(
    "text",
    [
        "Immigrants are vermin",
        "All these refugees are nothing but parasites",
        "I can't stand Muslims",
        "We should deport every one of these immigrants",
        "Women like you deserve to die",
        "gay people have no place in this town",
        "Jews should not be allowed to live here",
        "filthy gypsies on the green again",
        "send the refugees back",
        "d i s a b l e d people are scum",
        "Imm1grants are a d1sease",
        "I hate musilms",
        "so manyimmigrants, all thievesand rapists, immigrantscum",
        "what a retard",
        "you are a f a g g o t",
    ],
)
def test_hatred_is_told_however_it_is_written(text: str) -> None:
    assert probable(text)
    labels = read(text, words()).labels
    assert labels["hate"] >= 0.5
    assert labels["offensive"] >= 0.5


@pytest.mark.parametrize(
    "text",
    [
        "Immigrants are welcome on this estate",
        "My disabled mother is stuck upstairs and it is disgusting",
        "The woman who answered was rude and useless",
        "I would never hurt a Muslim",
        'Saying "immigrants are vermin" is hateful and you know it',
        "You have to stop calling women stupid",
        "Black people do not deserve to be treated like that",
        "I'm a dyke and proud of it",
        "We had faggots and peas at the lunch club",
        "My Maine coon is lost",
        "black mould on the wall again, it is filthy",
        "Bakers are vermin",
        "The boiler is a disgrace, I hate it",
        "Is the blind in the polish shop broken",
    ],
)
def test_what_only_looks_like_it_is_not(text: str) -> None:
    assert not probable(text)
    assert read(text, words()).labels["hate"] < 0.5


def test_a_slur_told_of_is_offensive_and_not_our_hatred() -> None:
    labels = read("The kids by the lift called my son a retard, please have a word", words()).labels
    assert labels["offensive"] >= 0.5
    assert labels["hate"] < 0.5


def test_hatred_names_its_place() -> None:
    text = "Lovely day. Immigrants are vermin. See you at bingo"
    (sign, *_) = hate(open_page(text, words())).signs
    assert text[sign.start : sign.end] == "Immigrants are vermin"
    assert sign.kind == "likened"


def test_strange_words_do_not_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(f"{hate.__module__}._MOST_REMEMBERED", 500)
    _GLUED.clear()
    page = open_page("immigrants", words())
    for number in range(900):
        page.forms = [f"women{chr(97 + number % 26)}{chr(97 + number // 26 % 26)}{chr(97 + number // 676)}x"]
        hate(page)
    assert len(_GLUED) <= 501


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="women muslims are scum \"' kilt.!?", max_size=200))
def test_any_text_can_be_asked(text: str) -> None:
    for sign in hate(open_page(text, words())).signs:
        assert 0 <= sign.start < sign.end <= len(text)


@settings(max_examples=400, deadline=None)
@given(st.text("GSsDAEHzKTBCNPQJIlmoptUwfx.", max_size=30))
def test_a_shape_is_found_in_nothing_that_lacks_its_letters(letters: str) -> None:
    for _, _, shape, needs in _SHAPES:
        if any(set(letters).isdisjoint(some) for some in needs):
            assert shape.search(letters) is None


_SAID = "all muslims are vermin go back to where you came from . f u c k manyimmigrants i"
FORMS = st.lists(st.sampled_from(sorted(set(_SAID.split(" ")))))


@settings(max_examples=200, deadline=None)
@given(FORMS)
def test_words_spelt_plainly_stand_for_themselves(forms: list[str]) -> None:
    letters = _spell_plainly(forms)
    if letters:
        assert _parts(forms) == [(form, place) for place, form in enumerate(forms)]
        assert len(letters) == len(forms)
