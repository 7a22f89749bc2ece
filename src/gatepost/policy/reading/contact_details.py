"""Ways to reach a person: telephone numbers and e-mail addresses, also disguised ones."""

from __future__ import annotations

import re
from collections.abc import Iterator

from phonenumbers import NumberParseException, is_possible_number, parse

from .words import Words

Found = tuple[int, int, str, float]  # start, end, kind, weight in log-odds

_DIGITS = re.compile(r"(?<![\w£$€.,/:#])(?:\(?\+|00|\()?\d(?:[ \-.()/]{0,3}\d){8,14}(?![\w])(?!\.\d)")
_STROKE = re.compile(r"\s?/\s?")
_NEXT = re.compile(r"0\d(?:[ \-.()]{0,3}\d){8,9}(?!\w)")
_STROKES = re.compile(r"0[1-37]\d{2,3}/\d{3}/?\d{3,4}")
_NOT_A_PHONE = re.compile(
    r"(?:\bref(?:erence)?|\bjob|\bcase|\border|\bticket|\binvoice|\bid|\baccount|\bacc(?:oun)?t?|\bfoi|\bnhs|\bcard|\bsort)"
    r"[ .:#]*(?:no|num|number|code|ref)?[ .:#]*(?:is|was)?[ :]*$"
)
_ASKED = re.compile(
    r"(?:\bring|\bcall|\btext|\btxt|\bmob(?:ile)?|\btel|\bphone|\bnumber|\bwhatsapp|\bnum|\bno)\W{0,3}(?:me|us|him|her|is|on|at|\W){0,5}$"
)
_EMAIL = re.compile(r"(?<![\w.+@-])[\w.+'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{2,63}){1,4}")
_AT = r"(?:\s?@\s?|[(\[{]a[)\]}]|\s?[(\[{<]\s?at\s?[)\]}>]\s?|\s{1,3}at\s{1,3})"
_DOT = r"(?:\.|\s?[(\[{<]\s?dot\s?[)\]}>]\s?|\s{1,3}(?:dot|underscore|dash|hyphen)\s{1,3})"
# "look at example dot com" is where to look.
_DISGUISED = re.compile(
    r"(?<![\w.+-])(?!(?:look|looking|see|meet|be|is|are|was|find|found|here|me|us|it|them|shop|online|available|live|watch"
    r"|read|more|book|apply|register|join)\sat\s)"
    rf"[\w+-]{{1,40}}(?:{_DOT}[\w+-]{{1,40}}){{0,3}}{_AT}[\w-]{{2,40}}(?:{_DOT}[a-z]{{2,20}}){{1,3}}(?!\w)"
)
# Spaced out, it is believed only with an ending that is surely one: "see you @ the hall . bring cakes" is none.
_SPREAD = re.compile(
    r"(?<![\w.+-])[\w+-]{1,40}(?:\s?\.\s?[\w+-]{1,40}){0,2}(?:\s?@\s|@)[\w-]{2,40}"
    r"(?:\s?\.\s?(?:com|co|uk|org|net|gov|ac|me|info|eu|example))+(?!\w)"
)
_SIGNED = re.compile(r"\bdot\b|\bunderscore\b|[(\[{<]\s?at?\s?[)\]}>]|\s@|@\s")
# At an address that can only be one's own, "at" and a comma for the dot are enough.
OWN_MAIL = r"(?:gmail|googlemail|hotmail|outlook|yahoo|icloud|btinternet|aol)[.,]co"
_OWN_MAIL = re.compile(rf"(?<![\w.+-])[\w.+-]{{2,40}}(?:\s?@\s?|\sat\s){OWN_MAIL}[\w.]*\w")


# What each kind of address holds at the least, beginning with its rarest letter so that it is soon told.
_MAIL = re.compile(r"@(?<=[\w.+'-]@)[\w-]")
_SPACED_AT = re.compile(r"@\s?[\w-]{2,40}\.[a-z]")
_SHORTEST_PHONE = 9  # figures
# A number disguised or dictated by halves: letters for noughts, words among the figures ("07seven00 nine00 421").
_FIGURE = {
    "zero": "0", "nought": "0", "oh": "0", "o": "0", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5",
    "six": "6", "seven": "7", "eight": "8", "nine": "9",
}  # fmt: skip
_PIECE = r"(?:\d|zero|nought|one|oh?|two|three|four|five|six|seven|eight|nine)"
_MIXED = re.compile(rf"(?<![a-z\d£$€.,/:#])(?:\+44[ ]?)?{_PIECE}(?:[ \-.,]{{0,2}}{_PIECE}){{9,12}}(?![a-z\d])")
_PIECES = re.compile(_PIECE)
_LETTERED = r"(?:zero|nought|one|o|two|three|four|five|six|seven|eight|nine)"
# A word made of such pieces alone, figures and letters among them side by side.
GLUED = rf"(?<![a-z\d])(?={_PIECE}+(?![a-z\d]))[a-z\d]*?(?:\d{_LETTERED}|{_LETTERED}\d)"
_GLUED = re.compile(GLUED)
_BRACKETS = frozenset("([{<")


