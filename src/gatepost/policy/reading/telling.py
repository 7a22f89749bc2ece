"""What a single word, or a single piece of text between spaces, tells of the readers that may have work with it.

Each is looked at once and remembered (`vocabulary`), so that a batch knows of every message, without reading it, which
readers could find anything. A bit may say too much, never too little.
"""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from . import requests
from .complaint import ADDRESS, US, done
from .cues import STOPS
from .hate import named
from .identity_numbers import CAR, POSTCODE
from .language import ENGLISH, OTHERS
from .page import NEGATIONS
from .personal_data import FIGURES, TOLD_BY, longest_row
from .places_names import STREETS

Numbers = NDArray[np.int64]

# Of words.
(
    STOP, NEGATION, HATED, ADDRESSED, DONE, OURS, OPENER, GREETED, FIGURE, ENGLISH_WORD, OTHER_WORD, ASKED, STREET,
) = (1 << place for place in range(13))  # fmt: skip
_LISTS = (
    (STOP, STOPS),
    (NEGATION, NEGATIONS),
    (ADDRESSED, ADDRESS),
    (OURS, US),
    (OPENER, requests.OPENERS),
    (GREETED, requests.GREETINGS),
    (FIGURE, FIGURES),
    (ENGLISH_WORD, ENGLISH),
    (OTHER_WORD, OTHERS),
    (ASKED, frozenset("?")),
    (STREET, STREETS),
)

# Of pieces. PERSONAL: personal details of a kind that has no space in it. The rest are parts of what has one: names, a
# word before a name, the halves of a postcode and of a number plate, a word beside which figures are a date of birth or
# one of our references ("d of b" among them), figures enough for such a reference, a flat, a word after a name, single
# letters, rows of figures.
(
    PERSONAL, NAMES, NAMED, CALLING, OUTCODE, INCODE, PLATE, PLATE_END, BORN, NUMBERED, REFERENCE, FLAT, HERE,
    LETTER, LETTER_LAST, LETTER_FIRST, APART, UNEVEN, DEE, OF, BEE, ROW_LAST, ROW_FIRST, SORT, INSURED,
    LETTERED, FIGURED,
) = (1 << place for place in range(27))  # fmt: skip
_FIGURE_PLACE = 32  # the bits above tell how many figures stand in the longest row of them
_MOST_FIGURES = 255

_NAME = r"[A-Z][a-z'’]"
_NAME_LAST = re.compile(rf"{_NAME}{{1,20}}(?:-[A-Z][a-z]{{1,20}})?\Z")
_NAME_FIRST = re.compile(rf"(?:(?:de|van|der|al|el|bin|ap|Mc|O['’])\s?)?{_NAME}|(?:de|van|der|al|el|bin|ap|Mc|O['’])\Z")
_NAME_WITHIN = re.compile(_NAME)
_CALLS = re.compile(
    r"(?:\A|name:?|name['’]?s|is:?|tenant:?|i['’]?m|am|regards|signed|its|it['’]s|ring|call|contact|phone|text|for|to|email)"
    r"[\s,]*\Z",
    re.I,
)
_BETWEEN = re.compile(r"[\s,]")
_SPACE = re.compile(r"\s")
_PREFIXES = frozenset(("de", "van", "der", "al", "el", "bin", "ap"))
_MAIL = re.compile(r"[\w.+'-]@[\w-]|@\s?[\w-]{2,40}\.[a-z]|@\Z|\bdot\b|[(\[{<]\s?at\b|[(\[{<]\s?\Z")
_TOLD_BY = re.compile("|".join(TOLD_BY))
_PARTS = (
    (OUTCODE, re.compile(r"[a-pr-uwyz][a-hk-y]?\d[\da-z]?\Z")),
    (INCODE, re.compile(r"\A\d[abd-hjlnp-uw-z]{2}(?!\w)")),
    (PLATE, re.compile(r"[a-hj-pr-y]\d{1,3}\Z")),
    (INSURED, re.compile(r"[a-z][ -]?\d\d")),
    (FIGURED, re.compile(r"\A-?\d")),
    (REFERENCE, re.compile(r"\d[\d/-]{3}")),
)
_PLATE_END = re.compile(r"[a-hj-pr-z]{3}(?!\w)")
_BORN = re.compile(r"born|birth|dob|d\.o|do\.b| of|of ")
_NUMBERED = re.compile(r"\b(?:ten|rent|account|hous|claim|customer|payment|application|bidding|uc|council)")
_FLAT = re.compile(r"(?:flat|apt|apartment)(?:\s?\d|\Z)")
_HERE = re.compile(r"here\b|tenant|resident|leaseholder")
_OF_BIRTH = {"of": OF, "dot": PERSONAL}
_ROW_LAST = re.compile(r"(?:\A|\d)[ \-.()/]*\Z")
_ROW_FIRST = re.compile(r"\A[ \-.()/]*(?:\Z|\d)")
_LETTERED = re.compile(r"[a-z]-?\Z")
_LETTER = re.compile(r"[^\W\d_]\Z")
_LETTER_LAST = re.compile(r"(?<!\w)[^\W\d_]\Z")
_LETTER_FIRST = re.compile(r"[^\W\d_](?!\w)")


