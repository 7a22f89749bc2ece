"""What a clause names: approved wordings, telephone numbers, addresses, Acts, teams, answer times, hours."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import phonenumbers

from gatepost.policy.importing.clauses import DraftClause
from gatepost.policy.importing.cues import vocabulary
from gatepost.policy.importing.numbers import Span, spans, week
from gatepost.policy.importing.sentences import QUOTE, sentences
from gatepost.policy.importing.slugs import slug


@dataclass(frozen=True, slots=True)
class Guess:
    """One thing found. `what`: wording, phone, email, law, team, answer time, hours, person, role, organisation …"""

    what: str
    value: str
    clause: str
    place: str
    confidence: float
    note: str = ""


@dataclass(frozen=True, slots=True)
class FoundSpan:
    span: Span
    guess: Guess
    sentence: str


_SAY = re.compile(
    r"\b(?:respon[ds]\w*|repl(?:y|ies|ied)|answer\w*|say|state|wording|message|statement|disclaimer|template|words|"
    r"response|acknowledg\w+|use the following|post the following)\b",
    re.IGNORECASE,
)
# With the area in brackets, an extension, hyphens that do not break. What dials text relay (18001) is left out.
PHONE = re.compile(
    r"(?<![\w£.,])(?:\+44[ -]{0,2}(?:\(0\) ?)?|\(0\d{2,5}\)|0)(?:[ \u2010\u2011-]{0,3}\d){5,12}(?!\w)"
    r"(?:,? \(?(?:ext(?:ension|n)?|x)\b\.? ?\d{1,6}\)?)?",
    re.IGNORECASE,
)
_NO_ANSWERS = ("authorised_users", "security")  # their times are for staff
_FEWEST = 9  # digits of a telephone number
EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}(?![\w-])")
DOMAIN = re.compile(
    r"\b(?:https?://)?(?:www\.)?([a-z0-9-]{2,60}(?:\.[a-z0-9-]{2,30}){0,4}\.(?:uk|org|com|net|wales|scot))\b",
    re.IGNORECASE,
)
_TEMPLATES = re.compile(
    r"\btemplates?\b|\b(?:standard|suggested|model|approved|stock|draft|holding) "
    r"(?:responses?|repl(?:y|ies)|answers?|wordings?|messages?|lines|statements?)\b",
    re.IGNORECASE,
)
_SPEAKS = re.compile(r"(?:Thank|Thanks|Hi|Hello|Dear|Sorry|Please|We(?:['’](?:re|ve|ll))?|I(?:['’](?:m|ve|ll))?)\b")
_LAW_WORDS = r"(?:[A-Z][\w'’-]* (?:(?:and|of|from|to|the|in) ){0,2}(?:\([A-Z][\w ./]{1,40}\) ){0,3}){1,9}"
_JOINS = re.compile(r" (?:and|in|from|to|of) the ")
_ACT = re.compile(
    rf"\b((?:[A-Z][\w'’]*, [A-Z][\w'’]* and )?{_LAW_WORDS}"
    r"(?:Acts?|Regulations?|Measure|Order)),? (?:of )?"
    r"((?:19|20)\d{2}(?: \([A-Z][\w ]{1,40}\) Regulations (?:19|20)\d{2})?)\b"
)
_UNDATED = re.compile(rf"\b({_LAW_WORDS}Act)\b(?!,? (?:of )?(?:\(|(?:19|20)\d))")
_GDPR = re.compile(r"\b(?:UK )?GDPR\b|\b(?:UK )?General Data Protection Regulation\b")
_CODE = re.compile(
    r"\b((?:[A-Z][\w'’-]+ (?:(?:and|of|for|the|on) ){0,2}){0,6}"
    r"Codes? of (?:Recommended )?(?:Conduct|(?:[A-Z][a-z]+ )?Practice|Ethics)"
    r"(?: (?:on|for) [A-Z][\w-]+(?: [A-Z][\w-]+){0,5})?)"
)
_TEAM_END = "|".join(sorted((word.capitalize() for word in vocabulary()["teams"]), key=len, reverse=True))
_TEAM = re.compile(
    rf"\b((?:[A-Z][\w'’&-]* (?:(?:and|&|of) )?){{1,4}}(?:{_TEAM_END}|team|department|unit|desk))\b(?! [A-Z][a-z])"
)
_PERSONS = re.compile(r"^(?:Head|Director|Chief|Deputy|Leader|Chair)\b(?!.*\bGroup$)")
_SMALL_TEAM = re.compile(
    r"\b(?:refer|pass|forward|escalat|signpost|direct|send|sent|report|transfer|contact)\w*\b[^.;]{0,50}?\b(?:the|our) "
    r"((?:[a-z&-]+ ){1,3}(?:team|department|office|service|services|desk|unit))\b"
)
_VAGUE = re.compile(
    r"\b(?:relevant|appropriate|correct|right|other|whole|new|same|named|our|your|their|social media|own)\b", re.I
)
_LEADING = re.compile(
    r"^(?:(?:The|Our|A|An|Contact|Ask|Tell|All|Any|If|Please|Only|Your|Their|This|When|Refer|Email|Call|And|With) )+"
)


def wordings(clause: DraftClause) -> list[Guess]:
    """Quotations that are to be said: alternatives joined by OR come out one by one, in their order."""
    found = []
    around = QUOTE.sub(" ", f"{clause.lead} {clause.heading} {clause.text}")
    asked = bool(_SAY.search(around))
    for quote in QUOTE.finditer(clause.text):
        said = quote[0][1:-1].strip()
        words = len(said.split())
        if words >= 4 and (asked or words >= 10):
            found.append(Guess("wording", said, clause.id, clause.place, 0.9 if asked else 0.55))
    if not found and _TEMPLATES.search(clause.heading) and _SPEAKS.match(clause.text) and len(clause.text.split()) > 7:
        note = "no quotation marks: all of it is taken for what is said"
        found.append(Guess("wording", clause.text, clause.id, clause.place, 0.7, note))
    return found


def phones(clause: DraftClause) -> list[Guess]:
    """As written; surer when the number is one that can be in use."""
    found = []
    for match in PHONE.finditer(clause.text):
        if sum(one.isdigit() for one in match[0]) < _FEWEST:
            continue
        try:
            valid = phonenumbers.is_valid_number(phonenumbers.parse(match[0], "GB"))
        except phonenumbers.NumberParseException:
            valid = False
        note = "" if valid else "not a number in use: check it"
        found.append(Guess("phone", match[0].strip(), clause.id, clause.place, 0.97 if valid else 0.5, note))
    return found


def emails(clause: DraftClause) -> list[Guess]:
    return [Guess("email", one[0].rstrip("."), clause.id, clause.place, 0.97) for one in EMAIL.finditer(clause.text)]


def laws(clause: DraftClause) -> list[Guess]:
    """Acts by name and year, codes by name; in a list of laws every item is one."""
    found: dict[str, float] = {}
    for match in _ACT.finditer(clause.text):
        # "… in Education and the Data Protection Act": what is joined by "and the" is no part of the Act's name.
        name = _LEADING.sub("", _JOINS.split(match[1])[-1])
        if name not in ("Act", "Acts", "Regulation", "Regulations", "Order"):
            found[f"{name} {match[2]}"] = 0.95
    for match in _GDPR.finditer(clause.text):
        found[match[0]] = 0.95
    for match in _CODE.finditer(clause.text):
        found.setdefault(_LEADING.sub("", match[1]).strip(), 0.75)
    listed = clause.item and clause.kind.sort == "governance" and clause.id.startswith("law.")
    if not found and listed and len(clause.text.split()) <= 12:
        found[clause.text.rstrip(".;,")[:200]] = 0.7
    return [Guess("law", name, clause.id, clause.place, sure) for name, sure in found.items()]


def undated(clause: DraftClause) -> list[Guess]:
    """Acts named without their year."""
    found = {_LEADING.sub("", _JOINS.split(one[1])[-1]) for one in _UNDATED.finditer(clause.text)}
    note = "no year is given: write it"
    return [Guess("law", name, clause.id, clause.place, 0.55, note) for name in sorted(found) if len(name.split()) > 1]


def teams(clause: DraftClause) -> list[Guess]:
    """Departments and teams by name, and those named in small letters where something is referred to them."""
    found: dict[str, float] = {}
    text = _ACT.sub(lambda match: "." * len(match[0]), clause.text)  # no Act is a team, whatever it is called
    for match in _TEAM.finditer(text):
        name = _LEADING.sub("", match[1]).strip()
        if len(name.split()) > 1 and not _VAGUE.search(name) and not _PERSONS.match(name):
            found[name] = 0.9
    for match in _SMALL_TEAM.finditer(text):
        if not _VAGUE.search(match[1]):
            found.setdefault(match[1][:1].upper() + match[1][1:], 0.7)
    return [Guess("team", name, clause.id, clause.place, sure) for name, sure in found.items()]


def answer_times(clause: DraftClause) -> Iterator[FoundSpan]:
    """Times within which something is answered or done; how long things are kept is not one."""
    if clause.kind.sort in (
        "records",
        "evidence",
        "consent",
        "frequency",
        "account_life",
        "strikes",
        *_NO_ANSWERS,
    ):
        return
    for sentence in sentences(QUOTE.sub("", clause.text)):
        for span in spans(sentence):
            sure = 0.9 if clause.kind.sort in ("response", "statutory_clock", "referral", "actions") else 0.65
            note = "counted as a working day's hours: set it" if span.words.lower().endswith("same day") else ""
            yield FoundSpan(span, Guess("answer time", span.words, clause.id, clause.place, sure, note), sentence)


def hours(clauses: Iterable[DraftClause]) -> tuple[dict[str, list[str]], Guess | None]:
    """The first sentence that gives opening hours, in a clause about hours if there is one."""
    ordered = sorted(clauses, key=lambda clause: clause.kind.sort != "hours")
    for clause in ordered:
        if clause.kind.sort not in ("hours", "response", "roles", "channel_purpose", ""):
            continue
        for sentence in sentences(clause.text):
            found = week(sentence)
            if found:
                sure = 0.9 if clause.kind.sort == "hours" else 0.5
                return found, Guess("hours", sentence, clause.id, clause.place, sure)
    return {}, None


def domains(texts: Iterable[str]) -> list[str]:
    """Web addresses of the organisation's own, as the text names them."""
    return list(dict.fromkeys(one[1].lower() for text in texts for one in DOMAIN.finditer(text)))[:20]


def alike(name: str, known: Iterable[str]) -> str:
    """The name among `known` that `name` is, or is probably a typing error for; empty when there is none."""
    by_slug = {slug(one, "team", 6): one for one in known}
    key = slug(name, "team", 6)
    if key in by_slug:
        return by_slug[key]
    close = difflib.get_close_matches(key, list(by_slug), n=1, cutoff=0.88)
    return by_slug[close[0]] if close else ""
