"""Numbers that stand for a person: National Insurance, NHS, bank, card, date of birth, our own references, car."""

from __future__ import annotations

import re

from .normal import listed
from .words import Words

Found = tuple[int, int, str, float]

_NI = re.compile(
    r"\b(?!bg|gb|kn|nk|nt|tn|zz)(?:[a-ceghj-prtw-z][a-ceghj-nprtw-z]|qq)[ -]?\d{2}[ -]?\d{2}[ -]?\d{2}[ -]?[a-d]\b"
)
_NI_SHAPE = re.compile(r"\b[a-z] ?[a-z](?:[ -]?\d){6}(?: ?-?[a-z])?\b")
_NI_WORD = re.compile(r"\bnational insurance\b|\bn\.?i\.? ?(?:no|num|number)\b|\bnino\b|\bni\b")
_NHS = re.compile(r"(?<![\d-])\d{3}[ -]?\d{3}[ -]?\d{4}(?![\d-])")
_SORT = re.compile(
    r"(?<![\d/-])\d{2}[- ]\d{2}[- ]\d{2}(?![\d/-])|(?<=code )\d{6}\b|(?<=code: )\d{6}\b|(?<=code is )\d{6}\b"
    r"|(?<=s/c )\d{6}\b"
)
_ACCOUNT = re.compile(r"(?<![\d/-])\d{8}(?![\d/-])|(?<![\d/-])\d{4} \d{4}(?![\d /-])")
_BANK = re.compile(
    r"\bsort ?codes?\b|\bs/c\b|\bacc(?:oun)?t?\b|\bbank\b|\brefund|\bpay(?:ment)? (?:it |me )?(?:in)?to\b"
    r"|\bbarclays|\bnatwest|\bmonzo|\bhsbc|\blloyds"
)
_ACCOUNT_WORD = re.compile(
    r"(?:\bacc(?:oun)?t?\b|\ba/c\b)(?: ?(?:number|num|no|name|details))?\.?[\s:#]*(?:is|was)?[\s:]*$"
)
_CARD = re.compile(r"(?<![\d-])\d(?:[ -]?\d){12,18}(?![\d-])")
_IBAN = re.compile(r"(?<!\w)[a-z]{2}\d{2}(?:[ -]?[a-z\d]{4}){2,7}(?:[ -]?[a-z\d]{1,3})?(?!\w)")
_FIGURES_OF_IBAN = 10  # no country's has fewer
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_ORDINAL = (
    r"(?:first|second|third|(?:four|fif|six|seven|eigh|nin|ten|eleven|twelf|thirteen|fourteen|fifteen|sixteen|seventeen"
    r"|eighteen|nineteen|twentie|thirtie)th"
    r"|(?:twenty|thirty)[ -](?:first|second|third|(?:four|fif|six|seven|eigh|nin)th))"
)
_UNIT = r"(?:one|two|three|four|five|six|seven|eight|nine)"
_SPELT_YEAR = (
    rf"(?:nineteen(?: hundred and| oh)?[ -](?:(?:twen|thir|for|fif|six|seven|eigh|nine)ty(?:[ -]{_UNIT})?|\w+teen|ten"
    rf"|eleven|twelve|{_UNIT})|two thousand(?: and)?(?: (?:\w+teen|ten|eleven|twelve|{_UNIT}))?|twenty[ -]\w+)"
)
_DATE = (
    r"(?:\d{1,2}\s?[/.\-]\s?\d{1,2}\s?[/.\-]\s?(?:19|20)?\d{2}|\d{1,2} \d{1,2} (?:19|20)?\d{2}"
    rf"|{_ORDINAL} of (?:the )?{_ORDINAL},? {_SPELT_YEAR}"
    rf"|(?:\d{{1,2}}(?:st|nd|rd|th)?|{_ORDINAL})(?: day)?(?: of)? {_MONTH},? ['’]?(?:(?:19|20)?\d{{2}}|{_SPELT_YEAR})"
    rf"|{_MONTH}(?: the)? (?:\d{{1,2}}(?:st|nd|rd|th)?|{_ORDINAL}),? (?:(?:19|20)?\d{{2}}|{_SPELT_YEAR})"
    r"|(?:19|20)\d{2}-\d{2}-\d{2}|\d{6}|\d{8})"
)
_BORN = re.compile(
    r"(?:\bd\.?o\.?b\.?|\bd o b|\bdate of birth|\bborn(?: on)?(?: the)?|\bbirthday|\bbirth date|\bbirthdate)"
    rf"(?: is| was|'s)?[\s:=,\-]{{0,4}}(?:the )?({_DATE})(?!\d)"
)
_B = re.compile(r"(?<![\w.])b\.\s?(\d{1,2}\s?[/.\-]\s?\d{1,2}\s?[/.\-]\s?(?:19|20)?\d{2})(?!\d)")
_OURS = re.compile(
    r"\b(?:tenancy|tenant|rent|customer|payment|housing|application|bidding|account|claim|uc|council tax)"
    r"(?: account| reference)?[ ]?(?:ref(?:erence)?|number|num|no|id|#)\b\.?[ :#]{0,3}(?:is |was )?"
    r"([a-z]{0,4}[-/ ]?\d[\d/-]{3,14}[a-z]?)\b"
)
_RENT = re.compile(r"\b(?:rent account|tenancy)[ :#]{1,3}(\d{6,10})\b")
CAR = re.compile(r"\b[a-hj-pr-y][a-hj-pr-y]\d{2} ?[a-hj-pr-z]{3}\b|\b[a-hj-pr-y]\d{1,3} ?[a-hj-pr-z]{3}\b")
_CAR_WORD = re.compile(
    r"\breg(?:istration)?\b|\bplate\b|\bcar\b|\bvan\b|\bparked\b|\bvehicle\b|\bbmw\b|\baudi\b|\bcorsa\b|\bfiesta\b|\bfocus\b|\bgolf\b|\bmotor(?:bike)?\b|\bmoped\b|\bdriv"
    r"|\bnumber ?plate|\btransit\b|\btaxi\b|\blorry\b|\btruck\b|\bscooter\b|\bastra\b|\bpolo\b|\bmini\b"
    r"|\bmerc(?:edes)?\b|\bvauxhall\b|\bford\b|\btoyota\b|\bnissan\b|\bhonda\b|\bdisabled bay|\bparking\b"
)
# "The M25 and ...", "an E350 AMG": words and models, no letters of a number plate.
_WORDS = listed(
    "and are the was for but has had not you get got now out off one two all any can car van bus way day her him his "
    "she who how why per via too yet amg cdi tdi gti hdi bhp mph kph"
)
# Not the name of an account, a hashtag or a shortened link that only looks like one; none of these has a space in it.
POSTCODE = re.compile(
    r"\b(?:(?<![@#])|(?=[a-z\d]{2,4} ))(?<!t\.co/)"
    r"(?:[a-pr-uwyz]\d{1,2}|[a-pr-uwyz][a-hk-y]\d{1,2}|[a-pr-uwyz]\d[a-hjkpstuw]"
    r"|[a-pr-uwyz][a-hk-y]\d[abehmnprv-y]) ?\d[abd-hjlnp-uw-z]{2}\b"
)


