"""Named people and the roles they hold, and roles that nobody is named for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from gatepost.policy.importing.clauses import DraftClause
from gatepost.policy.importing.cues import vocabulary

_WORD = r"[A-ZÀ-ÖØ-Þ][a-zà-öø-ÿ]+(?:['’-][A-ZÀ-ÖØ-Þ]?[a-zà-öø-ÿ]+)?"
_PART = rf"(?:[A-ZÀ-ÖØ-Þ]['’])?{_WORD}"
_NAME = rf"{_PART}(?: [A-Z]\.)?(?: (?:de|van|von|ap|ab|al|bin|ben|Mc|Mac|O['’]))?(?: ?{_PART}){{1,2}}"
_TITLE_WORD = r"(?:[A-Z][\w'’&-]*)"
_ROLE_END = "|".join(sorted((one.capitalize() for one in vocabulary()["roles"]), key=len, reverse=True))
_ROLE = (
    r"(?:(?:Deputy to (?:the )?)?"
    r"(?:(?:Deputy|Assistant|Interim|Acting|Senior|Executive|Associate|Corporate|Group) ){0,2}"
    rf"(?:Head|Director|Leader|Chair) of(?: the)? {_TITLE_WORD}"
    rf"(?: (?:and |& |of )?{_TITLE_WORD}){{0,3}}"
    rf"(?:, {_TITLE_WORD} (?:and|&) {_TITLE_WORD})?"
    rf"|(?:Deputy to (?:the )?)?(?:{_TITLE_WORD} (?:and |& |of )?){{1,5}}(?:{_ROLE_END}))"
)
_RANK = (
    r"(?:Mr|Mrs|Ms|Miss|Mx|Dr|Cllr|Councillor|Prof|Professor|Rev|Revd|(?:Chief )?(?:Supt|Superintendent)"
    r"|(?:Chief )?(?:Insp|Inspector)|Sgt|Sergeant|PC|DC|DI|DCI)"
)
_NAME_ROLE = re.compile(
    rf"({_NAME})(?:,| –| -| \|)? (?:\((?:the |our )?({_ROLE})\)|(?:(?:is|as) )?(?:the |our )?({_ROLE})\b)"
)
_ROLE_NAME = re.compile(rf"\b({_ROLE})(?:,|:| –| -| \||,? (?:currently|is))? (?:\(({_NAME})[),]|({_NAME})\b)")
_SMALL_ROLE = rf"(?:[a-z]+ ){{0,3}}(?:{'|'.join(sorted(vocabulary()['roles'], key=len, reverse=True))})"
_NAME_SMALL = re.compile(rf"({_NAME}), (?:the |our )?({_SMALL_ROLE})\b")
_SMALL_NAME = re.compile(rf"\b(?:[Tt]he|[Oo]ur) ({_SMALL_ROLE}),? (?:is )?({_NAME})\b")
_TO_NAME = re.compile(
    rf"\b(?:refer\w*|report\w*|sen[dt]\w*|pass\w*|escalat\w*|forward\w*|approved|agreed|signed off|contact\w*|"
    rf"e-?mail\w*|speak|spoken|notified|tell|ask\w*)\b(?: [a-z]+){{0,4}}? (?:(?:to|by|with|from) )?({_NAME})\b"
)
_HONORIFIC = re.compile(rf"\b{_RANK}\.? ({_NAME}|{_WORD})\b")
_CALLED = re.compile(rf"^{_RANK}\.? (?=.* )")
_CELL_ROLE = re.compile(rf"({_ROLE})(?: \([^)]{{1,60}}\))?")
_CELL_NAME = re.compile(rf"(?:{_RANK}\.? )?({_NAME})")
_ROLE_ALONE = re.compile(rf"\b(?:[Tt]he|[Oo]ur|[Bb]y|[Tt]o|[Aa]) ({_ROLE})\b")
_OWNER = re.compile(r"^(?:The )?([A-Z][\w'’]+(?: [A-Z][\w'’]+){0,3}) (?:are|is) the (?:business )?owners? of\b")
_LEADING = re.compile(r"^(?:The|Our|A|An|If|When|All|Any|Every|Each|Only|And|By|To|From|With|Contact|Ask|Email) ")


@dataclass(frozen=True, slots=True)
class Person:
    """`name` empty: a role nobody is named for. `title` empty: somebody whose role the policy does not say."""

    name: str
    title: str
    clause: str
    place: str
    text: str  # the clause's words: what the role is for is read there
    confidence: float


def people(clauses: Iterable[DraftClause]) -> list[Person]:
    """In the order of the document, each name and each role once; a title found later completes a bare name."""
    held = list(clauses)
    small = _small_words(held)
    found: list[Person] = []
    for clause in held:
        found += _in(clause, small)
    whole = {one.name.split()[-1]: one.name for one in found if one.name and not _HONORIFIC.fullmatch(one.name)}
    found = [replace(one, name=_in_full(one.name, whole)) for one in found]
    named: dict[str, Person] = {}
    for one in sorted(found, key=lambda one: (not one.title, -one.confidence)):
        if one.name:
            named.setdefault(one.name, one)
    titles = {one.title.lower() for one in named.values() if one.title}
    kept = list(named.values())
    for one in found:
        if not one.name and one.title.lower() not in titles:
            titles.add(one.title.lower())
            kept.append(one)
    order = {id(one): place for place, one in enumerate(found)}
    return sorted(kept, key=lambda one: order[id(one)])


def _in_full(name: str, whole: Mapping[str, str]) -> str:
    """ "Miss Lindley" is Petra Lindley, where the document names her so."""
    alone = _HONORIFIC.fullmatch(name)
    return whole.get(alone[1], name) if alone else name


def _in(clause: DraftClause, small: frozenset[str]) -> list[Person]:
    text = clause.text
    found: list[Person] = []
    if " | " in text:
        found += [one for one in _in_cells(clause) if not one.name or _is_name(one.name, small)]

    def add(name: str, title: str, confidence: float) -> None:
        title, name = _trimmed(title), _CALLED.sub("", name)
        if (name and not _is_name(name, small)) or (not name and not title):
            return
        found.append(Person(name, title, clause.id, clause.place, text, confidence))

    for match in _NAME_ROLE.finditer(text):
        add(match[1], match[2] or match[3], 0.92)
    for match in _ROLE_NAME.finditer(text):
        add(match[2] or match[3], match[1], 0.9)
    for match in _NAME_SMALL.finditer(text):
        add(match[1], match[2].capitalize(), 0.85)
    for match in _SMALL_NAME.finditer(text):
        add(match[2], match[1].capitalize(), 0.85)
    for match in _HONORIFIC.finditer(text):
        if len(match[1].split()) > 1:
            add(match[1], "", 0.85)
    for match in _TO_NAME.finditer(text):
        add(match[1], "", 0.7)
    for match in _ROLE_ALONE.finditer(text):
        add("", match[1], 0.75)
    owner = _OWNER.match(text)
    if owner:
        add("", owner[1], 0.6)
    return found


def _in_cells(clause: DraftClause) -> list[Person]:
    """A row of a table: the post in one cell and who holds it in the next, or the post alone."""
    cells = [cell.strip() for cell in clause.text.split(" | ")]
    roles = [_CELL_ROLE.fullmatch(cell) for cell in cells]
    names = [_CELL_NAME.fullmatch(cell) for cell in cells]
    found = []
    for place, role in enumerate(roles):
        beside = [names[near] for near in (place + 1, place - 1) if 0 <= near < len(cells) and not roles[near]]
        name = next((one[1] for one in beside if one), "")
        if role:
            found.append(Person(name, role[1], clause.id, clause.place, clause.text, 0.93 if name else 0.7))
    return found


def _is_name(name: str, small: frozenset[str]) -> bool:
    """No word of a person's name is an ordinary word of this document, or one that teams and places are called by."""
    words = [word.lower().strip(".") for word in name.split()]
    known = vocabulary()
    return len(words) > 1 and not any(
        word in known["not_names"] or word in known["teams"] or word in known["roles"] or word in small
        for word in words
    )


def _small_words(clauses: Iterable[DraftClause]) -> frozenset[str]:
    return frozenset(word for clause in clauses for word in re.findall(r"(?<![\w'’@.])[a-z]{3,}\b", clause.text))


def _trimmed(title: str) -> str:
    before = None
    while before != title:
        before, title = title, _LEADING.sub("", title).strip()
    return title
