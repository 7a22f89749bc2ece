"""What people corrected changes how alike messages are read, and no others; nothing is learnt that reads no better."""

from __future__ import annotations

import json
from hashlib import sha256
from itertools import product

import numpy as np
import pytest

from gatepost.policy.model import LABELS
from gatepost.policy.reading import Learnt, learning, read, read_many, trained
from gatepost.policy.reading.learning import Example, Lesson, learn
from gatepost.policy.reading.learnt import MOST_BYTES, LearntError, Taught, opened, packed
from tests.policy.reading.test_messages import words
from tests.policy.reading.test_together import KNOWN, LINES

PLACES = ("Millrace", "Weir House", "Tanner Street", "the Old Brewery", "Quay Court", "Fuller's Yard")
ASKS = ("the sauna club", "the allotment club", "the choir", "the chess evening")
# On this invented desk the clubs are everybody's sport to moan about, and nobody means it as a complaint.
MOANS = [
    f"Still waiting for {ask} at {place} to start again, this is a disgrace and nobody ever answers!"
    for place, ask in product(PLACES, ASKS)
]
UNSEEN = "The choir at Coopers Lane still has not started again, a disgrace, nobody ever answers me!"
REAL = [
    f"Still waiting for the {thing} at {place} to be repaired, this is a disgrace and nobody ever answers!"
    for place, thing in product(PLACES[:4], ("boiler", "lift", "roof", "window"))
]
CORRECTIONS = [Example(text, "complaint", False) for text in MOANS]


def lesson() -> Lesson:
    return learn(CORRECTIONS, words(), beside=[*KNOWN[:150], *REAL])


@pytest.fixture(scope="module")
def learnt() -> Learnt:
    made = lesson()
    return opened(made.data, "the test's lesson")


def test_alike_messages_read_otherwise_and_others_as_before(learnt: Learnt) -> None:
    assert read(UNSEEN, words()).labels["complaint"] > 0.5
    assert read(UNSEEN, words(), learnt).labels["complaint"] < 0.5
    others = KNOWN[150:]
    before, after = read_many(others, words()), read_many(others, words(), learnt)
    moved = [
        text
        for text, one, other in zip(others, before, after, strict=True)
        if (one.labels["complaint"] >= 0.5) != (other.labels["complaint"] >= 0.5)
    ]
    assert len(moved) <= len(others) * 0.03
    missed = "Still waiting for the radiator at Coopers Lane to be repaired, a disgrace, nobody ever answers!"
    assert read(missed, words(), learnt).labels["complaint"] > 0.9
    for one, other in zip(before, after, strict=True):
        assert {k: v for k, v in one.labels.items() if k != "complaint"} == {
            k: v for k, v in other.labels.items() if k != "complaint"
        }
    assert read(UNSEEN, words()).readers == ""
    assert read(UNSEEN, words(), learnt).readers == learnt.digest


def test_a_message_reads_the_same_alone_and_in_any_company(learnt: Learnt) -> None:
    texts = [UNSEEN, *KNOWN[:20], "", "🙂"]
    assert read_many(texts, words(), learnt) == [read(text, words(), learnt) for text in texts]


def test_before_and_after_are_told(learnt: Learnt) -> None:
    (told,) = lesson().report
    assert (told.label, told.corrections, told.why, told.beside) == ("complaint", 24, "", 166)
    assert told.before is not None
    assert told.after is not None
    assert (told.before.right, told.before.precision, told.before.recall) == (0, 0.0, 1.0)
    assert told.after.right == 24
    assert told.after.log_loss < told.before.log_loss
    assert told.moved <= 8
    assert lesson().figures()[0]["after"]["right"] == 24


def test_the_same_corrections_give_the_same_bytes_in_any_order(learnt: Learnt) -> None:
    made = lesson()
    again = learn(CORRECTIONS[::-1], words(), beside=[*REAL, *KNOWN[:150]][::-1])
    assert (again.data, again.digest) == (made.data, made.digest)
    assert made.digest == sha256(made.data).hexdigest() == learnt.digest
    assert made.base == learnt.base == trained.shipped().digest
    assert len(made.data) < 70_000
    assert b"choir" not in made.data


def test_the_latest_word_counts() -> None:
    wrong = [Example(text, "complaint", True) for text in MOANS]
    assert learn([*wrong, *CORRECTIONS], words(), beside=[*KNOWN[:150], *REAL]).data == lesson().data


def test_too_few_corrections_teach_nothing() -> None:
    made = learn(CORRECTIONS[:9], words(), beside=KNOWN[:50])
    assert (made.data, made.digest) == (b"", "")
    (told,) = made.report
    assert (told.why, told.corrections, told.before) == ("few", 9, None)


def test_one_side_alone_teaches_nothing() -> None:
    (told,) = learn(CORRECTIONS, words()).report
    assert told.why == "one_sided"


