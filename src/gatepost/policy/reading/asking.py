"""Which readers could find anything in which of many texts. Said too often it costs time, never too seldom."""

from __future__ import annotations

import numpy as np

from . import telling
from .by_cues import ABUSE, ABUSIVE, COMPLAINT, HATE, OWN, OWN_LABELS, PERSONAL, QUESTION, REQUEST, WORK
from .complaint import ELSE, LONG_ENOUGH, NO_LEAN, REACH
from .matching import Found
from .normal import normal
from .opening import Bits, Opened
from .personal_data import LEAST_WORDED
from .vocabulary import Numbers
from .words import Words

_MANY = 8  # figures in a row that may be a number of any kind
_FEW = 6  # figures in a row that may be a National Insurance number or a sort code
# Pieces at the most from the word for one of our references to its figures, from the number of a house to its street,
# from the house to the number of a flat in it, from a name to the word after it.
_TO_REFERENCE, _TO_STREET, _TO_HOUSE, _TO_HERE = 10, 8, 3, 4
_HAIR = 1e-6  # weights are added in another order here


def readers_for(opened: Opened, found: Found, words: Words) -> Numbers:
    """For each text the bits of the readers to ask."""
    told, count = opened.told, len(opened.texts)
    hateful = opened.apart | opened.some_word(telling.HATED)
    figures = np.bincount(opened.owner[(told & telling.FIGURE) != 0], minlength=count)
    bits = np.zeros(count, dtype=np.int64)
    for bit, asked in (
        (HATE, hateful),
        (ABUSE, found.any_of(ABUSIVE)),
        (PERSONAL, _personal(opened, words) | (figures >= LEAST_WORDED)),
        (COMPLAINT, _complaint(opened, found)),
        (OWN, found.any_of(OWN_LABELS)),
        (REQUEST, found.any_of(WORK)),
        (QUESTION, found.has("question") | _opens_a_question(opened)),
    ):
        bits |= np.where(asked, bit, 0)
    return bits


def _personal(opened: Opened, words: Words) -> Bits:
    """Where something has the shape, or stands beside the word, of a personal detail: see `personal_data`."""
    told, text, count, some = opened.pieces, opened.piece_of, len(opened.texts), opened.some_piece

    def beside(first: int, then: int) -> Numbers:
        found: Numbers = (
            np.flatnonzero(((told[:-1] & first) != 0) & ((told[1:] & then) != 0) & (text[1:] == text[:-1])) + 1
        )
        return found

    def near(first: Numbers, then: Numbers, reach: int) -> Numbers:
        """The texts in which one of the pieces `first` has one of `then` at most so many pieces after it, or in it."""
        after = np.concatenate((then, [len(told) + reach]))[np.searchsorted(then, first)]
        within = after - first <= reach
        first, after = first[within], after[within]
        found: Numbers = text[first[text[first] == text[after]]]
        return found

    def that(bits: int) -> Numbers:
        found: Numbers = np.flatnonzero(told & bits)
        return found

    each = telling.figures(told)
    apart = np.ones(len(told), dtype=np.int64)
    apart[beside(telling.ROW_LAST, telling.ROW_FIRST)] = 0
    rows = np.cumsum(apart)
    row = np.bincount(rows, each)[rows]
    figures = np.bincount(text, each, count) > 0
    asked = some(telling.PERSONAL)
    asked[text[row >= _MANY]] = True
    enough = row >= _FEW
    few = np.zeros(count, dtype=np.bool_)
    few[text[enough]] = True
    asked |= few & some(telling.SORT)
    asked[text[enough & ((told & telling.INSURED) != 0)]] = True
    insured = beside(telling.LETTERED, telling.FIGURED)
    asked[text[insured[enough[insured]]]] = True
    asked |= figures & some(telling.BORN)
    of = beside(telling.DEE, telling.OF)
    of = of[(told[np.minimum(of + 1, len(told) - 1)] & telling.BEE) != 0]
    asked[text[of]] |= figures[text[of]]
    asked[near(that(telling.NUMBERED), that(telling.REFERENCE), _TO_REFERENCE)] = True
    asked |= figures & some(telling.FLAT)
    asked[near(that(telling.HOUSE), that(telling.STREET), _TO_STREET)] = True
    asked[near(that(telling.STREET), np.flatnonzero(each), _TO_HOUSE)] = True
    asked |= some(telling.STREET) & (
        opened.some_word(telling.COUNT_MANY) | (opened.some_word(telling.COUNT) & some(telling.FLATTED))
    )
    asked[text[beside(telling.OUTCODE, telling.INCODE)]] = True
    asked[text[beside(telling.PLATE, telling.PLATE_END)]] = True
    names = beside(telling.NAMES, telling.NAMED)
    called = (names == 1) | ((told[np.maximum(names - 2, 0)] & telling.CALLING) != 0)
    asked[text[names[called]]] = True
    asked[near(names, that(telling.HERE), _TO_HERE)] = True
    asked[list(opened.pages)] = True
    if words.screen:
        left = np.flatnonzero(figures & ~asked).tolist()
        if words.edged or _referred("\n".join([opened.texts[place] for place in left]), words):
            for place in left:
                asked[place] = _referred(opened.texts[place], words)
    return asked


def _referred(text: str, words: Words) -> bool:
    """Whether it holds one of our own references."""
    return words.screen.search(normal(text).text) is not None


def _complaint(opened: Opened, found: Found) -> Bits:
    """Where anything but a slight leaning speaks for a complaint: see `complaint.complaint`."""
    told, has = opened.told, found.has
    addressed = told & telling.ADDRESSED
    done = told & telling.DONE
    said = np.zeros(len(told), dtype=np.bool_)
    for gap in range(1, REACH + 1):
        said[:-gap] |= (addressed[:-gap] != 0) & (done[gap:] != 0) & (opened.owner[gap:] == opened.owner[:-gap])
    sour = has("sour") & ~has("reported")
    sour &= has("aimed") | has("staff") | opened.some_word(telling.OURS)
    tells = has("topic") & (opened.lengths > LONG_ENOUGH) & ~found.any_of(ELSE) & ~opened.some_word(telling.ASKED)
    return found.plain_complaint() | sour | opened.any_of(said) | tells | (found.leaning() > NO_LEAN - _HAIR)


def _opens_a_question(opened: Opened) -> Bits:
    """Where a word that opens questions opens a sentence, or follows a greeting: see `requests.question`."""
    told = opened.told
    at = np.flatnonzero(told & telling.OPENER)
    first = at == opened.starts[opened.owner[at]]
    at = at[first | ((told[at - 1] & (telling.STOP | telling.GREETED)) != 0)]
    found: Bits = np.bincount(opened.owner[at], minlength=len(opened.texts)) > 0
    return found
