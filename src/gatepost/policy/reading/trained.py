"""A small trained judge beside the cues: hashed pieces of words, weighed once for all labels.

`trained.bin` holds one signed byte per bucket and head, `trained.toml` what they mean, the digest of the table and the
weights that join its scores with the log-odds of the cues. Both are made by `python -m training.train`. The table is
mapped, not read. Log-odds are whole numbers of 1/1024: sums of whole numbers come out the same in any order, so a
message weighs the same alone and in any batch.
"""

from __future__ import annotations

import gc
import mmap
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

import numpy as np

from ..compiled import source
from ..model import LABELS, Sentiment
from . import hashing
from .evidence import logistic
from .hashing import BUCKETS
from .lexicon import lexicon
from .memory import DEGREE, MARK, MOST_WORDS, PAIR, WHOLE, Floats, Memory, Summed, Sums, Table
from .page import Page

__all__ = [
    "BUCKETS", "FAR", "FEELINGS", "MARK", "MOST_WORDS", "PAIR", "ModelError", "Trained", "base", "grams",
    "length_mark", "load", "mark_bucket", "marks", "pair", "shipped",
]  # fmt: skip

FEELINGS: tuple[Sentiment, ...] = ("positive", "neutral", "negative")
CLIP = 6.0  # log-odds of a cue reader beyond this say no more
ONE = 1024  # log-odds are whole numbers of one of these
FAR = "far"  # the head behind the gate; always the last
_FAR_OFF = 8 * ONE
_GATES = np.rint(np.array([ONE * logistic(place / ONE) for place in range(-_FAR_OFF, _FAR_OFF + 1)]))
_FINE = 4096  # weights of the join are whole numbers of one of these
_SHORT, _LONG = 5, 60  # words
# Labels for which a clear case by the cues stands, less so much, even where the trained judge doubts it: what an
# administrator calls a complaint or abuse is one, and work asked for outright is asked for. Only where the cues say
# yes: a label they doubt must not hold its probability up.
STAND = {
    "complaint": 2.5,
    "service_request": 1.5,
    "thanks": 1.25,
    "offensive": 0.5,
    "staff_abuse": 0.9,
    "safeguarding": 2.0,
    "media_query": 2.5,
}
# In a long text something always speaks for something: each of its cues says less. Its length is the root of the number
# of its pieces, 32 for about fifty different words; for twice that a label may fall so much further below its cues.
# Danger is never lost in many words.
_LENGTHY = 32.0
_FURTHER = 5.0
_NEVER = 1e9
_SOME = 8  # labels
_ROUGH = 1 << 20  # what a word weighed is a whole number of one of these


class ModelError(ValueError):
    """The shipped model cannot be used: the message says which file and why."""


def grams(form: str) -> list[int]:
    """The buckets of one word: its pieces of two to five bytes within the word, the word itself, its degrees."""
    text = hashing.plain_bytes(form)
    return [*hashing.pieces([text])[0].tolist(), *WHOLE * [_bucket(text)], *DEGREE * lexicon().get(form, ())]


def pair(first: str, second: str) -> int:
    """The bucket of two words in a row."""
    both = (np.array([hashing.number(hashing.plain_bytes(form))], dtype=np.uint32) for form in (first, second))
    return int(hashing.pairs(*both)[0])


def _bucket(text: bytes) -> int:
    return int(hashing.whole(np.array([hashing.number(text)], dtype=np.uint32))[0])


class _Marks(dict[tuple[str, str], int]):
    """The bucket of each (label, kind) of cues, and of what else is marked."""

    def __missing__(self, mark: tuple[str, str]) -> int:
        if len(self) > 4096:
            self.clear()
        found = self[mark] = _bucket((f"\x02{mark[0]} {mark[1]}" if mark[0] else f"\x01{mark[1]}").encode())
        return found


_MARKS = _Marks()


def mark_bucket(mark: tuple[str, str]) -> int:
    """The bucket of the (label, kind) of a cue, or of what else is marked."""
    return _MARKS[mark]


