"""Train the small judge that ships beside the cues, and write it into the package.

    nice -n 10 python -m training.train [--data training/messages] [--out src/gatepost/policy/reading]

Deterministic: the same messages and the same public texts give the same file, whatever the order of sets and however
many threads there are. Three steps. First, for every label a logistic head over hashed pieces of words, and heads over
public texts (rude, hateful, glad, sour …); longer messages put together from the short ones (longer.py) are learnt with
them. Second, a head that tells messages to a landlord from talk elsewhere: the gate. Third, for every label a logistic
join of those scores with the log-odds of the cues and with the gate, made honest by Platt's scaling. Every score a
later step learns from comes from a model that has not seen the row or its like. The messages held back are read only
to make sure that no training message resembles one of them.
"""

from __future__ import annotations

import argparse
import json
import sys
from hashlib import sha256
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
from sklearn.model_selection import GroupKFold
from threadpoolctl import threadpool_limits

from gatepost.policy.model import LABELS
from gatepost.policy.reading import load_words
from gatepost.policy.reading.by_cues import by_cues
from gatepost.policy.reading.page import Page, open_page
from gatepost.policy.reading.tone import sentiment
from gatepost.policy.reading.trained import FAR, ONE, base
from training import public
from training.alike import groups, unlike
from training.features import matrix
from training.heads import OWN, Public, Rows, far_head, own_heads
from training.joins import TUNED_WEIGHT, Gathered, feelings, join
from training.longer import WEIGHT, longer

ROOT = Path(__file__).resolve().parents[1]
FOLDS = 5
# The shapes of hatred told it better out of fold than any join with them did.
WITH_CUES = ("hate",)


def read_rows(path: Path) -> Rows:
    """The messages of one file, or of every file of a folder, in order."""
    files = sorted(path.glob("*.jsonl")) if path.is_dir() else [path]
    return [json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines()]


def numbers(values: Any) -> str:
    return "[" + ", ".join(f"{float(value):.5g}" for value in values) + "]"


def write(
    out: Path,
    heads: dict[str, Any],
    joined: dict[str, tuple[list[float], tuple[float, float]]],
    moods: dict[str, list[float]],
    counts: str,
) -> None:
    table = np.stack([head["bytes"] for head in heads.values()], axis=1).tobytes()
    lines = ["# Made by `python -m training.train`; training/MODEL_CARD.md tells what it is and how well it does."]
    lines += [f'digest = "{sha256(table).hexdigest()}"', f'made_from = "{counts}"', ""]
    lines += ["[join]", *(f"{label} = {numbers(weights)}" for label, (weights, _) in joined.items()), ""]
    lines += ["[worth]", *(f"{label} = {numbers(worth)}" for label, (_, worth) in joined.items()), ""]
    lines += ["[feelings]", *(f"{feeling} = {numbers(weights)}" for feeling, weights in moods.items()), ""]
    for name, head in heads.items():
        lines += ["[[head]]", f'name = "{name}"', f"scale = {head['scale']:.6g}", f"bias = {head['bias']:.6g}", ""]
    (out / "trained.bin").write_bytes(table)
    (out / "trained.toml").write_text("\n".join(lines), encoding="utf-8")


def gather(fresh: Rows, tuned: Rows, data: Path) -> Gathered:
    """Learn the heads, and score every row by heads that have not seen it or its like."""
    words = load_words((ROOT / "packs/bhp/words.toml").read_text(encoding="utf-8"))
    rows = fresh + tuned
    made, folds = longer(rows, list(GroupKFold(FOLDS).split(rows, groups=groups([row["text"] for row in rows]))))
    rows = rows + made
    pages = [open_page(row["text"], words) for row in rows]
    features = matrix(pages)
    outside = Public.gather(data, words)
    heads, scores = own_heads(features, rows, folds)
    others = {name: outside.features @ (head["bytes"] * head["scale"]) + head["bias"] for name, head in heads.items()}
    for name in public.HEADS:
        heads[name], others[name] = outside.head(name)
        scores[name] = features @ (heads[name]["bytes"] * heads[name]["scale"]) + heads[name]["bias"]
    heads[FAR], scores[FAR], others[FAR] = far_head(features, folds, outside)
    asked = outside.asked()

    def bases(some: list[Page], told: dict[str, Any], places: Any) -> Any:
        cues, felt = [], []
        for page in some:
            odds, _ = by_cues(page, words)
            mood = sentiment(page, {label: 1.0 if odds[label] >= 0 else 0.0 for label in LABELS})
            cues.append([odds[label] for label in LABELS])
            felt.append([float(mood == "positive"), float(mood == "negative")])
        scored = np.stack([told[name][places] for name in heads], axis=1)
        return base(np.array(cues) * ONE, np.rint(scored * ONE), np.array(felt)) / ONE

    chosen = [place for place, _ in asked]
    return Gathered(
        rows=rows,
        weights=np.array([1.0] * len(fresh) + [TUNED_WEIGHT] * len(tuned) + [WEIGHT] * len(made)),
        folds=folds,
        heads=heads,
        own=bases(pages, scores, np.arange(len(pages))),
        asked=asked,
        far=bases([outside.pages[place] for place in chosen], others, chosen),
        far_folds=np.array([crc32(outside.texts[at].encode("utf-8", "replace")) % FOLDS for at in chosen]),
        made_from=f"{len(fresh)} + {len(tuned)} messages, {len(outside.texts)} public texts",
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=ROOT / "training/messages")
    parser.add_argument("--tuned", type=Path, default=ROOT / "tests/policy/reading/messages.jsonl")
    parser.add_argument("--held-back", type=Path, default=ROOT / "training")
    parser.add_argument("--out", type=Path, default=ROOT / "src/gatepost/policy/reading")
    options = parser.parse_args()
    data = public.folder()
    if data is None:
        sys.exit("The public texts are not here (../shared/data or GATEPOST_SHARED): the shipped model stays as it is.")
    held = [row["text"] for path in sorted(options.held_back.glob("held_back*.jsonl")) for row in read_rows(path)]
    fresh, tuned = (unlike(read_rows(path), held) for path in (options.data, options.tuned))
    print(f"{len(fresh)} messages, and {len(tuned)} the cues were tuned on", flush=True)
    with threadpool_limits(limits=1):  # sums in several threads come out differently in their last digits
        gathered = gather(fresh, tuned, data)
        joined = {label: join(label, gathered) for label in OWN if label not in WITH_CUES}
        felt = feelings(gathered)
    write(options.out, gathered.heads, joined, felt, gathered.made_from)
    print(f"written to {options.out}, {(options.out / 'trained.bin').stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
