"""The notes beside the clauses: what each one does here, what puts it into practice, and the record's evidence."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from time import monotonic

from django.db import connection
from django.utils import timezone

from gatepost.policy.coverage import coverage
from gatepost.policy.examples import ExampleResult, run
from gatepost.policy.lint import LintFinding, lint
from gatepost.policy.model import Coverage
from gatepost.policy.pack import Pack
from gatepost.policy.titles import CLAUSE_KINDS

LINES = 500_000  # of the record are counted, the latest: enough for years, and quick
KEPT_FOR = 5.0  # seconds a count is used again

DOES = {
    "enforced": "the desk stops what breaks them",
    "assisted": "the desk prepares, a person decides",
    "measured": "a figure shows how it goes",
    "informative": "to be known, nothing to enforce",
}
LETTERS = {"enforced": "E", "assisted": "A", "measured": "M", "informative": "I"}
BY_WORDS = {
    "rule": "Rules",
    "check": "Checks of what we write",
    "wording": "Approved wordings",
    "clock": "Answer-by times",
    "department": "Referrals to",
    "role": "Roles",
    "measure": "Measures",
    "risk": "Indicators",
    "law": "Law",
    "desk": "Parts of the desk",
}


@dataclass(frozen=True, slots=True)
class Evidence:
    """Lines of the record that cite a clause: how many, and when the last was written."""

    lines: int = 0
    last: datetime | None = None
    verb: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """`word`, `voice` and `sign` say how far the clause is in practice; `by` what does it, in groups."""

    clause: str
    letter: str
    word: str
    voice: str
    sign: str
    by: tuple[tuple[str, str], ...]
    reason: str
    evidence: Evidence
    warnings: tuple[LintFinding, ...]
    hold: int = 0  # of the pack's examples of this clause
    fail: tuple[ExampleResult, ...] = ()


@dataclass(frozen=True, slots=True)
class Share:
    """One part of the coverage bar: how many clauses, and what that means."""

    letter: str
    count: int
    word: str
    meaning: str
    first: str  # a clause to jump to


_counted: tuple[float, dict[str, Evidence]] | None = None


def evidence() -> dict[str, Evidence]:
    """By clause, from the latest LINES lines of the record. Counted at most every KEPT_FOR seconds in a process."""
    global _counted
    if _counted is not None and monotonic() - _counted[0] < KEPT_FOR:
        return _counted[1]
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT cited.clause, count(*), max(cited.id)
            FROM (SELECT unnest(clauses) AS clause, id FROM ledger_line
                  WHERE clauses <> '{}' AND id > (SELECT coalesce(max(id), 0) FROM ledger_line) - %s) AS cited
            GROUP BY cited.clause
            """,
            [LINES],
        )
        rows = cursor.fetchall()
        cursor.execute("SELECT id, at, verb FROM ledger_line WHERE id = ANY(%s)", [[row[2] for row in rows]])
        lines = {number: (at, verb) for number, at, verb in cursor.fetchall()}
    found = {clause: Evidence(number, *lines[last]) for clause, number, last in rows if last in lines}
    _counted = (monotonic(), found)
    return found


def forget_counts() -> None:
    """The next page counts afresh."""
    global _counted
    _counted = None


@lru_cache(maxsize=4)
def warnings(pack: Pack, day: str) -> tuple[LintFinding, ...]:
    """What is doubtful in a pack, once a day for each: it does not change by itself."""
    return tuple(one for one in lint(pack, datetime.fromisoformat(day)) if one.code != "unenforced")


@lru_cache(maxsize=4)
def results(pack: Pack, day: str) -> tuple[ExampleResult, ...]:
    """The pack's own examples, run once a day for each pack."""
    return tuple(run(pack, datetime.fromisoformat(day)))


def noon(at: datetime) -> str:
    """The day, as warnings() and results() take it."""
    return timezone.localtime(at).replace(hour=12, minute=0, second=0, microsecond=0).isoformat()


@lru_cache(maxsize=4)
def rule_titles(pack: Pack) -> dict[str, str]:
    rules = tomllib.loads(pack.files.get("rules.toml", "")).get("rule", [])
    return {str(rule["id"]): str(rule.get("title") or rule["id"].replace("_", " ")) for rule in rules}


def notes(pack: Pack, doubts: Iterable[LintFinding], tests: Iterable[ExampleResult] = ()) -> dict[str, Note]:
    """A note for each clause of a pack."""
    seen = evidence()
    shown: dict[str, list[ExampleResult]] = {}
    for result in tests:
        for clause in result.clauses:
            shown.setdefault(clause, []).append(result)
    by_clause: dict[str, list[LintFinding]] = {}
    for one in doubts:
        if one.file in ("policy.md", "wordings.toml") and one.grade == "mend":
            by_clause.setdefault(one.clause, []).append(one)
    return {
        row.clause: replace(
            _note(row, pack, seen.get(row.clause, Evidence()), tuple(by_clause.get(row.clause, ()))),
            hold=sum(one.ok for one in shown.get(row.clause, ())),
            fail=tuple(one for one in shown.get(row.clause, ()) if not one.ok),
        )
        for row in coverage(pack)
    }


def _note(row: Coverage, pack: Pack, seen: Evidence, doubts: tuple[LintFinding, ...]) -> Note:
    known = {"enforced": ("ok", "shield-check"), "assisted": ("info", "hand"), "measured": ("plain", "chart-column")}
    voice, sign = known.get(row.kind, ("plain", "info"))
    word, letter = CLAUSE_KINDS[row.kind], LETTERS[row.kind]
    if row.status == "partial":
        word, voice, letter = f"{word} in part", "ask", "P"
    elif row.status == "none" and row.kind != "informative":
        word, voice, sign, letter = "Not enforced", "stop", "circle-x", "N"
    by = bound(row.by, pack)
    if row.clause == pack.checks.private_reply:
        by = (*by, ("Allows", "one private message to whoever wrote a public comment"))
    return Note(row.clause, letter, word, voice, sign, by, row.reason, seen, doubts)


def bound(bindings: Iterable[str], pack: Pack) -> tuple[tuple[str, str], ...]:
    """("Rules", "A repair goes to Repairs; …") for each kind of thing that binds a clause."""
    named: dict[str, list[str]] = {}
    for binding in bindings:
        kind, _, name = binding.partition(":")
        named.setdefault(kind, []).append(_title(kind, name, pack))
    return tuple((BY_WORDS.get(kind, kind.capitalize()), "; ".join(names)) for kind, names in named.items())


def _title(kind: str, name: str, pack: Pack) -> str:
    plain = name.replace("_", " ")
    if kind == "rule":
        return rule_titles(pack).get(name, plain)
    if kind == "wording" and name in pack.wordings:
        return pack.wordings[name].title
    if kind == "clock" and name in pack.clocks:
        return pack.clocks[name].name
    if kind == "department" and name in pack.departments:
        return pack.departments[name].name
    if kind == "role" and name in pack.roles:
        return pack.roles[name].title
    return plain


def shares(found: Mapping[str, Note]) -> list[Share]:
    """The parts of the coverage bar, those without a clause left out."""
    words = [(letter, CLAUSE_KINDS[kind].lower(), DOES[kind]) for kind, letter in LETTERS.items()]
    words += [
        ("P", "in part", "something is still missing, and the note says what"),
        ("N", "not enforced", "nothing puts them into practice yet"),
    ]
    rows = []
    for letter, word, meaning in words:
        clauses = [note.clause for note in found.values() if note.letter == letter]
        if clauses:
            rows.append(Share(letter, len(clauses), word, meaning, clauses[0]))
    return rows
