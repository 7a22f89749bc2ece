"""What is known of the pieces that messages fall into at their spaces, and of the words in them: looked at once each.

A piece as it is written is a number here, and so is a word in its plain form; what is known of either stands in arrays
under that number. So a batch of messages becomes one array of numbers, and what needs no more than the words themselves
is worked out for all of them at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from . import telling
from .beginnings import Adjacent, Beginning
from .cues import Book
from .memory import Sums, Table
from .normal import normal
from .tokens import Tokens, cut

if TYPE_CHECKING:
    from .matching import Cues

Numbers = NDArray[np.int64]
_MOST = 49_152  # pieces remembered, and words: about 14 MB
_OFTEN = 2  # times a piece came that is remembered longer
_LONGEST_KEPT = 40  # letters of such a piece
_ROOM = 1 << 15  # of a column at first; what is not written to takes no memory
_MOST_LETTERS = 1_000_000  # of all pieces together
_FOLLOWING = 1 << 19  # places in the table of words that follow a beginning; two may share one
# What may follow: the next word, a later one, the next but one; or the next word, and that is all there is to see.
ADJACENT, GAPPED, THIRD, THIRD_WORD, PLAINLY = 1, 2, 4, 8, 16
_FIRST, _SECOND = 0x2C1B3C6D, 0x9E3779B1


class Column:
    """One number for each piece or word: an array that grows."""

    __slots__ = ("array", "count")

    def __init__(self, kind: type[np.generic]) -> None:
        self.array: NDArray[Any] = np.zeros(_ROOM, dtype=kind)
        self.count = 0

    def add(self, numbers: Sequence[int] | Numbers) -> None:
        """Those of the pieces or words that come next."""
        count, end = self.count, self.count + len(numbers)
        if end > len(self.array):
            grown = np.zeros(max(end, 2 * len(self.array)), dtype=self.array.dtype)
            grown[:count] = self.array[:count]
            self.array = grown
        self.array[count:end] = numbers
        self.count = end

    def taken(self) -> NDArray[Any]:
        """As far as it is written."""
        return self.array[: self.count]

    def keep(self, places: Numbers) -> None:
        """Only the numbers at these places."""
        self.hold(self.array[places])

    def hold(self, numbers: NDArray[Any]) -> None:
        """These numbers and no others."""
        self.count = 0
        self.add(numbers)


class _Numbers(dict[str, int]):
    """The number of each piece of text, or of each word in its plain form; `met` are those that are new."""

    def __init__(self) -> None:
        super().__init__()
        self.met: list[str] = []

    def __missing__(self, text: str) -> int:
        number = self[text] = len(self)
        self.met.append(text)
        return number

    def taken(self) -> list[str]:
        """Those that are new, which then are no longer."""
        met, self.met = self.met, []
        return met


class Vocabulary:
    """For one reader at a time: see `Words.vocabularies`.

    Of piece i the words are those from `first[i]` on, `count[i]` of them, in `word`; they stand at `begins` to `ends`
    of the piece. `beginning[w]` is the place in `beginnings` of what word w may begin, 0 for nothing.
    """

    def __init__(self, book: Book, tokens: Tokens) -> None:
        self.book, self.tokens = book, tokens
        self.sums: dict[int, Sums] = {}
        self.cues: Cues | None = None  # what `matching` knows of the cues of the book
        self.beginnings: list[Beginning | None] = [None]
        self._begun: dict[int, int] = {}
        self._following: dict[str, int] = {}
        self._later: list[tuple[int, int]] = []  # words known before anything was found that they follow
        self.following = np.zeros(_FOLLOWING, dtype=np.uint8)
        self.pieces, self.words = _Numbers(), _Numbers()
        self.forms: list[str] = []
        self.letters = 0
        self.first, self.count, self.length = Column(np.int32), Column(np.int32), Column(np.int32)
        self.told, self.used = Column(np.int64), Column(np.int32)
        self.word, self.begins, self.ends = Column(np.int32), Column(np.int32), Column(np.int32)
        self.single = Column(np.bool_)  # it stands for a single letter
        self.word_told, self.beginning, self.follows = Column(np.int32), Column(np.int32), Column(np.int32)
        self.letter = Column(np.uint8)  # what `hate` spells it by, 0 for nothing

    def numbered(self, pieces: list[str]) -> Numbers:
        """The number of each piece, with all that is new in them met."""
        found = np.fromiter(map(self.pieces.__getitem__, pieces), dtype=np.int64, count=len(pieces))
        self._meet(self.pieces.taken())
        self.settle()
        known = len(self.pieces)
        self.used.array[:known] += np.bincount(found, minlength=known).astype(np.int32)
        return found

    def settle(self) -> None:
        """To be called when new words may have been met, before any array of words is used."""
        met = self.words.taken()
        if not met:
            return
        self.forms += met
        told, letters = zip(*map(telling.of_word, met), strict=True)
        self.word_told.add(told)
        self.letter.add(letters)
        self.beginning.add([self._begin(one) if one is not None else 0 for one in map(self.book.beginning, met)])
        following = self._following
        self.follows.add([following.get(form, 0) for form in met])
        for number, follows in self._later:
            self.follows.array[number] = follows
        self._later.clear()

    def forget(self) -> None:
        """Forget the pieces that hardly ever came, and their words: strange words must not fill a worker's memory."""
        known = len(self.forms)
        used, length = self.used.taken(), self.length.taken()
        kept = np.flatnonzero((used >= _OFTEN) & (length <= _LONGEST_KEPT))
        if len(kept) > _MOST // 2:
            kept = np.sort(kept[np.argsort(-used[kept], kind="stable")[: _MOST // 2]])
        counts = self.count.array[kept]
        parts = spread(self.first.array[kept], counts)
        once = np.unique(self.word.array[parts])
        names = list(self.pieces)
        self.pieces = _numbered(list(map(names.__getitem__, kept.tolist())))
        self.forms = list(map(self.forms.__getitem__, once.tolist()))
        self.words = _numbered(self.forms)
        self.letters = int(length[kept].sum())
        for column in (self.count, self.length, self.told, self.used):
            column.keep(kept)
        self.used.array >>= 1  # what came long ago counts for less
        self.first.hold(np.cumsum(counts) - counts)
        self.word.hold(np.searchsorted(once, self.word.array[parts]))
        for column in (self.begins, self.ends, self.single):
            column.keep(parts)
        for column in (self.word_told, self.beginning, self.follows, self.letter):
            column.keep(once)
        # A table that was not asked for lately belongs to lessons that are no longer in force.
        self.sums = {key: sums for key, sums in self.sums.items() if sums.count == known}
        for sums in self.sums.values():
            sums.keep(once)

    def full(self) -> bool:
        return len(self.pieces) > _MOST or len(self.words) > _MOST or self.letters > _MOST_LETTERS

    def summed(self, table: Table) -> Sums:
        """What `table` has for each word, by the number of the word."""
        known = self.sums.get(id(table))
        if known is None:
            known = self.sums[id(table)] = Sums(table)
        if known.count < len(self.forms):
            known.learn(self.forms[known.count :])
        return known

    def _meet(self, pieces: Sequence[str]) -> None:
        """Work out what new pieces stand for."""
        if not pieces:
            return
        tokens, words, of_piece = self.tokens, self.words, telling.of_piece
        told: list[int] = []
        counts: list[int] = []
        parts: list[int] = []
        begins: list[int] = []
        ends: list[int] = []
        single: list[bool] = []
        for piece in pieces:
            length = len(piece)
            if piece.isascii() and piece.isprintable():
                plain = piece.lower()
                if plain == piece:
                    plain = piece  # so that the same letters are kept once
                told.append(of_piece(piece, plain))
            else:
                normalised = normal(piece)
                plain = normalised.text
                uneven = normalised.places or len(plain) != length
                told.append(of_piece(piece, plain) | (telling.UNEVEN if uneven else 0))
            before, at = len(parts), 0
            for token in [plain] if plain.isalpha() and plain.isascii() else cut(plain):
                start = plain.index(token, at)
                at = start + len(token)
                alone = len(token) == 1 and token.isalpha()
                for form, begin, end in tokens.read(token):
                    parts.append(words[form])
                    begins.append(start + begin)
                    ends.append(start + end)
                    single.append(alone)
            counts.append(len(parts) - before)
        sizes = np.array(counts)
        self.first.add(np.cumsum(sizes) - sizes + self.word.count)
        self.count.add(counts)
        lengths = list(map(len, pieces))
        self.length.add(lengths)
        self.letters += sum(lengths)
        self.told.add(told)
        self.used.add([0] * len(pieces))
        self.word.add(parts)
        self.begins.add(begins)
        self.ends.add(ends)
        self.single.add(single)

    def _begin(self, begun: Beginning) -> int:
        """The place of a beginning, with what may follow it put into the table."""
        place = self._begun.get(id(begun))
        if place is None:
            place = self._begun[id(begun)] = len(self.beginnings)
            self.beginnings.append(begun)
            rows = [(place, form, GAPPED) for form in begun.gapped]
            deeper: list[tuple[int, str, int]] = []
            for form, going in begun.adjacent.items():
                rows.append((place, form, _going_on(going)))
                deeper += [(len(rows) - 1, third, THIRD_WORD) for third in going.third]
            if rows:
                spots = self._mark(rows)
                if deeper:
                    self._mark([(int(spots[row]), third, bit) for row, third, bit in deeper])
        return place

    def _mark(self, rows: list[tuple[int, str, int]]) -> Numbers:
        """Put into the table that after each beginning, or each pair of words by its spot, a word may follow."""
        before, after = np.array([row[0] for row in rows]), np.array([self._follow(row[1]) for row in rows])
        spots = spot(before, after)
        np.bitwise_or.at(self.following, spots, np.array([row[2] for row in rows], dtype=np.uint8))
        return spots

    def _follow(self, form: str) -> int:
        number = self._following.get(form)
        if number is None:
            number = self._following[form] = len(self._following) + 1
            known = self.words.get(form)
            if known is not None:
                self._later.append((known, number))
        return number


def _going_on(going: Adjacent) -> int:
    """What may follow where these variants go on with the next word."""
    if not going.third and not going.others and not any(one.opens or one.closes for _, one in going.done):
        return PLAINLY
    return (ADJACENT if going.done or going.others else 0) | (THIRD if going.third else 0)


def spot(beginnings: Numbers, following: Numbers) -> Numbers:
    """Where the table tells whether these words may follow these beginnings."""
    mixed = beginnings.astype(np.int64) * _FIRST + following.astype(np.int64) * _SECOND
    found: Numbers = (mixed ^ (mixed >> 17)) & (_FOLLOWING - 1)
    return found


def spread(first: Numbers, counts: Numbers) -> Numbers:
    """The numbers from each of `first` on, so many of them as `counts` says."""
    total = int(counts.sum())
    before = np.cumsum(counts) - counts
    found: Numbers = np.arange(total) + np.repeat(first - before, counts)
    return found


def _numbered(texts: list[str]) -> _Numbers:
    found = _Numbers()
    found.update(zip(texts, range(len(texts)), strict=True))
    return found
