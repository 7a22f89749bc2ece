"""Heads over pieces of words: one per label and feeling from the messages, a few from public texts, and the gate.

Every score that a later step learns from comes from a model that has not seen the row or its like.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
from scipy.sparse import csr_matrix, vstack
from sklearn.linear_model import LogisticRegression

from gatepost.policy.model import LABELS
from gatepost.policy.reading import Words
from gatepost.policy.reading.page import Page, open_page
from training import public
from training.features import matrix

OWN = tuple(label for label in LABELS if label != "personal_details")
MOODS = ("positive", "negative")
STRENGTH = {"own": 30.0, "public": 2.0, "far": 2.0, "join": 0.2, "far join": 0.1}
MOST_PUBLIC = {"rude": 4000, "hateful": 2500, "feelings": 1500, "far": 9000}
Rows = list[dict[str, Any]]


def fit(features: Any, answers: Any, strength: float, weights: Any = None) -> LogisticRegression:
    model = LogisticRegression(C=strength, solver="liblinear", random_state=0, max_iter=300, tol=2e-3)
    return model.fit(features, answers, sample_weight=weights)


def out_of_fold(features: Any, answers: Any, folds: list[Any], strength: float, weights: Any = None) -> Any:
    """The log-odds of every row from a model that has not seen its group."""
    scores = np.zeros(features.shape[0])
    for inside, outside in folds:
        some = None if weights is None else weights[inside]
        scores[outside] = fit(features[inside], answers[inside], strength, some).decision_function(features[outside])
    return scores


def spread(weights: Any, bias: float) -> dict[str, Any]:
    """Signed bytes and the scale that turns them back; the few heaviest weights are cut."""
    most = float(np.quantile(np.abs(weights[weights != 0]), 0.9999))
    scale = most / 127
    return {"bytes": np.clip(np.round(weights / scale), -127, 127).astype(np.int8), "scale": scale, "bias": bias}


@dataclass
class Public:
    """Public texts with what is known of each, their pages and features, and a half (0 or 1) each belongs to."""

    texts: list[str]
    pages: list[Page]
    features: csr_matrix
    halves: Any
    heads: dict[str, tuple[Any, Any]]  # head: places of its rows, their answers
    feelings: dict[int, str]

    @classmethod
    def gather(cls, data: Path, words: Words) -> Public:
        found, felt = public.rows(data), public.feelings(data, MOST_PUBLIC["feelings"])
        texts = sorted({text for rows in found.values() for text, _ in rows} | {text for text, _ in felt})
        place = {text: number for number, text in enumerate(texts)}
        pages = [open_page(text, words) for text in texts]
        heads = {
            name: (np.array([place[text] for text, _ in rows]), np.array([answer for _, answer in rows]))
            for name, rows in found.items()
        }
        halves = np.array([crc32(text.encode("utf-8", "replace")) & 1 for text in texts])
        return cls(texts, pages, matrix(pages), halves, heads, {place[text]: feeling for text, feeling in felt})

    def head(self, name: str) -> tuple[dict[str, Any], Any]:
        """One head over its texts, and its score of every public text, from the half that has not seen it."""
        places, answers = self.heads[name]
        scores = np.zeros(len(self.texts))
        for half in (0, 1):
            seen = self.halves[places] != half
            model = fit(self.features[places[seen]], answers[seen], STRENGTH["public"])
            mine = self.halves == half
            scores[mine] = model.decision_function(self.features[mine])
        whole = fit(self.features[places], answers, STRENGTH["public"])
        print(f"public head {name:12} {len(places):6} texts", flush=True)
        return spread(whole.coef_[0], float(whole.intercept_[0])), scores

    def asked(self) -> list[tuple[int, dict[str, Any]]]:
        """Texts for the join, with what is known of them: offensive, hate, feeling."""
        known: dict[int, dict[str, Any]] = {}
        for name, label in (("rude", "offensive"), ("hateful", "hate")):
            places, answers = self.heads[name]
            order = sorted(
                zip(places.tolist(), answers.tolist(), strict=True), key=lambda row: self.texts[row[0]][::-1]
            )
            for answer in (False, True):
                for at, _ in [row for row in order if row[1] is answer][: MOST_PUBLIC[name] // 2]:
                    known.setdefault(at, {})[label] = answer
                    if label == "hate" and answer:
                        known[at]["offensive"] = True
        for at, feeling in self.feelings.items():
            known.setdefault(at, {})["feeling"] = feeling
        return sorted(known.items())


def own_heads(features: Any, rows: Rows, folds: list[Any]) -> tuple[dict[str, dict[str, Any]], dict[str, Any]]:
    """A head per label and per mood, and the out-of-fold scores the join learns from."""
    heads, scores = {}, {}
    for name in (*OWN, *MOODS):
        answers = np.array([row["labels"][name] if name in OWN else row["sentiment"] == name for row in rows])
        scores[name] = out_of_fold(features, answers, folds, STRENGTH["own"])
        model = fit(features, answers, STRENGTH["own"])
        heads[name] = spread(model.coef_[0], float(model.intercept_[0]))
    return heads, scores


def far_head(features: Any, folds: list[Any], outside: Public) -> tuple[dict[str, Any], Any, Any]:
    """The gate: its head, and its scores of the messages and of the public texts, each from a model without them."""
    order = np.argsort([crc32(text[::-1].encode("utf-8", "replace")) for text in outside.texts], kind="stable")
    some = np.sort(order[: MOST_PUBLIC["far"]])
    own, others = np.zeros(features.shape[0]), np.zeros(len(outside.texts))

    def model(mine: Any, theirs: Any) -> LogisticRegression:
        both = vstack([features[mine], outside.features[theirs]])
        weights = np.array([len(theirs) / len(mine)] * len(mine) + [1.0] * len(theirs))
        return fit(both, np.array([False] * len(mine) + [True] * len(theirs)), STRENGTH["far"], weights)

    for inside, left in folds:
        own[left] = model(inside, some).decision_function(features[left])
    everything = np.arange(features.shape[0])
    for half in (0, 1):
        mine = outside.halves == half
        others[mine] = model(everything, some[outside.halves[some] != half]).decision_function(outside.features[mine])
    whole = model(everything, some)
    return spread(whole.coef_[0], float(whole.intercept_[0])), own, others
