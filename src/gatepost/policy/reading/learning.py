"""Learning from what people corrected: a small correction on top of the shipped readers, label by label.

A ridge-penalised logistic fit over the hashed pieces of the messages, in which the log-odds of the shipped readers
stand unchanged and everything learnt starts from nothing. Messages nobody corrected stand beside, with what the shipped
readers say of them, so that what is unlike the corrections stays as it was. Corrections are tried in five parts, each
read by what was learnt from the other four; a label that reads no better so keeps the shipped judge.

Pure: the same examples give the same bytes, in whatever order they come.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from hashlib import sha256
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..model import LABELS
from .hashing import BUCKETS
from .learnt import FURTHEST, MOST_WEIGHTS, NEVER_LESS, Taught, packed
from .memory import MARK, MOST_WORDS, PAIR, Floats
from .page import open_page
from .together import read_together
from .trained import ONE, Trained, grams, marks, pair, shipped
from .words import Words

LEAST = 10  # corrections of a label, before it is learnt
LEAST_SIDE = 3  # messages that are this, and that are not: corrected, or read so and left to stand
MOST = 1_000  # corrections of a label; the latest count
MOST_BESIDE = 400
FOLDS = 5
_RIDGE = 0.03
_BESIDE = 1.0  # what a message nobody corrected weighs against a correction
_ROUNDS = 150
_POWER = 30

Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Example:
    """Somebody said that a message is (`holds`), or is not, what `label` says."""

    text: str
    label: str
    holds: bool


@dataclass(frozen=True, slots=True)
class Score:
    """How well corrected messages are read, at even odds; `log_loss` in nats a message, less is better."""

    right: int
    precision: float
    recall: float
    f1: float
    log_loss: float


@dataclass(frozen=True, slots=True)
class LabelReport:
    """What came of one label. `why`: "" where it was learnt; otherwise "cues", "few", "one_sided" or "no_better".

    `before` and `after` are over the corrections, each read without having been learnt from. `beside` other messages
    were read too; `moved` of them would be read otherwise.
    """

    label: str
    corrections: int
    why: str
    before: Score | None = None
    after: Score | None = None
    beside: int = 0
    moved: int = 0


@dataclass(frozen=True, slots=True)
class Lesson:
    """What was learnt: a file for `learnt.opened`, empty when nothing was, its SHA-256, and what came of each label."""

    data: bytes
    digest: str
    base: str
    report: tuple[LabelReport, ...]

    def figures(self) -> list[dict[str, Any]]:
        """The report as plain values."""
        return [asdict(one) for one in self.report]


@dataclass(frozen=True, slots=True)
class _Rows:
    """Messages as rows of hashed pieces: entry i says that row `row[i]` holds column `column[i]` by `value[i]`.

    The last column is one in every row. `start`: the log-odds of the shipped readers.
    """

    row: NDArray[np.int64]
    column: NDArray[np.int64]
    value: Floats
    width: int
    start: Floats

    def times(self, weights: Floats) -> Floats:
        summed: Floats = np.bincount(self.row, self.value * weights[self.column], len(self.start)).astype(np.float64)
        return summed

    def back(self, errors: Floats) -> Floats:
        summed: Floats = np.bincount(self.column, self.value * errors[self.row], self.width).astype(np.float64)
        return summed


def learn(
    examples: Sequence[Example],
    words: Words,
    *,
    beside: Sequence[str] = (),
    model: Trained | None = None,
    heard: Callable[[int, int], None] = lambda done, total: None,
) -> Lesson:
    """What the corrections teach, the latest last: it counts where two contradict each other.

    `beside`: messages nobody corrected. `heard` is told after each label how many of how many are done. Raises
    ValueError for a label there is none of.
    """
    judge = model or shipped()
    by_label: dict[str, dict[str, bool]] = {}
    for one in examples:
        if one.label not in LABELS:
            raise ValueError(f"There is no label {one.label[:40]!r}. Use one of: {', '.join(LABELS)}.")
        held = by_label.setdefault(one.label, {})
        held.pop(one.text, None)
        held[one.text] = one.holds
    pages = _Pages(words, judge)
    taught: list[Taught] = []
    report: list[LabelReport] = []
    for done, label in enumerate(label for label in LABELS if label in by_label):
        heard(done, len(by_label))
        said = dict(list(by_label[label].items())[-MOST:])
        if label not in judge.join or len(said) < LEAST:
            report.append(LabelReport(label, len(said), "cues" if label not in judge.join else "few"))
            continue
        others = [text for other in by_label.values() for text in other]
        found, told = _label(label, said, sorted({*beside, *others} - set(said), key=_key)[:MOST_BESIDE], pages)
        report.append(told)
        if found is not None:
            taught.append(found)
    heard(len(by_label), len(by_label))
    data = packed(taught, judge.digest) if taught else b""
    return Lesson(data, sha256(data).hexdigest() if data else "", judge.digest, tuple(report))


def _key(text: str) -> bytes:
    return sha256(text.encode("utf-8", "replace")).digest()


class _Pages:
    """What the shipped readers say of texts, and their pieces, worked out once."""

    def __init__(self, words: Words, judge: Trained) -> None:
        self._words, self._judge = words, judge
        self._grams = cache(grams)
        self._pieces: dict[str, tuple[NDArray[np.int64], Floats]] = {}
        self._odds: dict[str, list[float]] = {}

    def rows(self, texts: Sequence[str], label: str) -> _Rows:
        fresh = [text for text in texts if text not in self._odds]
        for text, one in zip(fresh, read_together(fresh, self._words, self._judge), strict=True):
            self._odds[text], self._pieces[text] = one.odds, self._cut(text)
        parts = [self._pieces[text] for text in texts]
        sizes = [len(columns) for columns, _ in parts]
        place = LABELS.index(label)
        return _Rows(
            row=np.repeat(np.arange(len(texts)), sizes),
            column=np.concatenate([columns for columns, _ in parts]),
            value=np.concatenate([values for _, values in parts]),
            width=BUCKETS + 1,
            start=np.clip([self._odds[text][place] for text in texts], -FURTHEST, FURTHEST),
        )

    def _cut(self, text: str) -> tuple[NDArray[np.int64], Floats]:
        page = open_page(text, self._words)
        forms = page.forms[:MOST_WORDS]
        buckets = [bucket for form in dict.fromkeys(forms) for bucket in self._grams(form)]
        buckets += PAIR * [pair(*two) for two in dict.fromkeys(pairwise(forms))]
        buckets += MARK * marks(page)
        columns, counts = np.unique(np.array(buckets, dtype=np.int64), return_counts=True)
        return np.append(columns, BUCKETS), np.append(counts / np.sqrt(len(buckets)), 1.0)


def _label(
    label: str, said: Mapping[str, bool], beside: Sequence[str], pages: _Pages
) -> tuple[Taught | None, LabelReport]:
    corrected = sorted(said, key=_key)
    texts = [*corrected, *beside]
    rows = pages.rows(texts, label)
    count = len(corrected)
    truth = np.array([said[text] for text in corrected])
    read_so = rows.start >= 0
    sides = int(truth.sum()) + int(read_so[count:].sum())
    if min(sides, len(texts) - sides) < LEAST_SIDE:
        return None, LabelReport(label, count, "one_sided")
    aims = np.concatenate((truth.astype(np.float64), _likely(rows.start[count:])))
    weights = np.repeat((1.0, _BESIDE), (count, len(beside)))
    parts = np.array([_key(text)[0] % FOLDS for text in texts])
    odds = rows.start.copy()
    for part in range(FOLDS):
        away = parts == part
        found = _fit(label, rows, aims, np.where(away, 0.0, weights))
        odds[away] = _read_by(found, rows)[away]
    before, after = _score(rows.start[:count], truth), _score(odds[:count], truth)
    moved = int(((odds[count:] >= 0) != read_so[count:]).sum())
    better = after.log_loss < before.log_loss and after.f1 >= before.f1 and after.right >= before.right
    told = LabelReport(label, count, "" if better else "no_better", before, after, len(beside), moved)
    return (_fit(label, rows, aims, weights) if better else None), told


def _likely(odds: Floats) -> Floats:
    likely: Floats = 1 / (1 + np.exp(-odds))
    return likely


def _fit(label: str, rows: _Rows, aims: Floats, weights: Floats) -> Taught:
    """The weights with the least loss, by accelerated descent, as whole numbers of a scale."""
    guess = np.ones(rows.width)
    steepest = 1.0
    for _ in range(_POWER):  # how steep it can be: every entry is positive, so this settles quickly
        guess = rows.back(weights * rows.times(guess))
        steepest = float(np.linalg.norm(guess))
        guess /= max(steepest, 1e-9)
    bound = 0.25 * 1.1 * steepest + _RIDGE
    root = np.sqrt(bound / _RIDGE)
    push = (root - 1) / (root + 1)
    found = ahead = np.zeros(rows.width)
    for _ in range(_ROUNDS):
        errors = weights * (_likely(rows.start + rows.times(ahead)) - aims)
        following = ahead - (rows.back(errors) + _RIDGE * ahead) / bound
        ahead = following + push * (following - found)
        found = following
    pieces = found[:BUCKETS]
    scale = max(float(np.abs(pieces).max()) / 127, 1e-9)
    whole = np.rint(pieces / scale).astype(np.int8)
    heaviest = np.lexsort((np.arange(BUCKETS), -np.abs(whole.astype(np.int64))))[:MOST_WEIGHTS]
    buckets = np.sort(heaviest[whole[heaviest] != 0])
    offset = int(np.clip(np.rint(found[BUCKETS] * ONE), -FURTHEST * ONE, FURTHEST * ONE))
    return Taught(label, buckets.astype(np.uint16), whole[buckets], scale, offset)


def _read_by(taught: Taught, rows: _Rows) -> Floats:
    """The log-odds with what was taught, as `Learnt.told` adds it."""
    weights = np.zeros(rows.width)
    weights[taught.buckets] = taught.weights * taught.scale
    weights[BUCKETS] = taught.offset / ONE
    low = 0.0 if taught.label == NEVER_LESS else -FURTHEST
    odds: Floats = rows.start + np.clip(rows.times(weights), low, FURTHEST)
    return odds


def _score(odds: Floats, truth: Bools) -> Score:
    said = odds >= 0
    hits, wrong, missed = int((said & truth).sum()), int((said & ~truth).sum()), int((~said & truth).sum())
    loss = np.logaddexp(0.0, np.where(truth, -odds, odds)).mean()
    return Score(
        right=int((said == truth).sum()),
        precision=_share(hits, hits + wrong),
        recall=_share(hits, hits + missed),
        f1=_share(2 * hits, 2 * hits + wrong + missed),
        log_loss=round(float(loss), 4),
    )


def _share(part: int, whole: int) -> float:
    """A share; where there is nothing to miss, nothing is missed."""
    return round(part / whole, 4) if whole else 1.0
