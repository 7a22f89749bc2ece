"""A small trained judge beside the cues: hashed pieces of words, weighed once for all labels.

`trained.bin` holds one signed byte per bucket and head, `trained.toml` what they mean, the digest of the table and the
weights that join its scores with the log-odds of the cues. Both are made by `python -m training.train`. The table is
mapped, not read; the sums of a word are remembered, so that a message costs one addition per word.
"""

from __future__ import annotations

import mmap
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256
from itertools import pairwise
from pathlib import Path

import numpy as np

from ..model import LABELS, Sentiment
from . import hashing
from .hashing import BUCKETS
from .page import Page

FEELINGS: tuple[Sentiment, ...] = ("positive", "neutral", "negative")
CLIP = 6.0  # log-odds of a cue reader beyond this say no more
MOST_WORDS = 400  # what a message says it says in these
_WHOLE = 3  # a whole word counts as so many of its pieces
PAIR, MARK = 2, 4  # and so do a pair of words and a cue
_REMEMBERED = 8192


class ModelError(ValueError):
    """The shipped model cannot be used: the message says which file and why."""


def grams(form: str) -> list[int]:
    """The buckets of one word: its pieces of two to five bytes within the word, and the word itself."""
    text = hashing.plain_bytes(form)
    return [*hashing.pieces([text])[0].tolist(), *_WHOLE * [_bucket(text)]]


def pair(first: str, second: str) -> int:
    """The bucket of two words in a row."""
    both = (np.array([hashing.number(hashing.plain_bytes(form))], dtype=np.uint32) for form in (first, second))
    return int(hashing.pairs(*both)[0])


def _bucket(text: bytes) -> int:
    return int(hashing.whole(np.array([hashing.number(text)], dtype=np.uint32))[0])


def marks(page: Page) -> list[int]:
    """Buckets for what no word tells: the cues found, shouting, and how long the message is."""
    text, length = page.normal.original, len(page.forms)
    found = ["\x01short" if length < 5 else "\x01long" if length > 60 else "\x01middling"]
    if len(text) > 8 and text.isupper():
        found.append("\x01shouted")
    found += {f"\x02{label} {hit.cue.kind}": None for label, hits in page.hits.items() for hit in hits}
    return [_bucket(mark.encode()) for mark in found]


_Row = tuple[tuple[int, ...], int]


