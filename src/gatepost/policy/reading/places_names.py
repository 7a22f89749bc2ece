"""Street addresses and names, read from the text as written because capitals matter here."""

from __future__ import annotations

import re

from .normal import listed
from .page import Page

Found = tuple[int, int, str, float]

# Words that end the name of a street and hardly ever mean anything else after a number and a word …
_SURE = "street|st|road|rd|avenue|ave|crescent|cres|terrace|gardens|gdns|grove|mews|close|cl|lane|ln|parade"
# … and words that do: these need capitals.
_CAPITAL = (
    "court|ct|house|hse|place|pl|way|walk|drive|dr|square|sq|row|rise|hill|green|park|view|gate|bank|tower|towers|point|"
    "heights|lodge|villas|cottages|estate|wharf|quay|fold|garth|croft|circus|broadway|mount|vale|yard|path|end|buildings|block|common|chase|meadow|meadows|dene|field|fields"
)
_NAME = r"[A-Z][\w'’-]{1,24}"
_PROPER = re.compile(
    rf"(?<![\w£$€/.,:-])(?:(?:flat|apt|apartment|unit|room|maisonette)\s(?:[A-H]\b|\d{{1,4}}[A-Z]?)\s?(?:,|/|-|of|at|in)?\s{{0,2}})?"
    rf"(?:(?:no|No|number|Number)\.?\s?)?\d{{1,4}}\s?[A-Za-z]?(?:[-/]\d{{1,4}})?,?\s{{1,2}}(?:St\.?\s)?(?:{_NAME}\s){{1,3}}(?:{_CAPITAL}|{_SURE})\b\.?",
    re.I,
)
_LOWER = re.compile(
    rf"(?<![\w£$€/.,:-])(?:(?:flat|apt|apartment|unit|maisonette)\s?\d{{1,4}}[a-z]?\s?,?\s?)?(?:(?:no|number)\.?\s?)?\d{{1,4}}\s?[a-z]?,?\s([a-z'’-]{{3,24}}\s){{1,2}}(?:{_SURE})\b",
    re.I,
)
STREETS = frozenset(f"{_CAPITAL}|{_SURE}".split("|"))
_FLAT = re.compile(
    rf"(?<!\w)(?:[Ff]lat|FLAT|[Aa]pt|[Aa]partment)\s?\d{{1,4}}[A-Za-z]?\b(?:\s?(?:,|-|at|in|of)?\s{{0,2}}(?:\d{{1,4}}\s)?(?:{_NAME}\s){{1,3}}(?:{_CAPITAL}|{_SURE})\b)?",
    re.I,
)
_HOUSE = re.compile(
    rf"(?<!\w)(?:(?:{_NAME})\s){{1,2}}(?:House|Court|Tower|Towers|Lodge|Point|Heights),?\s(?:[Ff]lat|[Nn]o\.?|[Nn]umber|[Aa]pt)\s?\d{{1,4}}[A-Za-z]?\b"
)
_TEENS = (
    "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|"
    "eighteen|nineteen"
)
_TENS = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
COUNTED = frozenset(f"{_TEENS}|{_TENS}".split("|"))
_COUNTED = rf"(?:{_TEENS}|(?:{_TENS})(?:[ -](?:one|two|three|four|five|six|seven|eight|nine))?)"
# From eleven on: what is counted in words is seldom a house below that.
_MANY = rf"(?:{_TEENS.partition('|eleven')[1][1:]}{_TEENS.partition('|eleven')[2]}|(?:{_TENS})(?:[ -](?:{_TEENS}))?)"
MANY = COUNTED - frozenset(_TEENS.partition("|eleven")[0].split("|"))
# A house number in words: beside "flat" or "number", or after "I live at".
_WORDED = re.compile(
    rf"(?<!\w)(?:(?P<flat>(?:[Ff]lat|[Aa]partment)\s(?i:{_COUNTED}))|(?P<number>(?:[Nn]umber|[Nn]o)\.?\s)?(?i:{_MANY}))\b"
    rf",?\s(?:(?:at|in|of)\s)?"
    rf"(?:[A-Z][a-z]{{1,20}}\s){{1,2}}(?:{_CAPITAL.title()}|{_SURE.title()})\b"
)
# What a number after these counts, and a street that everybody knows, are nobody's home.
_COUNTED_THING = re.compile(
    r"\b(?:bus|buses|route|lift|column|lamp|lamp ?post|door|stairwell|staircase|core|block|blocks|platform|bay|zone"
    r"|level|floor|phase|channel|page|stop|entrance|gate|shed|garage)s?\s$",
    re.I,
)
_FAMOUS = listed("Downing Sisters")
_THE = re.compile(rf"(?<![\w£$€/.,:-])\d{{1,4}}[A-Za-z]?,?\sThe\s(?:{_CAPITAL.title()}|{_SURE.title()})\b")
_ENDS = re.compile(rf"\s(?i:{_SURE})\b\.?(?=\s[a-z])")
# Words that follow a number without being the name of a street: "5 minutes walk", "2 bed house", "3 kids in the road".
_ORDINARY = listed(
    "minute minutes min mins hour hours day days week weeks month months year years bed bedroom "
    "bedrooms bedroomed people kids children cars lights times of the in on to at from down up along "
    "across for and or with a an this that my our your their his her other more bins bags blocks "
    "doors floors flats houses out off near by front big new old different lamp street am pm potholes "
    "trees side top bottom same whole next wrong metres meters miles mile yards feet foot quid pounds "
    "per cent percent yr hrs is are was were not no end way whose who one two three four storey story "
    "door lane most common best worst great good bad every each all vip shot retail business industrial "
    "trading leisure reasons things ways wonders steps men women man woman guys girls boys fans players points goals "
    "million thousand hundred has have had no not need needs wants"
)
_HOLIDAY = re.compile(r"(?<=bank)\sholiday", re.I)
_HOMES = re.compile(r"tower|house|court|lodge|heights|point|mansions|buildings", re.I)
_LIVES = re.compile(
    r"\b(?:live|lives|living|am|i'm|im|here|flat|address(?: is)?|house is)[\s:,]+(?:(?:at|in|on)\s+)?$|\bat\s+$", re.I
)
# Letters of names as they are written in Europe.
UPPER, LOWER = "[A-ZÀ-ÖØ-ÞĆČĐŁŃŚŞŠŹŻŽİ]", "[a-zß-öø-ÿāăąćčďđēėęěğīįıłńņňōőœřśşšťūůűųźżž'’]"
_WHOLE = (
    rf"{UPPER}{LOWER}{{1,20}}(?:-{UPPER}{LOWER}{{1,20}})?\s"
    rf"(?:(?:de|van|der|al|el|bin|ap|Mc|O['’])\s?)?{UPPER}{LOWER}{{1,20}}(?:-?{UPPER}{LOWER}{{1,20}})?"
)
_CALLED = re.compile(
    r"(?:\b[Mm]y (?:full )?name(?:['’]s| is)?:?|\bMY NAME IS|\b[Nn]ame:|\b[Tt]enant:?|\b[Rr]egards,?|\b[Ss]igned)"
    rf"[\s,]+({_WHOLE})(?![\w])"
)
# "It's Kate Bush", "call British Gas": a private person only beside something else that is told of them.
_MAYBE_CALLED = re.compile(
    r"(?:\b[Tt]his is|\b[Ii](?:['’]?m| am)|\b[Ii]ts|\b[Ii]t['’]s"
    rf"|\b(?:ring|call|contact|phone|text|ask for|speak to|email|write to))[\s,]+({_WHOLE})(?![\w])"
)
_SHOUTED = re.compile(
    r"\b(?:I['’]?M|NAME IS|THIS IS|MRS?|MS|MISS)\s([A-Z][A-Z'’-]{2,20}\s[A-Z][A-Z'’-]{2,20})"
    r"(?=,|\s(?:FROM|AT|OF|HERE)\b)"
)
_HERE = re.compile(rf"(?:^|[.!\n]\s?)({_WHOLE})\s{{1,3}}(?:here\b|\(?(?:tenant|resident|leaseholder)\b)")
_TITLE = r"(?:Mr|Mrs|Ms|Miss|Mx)\.?\s"
_TITLED = re.compile(_TITLE)
_BESIDE = re.compile(
    rf"({_TITLE}(?:{_NAME}\s)?{_NAME}|{_WHOLE})(?:['’]s)?(?:\s(?:who|that|she|he)\s(?:lives?|is|has|stays)(?:\s(?:at|in|on))?"
    r"|\s(?:at|of|from|in|on|lives at|lives in|is at|is back at|is now at|living at)"
    r"|(?:\snext door)?,?\s(?:(?:her|his|their)\s)?(?:number|mobile|phone|address|e-?mail)(?:\sis)?)?[,:;\s(-]{0,3}$"
)
_AFTER = re.compile(rf"[,\s(-]{{1,3}}({_WHOLE})(?=[,.)!\s]|$)")
_OTHERS = re.compile(
    r"\b(?:neighbour|neighbor|lives|living|he|she|they|his|her|dealing|dumped|dumping"
    r"|noise|tenant at|woman|man|bloke|ex|grass|report)\b",
    re.I,
)
_TWO_NAMES = re.compile(_WHOLE)
_NOT_NAMES = listed(
    "The This That There Your You My Our We It Please Hello Hi Dear Thanks Thank Good Morning Flat "
    "House Street Road Court Tower Housing Council Team Manager Officer Repairs Lettings Complaints "
    "Customer Service Services Evening Daily Local Press News Radio Times Post Mail Gazette Courier "
    "Herald Chronicle BBC Monday Tuesday Wednesday Thursday Friday Saturday Sunday January February "
    "March April May June July August September October November December Brent North South East West "
    "Great Ms Mr Mrs Miss Dr Still Just When Why How What Where Who Can Could No Not Community Centre "
    "Health Social Christmas Bank Holiday Any Ring Call Text Email Contact At In On For From And But "
    "So If Been Has Had Was Is Are Front Back Kitchen Bathroom Day Lift Boiler Block Phase Estate "
    "Avenue Lane Park Reporter Journalist Subject Access Data Freedom Information Act Universal "
    "Credit Union Director Chief Executive Company London Leeds Harlesden Wembley Kilburn Willesden "
    "I'm I’m Im I'll I’ll I've I’ve Eastern Western Northern Southern Middle European American Irish Welsh Scottish "
    "British Asian African "
    "Tenant Resident Cllr Councillor Reverend Rev Father Sister Imam Rabbi Doctor Nurse PC Sergeant Constable"
)