def _length(forms: Sequence[str]) -> tuple[str, str]:
    """What a long text says again makes it no longer."""
    words = len(forms) if len(forms) <= _LONG else len(set(forms))
    return "", "short" if words < _SHORT else "long" if words > _LONG else "middling"


def length_mark(forms: Sequence[str]) -> int:
    """The bucket of the length of a text."""
    return _MARKS[_length(forms)]


def marks(page: Page) -> list[int]:
    """Buckets for what no word tells: the cues found, shouting, and how long the message is."""
    text = page.original
    found = {_length(page.forms)}
    if len(text) > 8 and text.isupper():
        found.add(("", "shouted"))
    found.update([hit[0].mark for hits in page.hits.values() for hit in hits])
    return [_MARKS[mark] for mark in found]


@dataclass(slots=True)
class Trained:
    """`join[label]` are the weights over the columns of `base`, then a bias.

    A label that is not in `join` stays with the cues.
    """

    heads: tuple[str, ...]
    table: Table  # one row of len(heads) per bucket
    scales: Floats
    biases: Floats
    join: Mapping[str, tuple[float, ...]]
    feelings: tuple[tuple[float, ...], ...]
    digest: str
    # What the log-odds of a label are worth below and above even, so that its probability is honest on either side of a
    # decision that leans: see `training.joins.honest`.
    worth: Mapping[str, tuple[float, float]]
    # Each reader takes one for itself and gives it back: taking from a list is safe between threads.
    memories: list[Memory] = field(default_factory=list, repr=False)
    columns: list[int] = field(init=False, repr=False)  # the labels of `join` by their place in LABELS
    doubts: Floats = field(init=False, repr=False)  # how far below the cues each of them may fall, in 1/ONE
    further: Floats = field(init=False, repr=False)  # how much further for each length above that of a short text
    _under: Floats = field(init=False, repr=False)
    _over: Floats = field(init=False, repr=False)
    _joins: Floats = field(init=False, repr=False)
    _moods: Floats = field(init=False, repr=False)
    _factors: Mapping[str, Floats] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self.columns = [LABELS.index(label) for label in self.join]
        self.doubts = np.array([STAND[label] * ONE if label in STAND else _NEVER for label in self.join])
        self.further = np.array([0.0 if label == "safeguarding" else _FURTHER * ONE for label in self.join])
        worth = np.array([self.worth.get(label, (1.0, 1.0)) for label in self.join])
        self._under, self._over = np.rint(worth.T * _FINE) / _FINE
        self._joins = np.rint(np.array([*self.join.values()]).T * _FINE)
        self._moods = np.rint(np.array(self.feelings).T * _FINE)
        first, last = len(LABELS), len(LABELS) + len(self.heads)
        self._factors = {
            label: np.rint(np.array(weights[first:last]) * self.scales * _ROUGH) for label, weights in self.join.items()
        }

    def memory(self) -> Memory:
        """A memory nobody else uses; give it back by appending it to `memories`."""
        try:
            return self.memories.pop()
        except IndexError:
            return Memory(self.table)

    def scores(self, pages: Sequence[Page]) -> Floats:
        """The log-odds of each head for each page: for training and tests."""
        memory = self.memory()
        told: Floats = self.told(memory.summed([page.forms for page in pages], [marks(page) for page in pages])) / ONE
        self.memories.append(memory)
        return told

    def told(self, summed: Summed) -> Floats:
        """The log-odds of each head for each page, in whole numbers of 1/ONE: one row a page."""
        scores: Floats = np.rint((summed.sums * self.scales / summed.lengths[:, None] + self.biases) * ONE)
        return scores

    def below(self, lengths: Floats) -> Floats:
        """How far below the cues each label of `join` may fall in texts of these lengths, in 1/ONE: one row a text."""
        allowed: Floats = self.doubts + np.maximum(lengths / _LENGTHY - 1, 0)[:, None] * self.further
        return np.floor(allowed)

    def joined(self, bases: Floats) -> Floats:
        """The log-odds, in 1/ONE, of every label of `join`, from rows of the base (see `base`) in 1/ONE."""
        total = bases @ self._joins[:-1] + self._joins[-1] * ONE
        rounded: Floats = np.floor(total / _FINE + 0.5)
        return rounded

    def honest(self, odds: Floats) -> Floats:
        """The log-odds of the labels of `join`, in 1/ONE, as their probabilities are to be. What is even stays even."""
        worth: Floats = np.floor(odds * np.where(odds < 0, self._under, self._over))
        return worth

    def felt(self, bases: Floats) -> list[Sentiment]:
        """The likeliest feeling of each row of the base."""
        rated = bases @ self._moods[:-1] + self._moods[-1] * ONE
        return [FEELINGS[place] for place in rated.argmax(axis=1).tolist()]

    def weighed(
        self, known: Sums, summed: Summed, wanted: Sequence[tuple[int, str]], most: int
    ) -> list[list[tuple[float, int]]]:
        """For each (page, label): what words add to the log-odds, as (weight, place): the `most` heaviest, in order."""
        sizes = np.array([summed.starts[page + 1] - summed.starts[page] for page, _ in wanted])
        words = np.concatenate([summed.words[summed.starts[page] : summed.starts[page + 1]] for page, _ in wanted])
        ends = np.cumsum(sizes)
        rows = np.repeat(np.array([self._factors[label] for _, label in wanted]), sizes, axis=0)
        values = known.weighed(words, np.repeat(ends, sizes), rows)
        lengths = summed.lengths[[page for page, _ in wanted]]
        shown = values / np.repeat(lengths, sizes) / _ROUGH
        firsts = (ends - sizes).tolist()
        if len(wanted) < _SOME:  # too few to be put in order by arrays
            rows_of = (shown[first:end].tolist() for first, end in zip(firsts, ends.tolist(), strict=True))
            return [sorted(zip(row, range(len(row)), strict=True), reverse=True)[:most] for row in rows_of]
        places = np.arange(len(words)) - np.repeat(ends - sizes, sizes)
        order = np.lexsort((places, shown, np.repeat(np.arange(len(wanted)), sizes)))
        weights, at = shown[order].tolist(), places[order].tolist()
        return [
            list(zip(weights[first:end][::-1], at[first:end][::-1], strict=True))
            for end, first in zip(ends.tolist(), np.maximum(ends - most, ends - sizes).tolist(), strict=True)
        ]