@dataclass(slots=True)
class Trained:
    """`join[label]` are the weights over (clipped cue log-odds by LABELS, scores by `heads`, cue feeling), then a bias.

    A label that is not in `join` stays with the cues.
    """

    heads: tuple[str, ...]
    table: memoryview  # signed bytes, one row of len(heads) per bucket
    scales: tuple[float, ...]
    biases: tuple[float, ...]
    join: Mapping[str, tuple[float, ...]]
    feelings: tuple[tuple[float, ...], ...]
    digest: str
    remembered: dict[str, _Row] = field(default_factory=dict)

    def row(self, bucket: int) -> tuple[int, ...]:
        width = len(self.heads)
        return tuple(self.table[bucket * width : (bucket + 1) * width])

    def word(self, form: str) -> _Row:
        """The sums of a word's buckets, head by head, and how many buckets it has."""
        known = self.remembered.get(form)
        if known is None:
            buckets = grams(form)
            known = tuple(map(sum, zip(*map(self.row, buckets), strict=True))), len(buckets)
            if len(self.remembered) >= _REMEMBERED:  # strange words must not fill the memory of a worker
                self.remembered.clear()
            self.remembered[form] = known
        return known

    def scores(self, page: Page) -> tuple[list[float], float]:
        """The log-odds of each head for a page, and the length its sums were divided by."""
        forms = page.forms[:MOST_WORDS]
        words = [self.word(form) for form in dict.fromkeys(forms)]
        pairs = [pair(*two) for two in dict.fromkeys(pairwise(forms))]
        marked = marks(page)
        length = float(sum(size for _, size in words) + PAIR * len(pairs) + MARK * len(marked)) ** 0.5
        nothing = (0,) * len(self.heads)
        told = self._total([nothing, *(sums for sums, _ in words)])
        paired = self._total([nothing, *map(self.row, pairs)])
        cued = self._total(map(self.row, marked))
        judged = zip(told, paired, cued, self.scales, self.biases, strict=True)
        return [(t + PAIR * p + MARK * c) * scale / length + bias for t, p, c, scale, bias in judged], length

    @staticmethod
    def _total(rows: Iterable[tuple[int, ...]]) -> list[int]:
        return list(map(sum, zip(*rows, strict=True)))

    def joined(self, base: Sequence[float]) -> dict[str, float]:
        """The log-odds of every label the model has a say in."""
        return {label: _dot(weights, base) for label, weights in self.join.items()}

    def feeling(self, base: Sequence[float]) -> Sentiment:
        """The likeliest feeling."""
        rated = [_dot(weights, base) for weights in self.feelings]
        return FEELINGS[rated.index(max(rated))]

    def weighed(self, page: Page, label: str, length: float) -> list[tuple[float, int]]:
        """What each word of the page adds to the log-odds of `label`: (weight, place of the word), heaviest first."""
        weights = self.join[label][len(LABELS) : len(LABELS) + len(self.heads)]
        factors = [weight * scale / length for weight, scale in zip(weights, self.scales, strict=True)]
        forms = page.forms[:MOST_WORDS]
        added: list[float] = []
        for place, form in enumerate(forms):
            value = _product(factors, self.word(form)[0])
            for near in (place - 1, place):  # a pair is shared between its two words
                if 0 <= near < len(forms) - 1:
                    value += 0.5 * PAIR * _product(factors, self.row(pair(forms[near], forms[near + 1])))
            added.append(value)
        return sorted(((value, place) for place, value in enumerate(added)), reverse=True)


def _product(left: Sequence[float], right: Sequence[int]) -> float:
    return sum(a * b for a, b in zip(left, right, strict=True))


def _dot(weights: Sequence[float], base: Sequence[float]) -> float:
    return sum([a * b for a, b in zip(weights, base, strict=False)], weights[-1])


def base(odds: Mapping[str, float], scores: Sequence[float], feeling: Sentiment) -> list[float]:
    """What the join weighs: the cues' clipped log-odds by LABELS, the model's scores, the cues' feeling."""
    cues = [max(-CLIP, min(CLIP, odds[label])) for label in LABELS]
    return [*cues, *scores, float(feeling == "positive"), float(feeling == "negative")]


def load(folder: Path) -> Trained:
    """The model in `folder`. Raises ModelError when a file is missing, cut short or not the one the digest names."""
    manifest, table = folder / "trained.toml", folder / "trained.bin"
    try:
        told = tomllib.loads(manifest.read_text(encoding="utf-8"))
        heads = tuple(head["name"] for head in told["head"])
        with table.open("rb") as file:
            mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(f"The trained reader in {folder.name} cannot be read ({error}): install it again") from error
    if len(mapped) != BUCKETS * len(heads) or sha256(mapped).hexdigest() != told.get("digest"):
        raise ModelError(f"{table.name} is not the file that {manifest.name} describes: install it again")
    return Trained(
        heads=heads,
        table=memoryview(mapped).cast("b"),
        scales=tuple(head["scale"] for head in told["head"]),
        biases=tuple(head["bias"] for head in told["head"]),
        join={label: tuple(weights) for label, weights in told["join"].items()},
        feelings=tuple(tuple(told["feelings"][feeling]) for feeling in FEELINGS),
        digest=told["digest"],
    )


@lru_cache(maxsize=1)
def shipped() -> Trained:
    """The model that comes with the package, mapped once per process."""
    return load(Path(__file__).parent)