def places_names(page: Page, found: list[Found], digits: bool) -> list[Found]:
    """Addresses and names in the original text. `found` holds what is already known there, in the same offsets.

    `digits`: the text has figures; without them it has no address.
    """
    text, plain = page.original, page.normal.text
    rows: list[Found] = []
    if digits:
        if not STREETS.isdisjoint(page.forms):
            rows += _addresses(text)
        elif "flat" in plain or "apt" in plain or "apartment" in plain:
            rows += _flats(text)
    if not STREETS.isdisjoint(page.forms) and (
        not MANY.isdisjoint(page.forms)
        or (not COUNTED.isdisjoint(page.forms) and ("flat" in plain or "apartment" in plain))
    ):
        rows += [
            (*match.span(), "address", 4.0)
            for match in _WORDED.finditer(text)
            if match["flat"] or match["number"] or _LIVES.search(text[max(0, match.start() - 24) : match.start()])
        ]
    if _TWO_NAMES.search(text) or ((found or rows) and _SHOUTED.search(text)):
        rows += _names(text, sorted([*found, *rows]))
    return rows


def _addresses(text: str) -> list[Found]:
    rows: list[Found] = []
    for match in _HOUSE.finditer(text):
        rows.append((*match.span(), "address", 4.0))
    for pattern in (_PROPER, _LOWER):
        for match in pattern.finditer(text):
            words = re.findall(r"[^\W\d_][\w'’-]*", match[0])
            names = [
                w
                for w in words
                if w.lower() not in ("flat", "apt", "apartment", "unit", "room", "no", "number", "of", "at", "in")
                and len(w) > 1
            ]
            if len(names) < 2 or any(w.lower() in _ORDINARY or w.title() in _FAMOUS for w in names[:-1]):
                continue
            counted = _COUNTED_THING.search(text[max(0, match.start() - 24) : match.start()])
            if counted or words[0].lower() in ("in", "at", "of") or _HOLIDAY.match(text, match.end()):
                continue
            sure = re.fullmatch(_SURE, names[-1].rstrip("."), re.I) is not None
            if (
                not sure
                and not names[-2][:1].isupper()
                and not _LIVES.search(text[max(0, match.start() - 24) : match.start()])
            ):
                continue
            if sure and len(names[-1]) < 3 and not names[-2][:1].isupper():
                continue
            ends = _ENDS.search(match[0])  # "45 Mill Road close the gate"
            end = match.start() + ends.end() if ends else match.end()
            rows.append((match.start(), end, "address", 4.2 if names[-2][:1].isupper() else 3.6))
    rows += [
        (*match.span(), "address", 4.0)
        for match in _THE.finditer(text)
        if _LIVES.search(text[max(0, match.start() - 24) : match.start()])
    ]
    return rows + _flats(text)