def contact_details(text: str, words: Words, digits: int) -> list[Found]:
    """Telephone numbers and e-mail addresses in the plain form of a text. `digits`: figures in its longest row."""
    found: list[Found] = []
    if digits >= _SHORTEST_PHONE:
        found += _phones(text, words)
    if digits and _GLUED.search(text):
        found += _mixed(text, found)
    at = "@" in text
    if at and _MAIL.search(text):
        for match in _EMAIL.finditer(text):
            domain = match[0].rpartition("@")[2].strip(".")
            if domain not in words.public_domains:
                found.append((match.start(), match.start() + len(match[0].rstrip(".'-")), "email", 5.0))
    if (
        "dot" in text or "underscore" in text or (at and _SPACED_AT.search(text)) or not _BRACKETS.isdisjoint(text)
    ) and _SIGNED.search(text):
        for match in _DISGUISED.finditer(text):
            if _SIGNED.search(match[0]) and not any(
                match.start() < end and start < match.end() for start, end, *_ in found
            ):
                found.append((match.start(), match.end(), "email", 4.5))
    if ".co" in text or ",co" in text:
        found += [
            (*match.span(), "email", 4.4)
            for match in _OWN_MAIL.finditer(text)
            if not any(match.start() < end and start < match.end() for start, end, *_ in found)
        ]
    if at and (" ." in text or "@ " in text):
        found += [
            (*match.span(), "email", 4.4)
            for match in _SPREAD.finditer(text)
            if not any(match.start() < end and start < match.end() for start, end, *_ in found)
        ]
    return found


def _mixed(text: str, known: list[Found]) -> list[Found]:
    found: list[Found] = []
    for match in _MIXED.finditer(text):
        figures = "".join(_FIGURE.get(piece, piece) for piece in _PIECES.findall(match[0]))
        disguised = not match[0].replace(" ", "").isdigit()
        shaped = figures[0] == "0" and figures[1] in "1237" and 10 <= len(figures) <= 11
        if disguised and shaped and not any(match.start() < end and start < match.end() for start, end, *_ in known):
            found.append((*match.span(), "phone", 4.2))
    return found


def _phones(text: str, words: Words) -> list[Found]:
    found: list[Found] = []
    for match in _each_number(text):
        start, end = match.span()
        written = match[0]
        figures = re.sub(r"\D", "", written)
        before = text[max(0, start - 30) : start]
        if figures.startswith("00"):
            figures = figures[2:]
            abroad = True
        else:
            abroad = "+" in written
        weight = _phone_weight(figures, abroad, written, before)
        if weight and not _public(figures, words):
            found.append((start + (1 if written[0] == "(" and ")" not in written else 0), end, "phone", weight))
    return found


def _each_number(text: str) -> Iterator[re.Match[str]]:
    """What may be a number, and what stands behind a stroke after it: "07700 900123/01632 960456"."""
    for match in _DIGITS.finditer(text):
        yield match
        after = _STROKE.match(text, match.end())
        second = _NEXT.match(text, after.end()) if after else None
        if second:
            yield second


def _phone_weight(figures: str, abroad: bool, written: str, before: str) -> float:
    """How surely these figures are a telephone number: 0 when they are not."""
    if _NOT_A_PHONE.search(before) or ("/" in written and not _STROKES.fullmatch(written)):
        return 0.0
    if abroad:
        try:
            return 5.0 if is_possible_number(parse("+" + figures, None)) else 0.0
        except NumberParseException:
            return 0.0
    # Numbers kept for drama, and numbers with a figure too many or too few, are what people mistype: shape is enough.
    if figures[0] == "0" and figures[1] in "12378":
        if 10 <= len(figures) <= 11:
            return 5.0
        return 3.5 if (figures[1] == "7" and len(figures) == 12) or _ASKED.search(before) else 0.0
    if figures[0] == "7" and len(figures) == 10 and (_ASKED.search(before) or " " in written):
        return 4.0
    return 3.5 if figures[:2] == "44" and len(figures) in (12, 13) else 0.0


def _public(figures: str, words: Words) -> bool:
    national = "0" + figures[2:] if figures.startswith("44") else figures
    return national in words.public_numbers or national.startswith(
        ("0800", "0808", "030", "033", "034", "037", "084", "087", "09")
    )
