"""The joins: for every label what the heads and the cues together say, made honest; and the feeling of a message."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression

from gatepost.policy.model import LABELS
from gatepost.policy.reading.trained import FEELINGS, STAND
from training.heads import OWN, STRENGTH, Rows, fit

# What a missed label costs beside a false one: probabilities lean by the logarithm of this. A resident whose message is
# taken for spam is not answered, so there the false one costs more; a danger missed is worse than a false alarm.
MISSED = {
    "complaint": 1.4, "staff_abuse": 1.4, "offensive": 2.3, "hate": 1.8, "media_query": 0.85, "service_request": 1.4,
    "question": 1.7, "thanks": 2.0, "spam": 0.8, "sar_request": 1.5, "foi_request": 1.5, "safeguarding": 1.6,
}  # fmt: skip
# Taken off the log-odds of messages to a landlord last of all, or added where it is negative. Plain sentences of drafts
# stood just above even for offence, and everyday talk was called a complaint with too much certainty. A fault told in
# few words stood just below even for a request, an insult without swear words for abuse.
LESS = {"offensive": 0.3, "complaint": 0.15, "service_request": -0.95, "staff_abuse": -0.25, "foi_request": -0.35}
LEAST_OWN = 0.1  # what a label's own cues weigh at the least, so that an administrator's words always tell
# Somebody in danger is in danger however rudely they say it and whatever they complain of: only these are heard on it.
ALONE = {"safeguarding": ("safeguarding", "spam", "thanks", "media_query", "foi_request", "question")}
# The cues were tuned on these messages, so what the cues say of them proves little: the join hears them softly.
TUNED_WEIGHT = 0.15
PART = 0.5  # of what `honest` finds
AS_IT_IS = ("safeguarding",)  # packs ask for less than an even chance of danger
RARE = 0.6  # offence is rarer in talk elsewhere than in these sets, which were gathered for it


@dataclass
class Gathered:
    """What the joins learn from: the messages and some public texts, each with its row of the base."""

    rows: Rows
    weights: Any
    folds: list[Any]
    heads: dict[str, dict[str, Any]]
    own: Any
    asked: list[tuple[int, dict[str, Any]]]
    far: Any
    far_folds: Any
    made_from: str

    def known(self, label: str) -> tuple[Any, Any]:
        """Places of the public texts whose answer to `label` is known, and the answers."""
        places = [at for at, (_, told) in enumerate(self.asked) if label in told]
        return np.array(places, dtype=int), np.array([self.asked[at][1][label] for at in places], dtype=bool)


def platt(scores: Any, answers: Any, weights: Any, missed: float) -> tuple[float, float]:
    model = fit(scores.reshape(-1, 1), answers, 1e3, weights * np.where(answers, missed, 1.0))
    return float(model.coef_[0, 0]), float(model.intercept_[0])


def f1(answers: Any, said: Any) -> float:
    return float(2 * (answers & said).sum() / max(answers.sum() + said.sum(), 1))


def joined_fit(label: str, bases: Any, answers: Any, weights: Any) -> Any:
    """Weights over the base and a bias. A better case by a label's own cues must never count against the label."""
    if label in ALONE:
        heard = [LABELS.index(other) for other in ALONE[label]]
        heard += [len(LABELS) + OWN.index(other) for other in ALONE[label]]
        alone = np.zeros_like(bases)
        alone[:, heard] = bases[:, heard]
        bases = alone
    model = fit(bases, answers, STRENGTH["join"], weights)
    found = np.append(model.coef_[0], model.intercept_[0])
    own = LABELS.index(label)
    found[own] = max(found[own], LEAST_OWN)
    return found


def mixed(near: Any, other: Any) -> Any:
    """Weights over all columns of the base: one judge for messages, another for talk elsewhere, the gate between."""
    return np.concatenate([near[:-1], [other[-1] - near[-1]], other[:-1] - near[:-1], near[-1:]])


def far_fit(data: Gathered, places: Any, answers: Any) -> Any:
    width = (data.own.shape[1] - 1) // 2
    model = fit(data.far[places, :width], answers, STRENGTH["far join"], np.where(answers, RARE, 1.0))
    return np.append(model.coef_[0], model.intercept_[0])


def join(label: str, data: Gathered) -> tuple[list[float], tuple[float, float]]:
    """The weights over the base and a bias, scaled so that out of fold the probabilities are honest but for how far
    they lean; and what they are worth on either side of even, which takes some of the leaning out (see `honest`)."""
    width = (data.own.shape[1] - 1) // 2
    answers = np.array([row["labels"][label] for row in data.rows])
    places, known = data.known(label)
    held, nears = np.zeros(len(answers)), []
    for inside, outside in data.folds:
        near = joined_fit(label, data.own[inside, :width], answers[inside], data.weights[inside])
        held[outside] = data.own[outside, :width] @ near[:-1] + near[-1]
        nears.append(near)
    slope, shift = platt(held, answers, data.weights, MISSED[label])
    shift -= LESS.get(label, 0.0)

    def scaled(near: Any) -> Any:
        return np.append(near[:-1] * slope, near[-1] * slope + shift)

    apart = np.zeros(len(places))
    for number, ((_, outside), near) in enumerate(zip(data.folds, map(scaled, nears), strict=True)):
        mine = data.far_folds[places] == number
        other = far_fit(data, places[~mine], known[~mine]) if len(places) else near
        found = mixed(near, other)
        held[outside] = data.own[outside] @ found[:-1] + found[-1]
        if len(places):
            apart[mine] = data.far[places[mine]] @ found[:-1] + found[-1]
    cues = data.own[:, LABELS.index(label)]
    settled = np.where(cues > 0, np.maximum(held, cues - STAND[label]), held) if label in STAND else held
    worth = honest(label, settled, answers, data.weights)
    settled *= np.where(settled < 0, *worth)
    told(label, answers, data.weights == 1.0, cues, held, settled)
    if len(places):
        macro = (f1(known, apart > 0) + f1(~known, apart <= 0)) / 2
        print(f"{label:16} macro-F1 on public texts {macro:.3f}", flush=True)
    near = scaled(joined_fit(label, data.own[:, :width], answers, data.weights))
    other = far_fit(data, places, known) if len(places) else near
    return [float(value) for value in mixed(near, other)], worth


