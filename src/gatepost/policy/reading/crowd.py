"""Many texts read by their cues at once: a reader is asked only about the texts in which it could find something.

What this says of a text is what `alone` says of it; that is tested on texts of every kind.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from ..model import Sentiment
from . import telling
from .asking import readers_for
from .by_cues import HATE, asked
from .cues import Hit
from .evidence import topics
from .known import COLUMN, NOTHING_FOUND, Found
from .language import MOST_WORDS as MOST_OF_LANGUAGE
from .language import language
from .matching import found_in
from .memory import MOST_WORDS, Floats, Summed, Sums, Table, once
from .opening import opened
from .page import Page
from .spelling import spelt
from .trained import length_mark, mark_bucket
from .vocabulary import Vocabulary
from .words import Words

_SHOUTED = 8  # code points that a text in capitals has more of
_LANGUAGES = ("", "en", "und")
_FEELINGS: tuple[Sentiment, ...] = ("neutral", "positive", "negative")


class Crowd:
    """See `known.Known`. `vocabulary`: one that nobody else uses."""

    def __init__(self, texts: Sequence[str], words: Words, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self.tokens = words.tokens
        self.opened = opened(texts, words, vocabulary)
        self.cues = found_in(self.opened, vocabulary)
        self._pages = dict(self.opened.pages)
        count = len(texts)
        self.hits: list[dict[str, list[Hit]]] = [{} for _ in range(count)]
        labels, hits, (owners, which, firsts) = self.cues.cues.labels, self.cues.hits, self.cues.groups
        for place, (owner, label) in enumerate(zip(owners, which, strict=True)):
            self.hits[owner][labels[label]] = hits[firsts[place] : firsts[place + 1]]
        self.odds: Floats = np.tile(np.array(NOTHING_FOUND), (count, 1))
        self.found: list[Found] = [{} for _ in range(count)]
        readers = readers_for(self.opened, self.cues, words)
        some = np.flatnonzero(readers)
        places: list[int] = []
        values: list[float] = []
        width = len(COLUMN)
        letters = spelt(self.opened, vocabulary, np.flatnonzero(readers & HATE))
        for place, bits in zip(some.tolist(), readers[some].tolist(), strict=True):
            odds, found = asked(self.page(place), words, bits, letters.get(place, ""))
            if odds:
                self.found[place] = found
                places += [place * width + COLUMN[label] for label in odds]
                values += odds.values()
        self.odds.reshape(-1)[places] = values
        self.feelings = self._feelings()

    def page(self, text: int) -> Page:
        """The page of a text, as `open_page` would have opened it."""
        page = self._pages.get(text)
        if page is None:
            known = self.opened
            first, after = known.edges[text], known.edges[text + 1]
            page = self._pages[text] = Page(
                known.texts[text],
                known.forms[first:after],
                self.hits[text],
                self.tokens,
                _starts=known.begins[first:after],
                _ends=known.ends[first:after],
            )
        return page

    def summed(self, table: Table) -> tuple[Sums, Summed]:
        known, cues = self.opened, self.cues
        count = len(known.texts)
        words, lengths = known.words, known.lengths
        if len(words) and lengths.max() > MOST_WORDS:
            words = words[np.arange(len(words)) - known.starts[known.owner] < MOST_WORDS]
            lengths = np.minimum(lengths, MOST_WORDS)
        marks = cues.cues.mark[cues.cue]
        width = len(cues.cues.buckets)
        both = once(cues.text * width + marks)
        text, buckets = both // width, cues.cues.buckets[both % width]
        shouted = [place for place, one in enumerate(known.texts) if len(one) > _SHOUTED and one.isupper()]
        sizes = [length_mark(known.forms[first:after]) for first, after in pairwise(known.edges)]
        text = np.concatenate((text, np.arange(count), np.array(shouted, dtype=np.int64)))
        buckets = np.concatenate((buckets, sizes, np.full(len(shouted), mark_bucket(("", "shouted")))))
        order = np.argsort(text, kind="stable")
        sums = self.vocabulary.summed(table)
        return sums, sums.added(words, lengths, buckets[order], np.bincount(text, minlength=count))

    def span(self, text: int, word: int) -> tuple[int, int]:
        page = self._pages.get(text)
        if page is not None:
            return page.span(word, word + 1)
        place = self.opened.edges[text] + word
        return self.opened.begins[place], self.opened.ends[place]

    def languages(self) -> list[str]:
        known = self.opened
        told, owner, count = known.told, known.owner, len(known.texts)
        if len(told) and known.lengths.max() > MOST_OF_LANGUAGE:
            early = np.arange(len(told)) - known.starts[owner] < MOST_OF_LANGUAGE
            told, owner = told[early], owner[early]
        english = np.bincount(owner[(told & telling.ENGLISH_WORD) != 0], minlength=count)
        others = np.bincount(owner[(told & telling.OTHER_WORD) != 0], minlength=count)
        # Of words that no language claims the cues of English may tell something, and nothing else does.
        hits = np.bincount(self.cues.text[self.cues.cues.english[self.cues.cue]], minlength=count)
        told = np.where(english > others, 1, np.where((english == 0) & (others == 0), np.where(hits > 1, 1, 2), 0))
        return [
            _LANGUAGES[sure] if sure and text.isascii() else language(self.page(place))
            for place, (sure, text) in enumerate(zip(told.tolist(), known.texts, strict=True))
        ]

    def urgent(self, danger: Sequence[float]) -> list[bool]:
        has = self.cues.has
        quiet = has("joke") | has("resolved")
        found: list[bool] = (((np.array(danger) > 0) | has("urgent")) & ~quiet).tolist()
        return found

    def topics(self) -> list[tuple[str, ...]]:
        found: list[tuple[str, ...]] = [()] * len(self.opened.texts)
        for place in np.flatnonzero(self.cues.has("topic")).tolist():
            found[place] = topics(self.hits[place]["topic"])
        return found

    def wordless(self) -> Sequence[int]:
        found: list[int] = np.flatnonzero(self.opened.lengths == 0).tolist()
        return found

    def _feelings(self) -> list[Sentiment]:
        """What `tone.sentiment` says of each text with these log-odds."""
        good, bad = self._weight("praise"), self._weight("sour")
        over = {label: self.odds[:, place] >= 0.0 for label, place in COLUMN.items()}
        bad = np.where(over["complaint"], bad + 3.0, bad)
        good = np.where(over["thanks"], good + 2.0, good)
        bad = np.where(over["safeguarding"] | over["staff_abuse"] | over["offensive"], bad + 2.5, bad)
        asks = over["question"] | over["service_request"]
        bad, good = np.where(asks, bad - 0.6, bad), np.where(asks, good - 0.6, good)
        thanks = over["thanks"] & ~over["complaint"] & (bad - good < 3.0)
        felt = np.where((bad >= 1.0) & (bad >= good), 2, np.where(good >= 1.0, 1, 0))
        felt = np.where(over["spam"] | over["media_query"], 0, np.where(thanks, 1, felt))
        return [_FEELINGS[place] for place in felt.tolist()]

    def _weight(self, label: str) -> Floats:
        """What the hits of a label weigh in each text, added one after another."""
        cues = self.cues.cues
        count = len(self.opened.texts)
        if label not in cues.labels:
            return np.zeros(count)
        which = cues.label[self.cues.cue] == cues.labels.index(label)
        found: Floats = np.bincount(self.cues.text[which], cues.weight[self.cues.cue[which]], count).astype(np.float64)
        return found
