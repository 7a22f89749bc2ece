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
from .cues import Beginning, Book
from .memory import Sums, Table
from .normal import normal
from .tokens import Tokens, cut

if TYPE_CHECKING:
    from .matching import Cues

Numbers = NDArray[np.int64]
_MOST = 32_768  # pieces remembered, and words: about 12 MB
_ROOM = 1 << 15  # of a column at first; what is not written to takes no memory
_MOST_LETTERS = 1_000_000  # of all pieces together
_FOLLOWING = 1 << 18  # places in the table of words that follow a beginning; two may share one
ADJACENT, GAPPED, THIRD, THIRD_WORD = 1, 2, 4, 8  # what may follow: the next word, a later one, the next but one
_FIRST, _SECOND = 0x2C1B3C6D, 0x9E3779B1


class Column:
    """One number for each piece or word: an array that grows."""

    __slots__ = ("array", "count", "waiting")

    def __init__(self, kind: type[np.generic]) -> None:
        self.array: NDArray[Any] = np.zeros(_ROOM, dtype=kind)
        self.count = 0
        self.waiting: list[int] = []

    def settle(self) -> None:
        """Put what waits into the array."""
        count, end = self.count, self.count + len(self.waiting)
        if end > len(self.array):
            grown = np.zeros(max(end, 2 * len(self.array)), dtype=self.array.dtype)
            grown[:count] = self.array[:count]
            self.array = grown
        self.array[count:end] = self.waiting
        self.count = end
        self.waiting.clear()


class _Pieces(dict[str, int]):
    """The number of each piece of text."""

    __slots__ = ("of",)

    def __init__(self, of: Vocabulary) -> None:
        super().__init__()
        self.of = of

    def __missing__(self, piece: str) -> int:
        self.of.meet(piece)
        number = self[piece] = len(self)
        return number


class _Words(dict[str, int]):
    """The number of each word in its plain form."""

    __slots__ = ("of",)

    def __init__(self, of: Vocabulary) -> None:
        super().__init__()
        self.of = of

    def __missing__(self, form: str) -> int:
        number = self[form] = len(self)
        self.of.meet_word(form, number)
        return number


class Vocabulary:
    """For one reader at a time: see `Words.vocabularies`.

    Of piece i the words are those from `first[i]` on, `count[i]` of them, in `word`; they stand at `begins` to `ends`
    of the piece. `beginning[w]` is the place in `beginnings` of what word w may begin, 0 for nothing.
    """

    def __init__(self, book: Book, tokens: Tokens) -> None:
        self.book, self.tokens = book, tokens
        self.sums: dict[int, Sums] = {}
        self.cues: Cues | None = None  # what `matching` knows of the cues of the book
        self.forget()

    def forget(self) -> None:
        """Begin anew: strange words must not fill the memory of a worker."""
        self.pieces, self.words = _Pieces(self), _Words(self)
        self.letters = 0
        self.forms: list[str] = []
        self.first, self.count, self.length = Column(np.int32), Column(np.int32), Column(np.int32)
        self.told = Column(np.int64)
        self.word, self.begins, self.ends = Column(np.int32), Column(np.int32), Column(np.int32)
        self.single = Column(np.bool_)  # it stands for a single letter
        self.parts = 0
        self.word_told, self.beginning, self.follows = Column(np.int32), Column(np.int32), Column(np.int32)
        self.beginnings: list[Beginning | None] = [None]
        self._begun: dict[int, int] = {}
        self._following: dict[str, int] = {}
        self._later: list[tuple[int, int]] = []  # words known before anything was found that they follow
        self.following = np.zeros(_FOLLOWING, dtype=np.uint8)
        self.sums.clear()

    def settle(self) -> None:
        """To be called when new pieces or words may have been met, before any array is used."""
        if not self.word_told.waiting and not self.told.waiting:
            return
        for column in (
            self.first, self.count, self.length, self.told, self.word, self.begins, self.ends, self.single,
            self.word_told, self.beginning, self.follows,
        ):  # fmt: skip
            if column.waiting:
                column.settle()
        for number, following in self._later:
            self.follows.array[number] = following
        self._later.clear()

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

    def meet(self, piece: str) -> None:
        """Work out what a new piece stands for."""
        length = len(piece)
        words = self.words
        if piece.isascii() and piece.isalpha():
            plain = piece.lower()
            form = self.tokens[plain]
            told = telling.of_piece(piece, plain)
            if form:
                rows: Sequence[tuple[str, int, int]] = ((form, 0, length),)
            else:
                rows = self.tokens.parts(plain)
            self.single.waiting += [length == 1] * len(rows)
        else:
            normalised = normal(piece)
            plain = normalised.text
            told = telling.of_piece(piece, plain) | (telling.UNEVEN if normalised.places or len(plain) != length else 0)
            rows = self._cut(plain)
        self.letters += length
        self.first.waiting.append(self.parts)
        self.count.waiting.append(len(rows))
        self.length.waiting.append(length)
        self.told.waiting.append(told)
        self.parts += len(rows)
        for form, begin, end in rows:
            self.word.waiting.append(words[form])
            self.begins.waiting.append(begin)
            self.ends.waiting.append(end)

    def _cut(self, plain: str) -> list[tuple[str, int, int]]:
        tokens = self.tokens
        rows: list[tuple[str, int, int]] = []
        at = 0
        for piece in cut(plain):
            start = plain.index(piece, at)
            at = start + len(piece)
            form = tokens[piece]
            found = ((form, 0, len(piece)),) if form else tokens.parts(piece)
            rows += [(one, start + begin, start + end) for one, begin, end in found]
            self.single.waiting += [len(piece) == 1 and piece.isalpha()] * len(found)
        return rows

    def meet_word(self, form: str, number: int) -> None:
        """Work out what a new word may begin and follow."""
        self.forms.append(form)
        self.word_told.waiting.append(telling.of_word(form))
        begun = self.book.beginning(form)
        self.beginning.waiting.append(self._begin(begun) if begun is not None else 0)
        self.follows.waiting.append(self._following.get(form, 0))

    def _begin(self, begun: Beginning) -> int:
        """The place of a beginning, with what may follow it put into the table."""
        place = self._begun.get(id(begun))
        if place is None:
            place = self._begun[id(begun)] = len(self.beginnings)
            self.beginnings.append(begun)
            rows = [(place, form, GAPPED) for form in begun.gapped]
            deeper: list[tuple[int, str, int]] = []
            for form, going in begun.adjacent.items():
                rows.append(
                    (place, form, (ADJACENT if going.done or going.others else 0) | (THIRD if going.third else 0))
                )
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


def spot(beginnings: Numbers, following: Numbers) -> Numbers:
    """Where the table tells whether these words may follow these beginnings."""
    mixed = beginnings.astype(np.int64) * _FIRST + following.astype(np.int64) * _SECOND
    found: Numbers = (mixed ^ (mixed >> 17)) & (_FOLLOWING - 1)
    return found
