"""What a single word, or a single piece of text between spaces, tells of the readers that may have work with it.

Each is looked at once and remembered (`vocabulary`), so that a batch knows of every message, without reading it, which
readers could find anything. A bit may say too much, never too little.
"""

from __future__ import annotations

import re

from . import requests
from .complaint import ADDRESS, US, done
from .cues import STOPS
from .hate import named
from .language import ENGLISH, OTHERS
from .page import NEGATIONS
from .personal_data import FIGURES

# Of words.
STOP, NEGATION, HATED, ADDRESSED, DONE, OURS, OPENER, GREETED, FIGURE, ENGLISH_WORD, OTHER_WORD, ASKED = (
    1 << place for place in range(12)
)
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
)

# Of pieces.
PERSONAL, NAMES, NAMED, LETTER, LETTER_LAST, LETTER_FIRST, APART, UNEVEN, QUOTING = (1 << place for place in range(9))
_MAIL = re.compile(r"[\w.+'-]@[\w-]|@\s?[\w-]{2,40}\.[a-z]|@$|[(\[{<]|dot|\d")
_NAME = r"[A-Z][a-z'’]"
_NAME_LAST = re.compile(rf"{_NAME}{{1,20}}(?:-[A-Z][a-z]{{1,20}})?\Z")
_NAME_FIRST = re.compile(rf"(?:(?:de|van|der|al|el|bin|ap|Mc|O['’])\s?)?{_NAME}|(?:de|van|der|al|el|bin|ap|Mc|O['’])\Z")
_NAME_WITHIN = re.compile(_NAME)
_SPACE = re.compile(r"\s")
_PREFIXES = frozenset(("de", "van", "der", "al", "el", "bin", "ap"))
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


def of_piece(original: str, plain: str) -> int:
    """The bits of a piece of text without a space in it, as written and in its plain form."""
    if original.isascii() and original.isalpha():  # most are
        bits = PERSONAL if "dot" in plain else 0
        if len(original) == 1:
            return LETTER | LETTER_LAST | LETTER_FIRST
        if original.islower():
            return bits | NAMED if original in _PREFIXES else bits
        bits |= (NAMES if _NAME_LAST.search(original) else 0) | (NAMED if _NAME_FIRST.match(original) else 0)
        return bits
    bits = 0
    if _MAIL.search(plain) or (_SPACE.search(original) and _NAME_WITHIN.search(original)):
        bits |= PERSONAL
    if _NAME_LAST.search(original):
        bits |= NAMES
    if _NAME_FIRST.match(original):
        bits |= NAMED
    if _LETTER.match(plain):
        bits |= LETTER
    if _LETTER_LAST.search(plain):
        bits |= LETTER_LAST
    if _LETTER_FIRST.match(plain):
        bits |= LETTER_FIRST
    if " " in plain:
        bits |= APART
    return bits
