"""The trained judge: what its files must be, what it adds, and that it says why."""

from __future__ import annotations

import shutil
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gatepost.policy.compiled import source
from gatepost.policy.model import LABELS
from gatepost.policy.reading import evidence, read, trained
from gatepost.policy.reading.by_cues import by_cues
from gatepost.policy.reading.page import open_page
from tests.policy.reading.test_messages import words

PACKAGE = source("reading.trained").parent


def test_the_shipped_model_is_small_and_whole() -> None:
    model = trained.load(PACKAGE)
    assert (PACKAGE / "trained.bin").stat().st_size <= 3_000_000
    assert model.table.shape == (trained.BUCKETS, len(model.heads))
    assert set(model.join) <= set(LABELS) - {"personal_details"}
    width = 2 * (len(LABELS) + len(model.heads) + 2) + 2  # near, the gate, the same times the gate, a bias
    assert {len(weights) for weights in (*model.join.values(), *model.feelings)} == {width}


def test_a_better_case_by_the_cues_is_never_a_worse_case_for_the_label() -> None:
    for label, weights in trained.shipped().join.items():
        assert weights[LABELS.index(label)] > 0, label


@pytest.mark.parametrize("spoil", ["cut", "changed", "missing", "manifest"])
def test_a_spoilt_model_is_refused_by_name(tmp_path: Path, spoil: str) -> None:
    for name in ("trained.bin", "trained.toml"):
        shutil.copy(PACKAGE / name, tmp_path / name)
    table = tmp_path / "trained.bin"
    held = table.read_bytes()
    if spoil == "cut":
        table.write_bytes(held[:-1])
    elif spoil == "changed":
        table.write_bytes(bytes([held[0] ^ 1]) + held[1:])
    elif spoil == "missing":
        table.unlink()
    else:
        (tmp_path / "trained.toml").write_text("[join")
    with pytest.raises(trained.ModelError, match="install it again"):
        trained.load(tmp_path)


def test_scores_are_the_same_whatever_was_read_before() -> None:
    model = trained.load(PACKAGE)
    page, other = (open_page(text, words()) for text in ("Nobody came about the lift, again", "a message about bins"))
    first = model.scores([page]).tolist()
    assert model.scores([other, page, other]).tolist()[1:2] == first
    assert trained.load(PACKAGE).scores([page]).tolist() == first


@settings(max_examples=60, deadline=None)
@given(st.text(st.sampled_from("aeilno '!?4é好 "), max_size=80))
def test_scores_are_the_sums_of_the_buckets(text: str) -> None:
    """The arrays add up what a loop over the words would."""
    model, page = trained.shipped(), open_page(text, words())
    forms = page.forms[: trained.MOST_WORDS]
    buckets = [bucket for form in dict.fromkeys(forms) for bucket in trained.grams(form)]
    buckets += trained.PAIR * [trained.pair(*two) for two in dict.fromkeys(pairwise(forms))]
    buckets += trained.MARK * trained.marks(page)
    sums = model.table[buckets].astype(int).sum(axis=0)
    wanted = sums * model.scales / len(buckets) ** 0.5 + model.biases
    assert np.abs(model.scores([page])[0] - wanted).max() <= 1 / trained.ONE


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("There's plywood where the window was and it has been there since spring", "complaint"),
        ("Four surveyors have stood in that kitchen and there is still no floor", "complaint"),
        ("We make replica handbags, message for the price list, worldwide delivery", "spam"),
        ("The gate latch has come off, can somebody pop round", "service_request"),
    ],
)
def test_it_hears_what_is_told_by_facts_alone_and_shows_where(text: str, label: str) -> None:
    reading = read(text, words())
    assert reading.labels[label] >= 0.5
    assert [span for span in reading.spans if span.label == label]


def test_every_likely_label_has_a_place_in_the_text() -> None:
    for text in ("five winters of buckets", "it was wet then and is wet now", "your lot want locking up"):
        reading = read(text, words())
        for label, probability in reading.labels.items():
            spans = [span for span in reading.spans if span.label == label]
            assert bool(spans) is (probability >= 0.35), (text, label)
            assert all(0 <= span.start < span.end <= len(text) for span in spans)


def test_the_words_that_weighed_are_words_of_the_text() -> None:
    text = "the plaster came off the wall in june and it is still on the floor"
    model, page = trained.shipped(), open_page(text, words())
    memory = model.memory()
    summed = memory.summed([page.forms, page.forms], [trained.marks(page)] * 2)
    wanted = [(1, "complaint"), (0, "question")]
    first, second = model.weighed(memory.sums, summed, wanted, 99)
    assert len(first) == len(second) == len(page.forms)
    assert first == sorted(first, reverse=True)
    assert first != second
    assert model.weighed(memory.sums, summed, wanted, 3) == [first[:3], second[:3]]
    assert any(sign.start < sign.end for sign in evidence(text, words())["complaint"][1])


def test_personal_details_stay_with_their_patterns() -> None:
    text = "Ring 07700 900123, the number of Ann Smith at 4 Larch Close"
    odds, _ = by_cues(open_page(text, words()), words())
    assert evidence(text, words())["personal_details"][0] == pytest.approx(
        odds["personal_details"], abs=1 / trained.ONE
    )


@settings(max_examples=80, deadline=None)
@given(st.lists(st.text(max_size=300), min_size=1, max_size=4))
def test_any_texts_have_scores(texts: list[str]) -> None:
    scores = trained.shipped().scores([open_page(text, words()) for text in texts])
    assert scores.shape == (len(texts), len(trained.shipped().heads))
    assert (abs(scores) < 1000).all()


def test_strange_words_do_not_fill_the_memory() -> None:
    model = trained.load(PACKAGE)
    memory = model.memory()
    for batch in range(40):
        strange = [f"w{chr(0x4E00 + number)}{batch}" for number in range(1000)]
        memory.summed([strange[start : start + 400] for start in range(0, 1000, 400)], [[1], [1], [1]])
    assert len(memory) <= (1 << 15) + 1000
    assert len(memory.sums.numbers) <= (1 << 16) + 1000


def test_what_log_odds_are_worth_changes_no_decision() -> None:
    model = trained.load(PACKAGE)
    assert set(model.worth) == set(model.join)
    odds = np.tile(np.array([[-3072.0], [-1.0], [0.0], [1.0], [3072.0]]), len(model.columns))
    worth = model.honest(odds)
    assert ((worth >= 0) == (odds >= 0)).all()
    assert (np.diff(worth, axis=0) >= 0).all()