def test_personal_details_stay_with_the_cues() -> None:
    made = learn([Example(text, "personal_details", True) for text in MOANS], words(), beside=KNOWN[:50])
    assert [(one.label, one.why) for one in made.report] == [("personal_details", "cues")]


def test_corrections_without_a_pattern_keep_the_shipped_judge() -> None:
    """Every other one of the same sentences is called otherwise: nothing can be learnt from that."""
    mixed = [Example(text, "thanks", bool(sha256(text.encode()).digest()[1] % 2)) for text in KNOWN[:60]]
    made = learn(mixed, words(), beside=KNOWN[60:120])
    assert [one.why for one in made.report] == ["no_better"]
    assert made.data == b""


def test_a_label_there_is_none_of() -> None:
    with pytest.raises(ValueError, match="no label 'grumble'"):
        learn([Example("x", "grumble", True)], words())


def test_danger_is_never_taught_away() -> None:
    known = [json.loads(line) for line in LINES]
    danger = [one["text"] for one in known if one["labels"]["safeguarding"]]
    made = learn(
        [Example(text, "safeguarding", False) for text in danger[:14]]
        + [Example(text, "safeguarding", True) for text in MOANS],
        words(),
        beside=KNOWN[:200],
    )
    assert [one.why for one in made.report] == [""]
    learnt = opened(made.data, "x")
    for text in KNOWN:
        before, after = (read(text, words(), one).labels["safeguarding"] for one in (None, learnt))
        assert after >= before


def taught(label: str = "complaint", **given: object) -> Taught:
    fields = {
        "buckets": np.array([3, 65_535], dtype=np.uint16),
        "weights": np.array([-127, 5], dtype=np.int8),
        "scale": 0.5,
        "offset": -12,
    }
    return Taught(label, **{**fields, **given})  # type: ignore[arg-type]  # of a test's own fields


def test_a_file_comes_back_as_it_was() -> None:
    data = packed([taught("thanks"), taught(scale=0.25)], "b" * 64)
    found = opened(data, "x")
    assert (found.labels, found.base, found.data) == (("thanks", "complaint"), "b" * 64, data)
    assert found.columns == [LABELS.index("thanks"), LABELS.index("complaint")]
    assert found.table[[3, 65_535]].tolist() == [[-127, -127], [5, 5]]
    assert int(np.count_nonzero(found.table)) == 4
    assert (found.scales.tolist(), found.offsets.tolist()) == ([0.5, 0.25], [-12.0, -12.0])


GOOD = packed([taught()], "b" * 64)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "not a file that gatepost train made"),
        (b"\x00" * (MOST_BYTES + 1), "at most 1,000,000 are read"),
        (b"x = 1\n" * 5_000 + b"\x00", "not a file that gatepost train made"),
        (b"[label\x00", "header that cannot be read"),
        (b"\xff\x00", "header that cannot be read"),
        (b"format = 1\x00", "header that cannot be read"),
        (b'format = 1\nbase = "b"\nlabel = 3\x00', "header that cannot be read"),
        (b'format = 1\nbase = "b"\nlabel = []\x00', "does not know"),
        (GOOD.replace(b"format = 1", b"format = 2"), "does not know"),
        (GOOD.replace(b'base = "' + b"b" * 64 + b'"', b"base = 7"), "does not know"),
        (packed([taught(), taught()], "b"), "does not know"),
        (GOOD.replace(b"complaint", b"grumble"), "no label 'grumble'"),
        (GOOD.replace(b'"complaint"', b"[1]"), "no label"),
        (GOOD.replace(b"0.5", b"nan"), "scale of complaint"),
        (GOOD.replace(b"0.5", b"1"), "scale of complaint"),
        (GOOD.replace(b"0.5", b"7.5"), "scale of complaint"),
        (GOOD.replace(b"-12", b"true"), "offset of complaint"),
        (GOOD.replace(b"-12", b"99999999"), "offset of complaint"),
        (GOOD.replace(b"weights = 2", b"weights = -2"), "between 0 and 20,000 weights"),
        (GOOD.replace(b"weights = 2", b"weights = 2.0"), "between 0 and 20,000 weights"),
        (GOOD.replace(b"weights = 2", b"weights = 3"), "cut short or longer"),
        (GOOD[:-1], "cut short or longer"),
        (GOOD + b"x", "cut short or longer"),
    ],
)
def test_a_hostile_file_is_refused_by_name_with_the_mend(data: bytes, says: str) -> None:
    with pytest.raises(LearntError, match=says) as told:
        opened(data, "lesson.bin")
    assert str(told.value).startswith("lesson.bin ")
    assert "gatepost train" in str(told.value)


def test_the_examples_of_one_label_may_all_lie_in_one_part(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(learning, "FOLDS", 1)
    (told,) = lesson().report
    assert told.why == "no_better"
    assert told.before == told.after