def base(cues: Floats, told: Floats, felt: Floats) -> Floats:
    """What the join weighs, a row a page, in 1/ONE: the cues' clipped log-odds by LABELS, the scores of the heads, the
    cues' feeling (positive, negative); then the gate, and all of these times the gate.

    The last score is the log-odds that a text is far from what people write to a landlord; the gate is its probability.
    Elsewhere swearing is offence; here it is mostly about the lift. So a label may weigh things differently there.
    """
    clipped = np.minimum(np.maximum(cues, -CLIP * ONE), CLIP * ONE)
    near = np.concatenate((clipped, told, felt * ONE), axis=1)
    gate = _GATES[np.minimum(np.maximum(told[:, -1], -_FAR_OFF), _FAR_OFF).astype(np.int64) + _FAR_OFF][:, None]
    return np.concatenate((near, gate, np.rint(gate * near / ONE)), axis=1)


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
        table=np.frombuffer(mapped, dtype=np.int8).reshape(BUCKETS, len(heads)),
        scales=np.array([head["scale"] for head in told["head"]]),
        biases=np.array([head["bias"] for head in told["head"]]),
        join={label: tuple(weights) for label, weights in told["join"].items()},
        feelings=tuple(tuple(told["feelings"][feeling]) for feeling in FEELINGS),
        digest=told["digest"],
        worth={label: (float(under), float(over)) for label, (under, over) in told["worth"].items()},
    )


@lru_cache(maxsize=1)
def shipped() -> Trained:
    """The model that comes with the package, mapped once per process.

    What a process has loaded when it first reads, it keeps: the collector of cycles need not walk over it again, which
    takes as long as reading a thousand messages.
    """
    model = load(source("reading.trained").parent)
    gc.collect()
    gc.freeze()
    return model