def of_word(form: str) -> int:
    """The bits of a word in its plain form."""
    bits = HATED if named(form) else 0
    if done(form):
        bits |= DONE
    for bit, words in _LISTS:
        if form in words:
            bits |= bit
    return bits


def figures(told: Numbers) -> Numbers:
    """How many figures stand in the longest row of each piece, from its bits."""
    return told >> _FIGURE_PLACE


def of_piece(original: str, plain: str) -> int:
    """The bits of a piece of text without a space in it, as written and in its plain form."""
    bits = CALLING if _CALLS.search(original) else 0
    if _TOLD_BY.search(plain):
        bits |= PERSONAL
    if _PLATE_END.match(plain):
        bits |= PLATE_END
    if _BORN.search(plain):
        bits |= BORN
    if _NUMBERED.search(plain):
        bits |= NUMBERED
    if _HERE.search(plain):
        bits |= HERE
    if "sort" in plain:
        bits |= SORT
    if _FLAT.search(plain):
        bits |= FLAT
    if not original.islower() or not original.isascii() or original in _PREFIXES:
        bits |= (NAMES if _NAME_LAST.search(original) else 0) | (NAMED if _NAME_FIRST.match(original) else 0)
    if original.isascii() and original.isalpha():  # most are
        if len(original) == 1:
            bits |= LETTER | LETTER_LAST | LETTER_FIRST
        bits |= LETTERED
        return bits | _OF_BIRTH.get(plain, 0) | (DEE if plain[-1] == "d" else 0) | (BEE if plain[0] == "b" else 0)
    bits |= (DEE if plain.endswith("d") else 0) | (BEE if plain.startswith("b") else 0)
    if _MAIL.search(plain) or (_SPACE.search(original) and _NAME_WITHIN.search(original)):
        bits |= PERSONAL
    if bits & NAMES and _BETWEEN.search(original):
        bits |= PERSONAL  # the word before a name may be in the same piece
    if _LETTER.match(plain):
        bits |= LETTER
    if _LETTER_LAST.search(plain):
        bits |= LETTER_LAST
    if _LETTER_FIRST.match(plain):
        bits |= LETTER_FIRST
    if " " in plain:
        bits |= APART
    if _ROW_LAST.search(plain):
        bits |= ROW_LAST
    if _ROW_FIRST.search(plain):
        bits |= ROW_FIRST
    if _LETTERED.search(plain):
        bits |= LETTERED
    count = longest_row(plain)
    if count:
        return bits | min(count, _MOST_FIGURES) << _FIGURE_PLACE | _figured(plain)
    return bits


def _figured(plain: str) -> int:
    """The bits of a piece that has figures."""
    bits = PERSONAL if POSTCODE.search(plain) or CAR.search(plain) or " " in plain else 0
    for bit, pattern in _PARTS:
        if pattern.search(plain):
            bits |= bit
    return bits
