"""Personal details: what identifies or reaches a private person, with the exact place of each.

Strong kinds decide alone; a name or a street is weak and needs company. Numbers that belong to the public (our own,
freephone, 999) are not personal. Shapes that could be anything are believed only beside the word that explains them.
"""

from __future__ import annotations

import re
from bisect import bisect_left

from .contact_details import GLUED, contact_details
from .evidence import Sign, total
from .identity_numbers import births, identity_numbers
from .page import Page
from .places_names import places_names
from .words import Words

BIAS = -2.2
_ROW = re.compile(r"\d(?:[ \-.()/]{0,3}\d)*")  # figures with no more between them than people write in a number
_digits = re.compile(r"\d").findall


def personal_data(page: Page, words: Words) -> list[Sign]:
    """Evidence of personal details. `start`/`end` cover exactly what is to be masked; kinds: phone, email, ni, nhs,
    postcode, address, dob, bank, card, tenancy_ref, car_registration, name, third_person, flat."""
    text = page.normal.text
    digits = longest_row(text)
    plain = contact_details(text, words, digits)
    if not _SPELT.isdisjoint(page.forms):
        plain += _spelt_out(page)
    if digits:
        plain += identity_numbers(text, words, digits)
    plain += births(text, digits)
    found = [(*page.normal.span(start, end), kind, weight) for start, end, kind, weight in plain]
    found = [one for one in found if one[2] != "postcode" or _one_case(page.original[one[0] : one[1]])]
    # Names and streets depend on capitals: they are read from the original text.
    found += places_names(page, found, digits > 0)
    if not found:
        return []
    return [Sign(weight, kind, start, end) for start, end, kind, weight in _without_overlaps(found)]


def _one_case(written: str) -> bool:
    """Whether a postcode is written as people write one: "Hu27le" is the name of an account."""
    return " " in written or written.isupper() or written.islower()


def longest_row(text: str) -> int:
    """How many figures stand in a row at the most, with no more between them than people write in a number."""
    rows = _ROW.findall(text)
    return max(map(len, map(_digits, rows))) if rows else 0


def log_odds(found: list[Sign]) -> float:
    return BIAS + total(found) if found else BIAS - 2.0  # details without a pattern are rare


def _without_overlaps(found: list[tuple[int, int, str, float]]) -> list[tuple[int, int, str, float]]:
    """Of two readings of the same characters the likelier, then the longer. A third person may lie on a name."""
    kept: list[tuple[int, int, str, float]] = []
    beside: list[tuple[int, int, str, float]] = []
    for row in sorted(found, key=lambda row: (-row[3], row[0] - row[1])):
        if row[2] == "third_person":
            beside.append(row)
            continue
        place = bisect_left(kept, row[0], key=lambda other: other[0])
        if place and kept[place - 1][1] > row[0]:
            continue
        if place < len(kept) and kept[place][0] < row[1]:
            continue
        kept.insert(place, row)
    return sorted(kept + beside)


_FIGURES = {
    "zero": "0", "oh": "0", "o": "0", "nought": "0", "naught": "0", "nil": "0", "one": "1", "two": "2", "three": "3",
    "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8", "nine": "9",
}  # fmt: skip
LEAST_WORDED = 4  # figures of a number said in words that are words
# What a detail told in words or disguised holds in one of its pieces, whatever its figures. As patterns of plain forms.
TOLD_BY = (
    "underscore", "born", "birth", "dob", r"d\.o", r"do\.b", r"(?<![\w.])b\.", r"@\Z", GLUED, "double", "triple",
    "treble", "hundred",
)  # fmt: skip
_TIMES = {"double": 2, "triple": 3, "treble": 3}
FIGURES = frozenset(_FIGURES)
_SPELT = FIGURES | frozenset(_TIMES)


def _spelt_out(page: Page) -> list[tuple[int, int, str, float]]:
    """Telephone numbers said in words: "oh double seven ..." in a run of ten to twelve figures from a nought."""
    found: list[tuple[int, int, str, float]] = []
    forms = page.forms
    place, last = 0, len(forms)
    while place < last:
        form = forms[place]
        if form not in _FIGURES and form not in _TIMES and not (form.isdigit() and form[0] == "0" and len(form) < 6):
            place += 1
            continue
        first, run, times, worded, sure = place, "", 1, 0, 0
        while place < last and len(run) < 13:
            form = forms[place]
            if form in _TIMES:
                times, worded, sure = _TIMES[form], worded + 1, LEAST_WORDED
            elif form in _FIGURES:
                run += _FIGURES[form] * times
                worded, sure, times = worded + 1, sure + 1, 1
            elif form.isdigit() and len(form) <= 6:
                run += form * times
                times = 1
            elif form == "hundred" and run:
                run += "00"
                worded, sure = worded + 1, LEAST_WORDED
            else:
                break
            place += 1
        if sure >= LEAST_WORDED and _is_phone(run, worded):
            found.append((page.starts[first], page.ends[place - 1], "phone", 4.5))
    return found


def _is_phone(run: str, worded: int) -> bool:
    """Whether figures of which `worded` pieces were words are a telephone number."""
    if len(run) == 11 and run.startswith(("01", "02", "07")):
        return worded > 0
    if run.startswith("0"):
        return worded >= 4 and 10 <= len(run) <= 12
    return worded >= 6 and len(run) == 10 and run.startswith("7")  # the nought left out
