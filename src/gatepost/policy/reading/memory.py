"""What a table of signed bytes adds up to for the words of many pages, each word's sum worked out once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, pairwise

import numpy as np
from numpy.typing import NDArray

from . import hashing
from .hashing import Places
from .lexicon import lexicon

Floats = NDArray[np.float64]  # of whole numbers wherever they are added up, so that no order of adding matters
Table = NDArray[np.int8]

MOST_WORDS = 400  # what a message says it says in these
WHOLE = 3  # a whole word counts as so many of its pieces
PAIR, MARK, DEGREE = 2, 4, 4  # and so do a pair of words, a cue and a degree of the lexicon
_FEW_WORDS = 3  # new at a time: more are worked out together
_MOST = 1 << 14  # words remembered: about 3 MB
_BITS = 21  # of the place of a word; more words than this are never in one batch
_FIRST_ROOM = 1 << 15  # words; what is not written to takes no memory


@dataclass(frozen=True, slots=True)
class Summed:
    """For each page the sums over the table, head by head, and the length they are to be divided by.

    `words[starts[i] : starts[i + 1]]` are the places of page i's words in the memory, in the order of the text.
    """

    sums: Floats
    lengths: Floats
    words: Places
    starts: list[int]


class Sums:
    """For each word, by a number its owner gave it, what its pieces add up to over the table."""

    __slots__ = ("count", "numbers", "sizes", "sums", "table")

    def __init__(self, table: Table) -> None:
        self.table = table
        self.count = 0
        self.numbers = np.zeros(_FIRST_ROOM, dtype=np.uint32)
        self.sizes = np.zeros(_FIRST_ROOM)
        self.sums = np.zeros((_FIRST_ROOM, table.shape[1]), dtype=np.float32)

    def learn(self, forms: Sequence[str]) -> None:
        """Work out the sums of the words whose numbers come next."""
        known = lexicon()
        texts = list(map(hashing.plain_bytes, forms))
        first, last = self.count, self.count + len(texts)
        if last > len(self.numbers):
            room = max(last, 2 * len(self.numbers))
            self.numbers = np.resize(self.numbers, room)
            self.sizes = np.resize(self.sizes, room)
            self.sums = np.resize(self.sums, (room, self.table.shape[1]))
        if len(texts) <= _FEW_WORDS:
            self._learn_few(texts)
        else:
            numbers = np.fromiter(map(hashing.number, texts), dtype=np.uint32, count=len(texts))
            buckets, sizes = hashing.pieces(texts)
            owner = np.repeat(np.arange(len(texts)), sizes)
            self.numbers[first:last] = numbers
            self.sizes[first:last] = sizes + WHOLE
            pieces = _by_page(self._rows(buckets), owner, len(texts))
            self.sums[first:last] = pieces + WHOLE * self._rows(hashing.whole(numbers)).astype(np.float64)
        for form, place in zip(forms, range(first, last), strict=True):
            if form in known:
                self.sums[place] += DEGREE * self._rows(np.array(known[form])).sum(axis=0, dtype=np.float32)
                self.sizes[place] += DEGREE * len(known[form])
        self.count = last

    def _learn_few(self, texts: Sequence[bytes]) -> None:
        """The same for so few words that arrays of their pieces would cost more than they spare."""
        buckets: list[int] = []
        starts: list[int] = []
        numbers = list(map(hashing.number, texts))
        for text, number in zip(texts, numbers, strict=True):
            starts.append(len(buckets))
            buckets += hashing.pieces_of(text)
            buckets += [hashing.bucket(number)] * WHOLE
        first, last = self.count, self.count + len(texts)
        self.numbers[first:last] = numbers
        self.sizes[first:last] = np.diff([*starts, len(buckets)])
        self.sums[first:last] = np.add.reduceat(self._rows(np.array(buckets)), starts, axis=0, dtype=np.float32)

    def keep(self, places: Places) -> None:
        """Only the words with these numbers, in rising order: they are numbered anew from 0."""
        places = places[places < self.count]
        self.count = len(places)
        for rows in (self.numbers, self.sizes, self.sums):
            rows[: self.count] = rows[places]

    def added(self, words: Places, lengths: Places, buckets: Places, marked: Places) -> Summed:
        """The sums for pages of so many (`lengths`) words, and of so many (`marked`) marks in these buckets."""
        count = len(lengths)
        owner = np.repeat(np.arange(count), lengths)
        each = once((owner << _BITS) | words)
        who, which = each >> _BITS, each & ((1 << _BITS) - 1)
        sums = _by_page(np.take(self.sums, which, axis=0), who, count)
        size: Floats = np.bincount(who, self.sizes[which], count).astype(np.float64)
        follows = owner[1:] == owner[:-1]
        both = once((owner[:-1] << 2 * _BITS | words[:-1] << _BITS | words[1:])[follows])
        who = both >> 2 * _BITS
        sums += PAIR * _by_page(self.pairs(both >> _BITS & ((1 << _BITS) - 1), both & ((1 << _BITS) - 1)), who, count)
        size += PAIR * np.bincount(who, minlength=count)
        sums += MARK * _by_page(self._rows(buckets), np.repeat(np.arange(count), marked), count)
        size += MARK * marked.astype(np.float64)
        return Summed(sums, np.sqrt(size), words, [0, *np.cumsum(lengths).tolist()])

    def weighed(self, words: Places, ends: Places, factors: Floats) -> Floats:
        """What each word adds up to under its row of whole-number `factors`, a pair shared between its two words.

        `ends` holds for each word the place in `words` where its page ends.
        """
        values: Floats = np.einsum("ij,ij->i", np.take(self.sums, words, axis=0), factors)
        places = np.arange(len(words) - 1)
        near = places[places + 1 < ends[:-1]]
        pairs = np.einsum("ij,ij->i", self.pairs(words[near], words[near + 1]), factors[near]) * (PAIR / 2)
        values[near] += pairs
        values[near + 1] += pairs
        return values

    def pairs(self, first: Places, second: Places) -> Table:
        return self._rows(hashing.pairs(self.numbers[first], self.numbers[second]))

    def _rows(self, buckets: Places) -> Table:
        """The rows of these buckets: what indexing gives, in a tenth of the time."""
        found: Table = np.take(self.table, buckets, axis=0)
        return found


class Memory(dict[str, int]):
    """The place of each word in the sums. For one reader at a time: see `Trained.memories`."""

    def __init__(self, table: Table) -> None:
        super().__init__()
        self.sums = Sums(table)
        self.waiting: list[str] = []

    def __missing__(self, form: str) -> int:
        place = self[form] = len(self)
        self.waiting.append(form)
        return place

    def summed(self, pages: Sequence[Sequence[str]], marks: Sequence[Sequence[int]]) -> Summed:
        """The sums for pages of words, and for each page the buckets of its marks."""
        if len(self) > _MOST:  # strange words must not fill the memory of a worker
            self.clear()
            self.sums.count = 0
        if len(pages) == 1:
            return self._one(pages[0][:MOST_WORDS], marks[0])
        lengths = np.array([min(len(page), MOST_WORDS) for page in pages])
        flat = chain.from_iterable(page if len(page) <= MOST_WORDS else page[:MOST_WORDS] for page in pages)
        words = np.fromiter(map(self.__getitem__, flat), dtype=np.int64, count=int(lengths.sum()))
        self._settle()
        marked = np.array([len(some) for some in marks])
        buckets = np.fromiter(chain.from_iterable(marks), dtype=np.int64, count=int(marked.sum()))
        return self.sums.added(words, lengths, buckets, marked)

    def _one(self, page: Sequence[str], marks: Sequence[int]) -> Summed:
        """The same for a single page, with fewer arrays."""
        words = [self[form] for form in page]
        self._settle()
        known = self.sums
        each = list(dict.fromkeys(words))
        both = list(dict.fromkeys(pairwise(words)))
        sums: Floats = known.sums[each].sum(axis=0, dtype=np.float64)
        size = float(known.sizes[each].sum()) + PAIR * len(both) + MARK * len(marks)
        if both:
            first, second = np.array(both).T
            sums += PAIR * known.pairs(first, second).sum(axis=0, dtype=np.float64)
        sums += MARK * known.table[marks].sum(axis=0, dtype=np.float64)
        return Summed(sums[None, :], np.sqrt([size]), np.array(words, dtype=np.int64), [0, len(words)])

    def _settle(self) -> None:
        """Work out the sums of the words met since the last time."""
        if self.waiting:
            waiting, self.waiting = self.waiting, []
            self.sums.learn(waiting)


def once(numbers: Places) -> Places:
    """Each number once, in order: what numpy.unique gives, without the table it builds."""
    ordered = np.sort(numbers)
    kept = np.ones(len(ordered), dtype=bool)
    np.not_equal(ordered[1:], ordered[:-1], out=kept[1:])
    return ordered[kept]


def _by_page(rows: NDArray[np.int8] | NDArray[np.float32], owner: Places, count: int) -> Floats:
    """The sums of the rows of each owner; `owner` rises."""
    sums = np.zeros((count, rows.shape[1]))
    if len(owner):
        starts = np.flatnonzero(np.concatenate(([True], owner[1:] != owner[:-1])))
        sums[owner[starts]] = np.add.reduceat(rows, starts, axis=0, dtype=np.float64)
    return sums
