"""The cues of many texts at once: what `Book.hits` finds in one, and what is left of it after a negation.

Most words that could begin a cue do not go on as it says; whether one might is told for all of them from a table of
which words follow which. Only where it might are the words themselves compared.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from . import telling
from .beginnings import Beginning
from .cues import Book, Cue, Hit, Item, hit_of, said
from .language import ENGLISH_CUES
from .memory import Floats, once
from .opening import Bits, Opened
from .trained import mark_bucket
from .vocabulary import ADJACENT, GAPPED, PLAINLY, THIRD, THIRD_WORD, Numbers, Vocabulary, spot

_NEGATED = 3  # words before a cue in which a negation turns it off
_MOST = 1 << 13  # pairs of words remembered
_NOTHING = Beginning((), False, {}, {}, frozenset(), 0, ())


class Cues:
    """Every cue of a book by a number, and every beginning met, with what is known of each in arrays."""

    def __init__(self, book: Book) -> None:
        variants = (*book.prefixed, *(one for rows in book.exact.values() for one in rows))
        self.number: dict[int, int] = {}
        self.cues: list[Cue] = []
        for variant in variants:
            if id(variant.cue) not in self.number:
                self.number[id(variant.cue)] = len(self.cues)
                self.cues.append(variant.cue)
        self.labels = list(dict.fromkeys(cue.label for cue in self.cues))
        self.label = np.array([self.labels.index(cue.label) for cue in self.cues], dtype=np.int64)
        self.weight = np.array([cue.weight for cue in self.cues], dtype=np.float64)
        self.cancels = np.array([cue.cancels for cue in self.cues], dtype=np.bool_)
        self.lean = np.array([cue.label == "complaint" and cue.kind == "lean" for cue in self.cues], dtype=np.bool_)
        self.english = np.array([cue.label in ENGLISH_CUES for cue in self.cues], dtype=np.bool_)
        marks = list(dict.fromkeys(cue.mark for cue in self.cues))
        self.mark = np.array([marks.index(cue.mark) for cue in self.cues], dtype=np.int64)
        self.buckets = np.array([mark_bucket(mark) for mark in marks], dtype=np.int64)  # of each mark
        leans: dict[str, list[int]] = {}
        for place, cue in enumerate(self.cues):
            if self.lean[place]:
                leans.setdefault(cue.plain, []).append(place)
        # A phrase leans once a text, by the heaviest of its cues.
        self.phrase = np.zeros(len(self.cues), dtype=np.int64)
        self.leans = np.array([0.0, *(max(self.cues[one].weight for one in rows) for rows in leans.values())])
        for number, rows in enumerate(leans.values(), 1):
            self.phrase[rows] = number
        self._count = 0
        self.nexts: list[tuple[Item, ...] | None] = []  # for each beginning what the next word must be like, if it must
        self._going: dict[tuple[int, str], bool] = {}
        self.loose: Bits = np.zeros(0, dtype=np.bool_)
        self.opening = self.adjacent = self.gapped = self.loose
        self.reach: Numbers = np.zeros(0, dtype=np.int64)
        self.first = self.alone = self.reach
        self.flat: Numbers = self.reach

    def learn(self, beginnings: Sequence[Beginning | None]) -> None:
        """Take in the beginnings met since the last time; those known stay as they are."""
        if len(beginnings) == self._count:
            return
        rows = [one or _NOTHING for one in beginnings[self._count :]]
        self._count = len(beginnings)
        nexts = [tuple(ranked[1].rest[0] for ranked in one.loose if ranked[1].rest) for one in rows]
        self.nexts += [
            None if len(items) < len(one.loose) or any(item.gap for item in items) else items
            for items, one in zip(nexts, rows, strict=True)
        ]
        self.loose = np.append(self.loose, [any(not ranked[1].opens for ranked in one.loose) for one in rows])
        self.opening = np.append(self.opening, [any(ranked[1].opens for ranked in one.loose) for one in rows])
        self.adjacent = np.append(self.adjacent, [bool(one.adjacent) for one in rows])
        self.gapped = np.append(self.gapped, [bool(one.gapped) for one in rows])
        self.reach = np.append(self.reach, [one.reach for one in rows])
        self.alone = np.append(self.alone, [len(one.alone) for one in rows])
        self.first = np.cumsum(self.alone) - self.alone
        flat = [self.number[id(cue)] for one in rows for _, cue in one.alone]
        self.flat = np.append(self.flat, np.array(flat, dtype=np.int64))

    def goes_on(self, begun: int, form: str) -> bool:
        """Whether a cue that needs looking at may go on with this word."""
        known = self._going.get((begun, form))
        if known is None:
            if len(self._going) > _MOST:
                self._going.clear()
            items = self.nexts[begun]
            known = self._going[begun, form] = items is None or any(item.fits(form) for item in items)
        return known


@dataclass(slots=True)
class Found:
    """The hits of all texts, text by text, those of one label together: `text`, `cue` and `hits` go together."""

    cues: Cues
    text: Numbers
    cue: Numbers
    hits: list[Hit]
    labels: dict[str, Bits]  # for each label the texts with a hit of it
    groups: tuple[list[int], list[int], list[int]]  # of hits of one text and label: text, label, the first of them
    count: int  # texts

    def has(self, label: str) -> Bits:
        """The texts with a hit of this label."""
        return self.labels.get(label, np.zeros(self.count, dtype=np.bool_))

    def any_of(self, labels: Sequence[str]) -> Bits:
        """The texts with a hit of any of these labels."""
        found: Bits = np.zeros(self.count, dtype=np.bool_)
        for label in labels:
            if label in self.labels:
                found = found | self.labels[label]
        return found

    def plain_complaint(self) -> Bits:
        """The texts with a cue of a complaint that does not only lean towards one."""
        cues = self.cues
        if "complaint" not in cues.labels:
            return self.has("complaint")
        own = (cues.label[self.cue] == cues.labels.index("complaint")) & ~cues.lean[self.cue]
        found: Bits = np.bincount(self.text[own], minlength=self.count) > 0
        return found

    def leaning(self) -> Floats:
        """How far each text leans towards a complaint, at the most."""
        width = len(self.cues.leans)
        phrases = self.cues.phrase[self.cue]
        each = once((self.text * width + phrases)[phrases > 0])
        found: Floats = np.bincount(each // width, self.cues.leans[each % width], self.count).astype(np.float64)
        return found


def cues_of(vocabulary: Vocabulary) -> Cues:
    """The cues of the book of a vocabulary, with every beginning it has met."""
    known = vocabulary.cues
    if known is None:
        known = vocabulary.cues = Cues(vocabulary.book)
    known.learn(vocabulary.beginnings)
    return known


def found_in(opened: Opened, vocabulary: Vocabulary) -> Found:
    """Every cue found in every text."""
    cues = cues_of(vocabulary)
    begun = vocabulary.beginning.array[opened.words]
    at = np.flatnonzero(begun)
    begun = begun[at]
    ends = opened.starts[1:][opened.owner[at]]
    further, plainly = _may_go_on(opened, vocabulary, cues, at, begun, ends)
    still = ~further
    counts = cues.alone[begun[still]]
    where = np.repeat(at[still], counts)
    total = int(counts.sum())
    which = cues.flat[np.arange(total) + np.repeat(cues.first[begun[still]] - (np.cumsum(counts) - counts), counts)]
    after = where + 1
    if len(plainly):
        more = _said_plainly(opened, vocabulary.beginnings, cues.number, at[plainly].tolist(), begun[plainly].tolist())
        where, which, after = (
            np.concatenate((one, other)) for one, other in zip((where, which, after), more, strict=True)
        )
    if further.any():
        more = _said(opened, vocabulary.beginnings, cues.number, at[further].tolist(), begun[further].tolist())
        where, which, after = (
            np.concatenate((one, other)) for one, other in zip((where, which, after), more, strict=True)
        )
    cancelled = cues.cancels[which]
    if cancelled.any():
        kept = np.ones(len(where), dtype=np.bool_)
        kept[cancelled] = ~_negated(opened, where[cancelled])
        where, which, after = where[kept], which[kept], after[kept]
    return _grouped(opened, cues, where, which, after)


def _may_go_on(
    opened: Opened, vocabulary: Vocabulary, cues: Cues, at: Numbers, begun: Numbers, ends: Numbers
) -> tuple[Bits, Numbers]:
    """Whether the words after each of the beginnings `at` may be those of a cue, and need looking at; and which of the
    others may go on with their next word, and no further."""
    follows = np.concatenate((vocabulary.follows.array[opened.words], [0, 0]))
    told, starts = opened.told, opened.starts
    further = np.zeros(len(at), dtype=np.bool_)
    opening = at == starts[opened.owner[at]]
    opening |= (told[at - 1] & telling.STOP) != 0
    loose = np.flatnonzero(cues.loose[begun] | (cues.opening[begun] & opening))
    places, begins, last = at[loose] + 1, begun[loose], ends[loose]
    forms, nexts, goes_on = opened.forms, cues.nexts, cues.goes_on
    further[loose] = [
        nexts[first] is None or (place < end and goes_on(first, forms[place]))
        for first, place, end in zip(begins.tolist(), places.tolist(), last.tolist(), strict=True)
    ]
    near = np.flatnonzero(cues.adjacent[begun] & ~further & (at + 1 < ends))
    near = near[follows[at[near] + 1] > 0]
    spots = spot(begun[near], follows[at[near] + 1])
    table = vocabulary.following[spots]
    further[near[(table & ADJACENT) != 0]] = True
    plainly = near[(table & PLAINLY) != 0]
    third = (table & (ADJACENT | THIRD)) == THIRD
    near, spots = near[third], spots[third]
    third = (at[near] + 2 < ends[near]) & (follows[at[near] + 2] > 0)
    near, spots = near[third], spots[third]
    further[near[(vocabulary.following[spot(spots, follows[at[near] + 2])] & THIRD_WORD) != 0]] = True
    wide = np.flatnonzero(cues.gapped[begun] & ~further)
    gap = 0
    while len(wide):
        there = at[wide] + 1 + gap
        inside = (there < ends[wide]) & (gap <= cues.reach[begun[wide]])
        wide, there = wide[inside], there[inside]
        fits = (follows[there] > 0) & ((vocabulary.following[spot(begun[wide], follows[there])] & GAPPED) != 0)
        further[wide[fits]] = True
        wide = wide[~fits & ((told[there] & telling.STOP) == 0)]
        gap += 1
    return further, plainly[~further[plainly]]


def _said_plainly(
    opened: Opened, beginnings: Sequence[Beginning | None], number: dict[int, int], at: list[int], begun: list[int]
) -> tuple[Numbers, Numbers, Numbers]:
    """What is said by the words `at` and the next ones alone."""
    where: list[int] = []
    which: list[int] = []
    forms = opened.forms
    for place, beginning in zip(at, begun, strict=True):
        one = beginnings[beginning]
        going = one.adjacent.get(forms[place + 1]) if one is not None else None
        if going is not None:  # else two places in the table are one
            for _, variant in going.done:
                where.append(place)
                which.append(number[id(variant.cue)])
    found = np.array(where, dtype=np.int64)
    return found, np.array(which, dtype=np.int64), found + 2


def _said(
    opened: Opened, beginnings: Sequence[Beginning | None], number: dict[int, int], at: list[int], begun: list[int]
) -> tuple[Numbers, Numbers, Numbers]:
    """What is said from the words `at` on: for each cue its first word, its number, and the word after it."""
    where: list[int] = []
    which: list[int] = []
    after: list[int] = []
    forms, edges = opened.forms, opened.edges
    owner = opened.owner[at].tolist()
    last, start, own = -1, 0, forms
    for place, beginning, text in zip(at, begun, owner, strict=True):
        if text != last:
            last, start = text, edges[text]
            own = forms[start : edges[text + 1]]
        one = beginnings[beginning]
        for _, cue, end in said(own, place - start, one) if one else ():
            where.append(place)
            which.append(number[id(cue)])
            after.append(start + end)
    return np.array(where, dtype=np.int64), np.array(which, dtype=np.int64), np.array(after, dtype=np.int64)


def _negated(opened: Opened, where: Numbers) -> Bits:
    """Whether a negation stands before each of these words, in the same sentence: see `Page.negated`."""
    starts = opened.starts[opened.owner[where]]
    found = np.zeros(len(where), dtype=np.bool_)
    open_ = np.ones(len(where), dtype=np.bool_)
    for reach in range(1, _NEGATED + 1):
        before = where - reach
        open_ &= before >= starts
        told = opened.told[np.maximum(before, 0)]
        open_ &= (told & telling.STOP) == 0
        found |= open_ & ((told & telling.NEGATION) != 0)
    return found


def _grouped(opened: Opened, cues: Cues, where: Numbers, which: Numbers, after: Numbers) -> Found:
    width = len(cues.labels)
    text = opened.owner[where]
    label = cues.label[which]
    # By text, then label, then place: a word's own cues stay in their order.
    order = np.argsort((text * width + label) * (len(opened.words) + 1) + where, kind="stable")
    text, label, which = text[order], label[order], which[order]
    starts = opened.starts[text]
    first, end = where[order] - starts, after[order] - starts
    hits = list(map(hit_of, zip(map(cues.cues.__getitem__, which.tolist()), first.tolist(), end.tolist(), strict=True)))
    key = text * width + label
    begins = np.flatnonzero(np.concatenate(([True], key[1:] != key[:-1]))) if len(key) else np.zeros(0, dtype=np.int64)
    has = np.zeros((width, len(opened.texts)), dtype=np.bool_)
    has[label[begins], text[begins]] = True
    groups = (text[begins].tolist(), label[begins].tolist(), [*begins.tolist(), len(hits)])
    return Found(cues, text, which, hits, dict(zip(cues.labels, has, strict=True)), groups, len(opened.texts))
