"""A reason for every kind of evidence, the words behind it, and the hazards of a home by name."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatepost.policy.hazards import hazards, in_words, known, told_to_us
from gatepost.policy.model import LABELS, Span
from gatepost.policy.reading import read, read_many
from gatepost.policy.reasons import Reason, reasons, said
from tests.policy.reading.test_messages import words

MESSAGES = Path(__file__).parent / "reading" / "messages.jsonl"


def kinds(text: str) -> set[str]:
    return {span.kind for span in hazards(text, words())}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("my son has asthma and the flat is full of mould", {"mould", "child", "illness"}),
        ("Wall is soaking wet and furry green stuff is growing", {"damp", "mould"}),
        ("I can smell gas on the stairs", {"gas"}),
        ("sm3ll g4s in flat", {"gas"}),
        ("no heating for 5 days with a newborn", {"no_heating", "child"}),
        ("heating not working and I'm 82", {"no_heating", "old_age"}),
        ("boiler broke, no hot water", {"no_heating", "no_hot_water"}),
        ("I'm on oxygen and the power is off", {"electricity", "illness"}),
        ("fire in the bin store", {"fire"}),
        ("lift stuck, someone inside", {"locked_in"}),
        ("Nie ma ogrzewania od trzech dni i mam małe dziecko", {"no_heating", "child"}),
        ("no mould here, lovely flat", set()),
        ("the leak by the gas meter is fixed, it works again", set()),
        ("mould everywhere lol haha joking", set()),
        ("the boiler works again, thank you so much", set()),
        ("a damp squib of a firework show for the kids", set()),
        ("my son has asthma, is there a swimming club?", set()),  # hurt sooner, but by nothing that is told
    ],
)
def test_hazards_by_name(text: str, found: set[str]) -> None:
    assert kinds(text) == found


def test_every_hazard_can_be_told() -> None:
    told = {variant.cue.kind for rows in known().book.exact.values() for variant in rows}
    told |= {variant.cue.kind for variant in known().book.prefixed}
    assert told - known().besides == set(known().said)
    assert in_words(hazards("Mould by the cot and baby is coughing, mould on every wall", words())) == [
        "mould",
        "a child or somebody pregnant",
        "illness or disability",
    ]


def test_talk_of_the_news_tells_of_no_hazard() -> None:
    text = "nice piece on mould in the paper"
    assert not told_to_us(text, words(), (), urgent=False)
    assert told_to_us(text, words(), ("service_request",), urgent=False)
    assert told_to_us(text, words(), (), urgent=True)


@given(st.text(max_size=200))
def test_hazards_stand_in_the_text(text: str) -> None:
    found = hazards(f"{text} mould {text} gas leak, baby", words())
    assert all(0 <= one.start < one.end for one in found)
    assert list(found) == sorted(found, key=lambda one: (one.start, -one.end, one.label, one.kind))


def test_a_long_text_is_read_to_its_end() -> None:
    text = "and then it rained. " * 6_000 + "There is mould."
    (found,) = hazards(text, words())
    assert text[found.start : found.end] == "mould"


def test_reasons_with_their_words() -> None:
    text = "Oh great, another missed appointment. Three weeks without heating."
    found = {one.kind: one for one in reasons(text, "complaint", read(text, words()).spans)}
    assert found["sarcasm"].says == "it is sarcastic"
    assert "Oh great, another" in found["sarcasm"].words
    assert "missed appointment" in found["chase"].words


def test_words_within_words_and_personal_details_are_not_quoted() -> None:
    text = "still waiting at 22 Elm Road still waiting"
    spans = [
        Span(0, 5, "complaint", "long"),
        Span(0, 13, "complaint", "long"),
        Span(0, 28, "complaint", "chase"),
        Span(0, 42, "complaint", "whole"),
        Span(29, 42, "complaint", "long"),
        Span(29, 42, "thanks", "praise"),
    ]
    home = Span(17, 28, "personal_details", "address")
    assert reasons(text, "complaint", spans, hide=[home]) == [
        Reason("chase", "it chases what was asked for or promised before", ()),
        Reason("long", "it has gone on for long", ("still waiting",)),
        Reason("whole", "the message as a whole reads so", ()),
    ]


def test_only_the_first_few_words_are_quoted() -> None:
    text = " ".join(f"word{place}" for place in range(9)) + " " + "x" * 90
    spans = [Span(6 * place, 6 * place + 5, "spam", "own") for place in range(9)] + [Span(54, 144, "spam", "spam")]
    first, own = reasons(text, "spam", spans)
    assert first == Reason("spam", "it is written as advertisements and frauds are", ())  # too long to quote
    assert own == Reason("own", "it has words of the kind “own”", ("word0", "word1", "word2"))


def test_every_reason_the_shipped_readers_give_is_a_sentence() -> None:
    texts = [json.loads(line)["text"] for line in MESSAGES.read_text("utf-8").splitlines()]
    for reading in read_many(texts, words()):
        for span in reading.spans:
            if span.label != "personal_details":
                assert "of the kind" not in said(span.label, span.kind), span


def test_every_label_but_personal_details_has_reasons() -> None:
    assert {label for label in LABELS if said(label, "weighed") == "these words weighed most"} == set(LABELS)
    assert said("thanks", "outside") == "an outside reader found it"


def test_the_end_of_a_sentence_is_no_reason() -> None:
    texts = [json.loads(line)["text"] for line in MESSAGES.read_text("utf-8").splitlines()]
    for text, reading in zip(texts, read_many(texts, words()), strict=True):
        for span in reading.spans:
            assert text[span.start : span.end].strip(".!\n "), (text, span)