# What every National Insurance number has, beginning with its rarest part.
_AFTER_LETTERS = re.compile(r"\d(?:(?<=[a-z]\d)|(?<=[a-z][ -]\d))(?:[ -]?\d){5}")
# What every postcode and every car registration ends with: a figure and two or three letters.
_LETTERED = re.compile(r"\d ?[a-z]{2,3}\b")


def identity_numbers(text: str, words: Words, digits: int) -> list[Found]:
    """Numbers standing for a person in the plain form of a text. `digits`: figures in its longest row of them.

    Each kind is looked for only where a row has figures enough for it.
    """
    found: list[Found] = []
    if digits >= 6 and _AFTER_LETTERS.search(text):
        found += [(*match.span(), "ni", 5.0) for match in _NI.finditer(text)]
        if _NI_WORD.search(text):  # beside its name a mistyped or invented number is believed too
            found += [(*match.span(), "ni", 4.5) for match in _NI_SHAPE.finditer(text)]
    lettered = _LETTERED.search(text)
    if lettered:
        found += [(*match.span(), "postcode", 3.0) for match in POSTCODE.finditer(text)]
    for match in _NHS.finditer(text) if digits >= 10 else ():
        figures = re.sub(r"\D", "", match[0])
        near = "nhs" in text[max(0, match.start() - 30) : match.end() + 12]
        if near or (figures[0] != "0" and " " in match[0] and nhs_valid(figures)):
            found.append((*match.span(), "nhs", 5.2 if near else 2.6))
    if digits >= 8 or (digits >= 6 and "sort" in text):
        found += _bank(text)
        found += [(*place, "bank", 5.6) for place in _ibans(text)]
    for match in _CARD.finditer(text) if digits >= 13 else ():
        if luhn(re.sub(r"\D", "", match[0])):
            found.append((*match.span(), "card", 5.5))
    if _numbered(text):
        found += [(*match.span(1), "tenancy_ref", 4.8) for match in _OURS.finditer(text) if not _of_a_bank(match, text)]
        found += [(*match.span(1), "tenancy_ref", 4.0) for match in _RENT.finditer(text)]
    if lettered and _CAR_WORD.search(text):
        found += [
            (*match.span(), "car_registration", 3.4)
            for match in CAR.finditer(text)
            if not (match[0][-3:] in _WORDS and " " in match[0])
        ]
    if words.screen and words.screen.search(text):
        for name, pattern in words.references:
            found += [(*match.span(), name, 5.5) for match in pattern.finditer(text)]
    return found


