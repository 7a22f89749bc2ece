"""The tables of the draft: teams, roles, clocks, wordings, laws, risks, measures, each with where it was found."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from gatepost.policy.importing import finding
from gatepost.policy.importing.by_hand import OWN_FIGURE
from gatepost.policy.importing.clauses import DraftClause
from gatepost.policy.importing.cues import sorts, vocabulary
from gatepost.policy.importing.deputies import stand_in
from gatepost.policy.importing.finding import Guess
from gatepost.policy.importing.people import Person, people
from gatepost.policy.importing.sentences import sentences
from gatepost.policy.importing.slugs import slug, unused
from gatepost.policy.kinds import clause_kinds

Row = dict[str, Any]
REFERRAL = "referral"
_SIGNS = re.compile(
    r"\b(?:sign(?:s|ed)?[- ]?off|signs? (?:\w+ ){1,3}off|approv\w+|clear(?:s|ed|ance)|authoris\w+|authoriz\w+"
    r"|(?:looks? at|checks?|reads?) (?:every|each|all) (?:our )?posts?)\b",
    re.IGNORECASE,
)
_SIGNS_OFF = re.compile(r"\bsign(?:s|ed)?[- ]?off\b|\bsigns? (?:\w+ ){1,3}off\b", re.IGNORECASE)
_APPROVES = re.compile(
    r"\b(?:approv|authori[sz])\w* (?:the |new |all )?(?:staff|users?|officers|them)\b", re.IGNORECASE
)
_STAFF = re.compile(r"\b(?:staff|users?|officers|employees|people|access|training|new starters?)\b", re.IGNORECASE)


@dataclass
class Tables:
    """Rows by id, in the order found. `bound`: clause id -> (by, status, reason)."""

    title: str
    wordings: dict[str, Row] = field(default_factory=dict)
    roles: dict[str, Row] = field(default_factory=dict)
    departments: dict[str, Row] = field(default_factory=dict)
    clocks: dict[str, Row] = field(default_factory=dict)
    measures: dict[str, Row] = field(default_factory=dict)
    risks: dict[str, Row] = field(default_factory=dict)
    laws: dict[str, Row] = field(default_factory=dict)
    aims: list[Row] = field(default_factory=list)
    phones: list[str] = field(default_factory=list)
    said: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))  # clause -> wording ids
    teams: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))  # clause -> department ids
    persons: dict[str, list[tuple[str, Person]]] = field(default_factory=lambda: defaultdict(list))  # clause -> roles
    timed: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))  # clause -> clock ids
    timed_in: dict[str, list[tuple[str, str]]] = field(default_factory=lambda: defaultdict(list))  # sentence, clock
    bound: dict[str, list[tuple[str, str, str]]] = field(default_factory=lambda: defaultdict(list))
    guesses: list[Guess] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def bind(self, clause: str, by: str, status: str, reason: str) -> None:
        if all(one[0] != by for one in self.bound[clause]):
            self.bound[clause].append((by, status, reason))

    def drafted(self, clause: str, by: str, confidence: float) -> None:
        """Bound to something the import wrote: partial until a person has looked at it."""
        self.bind(clause, by, "partial", f"Drafted by the import, {confidence:.0%} sure: a person must confirm it.")

    def department(self, name: str, clause: str, **more: str) -> str:
        """The id of the department called `name` or nearly so; it is added when there is none."""
        known = {row["name"]: key for key, row in self.departments.items()}
        same = finding.alike(name, known)
        if same:
            return known[same]
        key = unused(_short(name), self.departments)
        email = more.pop("email", "") or f"{key}@example.org"
        self.departments[key] = {"name": name[:300], "email": email, "clock": REFERRAL, "clause": clause, **more}
        return key


def build(title: str, clauses: Sequence[DraftClause]) -> Tables:
    """Everything the clauses name, as rows that fit each other."""
    tables = Tables(title)
    tables.clocks[REFERRAL] = {
        "name": "The department answers a referral", "amount": 2, "unit": "working_days", "source": OWN_FIGURE,
        "starts": "referred",
    }  # fmt: skip
    named = people(clauses)
    _roles(tables, named, clauses)
    tables.guesses += stand_in(tables.roles, clauses)
    for clause in clauses:
        _clocks(tables, clause)
        _teams(tables, clause)
        _wordings(tables, clause)
        _laws(tables, clause)
    for clause in clauses:
        _laws(tables, clause, dated=False)
    _listed(tables, clauses)
    for clause in clauses:
        _bindings(tables, clause)
    return tables


def _short(name: str) -> str:
    """ "Complaints Team" is "complaints"."""
    words = name.split()
    bare = " ".join(words[:-1]) if len(words) > 1 and words[-1].lower() in vocabulary()["teams"] else name
    return slug(bare, "team")


def _roles(tables: Tables, found: Sequence[Person], clauses: Sequence[DraftClause]) -> None:
    for one in found:
        title = one.title or f"Named in {one.clause}"
        key = unused(slug(one.title or one.name, "role"), tables.roles)
        row: Row = {"title": title[:300], "clause": one.clause}
        if one.name:
            email = next(iter(finding.EMAIL.findall(one.text)), "")
            row["holder"] = one.name
            row["email"] = email or f"{slug(one.name, 'person').replace('_', '.')}@example.org"
        alone = sum(other.clause == one.clause for other in found) == 1
        said = [one.text] if alone and " | " not in one.text else []
        said += [text for text in sentences(one.text) if _names(text, one) or " | " in one.text] if not said else []
        said += [
            text
            for clause in clauses
            if clause.id != one.clause and clause.kind.sort in ("approval", "authorised_users", "roles")
            for text in sentences(clause.text)
            if _names(text, one)
        ]
        for text in said:
            staff = _approves_staff(text)
            if staff:
                row["approves_staff"] = True
            if _SIGNS.search(text) and (not staff or _SIGNS_OFF.search(text)):
                row["signs_off"] = True
        tables.roles[key] = row
        tables.persons[one.clause].append((key, one))
        tables.drafted(one.clause, f"role:{key}", one.confidence)
    signing = [row for row in tables.roles.values() if row.get("signs_off")]
    if signing and not any(row.get("approves_staff") for row in tables.roles.values()):
        signing[0]["approves_staff"] = True
        tables.remarks.append(
            "Nobody is named who approves the staff that may write: "
            f"it was given to {signing[0]['title']}, who signs off."
        )


def _names(text: str, one: Person) -> bool:
    """Whether a sentence speaks of somebody: by post, by surname or by first name."""
    named = [one.title, *(word for word in one.name.split() if len(word) > 2)]
    return any(name and re.search(rf"\b{re.escape(name)}\b", text) for name in named)


def who(tables: Tables) -> list[Guess]:
    """The people and roles found, as the draft has them in the end."""
    found = []
    for key, one in (pair for pairs in tables.persons.values() for pair in pairs):
        title = tables.roles[key]["title"]
        value = f"{one.name}, {title}" if one.name else title
        note = "" if one.name and one.title else "nobody is named" if one.title else "the role's name is not given"
        what = "person" if one.name else "role"
        found.append(Guess(what, value, one.clause, one.place, one.confidence, note))
    return found


def _approves_staff(text: str) -> bool:
    approved = re.search(r"\b(?:approv|authori[sz])\w*\b", text, re.IGNORECASE)
    return bool(approved and (_STAFF.search(text[: approved.start()]) or _APPROVES.search(text)))


def _clocks(tables: Tables, clause: DraftClause) -> None:
    for one in finding.answer_times(clause):
        kind = clause.kind.about
        name = clause_kinds()[kind].title if kind else clause.heading or "Answer"
        key = unused(kind or "answer", tables.clocks)
        span = one.span
        tables.clocks[key] = {
            "name": f"{name}: {span.words}"[:300], "amount": span.amount, "unit": span.unit,
            "source": f"{tables.title[:150]}, {clause.id}", "starts": "received", "clause": clause.id,
        }  # fmt: skip
        tables.timed[clause.id].append(key)
        tables.timed_in[clause.id].append((one.sentence, key))
        tables.drafted(clause.id, f"clock:{key}", one.guess.confidence)
        tables.guesses.append(one.guess)


def _teams(tables: Tables, clause: DraftClause) -> None:
    emails = finding.emails(clause)
    tables.guesses += emails
    for one in finding.teams(clause):
        before = set(tables.departments)
        key = tables.department(one.value, clause.id)
        if key not in before:
            tables.guesses.append(one)
            if tables.timed[clause.id]:
                tables.departments[key]["clock"] = tables.timed[clause.id][0]
        elif tables.departments[key]["name"] != one.value and finding.alike(one.value, [one.value]):
            note = f"taken for {tables.departments[key]['name']}"
            tables.guesses.append(Guess("team", one.value, clause.id, clause.place, 0.6, note))
        tables.teams[clause.id].append(key)
        tables.drafted(clause.id, f"department:{key}", one.confidence)
    keys = list(dict.fromkeys(tables.teams[clause.id]))
    for email in emails[:1]:
        if len(keys) == 1 and tables.departments[keys[0]]["email"].endswith("@example.org"):
            tables.departments[keys[0]]["email"] = email.value
    for phone in finding.phones(clause):
        tables.phones.append(phone.value)
        tables.guesses.append(phone)
        at = clause.text.find(phone.value)
        near = clause.text[max(0, at - 80) : at].lower()
        for key in keys:
            if tables.departments[key]["name"].lower() in near:
                tables.departments[key].setdefault("phone", phone.value)


def _wordings(tables: Tables, clause: DraftClause) -> None:
    for one in finding.wordings(clause):
        same = next((key for key, row in tables.wordings.items() if row["text"] == one.value), "")
        key = same or unused(slug(" ".join(one.value.split()[:5]), "wording", 5), tables.wordings)
        if not same:
            words = one.value.split()
            title = " ".join(words[:8]) + (" …" if len(words) > 8 else "")
            row: Row = {"title": title[:300], "clause": clause.id, "text": one.value}
            referred = re.search(r"\b(?:referred|passed|forwarded|sent)\b.{0,40}\bto\b(.*)", one.value, re.I | re.S)
            if referred:
                named = [team for team in tables.departments if _named_in(tables, team, referred[1])]
                named = named or list(dict.fromkeys(tables.teams[clause.id]))[:1]
                if named:
                    row["refers_to"] = named[0]
            tables.wordings[key] = row
        tables.said[clause.id].append(key)
        tables.drafted(clause.id, f"wording:{key}", one.confidence)
        tables.guesses.append(one)


def _named_in(tables: Tables, department: str, text: str) -> bool:
    return str(tables.departments[department]["name"]).lower() in text.lower()


def _laws(tables: Tables, clause: DraftClause, *, dated: bool = True) -> None:
    for one in finding.laws(clause) if dated else finding.undated(clause):
        known = next((key for key, row in tables.laws.items() if _same_law(row["name"], one.value)), "")
        if not known:
            known = unused(slug(re.sub(r"\s*\d{4}$", "", one.value), "law", 5), tables.laws)
            tables.laws[known] = {"name": one.value[:300], "clause": clause.id}
            tables.guesses.append(one)
        tables.bind(clause.id, f"law:{known}", "none", "Named in the policy; what it asks is not checked by the desk.")


def _same_law(known: str, name: str) -> bool:
    """ "The Equality Act" is the Equality Act 2010 where the document names that one."""
    return known == name or bool(re.fullmatch(rf"{re.escape(name)} \d{{4}}", known))


def _listed(tables: Tables, clauses: Sequence[DraftClause]) -> None:
    """Benefits, risks, measures and aims: the items of their lists, or the running text where there is no list."""
    for sort in ("benefit", "risk", "measure", "aim"):
        found = [clause for clause in clauses if clause.kind.sort == sort]
        items = [clause for clause in found if clause.item]
        for clause in items or found:
            title = clause.text.rstrip(".;,")[:300]
            tables.guesses.append(Guess(sort, title, clause.id, clause.place, clause.kind.confidence, clause.doubt))
            if sort == "benefit":
                continue
            if sort == "aim":
                key = unused(slug(title, "aim"), [row["id"] for row in tables.aims])
                tables.aims.append({"id": key, "title": title, "clause": clause.id})
                continue
            rows = tables.risks if sort == "risk" else tables.measures
            key = unused(slug(title, sort), rows)
            rows[key] = {"title": title, "clause": clause.id}
            tables.bind(clause.id, f"{sort}:{key}", "none", "Listed; nothing counts it yet.")


def _bindings(tables: Tables, clause: DraftClause) -> None:
    """What of the desk serves clauses of this kind; what nothing serves is bound with the status none."""
    if not clause.kind.sort:
        tables.bind(clause.id, "desk:not_understood", "none", "Kept as text: the import did not understand it.")
        return
    for by in sorts()[clause.kind.sort].binds:
        reason = f"The desk serves clauses of this kind; the import is {clause.kind.confidence:.0%} sure of the kind."
        tables.bind(clause.id, by, "partial", reason)
    if not tables.bound[clause.id]:
        tables.bind(clause.id, "desk:not_enforced", "none", "Kept as text: nothing enforces it.")
