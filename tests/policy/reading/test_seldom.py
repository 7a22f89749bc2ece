"""What is seldom said, and what the readers do when their memory is full."""

from __future__ import annotations

import json
from collections import Counter

import numpy as np
import pytest

from gatepost.policy.problems import PackError
from gatepost.policy.reading import (
    hate,
    load_words,
    matching,
    memory,
    normal,
    places_names,
    read,
    read_many,
    together,
    tokens,
    tone,
    trained,
    vocabulary,
)
from gatepost.policy.reading import words as words_file
from gatepost.policy.reading.evidence import Sign
from gatepost.policy.reading.identity_numbers import luhn
from gatepost.policy.reading.learnt import opened
from gatepost.policy.reading.moved import moved
from gatepost.policy.reading.page import open_page
from gatepost.policy.reading.quoted import quoted
from tests.policy.reading.test_learning import lesson
from tests.policy.reading.test_messages import words
from tests.policy.reading.test_together import LINES


def kinds(text: str) -> set[tuple[str, str]]:
    """(kind, words) of the personal details found."""
    found = read(text, words()).spans
    return {(one.kind, text[one.start : one.end]) for one in found if one.label == "personal_details"}


@pytest.mark.parametrize(
    ("text", "kind", "part"),
    [
        ("ring me on 0048 22 123 45 67", "phone", "0048 22 123 45 67"),
        ("ring 7700 900456", "phone", "7700 900456"),
        ("I live in Rowan House, Flat 12", "address", "Rowan House, Flat 12"),
    ],
)
def test_details_written_another_way(text: str, kind: str, part: str) -> None:
    assert (kind, part) in kinds(text)


@pytest.mark.parametrize(
    "text",
    [
        "+999 123 456 789 01",  # no country has it
        "9nine 8eight 7 6 5 4 3 2 1",  # eleven figures that no telephone has
        "14 elm rd is muddy",  # too short an ending for small letters
    ],
)
def test_what_is_no_detail(text: str) -> None:
    assert not {kind for kind, _ in kinds(text)} & {"phone", "address"}


def test_a_name_beside_a_car_is_not_looked_for() -> None:
    page = open_page("Mary Jones BD51 SMR", words())
    assert places_names.places_names(page, [(11, 19, "car_registration", 3.0)], digits=True) == []


def test_one_figure_again_and_again_is_no_card() -> None:
    assert not luhn("0" * 16)


def test_a_joke_weighs_and_what_is_told_of_somebody_else_too() -> None:
    said, joked = (read(text, words()).labels for text in ("you lot are idiots", "you lot are idiots haha"))
    assert joked["offensive"] < said["offensive"]
    threat, told = (read(text, words()).labels for text in ("I will kill you all", "he said to me I will kill you all"))
    assert told["offensive"] < threat["offensive"]
    assert told["staff_abuse"] < threat["staff_abuse"]


def test_hatred_forbidden_or_denied_is_spared() -> None:
    for said, spared in (
        ("immigrants are vermin", "nobody here should say immigrants are vermin"),
        ("immigrants should be killed", "not all immigrants should be killed"),
    ):
        assert read(said, words()).labels["hate"] > 0.5
        assert read(spared, words()).labels["hate"] < 0.5
        assert hate.hate(open_page(spared, words())).spared


def test_a_sort_code_alone_is_none() -> None:
    assert not [kind for kind, _ in kinds("parcel 123456789 came 12-34-56") if kind == "bank"]


def test_dashes_are_one_dash() -> None:
    assert normal.normal("9–12 and 13—14").text == "9-12 and 13-14"


def test_a_flat_alone_is_shown_only_where_the_label_is_likely() -> None:
    flat = together._places(
        "personal_details", [Sign(1.1, "flat", 0, 6), Sign(-1.0, "denied", 7, 9), Sign(2.0, "lean")]
    )
    assert flat == [(0, 6, "personal_details", "flat")]
    assert together._shown("personal_details", 0.4, flat) == []
    assert together._shown("personal_details", 0.6, flat) == flat
    assert len(together._shown("thanks", 0.9, [(0, 5, "thanks", "thanks")] * 300)) == 200


def test_a_label_that_no_word_speaks_for_gets_the_whole_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(together, "SHOWN", 0.0)
    reading = read("flat 9", words())
    assert ("hate", "whole", 0, 6) in [(one.label, one.kind, one.start, one.end) for one in reading.spans]
    assert read("", words()).spans == ()


def test_an_apostrophe_inside_quotation_marks_does_not_end_them() -> None:
    page = open_page("he wrote 'it's not fair' to us", words())
    ((start, end),) = quoted(page)
    assert page.normal.text[start : end + 1] == "'it's not fair'"


