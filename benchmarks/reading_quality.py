"""How well the readers read messages held back from them: per label, with intervals, beside the cues alone.

python -m benchmarks.reading_quality [--messages training/held_back.jsonl] [--resamples 1000] [--tweets 3000]

Prints precision, recall and F1 with 95 % bootstrap intervals over messages, the expected error of the probabilities,
the share of feelings told right, and, where the shared folder lies beside the checkout, HateCheck by functionality,
the shared housing messages, and alarms for personal details on public tweets. The same run reads with the cues alone.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from training.public import folder

from gatepost.policy.model import LABELS
from gatepost.policy.reading import Words, load_words, read
from gatepost.policy.reading.by_cues import by_cues
from gatepost.policy.reading.evidence import logistic
from gatepost.policy.reading.page import open_page
from gatepost.policy.reading.tone import sentiment

ROOT = Path(__file__).resolve().parents[1]
BINS = 10


@dataclass(frozen=True)
class Read:
    """What one judge made of one message."""

    labels: dict[str, float]
    feeling: str


Judge = Callable[[str], Read]


def judges(words: Words) -> dict[str, Judge]:
    """The cues alone, and the readers as shipped."""

    def alone(text: str) -> Read:
        page = open_page(text, words)
        odds, _ = by_cues(page, words)
        labels = {label: logistic(odds[label]) for label in LABELS}
        return Read(labels, sentiment(page, labels))

    def shipped(text: str) -> Read:
        reading = read(text, words)
        return Read(dict(reading.labels), reading.sentiment)

    return {"cues": alone, "shipped": shipped}


def scores(pairs: Sequence[tuple[bool, bool]]) -> tuple[float, float, float]:
    """Precision, recall and F1 of (wanted, said); 0 where nothing was said or wanted."""
    hit = sum(wanted and said for wanted, said in pairs)
    said, wanted = sum(said for _, said in pairs), sum(wanted for wanted, _ in pairs)
    return hit / max(said, 1), hit / max(wanted, 1), 2 * hit / max(said + wanted, 1)


def interval(pairs: Sequence[tuple[bool, bool]], resamples: int) -> list[tuple[float, float]]:
    """The 95 % bootstrap intervals of precision, recall and F1."""
    chance = random.Random(1)
    drawn = [scores(chance.choices(pairs, k=len(pairs))) for _ in range(resamples)]
    low, high = int(0.025 * resamples), int(0.975 * resamples)
    return [(column[low], column[high]) for column in (sorted(values) for values in zip(*drawn, strict=True))]


def calibration(probable: Sequence[tuple[bool, float]]) -> float:
    """The expected calibration error over ten equal bins."""
    bins: dict[int, list[tuple[bool, float]]] = defaultdict(list)
    for row in probable:
        bins[min(int(row[1] * BINS), BINS - 1)].append(row)
    gaps = (abs(sum(w for w, _ in rows) - sum(p for _, p in rows)) for rows in bins.values())
    return sum(gaps) / max(len(probable), 1)


def recall_at(rows: Sequence[tuple[bool, float]], precision: float) -> float:
    """The best recall at which the precision still holds, whatever the threshold."""
    best = hits = 0
    for count, (wanted, _) in enumerate(sorted(rows, key=lambda row: -row[1]), 1):
        hits += wanted
        if hits >= precision * count:
            best = hits
    return best / max(sum(wanted for wanted, _ in rows), 1)


def report(name: str, path: Path, both: dict[str, Judge], resamples: int) -> None:
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    print(f"\n{name}: {len(rows)} messages; precision, recall, F1 [95 %], expected error of the probability,")
    print("  recall at a precision of .8")
    for judge, said in ((judge, [see(row["text"]) for row in rows]) for judge, see in both.items()):
        means: list[float] = []
        for label in LABELS:
            if not any(label in row["labels"] for row in rows):
                continue
            wanted = [bool(row["labels"].get(label)) for row in rows]
            pairs = [(want, one.labels[label] >= 0.5) for want, one in zip(wanted, said, strict=True)]
            means.append(scores(pairs)[2])
            values, ranges = scores(pairs), interval(pairs, resamples)
            shown = "  ".join(f"{v:.2f} [{a:.2f} {b:.2f}]" for v, (a, b) in zip(values, ranges, strict=True))
            probable = [(want, one.labels[label]) for want, one in zip(wanted, said, strict=True)]
            shown += f"  {calibration(probable):.3f}  {recall_at(probable, 0.8):.2f}"
            print(f"  {judge:8} {label:17} n={sum(wanted):3}  {shown}")
        felt = [(row["sentiment"], one.feeling) for row, one in zip(rows, said, strict=True)]
        right = sum(want == got for want, got in felt) / len(felt)
        recalls = [
            scores([(want == feeling, got == feeling) for want, got in felt])[1]
            for feeling in sorted({want for want, _ in felt})
        ]
        print(
            f"  {judge:8} mean F1 {sum(means) / len(means):.3f}, feelings told right {right:.3f}, "
            f"mean recall of the feelings {sum(recalls) / len(recalls):.3f}"
        )


def everyday(paths: Sequence[Path], see: Judge) -> None:
    """Everyday messages held back, put together to long ones and repeated: labels that should not be there."""
    rows = [json.loads(line) for path in paths for line in path.read_text(encoding="utf-8").splitlines()]
    plain = [f"{row['text'].rstrip('.')}. " for row in rows if row["lang"] == "en" and not any(row["labels"].values())]
    chance = random.Random(3)
    print(
        f"\nLong texts of everyday talk, 60 each, made of {len(plain)} messages held back; false alarms of 60 by label"
    )
    for sentences, again in ((1, 1), (1, 40), (3, 1), (12, 1), (12, 40), (50, 1), (50, 10)):
        chance = random.Random(sentences)  # the same texts, however often they are said
        texts = ["".join(chance.sample(plain, sentences)) * again for _ in range(60)]
        alarms = Counter(label for text in texts for label, told in see(text).labels.items() if told >= 0.5)
        shown = ", ".join(f"{label} {count}" for label, count in alarms.most_common())
        print(f"  {sentences:3} sentences, {again:2} times: {shown or 'none'}")


def table(path: Path) -> Iterator[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def hatecheck(path: Path, both: dict[str, Judge]) -> None:
    rows = list(table(path))
    print(f"\nHateCheck: {len(rows)} cases; share told right as offensive or not")
    right: dict[str, dict[str, list[bool]]] = {judge: defaultdict(list) for judge in both}
    for row in rows:
        hateful = row["label"] == "hateful"
        for judge, see in both.items():
            good = (see(row["text"]).labels["offensive"] >= 0.5) is hateful
            for name in (row["functionality"], "all hateful" if hateful else "all non-hateful"):
                right[judge][name].append(good)
    print(f"  {'':34}" + "".join(f"{judge:>9}" for judge in both) + "    cases")
    for name in sorted(right["cues"]):
        shares = "".join(f"{sum(right[judge][name]) / len(right[judge][name]):9.2f}" for judge in both)
        print(f"  {name:34}{shares}{len(right['cues'][name]):9}")


def tweets(path: Path, both: dict[str, Judge], most: int) -> None:
    """Public tweets: alarms for personal details, and whether offence is told from its absence."""
    rows = sorted(table(path), key=lambda row: row["text"])
    rows = random.Random(2).sample(rows, min(most, len(rows)))
    print(f"\n{len(rows)} public tweets (gathered by slurs, so far from ordinary; the model has seen some of them)")
    for judge, see in both.items():
        said = [see(row["text"]) for row in rows]
        alarms = sum(one.labels["personal_details"] >= 0.5 for one in said) * 1000 / len(rows)
        pairs = [(r["label"] != "neither", o.labels["offensive"] >= 0.5) for r, o in zip(rows, said, strict=True)]
        macro = (scores(pairs)[2] + scores([(not want, not got) for want, got in pairs])[2]) / 2
        print(f"  {judge:8} alarms for personal details {alarms:.1f} per 1,000; offensive macro-F1 {macro:.3f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=Path, default=ROOT / "training/held_back.jsonl")
    parser.add_argument("--resamples", type=int, default=1000)
    parser.add_argument("--tweets", type=int, default=3000)
    options = parser.parse_args()
    both = judges(load_words((ROOT / "packs/bhp/words.toml").read_text(encoding="utf-8")))
    parts = {
        part: options.messages.with_stem("_".join(filter(None, (options.messages.stem, part))))
        for part in ("", "second", "third", "fourth", "fifth", "sixth", "seventh")
    }
    for part, path in parts.items():
        report(f"held back {part}".rstrip(), path, both, options.resamples)
    everyday(list(parts.values()), both["shipped"])
    data = folder()
    if data is None:
        print("\nThe shared folder is not beside this checkout: HateCheck and the other public sets are left out.")
        return
    report("shared housing messages", data / "housing.jsonl", both, options.resamples)
    hatecheck(data / "hatecheck.csv.gz", both)
    tweets(data / "davidson.csv.gz", both, options.tweets)


if __name__ == "__main__":
    main()
