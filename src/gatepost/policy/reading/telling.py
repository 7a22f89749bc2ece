"""What a single word, or a single piece of text between spaces, tells of the readers that may have work with it.

Each is looked at once and remembered (`vocabulary`), so that a batch knows of every message, without reading it, which
readers could find anything. A bit may say too much, never too little.
"""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from . import hate, requests
from .complaint import ADDRESS, US, done
from .contact_details import GLUED, OWN_MAIL
from .cues import STOPS
from .identity_numbers import CAR, POSTCODE
from .language import ENGLISH, OTHERS
from .page import NEGATIONS
from .personal_data import FIGURES, TOLD_BY, longest_row
from .places_names import COUNTED, LOWER, MANY, STREETS, UPPER

Numbers = NDArray[np.int64]

# Of words.
(
    STOP, NEGATION, HATED, ADDRESSED, DONE, OURS, OPENER, GREETED, FIGURE, ENGLISH_WORD, OTHER_WORD, ASKED, LEADS,
    FOLLOWS, LONE, COUNT, COUNT_MANY,
) = (1 << place for place in range(17))  # fmt: skip
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
    (COUNT, COUNTED),
    (COUNT_MANY, MANY),
    (LEADS, hate.LEADS),
    (FOLLOWS, hate.FOLLOWS),
)

_OF_WORDS: dict[str, int] = {}
for _bit, _words in _LISTS:
    for _word in _words:
        _OF_WORDS[_word] = _OF_WORDS.get(_word, 0) | _bit

# Of pieces. PERSONAL: personal details of a kind that has no space in it. The rest are parts of what has one: names, a
# word before a name, the halves of a postcode and of a number plate, a word beside which figures are a date of birth or
# one of our references ("d of b" among them), figures enough for such a reference, a flat, a flat by its number, the
# number of a house, a street, a word after a name, single letters, rows of figures.
(
    PERSONAL, NAMES, NAMED, CALLING, OUTCODE, INCODE, PLATE, PLATE_END, BORN, NUMBERED, REFERENCE, FLAT, HERE,
    LETTER, LETTER_LAST, LETTER_FIRST, APART, UNEVEN, DEE, OF, BEE, ROW_LAST, ROW_FIRST, SORT, INSURED,
    LETTERED, FIGURED, FLATTED, HOUSE, STREET,
) = (1 << place for place in range(30))  # fmt: skip
_FIGURE_PLACE = 32  # the bits above tell how many figures stand in the longest row of them
_MOST_FIGURES = 255