def _flats(text: str) -> list[Found]:
    rows: list[Found] = []
    for match in _FLAT.finditer(text):
        words = re.findall(r"[^\W\d_][\w'’-]*", match[0])
        if len(words) > 2 and words[-1][:1].isupper() and words[-2][:1].isupper():
            rows.append((*match.span(), "address", 4.3))
        elif len(words) > 2 and _HOMES.fullmatch(words[-1]) and not any(w.lower() in _ORDINARY for w in words[1:-1]):
            rows.append((*match.span(), "address", 3.7))
        else:
            rows.append((match.start(), _flat_end(match[0], match.start()), "flat", 1.1))
    return rows


def _flat_end(written: str, start: int) -> int:
    """Where "Flat 9" ends when what follows is no address."""
    short = re.match(r"\w+\s?\d{1,4}[A-Za-z]?", written)
    return start + (len(short[0]) if short else len(written))


def _names(text: str, known: list[Found]) -> list[Found]:
    rows: list[Found] = []
    seen: set[int] = set()
    for pattern, weight in ((_HERE, 3.2), (_CALLED, 2.8), (_MAYBE_CALLED, 2.1), *([(_SHOUTED, 2.1)] if known else [])):
        for match in pattern.finditer(text):
            if match.start(1) not in seen and _is_name(match[1]):
                seen.add(match.start(1))
                surname = _TITLED.match(match[1])  # "Regards, Mrs Nolan" tells nobody's whole name
                rows.append((*match.span(1), "name", min(weight, 2.1) if surname else weight))
    for start, end_, kind, _weight in known:
        if kind not in ("address", "phone", "email", "dob", "ni", "postcode", "tenancy_ref", "flat", "nhs"):
            continue
        window = max(0, start - 70)
        before = text[window:start]
        if kind in ("dob", "ni", "phone", "tenancy_ref", "nhs"):
            before = re.sub(
                r"[\s,:(-]*(?:d\.?o\.?b\.?|date of birth|born(?: on)?(?: the)?|on|tel|mobile|mob|phone|ph|nino"
                r"|ni(?: number)?|nhs(?: number| no)?|ref|tenancy (?:ref|number|no))?[\s:.,#]*$",
                "",
                before,
                flags=re.I,
            )
        beside = _BESIDE.search(before)
        if beside and _is_name(beside[1]) and window + beside.start(1) not in seen:
            seen.add(window + beside.start(1))
            rows.append((window + beside.start(1), window + beside.end(1), "name", 2.4))
        follows = _AFTER.match(text[end_ : end_ + 50]) if kind == "address" else None
        if follows and _is_name(follows[1]) and end_ + follows.start(1) not in seen:
            seen.add(end_ + follows.start(1))
            rows.append((end_ + follows.start(1), end_ + follows.end(1), "name", 2.0))
    if rows and known and _OTHERS.search(text):
        # a name that is not the writer's own, beside details: somebody else's data are being told
        own = {match.start(1) for pattern in (_HERE, _CALLED, _MAYBE_CALLED) for match in pattern.finditer(text)}
        rows += [(start, end, "third_person", 1.5) for start, end, *_ in rows if start not in own]
    return rows


def _is_name(written: str) -> bool:
    bare = _TITLED.sub("", written, count=1)
    return not any(part in _NOT_NAMES for part in re.split(r"[\s-]+", bare))
