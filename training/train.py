"""Train the small judge that ships beside the cues, and write it into the package.

    nice -n 10 python -m training.train [--data training/messages] [--out src/gatepost/policy/reading]

Deterministic: the same messages and the same public texts give the same file. Two steps. First, for every label a
logistic head over hashed pieces of words, scored out of fold by groups of messages that resemble each other. Second,
for every label a logistic join of those scores with the log-odds of the cues, made honest by Platt's scaling on
held-out folds. The messages held back are read only to make sure that no training message resembles one of them.
"""

from __future__ import annotations

import argparse
import json
import sys
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from gatepost.policy.model import LABELS
from gatepost.policy.reading import load_words
from gatepost.policy.reading.by_cues import by_cues
from gatepost.policy.reading.evidence import logistic
from gatepost.policy.reading.page import Page, open_page
from gatepost.policy.reading.tone import sentiment
from gatepost.policy.reading.trained import BUCKETS, FEELINGS, MARK, MOST_WORDS, PAIR, base, grams, marks, pair
from training import public
from training.alike import groups, unlike

ROOT = Path(__file__).resolve().parents[1]
OWN = tuple(label for label in LABELS if label != "personal_details")
MOODS = ("positive", "negative")
FOLDS = 5
STRENGTH = {"own": 15.0, "public": 2.0, "join": 0.1}
# What a missed label costs beside a false one: probabilities lean by the logarithm of this. A resident whose message is
# taken for spam is not answered, so there the false one costs twice as much.
MISSED = dict.fromkeys(OWN, 2.0) | {"spam": 0.5}
# Labels for which the join was no clear gain on messages it had not seen: they stay with the cues.
WITH_CUES = ("media_query", "thanks", "sar_request", "safeguarding")
LEAST_OWN = 0.1  # what a label's own cues weigh at the least, so that an administrator's words always tell
# The cues were tuned on these messages, so what the cues say of them proves little: the join hears them softly.
TUNED_WEIGHT = 0.15
Rows = list[dict[str, Any]]
_BUCKETS: dict[str, list[int]] = {}


def read_rows(path: Path) -> Rows:
    """The messages of one file, or of every file of a folder, in order."""
    files = sorted(path.glob("*.jsonl")) if path.is_dir() else [path]
    return [json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines()]


def matrix(pages: list[Page]) -> csr_matrix:
    """One row per page: how often each bucket occurs, over the root of the number of pieces."""
    data, columns, ends = [], [], [0]
    for page in pages:
        forms = page.forms[:MOST_WORDS]
        found = MARK * marks(page) + PAIR * [pair(*two) for two in dict.fromkeys(pairwise(forms))]
        for form in dict.fromkeys(forms):
            if form not in _BUCKETS:
                _BUCKETS[form] = grams(form)
            found += _BUCKETS[form]
        columns += found
        data += [len(found) ** -0.5] * len(found)
        ends.append(len(columns))
    made = csr_matrix((data, columns, ends), shape=(len(pages), BUCKETS))
    made.sum_duplicates()
    return made


def fit(features: Any, answers: Any, strength: float, weights: Any = None) -> LogisticRegression:
    model = LogisticRegression(C=strength, solver="liblinear", random_state=0, max_iter=300)
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


def public_heads(pages_of: Any) -> dict[str, dict[str, Any]]:
    data = public.folder()
    if data is None:
        sys.exit("The public texts are not here (../shared/data or GATEPOST_SHARED): the shipped model stays as it is.")
    heads = {}
    for name, found in public.rows(data).items():
        features = matrix([pages_of(text) for text, _ in found])
        model = fit(features, np.array([answer for _, answer in found]), STRENGTH["public"])
        heads[name] = spread(model.coef_[0], float(model.intercept_[0]))
        print(f"public head {name:12} {len(found):6} texts", flush=True)
    return heads


def own_heads(features: Any, rows: Rows, folds: list[Any]) -> tuple[dict[str, dict[str, Any]], dict[str, Any]]:
    """A head per label and per mood, and the out-of-fold scores the join learns from."""
    heads, scores = {}, {}
    for name in (*OWN, *MOODS):
        answers = np.array([row["labels"][name] if name in OWN else row["sentiment"] == name for row in rows])
        scores[name] = out_of_fold(features, answers, folds, STRENGTH["own"])
        model = fit(features, answers, STRENGTH["own"])
        heads[name] = spread(model.coef_[0], float(model.intercept_[0]))
    return heads, scores


def platt(scores: Any, answers: Any, weights: Any, missed: float) -> tuple[float, float]:
    model = fit(scores.reshape(-1, 1), answers, 1e3, weights * np.where(answers, missed, 1.0))
    return float(model.coef_[0, 0]), float(model.intercept_[0])


def f1(answers: Any, said: Any) -> float:
    return float(2 * (answers & said).sum() / max(answers.sum() + said.sum(), 1))