_NAME = UPPER + LOWER
_NAME_LAST = re.compile(rf"{_NAME}{{1,20}}(?:-{_NAME}{{1,20}})?\Z")
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
_OWN_MAIL = re.compile(rf"(?<![\w.+-]){OWN_MAIL}")
_MAIL = re.compile(r"[\w.+'-]@[\w-]|@\s?[\w-]{2,40}\.[a-z]|@\Z|\bdot\b|[(\[{<]\s?at\b|[(\[{]a[)\]}]|[(\[{<]\s?\Z")
_TOLD_BY = re.compile("|".join(TOLD_BY))
_FIGURE_AFTER = re.compile(r"[a-z][ -]?\d")
_AFTER_LETTERS = (
    (OUTCODE, re.compile(r"\b[a-pr-uwyz][a-hk-y]?\d[\da-z]?\Z")),
    (PLATE, re.compile(r"\b[a-hj-pr-y]{1,2}\d{1,3}\Z")),
    (INSURED, re.compile(r"[a-z][ -]?\d\d")),
)
_INCODE = re.compile(r"\d[abd-hjlnp-uw-z]{2}(?!\w)")
_FIGURED = re.compile(r"-?\d")
_REFERENCE = re.compile(r"\d[\d/-]{3}")
_HOUSE = re.compile(r"\d[a-z]?,?(?:\Z|\s)")
_PLATE_END = re.compile(r"[a-hj-pr-z]{3}(?!\w)")
_BORN = re.compile(r"born|birth|dob|d\.o|do\.b| of|of ")
_NUMBERED = re.compile(r"\b(?:ten|rent|account|hous|claim|customer|payment|application|bidding|uc|council)")
_FLAT = re.compile(r"(?:flat|apt|apartment)(?:\s?\d|\Z)")
_STREET = re.compile(rf"(?:\A|\s)(?:{'|'.join(sorted(STREETS))})\b")
_OPENS = re.compile(r"\w+")
_HERE = re.compile(r"here\b|tenant|resident|leaseholder")
_OF_BIRTH = {"of": OF, "o": OF, "dot": PERSONAL}
_LETTERED = re.compile(r"[a-z]-?\Z")
_EDGES = (
    (LETTER, re.compile(r"\A[^\W\d_]\Z")),
    (LETTER_LAST, re.compile(r"(?<!\w)[^\W\d_]\Z")),
    (LETTER_FIRST, re.compile(r"\A[^\W\d_](?!\w)")),
    (ROW_LAST, re.compile(r"(?:\A|\d)[ \-.()/]*\Z")),
    (ROW_FIRST, re.compile(r"\A[ \-.()/]*(?:\Z|\d)")),
    (LETTERED, _LETTERED),
)
# The same for printable ASCII, which nearly all pieces are: told by its letters as far as they go.
_BETWEEN_FIGURES = " -.()/"
_CALLING = (
    "name", "name:", "names", "name's", "is", "is:", "tenant", "tenant:", "i'm", "im", "am", "regards", "signed", "its",
    "it's", "ring", "call", "contact", "phone", "text", "for", "to", "email",
)  # fmt: skip
# Whatever has none of these has none of what `_worded` looks for.
_WORDED = re.compile(
    r"a(?:pt|partment)|b(?:orn|irth)|d(?:ob|o\.b|\.o|ouble)|flat|h(?:undred|ere\b)|leaseholder|resident|sort"
    r"|t(?:enant|riple|reble)|underscore"
    rf"|{_NUMBERED.pattern}"
)
_DOTTED = re.compile(r"(?<![\w.])b\.")
_BRACKETS = frozenset("([{<")
_ANY_FIGURE = re.compile(r"\d")
_GLUED = re.compile(GLUED)
# A figure beside a letter that a number in words may begin or end with.
_GLUING = re.compile(r"\d[efnostz]|[enortx]\d")


def of_word(form: str) -> tuple[int, int]:
    """The bits of a word in its plain form, and the letter that `hate` spells it by, 0 for none."""
    bits = _OF_WORDS.get(form, 0)
    hated, letter = hate.named(form)
    if hated:
        bits |= HATED
    if len(form) == 1 and form.isalpha():
        bits |= LONE
    if done(form):
        bits |= DONE
    return bits, ord(letter) if letter else 0


def figures(told: Numbers) -> Numbers:
    """How many figures stand in the longest row of each piece, from its bits."""
    return told >> _FIGURE_PLACE


def of_piece(original: str, plain: str) -> int:
    """The bits of a piece of text without a space in it, as written and in its plain form."""
    if not original or not original.isascii() or not original.isprintable():
        return of_any(original, plain)
    bare = plain.rstrip(",")
    bits = CALLING if not bare or bare.endswith(_CALLING) else 0
    if _WORDED.search(plain):
        bits |= _worded(plain)
    if not _in_word(plain[3:4]) and _PLATE_END.match(plain):
        bits |= PLATE_END
    if plain != original or original in _PREFIXES:
        bits |= (NAMES if _NAME_LAST.search(original) else 0) | (NAMED if _NAME_FIRST.match(original) else 0)
    first, last = plain[0], plain[-1]
    bits |= (DEE if last == "d" else 0) | (BEE if first == "b" else 0)
    if original.isalpha():
        if len(original) == 1:
            bits |= LETTER | LETTER_LAST | LETTER_FIRST
        if plain in STREETS:
            bits |= STREET
        return bits | LETTERED | _OF_BIRTH.get(plain, 0)
    return bits | _marked(original, plain, bits, first, last)