def honest(label: str, scores: Any, answers: Any, weights: Any) -> tuple[float, float]:
    """What log-odds are worth below and above even. A decision that leans, and cues that hold a label up, say too much
    of what lies far from even. Real messages are clearer than those learnt from, so only part of it is taken away."""
    found = []
    for under, side in ((True, scores < 0), (False, scores >= 0)):
        model = LogisticRegression(C=1e3, solver="newton-cholesky", fit_intercept=False)
        slope = float(model.fit(scores[side].reshape(-1, 1), answers[side], weights[side]).coef_[0, 0])
        found.append(1.0 if under and label in AS_IT_IS else 1.0 + PART * (slope - 1.0))
    return found[0], found[1]


def told(label: str, answers: Any, fresh: Any, cues: Any, held: Any, settled: Any) -> None:
    """Print how well a label is told out of fold, on the messages no cue was tuned on."""
    answers, cues, held, settled = answers[fresh], cues[fresh], held[fresh], settled[fresh]
    probable = 1 / (1 + np.exp(-np.clip(settled, -9, 9)))
    bins = np.minimum((probable * 10).astype(int), 9)
    error = sum(abs(answers[bins == b].sum() - probable[bins == b].sum()) for b in range(10)) / len(answers)
    print(
        f"{label:16} out of fold: F1 of cues {f1(answers, cues > 0):.3f}, joined {f1(answers, held > 0):.3f}, "
        f"settled {f1(answers, settled > 0):.3f}; recall at .8 {recall_at(answers, held, 0.8):.3f}; error {error:.3f}",
        flush=True,
    )


def recall_at(answers: Any, scores: Any, precision: float) -> float:
    """The best recall at which the precision still holds."""
    order = np.argsort(-scores, kind="stable")
    hits = np.cumsum(answers[order])
    good = hits / np.arange(1, len(hits) + 1) >= precision
    return float(hits[good].max() / max(answers.sum(), 1)) if good.any() else 0.0


def feelings(data: Gathered) -> dict[str, list[float]]:
    """Weights over the base and a bias for each feeling. Every feeling counts the same, however rare."""
    width = (data.own.shape[1] - 1) // 2
    places = np.array([at for at, (_, told) in enumerate(data.asked) if "feeling" in told])
    here, there = (
        np.array([row["sentiment"] for row in data.rows]),
        np.array([data.asked[at][1]["feeling"] for at in places]),
    )

    def model(table: Any, answers: Any, weights: Any) -> Any:
        made = LogisticRegression(C=STRENGTH["join"], solver="newton-cholesky", class_weight="balanced")
        made.fit(table[:, :width], answers, weights)
        order = [list(made.classes_).index(feeling) for feeling in FEELINGS]
        return np.column_stack([made.coef_[order], made.intercept_[order]])

    def both(inside: Any, left: Any) -> Any:
        near = model(data.own[inside], here[inside], data.weights[inside])
        other = model(data.far[places[left]], there[left], None)
        return np.column_stack([near[:, :-1], other[:, -1:] - near[:, -1:], other[:, :-1] - near[:, :-1], near[:, -1:]])

    told: dict[str, list[tuple[str, str]]] = {"messages": [], "public texts": []}
    for number, (inside, outside) in enumerate(data.folds):
        mine = data.far_folds[places] == number
        found = both(inside, np.flatnonzero(~mine))
        fresh = outside[data.weights[outside] == 1.0]
        for name, table, answers in (
            ("messages", data.own[fresh], here[fresh]),
            ("public texts", data.far[places[mine]], there[mine]),
        ):
            said = (table @ found[:, :-1].T + found[:, -1]).argmax(axis=1)
            told[name] += [(str(want), FEELINGS[got]) for want, got in zip(answers, said, strict=True)]
    for name, pairs in told.items():
        recalls = [
            sum(want == got == feeling for want, got in pairs) / max(sum(want == feeling for want, _ in pairs), 1)
            for feeling in FEELINGS
        ]
        print(f"feelings on {name}: recall " + ", ".join(f"{value:.3f}" for value in recalls))
    whole = both(np.arange(len(here)), np.arange(len(there)))
    return {feeling: whole[place].tolist() for place, feeling in enumerate(FEELINGS)}