def births(text: str, digits: int) -> list[Found]:
    """Dates of birth in the plain form of a text, also in words: "born on the third of May nineteen eighty"."""
    found: list[Found] = []
    if _may_tell_birth(text):
        found += [(*match.span(1), "dob", 4.5) for match in _BORN.finditer(text)]
    if digits >= 3 and "b." in text:
        found += [(*match.span(1), "dob", 3.4) for match in _B.finditer(text)]
    return found


def _may_tell_birth(text: str) -> bool:
    """Whether anything in it could begin a date of birth. Written out, for a loop costs more than all of its tests."""
    return "born" in text or "birth" in text or "dob" in text or "d.o" in text or "do.b" in text or "d o b" in text


def _numbered(text: str) -> bool:
    """Whether anything in it could begin one of our own references."""
    return (
        "ten" in text
        or "rent" in text
        or "account" in text
        or "hous" in text
        or "claim" in text
        or "customer" in text
        or "payment" in text
        or "application" in text
        or "bidding" in text
        or "uc" in text
        or "council tax" in text
    )


def luhn(figures: str) -> bool:
    """Whether 13 to 19 figures carry a valid Luhn check digit (ISO/IEC 7812-1)."""
    if len(set(figures)) < 2:
        return False
    doubled = (int(f) * (2 if place % 2 else 1) for place, f in enumerate(reversed(figures)))
    return sum(d - 9 if d > 9 else d for d in doubled) % 10 == 0


def nhs_valid(figures: str) -> bool:
    """Whether ten figures carry the check digit of an NHS number (NHS Data Dictionary, modulus 11)."""
    check = 11 - sum(int(f) * (10 - place) for place, f in enumerate(figures[:9])) % 11
    return len(set(figures)) > 1 and check != 10 and check % 11 == int(figures[9])


def iban_valid(number: str) -> bool:
    """Whether 15 to 34 letters and figures carry the check digits of an IBAN (ISO 13616, modulus 97-10)."""
    if not 15 <= len(number) <= 34 or sum(map(str.isdigit, number)) < _FIGURES_OF_IBAN:
        return False
    return int("".join(str(int(one, 36)) for one in number[4:] + number[:4])) % 97 == 1


def _ibans(text: str) -> list[tuple[int, int]]:
    """Where an IBAN stands. The word after one may look like its last letters."""
    found: list[tuple[int, int]] = []
    for match in _IBAN.finditer(text):
        start, end = match.span()
        pieces = re.split(r"[ -]", match[0])
        for last in range(len(pieces), 0, -1):
            if iban_valid("".join(pieces[:last])):
                found.append((start, end))
                break
            end -= len(pieces[last - 1]) + 1
    return found


def _bank(text: str) -> list[Found]:
    named = bool(_BANK.search(text))
    sorts = list(_SORT.finditer(text))
    accounts = list(_ACCOUNT.finditer(text))
    found: list[Found] = []
    for match in sorts:
        beside = any(abs(match.end() - other.start()) < 40 for other in accounts)
        if beside or (named and "sort" in text):
            found.append((*match.span(), "bank", 4.5))
    for match in accounts:
        before = text[max(0, match.start() - 30) : match.start()]
        beside = any(abs(other.end() - match.start()) < 40 for other in sorts)
        if beside or _ACCOUNT_WORD.search(before):
            found.append((*match.span(), "bank", 4.4))
    return found


def _of_a_bank(match: re.Match[str], text: str) -> bool:
    """Whether what is called an account here is one at a bank: eight figures in a text that names a bank's things."""
    return match[0].startswith("account") and len(match[1]) == 8 and match[1].isdigit() and "sort" in text