def test_a_draft_that_denies_is_not_hostile() -> None:
    hostile = tone("That is ridiculous", words())
    assert [one.kind for one in hostile] == ["hostile"]
    assert tone("That is not ridiculous", words()) == []


def test_memories_that_are_full_begin_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [
        "Strange wörds of óne kind",
        "haha you lot are idiots 😂",
        "manyimmigrants come hére",
        "My boilr is brocken",
    ]
    texts *= 12  # a crowd
    before = [read(text, words()) for text in texts]
    monkeypatch.setattr(matching, "_MOST", 0)
    monkeypatch.setattr(hate, "_MOST_REMEMBERED", 0)
    monkeypatch.setattr(normal, "_MOST_FOLDS", 0)
    monkeypatch.setattr(tokens, "_MOST", 0)
    for known in (hate._GLUED, hate._LETTER_OF, normal._FOLDS):
        known.clear()
    assert [read(text, words()) for text in texts] == before
    assert read_many(texts, words()) == before


def test_pieces_and_pairs_of_words_are_forgotten_and_met_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tokens, "_MOST", 1)
    fresh = load_words("").tokens
    first = fresh.parts("it's")
    fresh.parts("we'll")
    assert list(fresh.spelt) == ["we'll"]
    assert fresh.parts("it's") == first
    texts = [json.loads(line)["text"] for line in LINES[:60]]
    before = read_many(texts, words())
    monkeypatch.setattr(matching, "_MOST", 0)
    words().vocabularies.clear()
    assert read_many(texts, words()) == before


def test_a_word_that_moves_nothing_is_not_told() -> None:
    learnt = opened(lesson().data, "the test's lesson")
    assert "qqzxj" not in {one.word for one in moved(learnt, Counter({"qqzxj": 4, "choir": 4}))["complaint"]}


def test_marks_of_cues_are_forgotten_and_worked_out_again() -> None:
    marks = trained._Marks()
    first = marks["complaint", "event"]
    for number in range(4100):
        marks["", str(number)]
    assert len(marks) < 4100
    assert marks["complaint", "event"] == first == trained.mark_bucket(("complaint", "event"))


def test_a_memory_grows_with_what_is_learnt() -> None:
    table = np.arange(1 << 18, dtype=np.int8).reshape(-1, 2)
    few, many = memory.Sums(table), memory.Sums(table)
    forms = [f"word{number}" for number in range(len(few.numbers) + 10)]
    many.learn(forms)
    few.learn(forms[-3:])
    assert many.count == len(forms)
    assert np.array_equal(many.sums[many.count - 3 : many.count], few.sums[:3])


def test_a_column_grows_with_what_waits() -> None:
    column = vocabulary.Column(np.int32)
    column.add([7])
    column.add(range(len(column.array) + 5))
    assert column.taken().tolist() == [7, *range(column.count - 1)]


def test_long_messages_read_the_same_alone_and_with_others() -> None:
    long = "the lift is broken and nobody came " * 80
    texts = [long, long.upper(), *(f"Thank you, block {number} has light again" for number in range(40))]
    assert read_many(texts, words()) == [read(text, words()) for text in texts]


@pytest.mark.parametrize(
    ("toml", "part"),
    [
        ("[[cue]]\nlabel = 'thanks'\nphrases = ['ta||you']\n", "empty choice"),
        ("[[cue]]\nlabel = 'thanks'\nphrases = ['^ $']\n", "no words"),
        ("references = [{ name = 'x', pattern = '(?<=a)b' }]\n", "pattern"),
    ],
)
def test_phrases_that_say_nothing_are_named(toml: str, part: str) -> None:
    with pytest.raises(PackError) as caught:
        load_words(toml)
    assert part in str(caught.value.problems[0])


def test_too_many_phrases_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(words_file, "MOST_PHRASES", 1)
    with pytest.raises(PackError, match="more than 1 phrases"):
        load_words("[[cue]]\nlabel = 'thanks'\nphrases = ['ta', 'cheers']\n")


def test_a_pack_without_cues_and_figures_seldom_written_read_alike_in_a_crowd() -> None:
    texts = [
        "ring 07seven00nine00421 now",
        "flat ① of ℌouse Ⓑ",
        "seven seven double oh nine double oh one two three",
        *(f"Thank you for block {number}" for number in range(40)),
    ]
    bare = load_words("")
    for known in (bare, words()):
        assert read_many(texts, known) == [read(text, known) for text in texts]
    assert ("phone", "seven seven double oh nine double oh one two three") in kinds(texts[2])