def _marked(original: str, plain: str, bits: int, first: str, last: str) -> int:
    """The bits of a piece of printable ASCII that has more than letters in it. `bits`: those known of it."""
    if (
        ("." in plain and _DOTTED.search(plain))
        or ((".co" in plain or ",co" in plain) and _OWN_MAIL.search(plain))
        or (_may_be_mail(plain, first) and _MAIL.search(plain))
    ):
        bits |= PERSONAL
    opens = _OPENS.match(plain)
    if opens and opens[0] in STREETS:
        bits |= STREET
    if bits & NAMES and "," in original:
        bits |= PERSONAL  # the word before a name may be in the same piece
    if last.isalpha() and not _in_word(plain[-2]):
        bits |= LETTER_LAST
    if first.isalpha() and not _in_word(plain[1]):
        bits |= LETTER_FIRST
    if last.isalpha() or (last == "-" and _LETTERED.search(plain)):
        bits |= LETTERED
    stripped = plain.rstrip(_BETWEEN_FIGURES)
    if not stripped or stripped[-1].isdigit():
        bits |= ROW_LAST
    stripped = plain.lstrip(_BETWEEN_FIGURES)
    if not stripped or stripped[0].isdigit():
        bits |= ROW_FIRST
    if _ANY_FIGURE.search(plain):
        bits |= min(longest_row(plain), _MOST_FIGURES) << _FIGURE_PLACE | _figured(plain)
        if _GLUING.search(plain) and _GLUED.search(plain):
            bits |= PERSONAL
    return bits


def _may_be_mail(plain: str, first: str) -> bool:
    """Whether `_MAIL` may be in it: the name of an account, "@name", has nothing of it."""
    at = first == "@" and (len(plain) == 1 or "." in plain)
    return at or plain.find("@", 1) > 0 or "dot" in plain or not _BRACKETS.isdisjoint(plain)


def _worded(plain: str) -> int:
    """The bits of a piece in which `_WORDED` was found."""
    bits = PERSONAL if _TOLD_BY.search(plain) else 0
    if _BORN.search(plain):
        bits |= BORN
    if _NUMBERED.search(plain):
        bits |= NUMBERED
    if _HERE.search(plain):
        bits |= HERE
    if "sort" in plain:
        bits |= SORT
    if "flat" in plain or "apartment" in plain:
        bits |= FLATTED
    if _FLAT.search(plain):
        bits |= FLAT
    return bits


def of_any(original: str, plain: str) -> int:
    """The bits of a piece of any characters at all."""
    bits = _worded(plain) | (CALLING if _CALLS.search(original) else 0)
    if _PLATE_END.match(plain):
        bits |= PLATE_END
    if _STREET.search(plain):
        bits |= STREET
    bits |= (NAMES if _NAME_LAST.search(original) else 0) | (NAMED if _NAME_FIRST.match(original) else 0)
    bits |= (DEE if plain.endswith("d") else 0) | (BEE if plain.startswith("b") else 0)
    if _OWN_MAIL.search(plain) or _MAIL.search(plain) or (_SPACE.search(original) and _NAME_WITHIN.search(original)):
        bits |= PERSONAL
    if bits & NAMES and _BETWEEN.search(original):
        bits |= PERSONAL
    for bit, pattern in _EDGES:
        if pattern.search(plain):
            bits |= bit
    bits |= _OF_BIRTH.get(plain, 0) | (APART if " " in plain else 0)
    count = longest_row(plain)
    if count:
        bits |= min(count, _MOST_FIGURES) << _FIGURE_PLACE | _figured(plain)
    return bits


def _figured(plain: str) -> int:
    """The bits of a piece that has figures."""
    bits = PERSONAL if " " in plain else 0
    if _FIGURE_AFTER.search(plain):
        if POSTCODE.search(plain) or CAR.search(plain):
            bits |= PERSONAL
        for bit, pattern in _AFTER_LETTERS:
            if pattern.search(plain):
                bits |= bit
    if _FIGURED.match(plain):
        bits |= FIGURED
        if _INCODE.match(plain):
            bits |= INCODE
    if _REFERENCE.search(plain):
        bits |= REFERENCE
    if _HOUSE.search(plain):
        bits |= HOUSE
    return bits


def _in_word(character: str) -> bool:
    """What a word may hold, among ASCII."""
    return character.isalnum() or character == "_"
