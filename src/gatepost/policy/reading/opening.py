"""Many texts cut into words at once, and every cue found in them: what `page.open_page` does for one.

A text that needs more than its pieces one by one (letters set apart, characters that become none or several, great
length) is opened by itself; its words then stand among those of all others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from . import telling
from .page import Page, open_page
from .vocabulary import Numbers, Vocabulary, spread
from .words import Words

_LONG = 20_000  # code points
Bits = NDArray[np.bool_]


@dataclass(slots=True)
class Opened:
    """The words of text i are those from `starts[i]` to `starts[i + 1]` of `words` (their numbers), of `forms`, and of
    `begins` and `ends`, their places in the text as it is written."""

    texts: Sequence[str]
    words: Numbers
    lengths: Numbers
    starts: Numbers
    told: Numbers  # the bits of each word
    owner: Numbers  # the text of each word
    forms: list[str]
    begins: list[int]
    ends: list[int]
    pieces: Numbers  # the bits of each piece
    piece_of: Numbers  # the text of each piece
    apart: Bits  # texts that may have letters set apart
    pages: dict[int, Page]  # texts opened by themselves
    edges: list[int] = field(default_factory=list)  # `starts` as a list
    piece_any: Numbers = field(init=False)  # for each text the bits that any of its pieces has
    word_any: Numbers = field(init=False)  # and those that any of its words has

    def __post_init__(self) -> None:
        self.piece_any = _any_bits(self.pieces, self.piece_of, len(self.texts))
        self.word_any = _any_bits(self.told, self.owner, len(self.texts))

    def some_piece(self, bits: int) -> Bits:
        """The texts with a piece that has one of these bits."""
        found: Bits = (self.piece_any & bits) != 0
        return found

    def some_word(self, bits: int) -> Bits:
        """The texts with a word that has one of these bits."""
        found: Bits = (self.word_any & bits) != 0
        return found

    def any_of(self, told: Bits) -> Bits:
        """For each text whether a word of it is marked in `told`."""
        found: Bits = np.bincount(self.owner[np.flatnonzero(told)], minlength=len(self.texts)) > 0
        return found


def opened(texts: Sequence[str], words: Words, vocabulary: Vocabulary) -> Opened:
    """Every text cut into words."""
    count = len(texts)
    pieces = " ".join(texts).split(" ")
    numbers = vocabulary.numbered(pieces)
    sizes = np.fromiter([text.count(" ") for text in texts], dtype=np.int64, count=count) + 1
    text_of = np.repeat(np.arange(count), sizes)
    lengths = vocabulary.length.array[numbers].astype(np.int64) + 1
    # Where each piece begins in its own text: all pieces in a row, less where the text began.
    ends = np.cumsum(lengths)
    firsts = np.cumsum(sizes) - sizes
    at = ends - lengths
    at -= np.repeat(at[firsts], sizes)
    counts = vocabulary.count.array[numbers]
    parts = spread(vocabulary.first.array[numbers], counts)
    ids = vocabulary.word.array[parts].astype(np.int64)
    owner = np.repeat(text_of, counts)
    begins = np.repeat(at, counts)
    ends = begins + vocabulary.ends.array[parts]
    begins += vocabulary.begins.array[parts]
    told = vocabulary.told.array[numbers]
    apart, by_itself = _by_pieces(told, text_of, count)
    single = vocabulary.single.array[parts]
    if len(single) > 2:
        row = single[:-2] & single[1:-1] & single[2:] & (owner[:-2] == owner[2:])
        by_itself[owner[:-2][row]] = True
    for place in [place for place, text in enumerate(texts) if not text.isascii() or len(text) > _LONG]:
        if "`" in texts[place] or len(texts[place]) > _LONG:
            by_itself[place] = True
    pages: dict[int, Page] = {}
    size = np.bincount(owner, minlength=count)
    if by_itself.any():
        apart |= by_itself
        pages = {place: open_page(texts[place], words) for place in np.flatnonzero(by_itself).tolist()}
        ids, begins, ends, size = _with_pages(ids, begins, ends, size, pages, vocabulary)
        owner = np.repeat(np.arange(count), size)
    starts = np.concatenate(([0], np.cumsum(size)))
    return Opened(
        texts=texts,
        words=ids,
        lengths=size,
        starts=starts,
        told=vocabulary.word_told.array[ids],
        owner=owner,
        forms=list(map(vocabulary.forms.__getitem__, ids.tolist())),
        begins=begins.tolist(),
        ends=ends.tolist(),
        pieces=told,
        piece_of=text_of,
        apart=apart,
        pages=pages,
        edges=starts.tolist(),
    )


def _any_bits(told: Numbers, owner: Numbers, count: int) -> Numbers:
    """For each owner the bits that any of its own has; `owner` rises."""
    found: Numbers = np.zeros(count, dtype=np.int64)
    if len(owner):
        starts = np.flatnonzero(np.concatenate(([True], owner[1:] != owner[:-1])))
        found[owner[starts]] = np.bitwise_or.reduceat(told, starts)
    return found


def _by_pieces(told: Numbers, text_of: Numbers, count: int) -> tuple[Bits, Bits]:
    """Which texts may hold letters set apart, and which need to be opened by themselves."""
    apart = np.zeros(count, dtype=np.bool_)
    by_itself = np.zeros(count, dtype=np.bool_)
    apart[text_of[(told & telling.APART) != 0]] = True
    by_itself[text_of[(told & telling.UNEVEN) != 0]] = True
    near = text_of[1:] == text_of[:-1]
    letters = ((told[:-1] & telling.LETTER_LAST) != 0) & ((told[1:] & telling.LETTER) != 0) & near
    letters = letters[:-1] & ((told[2:] & telling.LETTER_FIRST) != 0) & near[1:]
    apart[text_of[2:][letters]] = True
    return apart, by_itself


def _with_pages(
    ids: Numbers, begins: Numbers, ends: Numbers, sizes: Numbers, pages: dict[int, Page], vocabulary: Vocabulary
) -> tuple[Numbers, Numbers, Numbers, Numbers]:
    """The words of the pages in place of what their pieces gave."""
    edges = [0, *np.cumsum(sizes).tolist()]
    sizes = sizes.copy()
    rows: list[list[Numbers]] = [[], [], []]
    last = 0
    for place, page in pages.items():
        for row, whole in zip(rows, (ids, begins, ends), strict=True):
            row.append(whole[edges[last] : edges[place]])
        last = place + 1
        sizes[place] = len(page.forms)
        rows[0].append(np.array([vocabulary.words[form] for form in page.forms], dtype=np.int64))
        rows[1].append(np.zeros(len(page.forms), dtype=np.int64))
        rows[2].append(np.zeros(len(page.forms), dtype=np.int64))
    for row, whole in zip(rows, (ids, begins, ends), strict=True):
        row.append(whole[edges[last] :])
    vocabulary.settle()
    ids, begins, ends = (np.concatenate(row) for row in rows)
    return ids, begins, ends, sizes