def joined_fit(label: str, bases: Any, answers: Any, weights: Any) -> Any:
    """Weights over the base and a bias. A better case by a label's own cues must never count against the label."""
    model = fit(bases, answers, STRENGTH["join"], weights)
    found = np.append(model.coef_[0], model.intercept_[0])
    own = LABELS.index(label)
    found[own] = max(found[own], LEAST_OWN)
    return found


def join(label: str, bases: Any, answers: Any, folds: list[Any], weights: Any) -> list[float]:
    """The weights over the base and a bias, scaled so that out of fold the probabilities are honest."""
    held = np.zeros(len(answers))
    for inside, outside in folds:
        found = joined_fit(label, bases[inside], answers[inside], weights[inside])
        held[outside] = bases[outside] @ found[:-1] + found[-1]
    slope, shift = platt(held, answers, weights, MISSED[label])
    fresh = weights == 1.0
    cues, both = bases[fresh, LABELS.index(label)] > 0, slope * held[fresh] + shift > 0
    alone, together = f1(answers[fresh], cues), f1(answers[fresh], both)
    print(f"{label:16} F1 out of fold: cues {alone:.3f}, joined {together:.3f}", flush=True)
    found = joined_fit(label, bases, answers, weights) * slope
    found[-1] += shift
    return [float(value) for value in found]


def feelings(bases: Any, rows: Rows, weights: Any) -> dict[str, list[float]]:
    answers = [row["sentiment"] for row in rows]
    model = LogisticRegression(C=STRENGTH["join"], random_state=0, max_iter=2000).fit(bases, answers, weights)
    order = list(model.classes_)
    return {
        feeling: [*model.coef_[order.index(feeling)], float(model.intercept_[order.index(feeling)])]
        for feeling in FEELINGS
    }


def numbers(values: Any) -> str:
    return "[" + ", ".join(f"{float(value):.5g}" for value in values) + "]"


def write(
    out: Path, heads: dict[str, Any], joined: dict[str, list[float]], moods: dict[str, list[float]], counts: str
) -> None:
    table = np.stack([head["bytes"] for head in heads.values()], axis=1).tobytes()
    lines = ["# Made by `python -m training.train`; training/MODEL_CARD.md tells what it is and how well it does."]
    lines += [f'digest = "{sha256(table).hexdigest()}"', f'made_from = "{counts}"', ""]
    lines += ["[join]", *(f"{label} = {numbers(weights)}" for label, weights in joined.items()), ""]
    lines += ["[feelings]", *(f"{feeling} = {numbers(weights)}" for feeling, weights in moods.items()), ""]
    for name, head in heads.items():
        lines += ["[[head]]", f'name = "{name}"', f"scale = {head['scale']:.6g}", f"bias = {head['bias']:.6g}", ""]
    (out / "trained.bin").write_bytes(table)
    (out / "trained.toml").write_text("\n".join(lines), encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=ROOT / "training/messages")
    parser.add_argument("--tuned", type=Path, default=ROOT / "tests/policy/reading/messages.jsonl")
    parser.add_argument("--held-back", type=Path, default=ROOT / "training/held_back.jsonl")
    parser.add_argument("--out", type=Path, default=ROOT / "src/gatepost/policy/reading")
    options = parser.parse_args()
    words = load_words((ROOT / "packs/bhp/words.toml").read_text(encoding="utf-8"))
    held = [row["text"] for row in read_rows(options.held_back)]
    fresh, tuned = (unlike(read_rows(path), held) for path in (options.data, options.tuned))
    rows = fresh + tuned
    pages = [open_page(row["text"], words) for row in rows]
    folds = list(GroupKFold(FOLDS).split(rows, groups=groups([row["text"] for row in rows])))
    print(f"{len(fresh)} messages, and {len(tuned)} the cues were tuned on", flush=True)
    outside = public_heads(lambda text: open_page(text, words))
    features = matrix(pages)
    inside, scores = own_heads(features, rows, folds)
    heads = {**inside, **outside}
    for name, head in outside.items():
        scores[name] = features @ (head["bytes"] * head["scale"]) + head["bias"]
    bases = []
    for place, page in enumerate(pages):
        odds, _ = by_cues(page, words)
        mood = sentiment(page, {label: logistic(odds[label]) for label in LABELS})
        bases.append(base(odds, [scores[name][place] for name in heads], mood))
    weights = np.array([1.0] * len(fresh) + [TUNED_WEIGHT] * len(tuned))
    table = np.array(bases)
    joined = {}
    for label in OWN:
        answers = np.array([row["labels"][label] for row in rows])
        found = join(label, table, answers, folds, weights)
        if label not in WITH_CUES:
            joined[label] = found
    moods = feelings(table, rows, weights)
    write(options.out, heads, joined, moods, f"{len(fresh)} + {len(tuned)} messages")
    print(f"written to {options.out}, {(options.out / 'trained.bin').stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
