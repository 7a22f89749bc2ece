"""Do the files of a pack agree with each other? A rule may only name what exists, a clause must be in the
document.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, time
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import re2

from gatepost.policy import placeholders
from gatepost.policy.calendar_check import calendar
from gatepost.policy.checks.names import CHECKS
from gatepost.policy.conditions import audiences_in, inner, problems_in
from gatepost.policy.crosscheck_approvals import approvals
from gatepost.policy.kinds import problems_of
from gatepost.policy.model import LABELS
from gatepost.policy.named_days import DAYS
from gatepost.policy.parts import Parts
from gatepost.policy.problems import Problem
from gatepost.policy.reading.language import KNOWN
from gatepost.policy.schema import When
from gatepost.policy.schema_departments import DepartmentIn
from gatepost.policy.shape import Phrase, WeekIn
from gatepost.policy.validate import nearest

Place = tuple[str | int, ...]


def problems(parts: Parts) -> list[Problem]:
    """Everything at odds, in no particular order."""
    return [
        *_document(parts),
        *_hours(parts),
        *_rules(parts),
        *_tables(parts),
        *_bindings(parts),
        *_patterns(parts),
        *_examples(parts),
        *calendar(parts),
        *approvals(parts),
    ]


def say(parts: Parts, file: str, path: Place, message: str, mend: str) -> Problem:
    key = ".".join(str(part + 1) if isinstance(part, int) else part for part in path)
    return Problem(file, parts.sources[file].line(path), key, message, mend)


def unknown(parts: Parts, file: str, path: Place, what: str, name: str, known: Collection[str]) -> Iterator[Problem]:
    if name not in known and name not in parts.dropped:
        yield say(parts, file, path, f"There is no {what} {name!r}", nearest(name, tuple(known)))


def _document(parts: Parts) -> Iterator[Problem]:
    in_text = [passage.id for passage in parts.passages]
    listed = [clause.id for clause in parts.clauses.clauses]
    for passage in parts.passages:
        if passage.id not in listed and passage.id not in parts.dropped:
            mend = f"Add a [[clauses]] entry for {passage.id} with its kind."
            yield Problem("policy.md", passage.line, passage.id, "This clause is not in clauses.toml", mend)
        if not passage.text:
            yield Problem("policy.md", passage.line, passage.id, "This clause has no words", "Quote the document.")
    seen = Counter(in_text)
    for passage in parts.passages:
        if seen[passage.id] > 1:
            yield Problem("policy.md", passage.line, passage.id, "This name marks two clauses", "Give each its own.")
    twice = Counter(listed)
    for place, clause in enumerate(parts.clauses.clauses):
        path: Place = ("clauses", place, "id")
        if clause.id not in seen:
            mend = f"Mark its words with [{clause.id}] in policy.md. " + nearest(clause.id, in_text)
            yield say(parts, "clauses.toml", path, f"Clause {clause.id!r} is not in policy.md", mend)
        for key, message, mend in problems_of(clause.about, clause.says):
            yield say(parts, "clauses.toml", ("clauses", place, key), message, mend)
        if twice[clause.id] > 1:
            yield say(parts, "clauses.toml", path, f"Clause {clause.id!r} stands here twice", "Take one out.")


def _hours(parts: Parts) -> Iterator[Problem]:
    given = parts.pack.hours
    try:
        ZoneInfo(given.timezone)
    except (ZoneInfoNotFoundError, ValueError):
        mend = "Use a name such as 'Europe/London'."
        yield say(parts, "pack.toml", ("hours", "timezone"), f"{given.timezone!r} is not a time zone", mend)
    yield from days_open(parts, "pack.toml", ("hours",), given)


def days_open(parts: Parts, file: str, at: Place, given: WeekIn) -> Iterator[Problem]:
    open_days = 0
    for name in DAYS:
        day: list[str] | None = getattr(given, name)
        if day is None:
            continue
        open_days += 1
        opens, closes = _time(day[0]), _time(day[1])
        if opens is None or closes is None:
            mend = 'Write the times as ["09:00", "17:00"].'
            yield say(parts, file, (*at, name), f"{day} are not two times of day", mend)
        elif opens >= closes:
            mend = "Put the opening time first."
            yield say(parts, file, (*at, name), f"The day ends at {day[1]}, before it begins", mend)
    if not open_days:
        mend = "Give the hours of one day at least: without any, no clock that counts working hours could end."
        yield say(parts, file, at, "Every day of the week is closed", mend)


def _time(text: str) -> time | None:
    try:
        return time.fromisoformat(text) if len(text) == 5 else None
    except ValueError:
        return None


def _moment(text: str) -> bool:
    try:
        # Clocks and calendars end somewhere.
        return 1900 <= datetime.fromisoformat(text).year < 2200
    except ValueError:
        return False


def _rules(parts: Parts) -> Iterator[Problem]:
    file = "rules.toml"
    clauses = [clause.id for clause in parts.clauses.clauses]
    ids = Counter(rule.id for rule in parts.rules.rule)
    for label in parts.rules.thresholds:
        yield from unknown(parts, file, ("thresholds", label), "label", label, LABELS)
    for place, rule in enumerate(parts.rules.rule):
        at: Place = ("rule", place)
        if ids[rule.id] > 1:
            yield say(parts, file, (*at, "id"), f"Two rules are called {rule.id!r}", "Give each its own name.")
        yield from unknown(parts, file, (*at, "clause"), "clause", rule.clause, clauses)
        for key, message, mend in problems_in(rule.when, LABELS):
            yield say(parts, file, (*at, "when", key), message, mend)
        for language in sorted(languages_in(rule.when) - {"und"}):
            if language not in KNOWN:
                says = f"No reader tells the language {language!r}, so the rule would wait for ever"
                mend = f"Use one of: {', '.join(KNOWN)}; or und, where it cannot be told."
                yield say(parts, file, (*at, "when", "language"), says, mend)
        audiences = [one.id for one in parts.pack.audiences]
        for audience in sorted(audiences_in(rule.when)):
            yield from unknown(parts, file, (*at, "when", "audience"), "audience", audience, audiences)
        for wording in rule.then.offer:
            yield from unknown(parts, file, (*at, "then", "offer"), "wording", wording, parts.wordings.wording)
        for department in rule.then.refer:
            known = parts.departments.department
            yield from unknown(parts, file, (*at, "then", "refer"), "department", department, known)
        for clock in rule.then.clocks:
            yield from unknown(parts, file, (*at, "then", "clocks"), "clock", clock, parts.clocks.clock)


def languages_in(when: When) -> frozenset[str]:
    """Every language the condition names, at any depth."""
    return frozenset(when.language or ()).union(*(languages_in(one) for one in inner(when)))


def _tables(parts: Parts) -> Iterator[Problem]:
    clauses = [clause.id for clause in parts.clauses.clauses]
    for name, wording in parts.wordings.wording.items():
        file = "wordings.toml"
        yield from unknown(parts, file, ("wording", name, "clause"), "clause", wording.clause, clauses)
        for name_of, message, mend in placeholders.problems(wording, parts.departments.department):
            yield say(parts, file, ("wording", name, "text"), f"{{{name_of}}}: {message}", mend)
        if wording.refers_to:
            known = parts.departments.department
            path = ("wording", name, "refers_to")
            yield from unknown(parts, file, path, "department", wording.refers_to, known)
    for name, department in parts.departments.department.items():
        file = "departments.toml"
        path = ("department", name, "clock")
        yield from unknown(parts, file, path, "clock", department.clock, parts.clocks.clock)
        if department.role:
            path = ("department", name, "role")
            yield from unknown(parts, file, path, "role", department.role, parts.roles.role)
        yield from _addresses(parts, name, department)
    for place, key in enumerate(parts.departments.chasing.escalate_to):
        yield from unknown(parts, "departments.toml", ("chasing", "escalate_to", place), "role", key, parts.roles.role)
    for name, role in parts.roles.role.items():
        for field in ("email", "deputy_email"):
            given: str = getattr(role, field)
            if given and "@" not in given:
                mend = "Write it like name@example.org, or leave it out."
                yield say(parts, "roles.toml", ("role", name, field), f"{given!r} is not an e-mail address", mend)
        for place, absence in enumerate(role.away):
            if absence.ends < absence.starts:
                mend = "Put the earlier day into starts."
                yield say(parts, "roles.toml", ("role", name, "away", place), "The absence ends before it begins", mend)
    cited: list[tuple[str, Place, str]] = [
        *(("departments.toml", ("department", name), one.clause) for name, one in parts.departments.department.items()),
        *(("roles.toml", ("role", name), one.clause) for name, one in parts.roles.role.items()),
        *(("clocks.toml", ("clock", name), one.clause) for name, one in parts.clocks.clock.items()),
        *(("measures.toml", ("measure", name), one.clause) for name, one in parts.measures.measure.items()),
        *(("risks.toml", ("risk", name), one.clause) for name, one in parts.risks.risk.items()),
        *(("law.toml", ("law", name), one.clause) for name, one in parts.law.law.items()),
        *(("pack.toml", ("aims", place), one.clause) for place, one in enumerate(parts.pack.aims)),
        *(("pack.toml", ("audiences", place), one.clause) for place, one in enumerate(parts.pack.audiences)),
        *(("pack.toml", ("post_kinds", place), one.clause) for place, one in enumerate(parts.pack.post_kinds)),
    ]
    for file, at, clause in cited:
        if clause:
            yield from unknown(parts, file, (*at, "clause"), "clause", clause, clauses)
    if power := parts.checks.private_reply:
        yield from unknown(parts, "checks.toml", ("private_reply",), "clause", power, clauses)


def _addresses(parts: Parts, name: str, department: DepartmentIn) -> Iterator[Problem]:
    for field in ("email", "deputy_email", "out_of_hours_email"):
        given: str = getattr(department, field)
        if (given or field == "email") and "@" not in given:
            mend = "Give the address referrals go to."
            path = ("department", name, field)
            yield say(parts, "departments.toml", path, f"{given!r} is not an e-mail address", mend)
    for place, absence in enumerate(department.away):
        at: Place = ("department", name, "away", place)
        if absence.ends < absence.starts:
            mend = "Put the earlier day into starts."
            yield say(parts, "departments.toml", at, "The absence ends before it begins", mend)
        elif not department.deputy_email:
            mend = "Give deputy and deputy_email."
            yield say(parts, "departments.toml", at, "It is away and nobody stands in", mend)
    if department.hours is not None:
        yield from days_open(parts, "departments.toml", ("department", name, "hours"), department.hours)


def _bindings(parts: Parts) -> Iterator[Problem]:
    clauses = [clause.id for clause in parts.clauses.clauses]
    things: dict[str, Collection[str]] = {
        "rule": [rule.id for rule in parts.rules.rule],
        "check": CHECKS,
        "wording": parts.wordings.wording,
        "role": parts.roles.role,
        "department": parts.departments.department,
        "clock": parts.clocks.clock,
        "measure": parts.measures.measure,
        "risk": parts.risks.risk,
        "law": parts.law.law,
    }
    for place, binding in enumerate(parts.clauses.bindings):
        at: Place = ("bindings", place)
        yield from unknown(parts, "clauses.toml", (*at, "clause"), "clause", binding.clause, clauses)
        kind, _, name = binding.by.partition(":")
        if kind in things:
            yield from unknown(parts, "clauses.toml", (*at, "by"), kind, name, things[kind])
        elif kind != "desk" or not name:
            mend = "Write kind:name, the kind being desk, " + ", ".join(things) + "."
            yield say(parts, "clauses.toml", (*at, "by"), f"{binding.by!r} does not say what it is", mend)
        if binding.status == "partial" and not binding.reason:
            mend = "Add reason = … in a sentence for the policy page."
            yield say(parts, "clauses.toml", (*at, "status"), "It is partial and does not say why", mend)


def _patterns(parts: Parts) -> Iterator[Problem]:
    yield from bad_patterns(parts, "checks.toml", ("personal_issue",), parts.checks.personal_issue)
    yield from bad_patterns(parts, "checks.toml", ("allegation",), parts.checks.allegation)


def bad_patterns(parts: Parts, file: str, at: Place, phrases: Sequence[Phrase]) -> Iterator[Problem]:
    options = re2.Options()
    options.log_errors = False
    for place, phrase in enumerate(phrases):
        try:
            re2.compile(phrase.pattern, options=options)
        except re2.error as error:
            told = error.args[0] if error.args else ""
            says = f"This pattern cannot be read: {told.decode() if isinstance(told, bytes) else told}"
            mend = "Use RE2 patterns: they have no look-around and no back-references."
            yield say(parts, file, (*at, place, "pattern"), says, mend)


def _examples(parts: Parts) -> Iterator[Problem]:
    file = "examples.toml"
    clauses = [clause.id for clause in parts.clauses.clauses]
    ids = Counter(example.id for example in parts.examples.example)
    for place, example in enumerate(parts.examples.example):
        at: Place = ("example", place)
        if ids[example.id] > 1:
            yield say(parts, file, (*at, "id"), f"Two examples are called {example.id!r}", "Give each its own name.")
        expect = example.expect
        named: list[tuple[str, str, list[str], Collection[str]]] = [
            ("clauses", "clause", example.clauses, clauses),
            ("expect", "label", [*(expect.decided or []), *(expect.not_decided or [])], LABELS),
            ("expect", "wording", expect.offers or [], parts.wordings.wording),
            ("expect", "department", [*(expect.refer or []), *(expect.deputies or [])], parts.departments.department),
            ("expect", "clock", expect.clocks or [], parts.clocks.clock),
            ("expect", "clause", [*(expect.clauses or []), *(expect.not_clauses or [])], clauses),
            (
                "expect",
                "check",
                [*(expect.stop or []), *(expect.ask or []), *(expect.note or []), *(expect.clear or [])],
                CHECKS,
            ),
        ]
        for key, what, used, known in named:
            for name in used:
                yield from unknown(parts, file, (*at, key), what, name, known)
        if example.given.wording:
            yield from unknown(parts, file, (*at, "given"), "wording", example.given.wording, parts.wordings.wording)
        if example.given.post_kind:
            kinds = [one.id for one in parts.pack.post_kinds]
            yield from unknown(parts, file, (*at, "given"), "kind of post", example.given.post_kind, kinds)
        if example.given.audience:
            audiences = [one.id for one in parts.pack.audiences]
            yield from unknown(parts, file, (*at, "given"), "audience", example.given.audience, audiences)
        if example.given.at and not _moment(example.given.at):
            mend = "Write it like 2026-11-24T09:30."
            yield say(parts, file, (*at, "given", "at"), f"{example.given.at!r} is not a date and time", mend)
        if not expect.model_fields_set:
            yield say(parts, file, (*at, "expect"), "It expects nothing and could never fail", "Say what must come.")
