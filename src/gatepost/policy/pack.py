"""A policy pack: read from a folder or from kept files, checked whole, frozen.

Everything wrong is reported at once, each with its file and line. What is in force is named by `digest`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from gatepost.policy import assemble, crosscheck, crosscheck_clocks, crosscheck_states, placeholders
from gatepost.policy.approval import Chain, Waiting
from gatepost.policy.cadence import Cadence
from gatepost.policy.chasing import Chasing
from gatepost.policy.conditions import Condition, topics_in
from gatepost.policy.days import Occasion
from gatepost.policy.model import (
    Binding,
    Clause,
    Clock,
    Department,
    Example,
    Hours,
    Named,
    Role,
    Wording,
)
from gatepost.policy.parts import Parts, parse
from gatepost.policy.problems import PackError, Problem
from gatepost.policy.reading.words import Words, load_words
from gatepost.policy.registers import Crisis, Law, Measure, Period, Risk
from gatepost.policy.schema import FILES, REQUIRED, Settings, Then, When
from gatepost.policy.validate import nearest

FILE_LIMIT = 1_000_000
PACK_LIMIT = 8_000_000
KNOWN = tuple(dict.fromkeys((*REQUIRED, *FILES)))


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule, ready to run. Rules stand in the pack with the highest priority first."""

    id: str
    clause: str
    priority: int
    holds: Condition
    then: Then
    topics: frozenset[str] = frozenset()  # topics its condition looks for
    when: When = field(default_factory=When, repr=False)  # the condition as written


@dataclass(frozen=True, eq=False)
class Pack:
    """A policy in force. Two packs are equal when their digests are."""

    id: str
    title: str
    organisation: str
    short_name: str
    version: str
    jurisdiction: str
    digest: str  # sha256 in hex over the canonical files
    files: Mapping[str, str] = field(repr=False)
    hours: Hours
    policy_md: str = field(repr=False)
    clauses: tuple[Clause, ...] = field(repr=False)
    wordings: Mapping[str, Wording] = field(repr=False)
    roles: Mapping[str, Role] = field(repr=False)
    departments: Mapping[str, Department] = field(repr=False)
    chasing: Chasing = field(repr=False)  # of departments that have not answered
    kind: str  # of organisation: "almo", "council" …; which rules on information bind it
    clocks: Mapping[str, Clock] = field(repr=False)
    thresholds: Mapping[str, float] = field(repr=False)
    rules: tuple[Rule, ...] = field(repr=False)
    checks: Settings = field(repr=False)
    measures: tuple[Measure, ...] = field(repr=False)
    risks: tuple[Risk, ...] = field(repr=False)
    laws: tuple[Law, ...] = field(repr=False)
    aims: tuple[Named, ...] = field(repr=False)
    audiences: tuple[Named, ...] = field(repr=False)
    post_kinds: tuple[Named, ...] = field(repr=False)
    examples: tuple[Example, ...] = field(repr=False)
    periods: tuple[Period, ...] = field(repr=False)
    crisis: Crisis | None = field(repr=False)
    cadence: tuple[Cadence, ...] = field(repr=False)
    days: tuple[Occasion, ...] = field(repr=False)  # the organisation's own, beside those that come along
    chains: tuple[Chain, ...] = field(repr=False)  # who signs off what; the first that fits
    waiting: Waiting = field(repr=False)
    words: Words = field(repr=False)
    bindings: tuple[Binding, ...] = field(repr=False)
    numbers: Mapping[str, int] = field(repr=False)  # clause id -> place in the document
    governed: Mapping[str, str] = field(repr=False)  # "desk:gate", "check:tone" -> the first clause it is bound to
    lines: Mapping[tuple[str, str], int] = field(repr=False)  # (file, id) -> line, for findings

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Pack) and other.digest == self.digest

    def __hash__(self) -> int:
        return hash(self.digest)

    def clause(self, key: str) -> Clause:
        """Raises KeyError for an id the document does not have."""
        return self.clauses[self.numbers[key] - 1]

    def governing(self, by: str) -> str:
        """The clause that a check or a part of the desk ("check:tone", "desk:sign_off") puts into practice, by the
        first of its bindings; "" where the policy says nothing of it."""
        return self.governed.get(by, "")

    def bound(self, by: str) -> tuple[str, ...]:
        """Every clause that it is bound to, in the order of the bindings."""
        return tuple(one.clause for one in self.bindings if one.by == by and one.status != "none")

    def clause_about(self, what: str) -> Clause | None:
        """The first clause of a usual kind (an id of kinds.toml); None where the document has none."""
        return next((one for one in self.clauses if one.about == what), None)

    def wording(self, key: str) -> Wording:
        """Raises KeyError."""
        return self.wordings[key]

    def department(self, key: str) -> Department:
        """Raises KeyError."""
        return self.departments[key]

    def role(self, key: str) -> Role:
        """Raises KeyError."""
        return self.roles[key]

    def periods_at(self, at: datetime) -> tuple[Period, ...]:
        """The periods in which `at` (aware) falls, by the calendar of the pack's own country."""
        day = at.astimezone(ZoneInfo(self.hours.timezone)).date()
        return tuple(one for one in self.periods if one.starts <= day <= one.ends)

    def in_order(self, clauses: set[str]) -> tuple[str, ...]:
        """Clause ids in the order of the document."""
        return tuple(sorted(clauses, key=lambda key: self.numbers.get(key, 0)))


def load(path: Path) -> Pack:
    """The pack in folder `path`. Raises PackError, also for a folder that is not there."""
    if not path.is_dir():
        mend = "Give the path of the pack's folder."
        raise PackError([Problem(str(path), 0, "", "There is no such folder", mend)])
    files: dict[str, str] = {}
    problems: list[Problem] = []
    for file in sorted(path.iterdir()):
        if file.suffix != ".toml" and file.name not in KNOWN:
            continue
        try:
            with file.open("rb") as opened:
                data = opened.read(FILE_LIMIT + 1)
            if len(data) > FILE_LIMIT:
                problems.append(_oversize(file.name))
                continue
            files[file.name] = data.decode("utf-8-sig")
        except OSError as error:
            mend = "Make it readable for the desk's user."
            problems.append(Problem(file.name, 0, "", f"It cannot be read: {error.strerror}", mend))
        except UnicodeDecodeError as error:
            line = error.object[: error.start].count(b"\n") + 1
            problems.append(Problem(file.name, line, "", "It is not UTF-8 text", "Save it as UTF-8."))
    if problems:
        raise PackError(problems)
    return load_files(files)


def load_files(files: Mapping[str, str]) -> Pack:
    """The pack of `files` by name, as kept in the database. Raises PackError with every problem there is."""
    # Line ends and a byte order mark are the editor's, not the policy's: they must not change the digest.
    kept = {
        name: text.removeprefix("\ufeff").replace("\r\n", "\n")
        for name, text in sorted(files.items())
        if name in KNOWN or name.endswith(".toml")
    }
    problems = _of_names_and_sizes(kept)
    if problems:
        raise PackError(problems)
    parts = parse(kept, problems)
    words = _words(kept["words.toml"], problems)
    if parts is not None:
        problems.extend(crosscheck.problems(parts))
        problems.extend(crosscheck_clocks.problems(parts))
        problems.extend(crosscheck_states.problems(parts))
    if parts is None or words is None or problems:
        raise PackError(problems)
    return _pack(parts, words, kept)


def digest(files: Mapping[str, str]) -> str:
    """sha256 in hex over names and texts, in the order of the names."""
    canonical = json.dumps(sorted(files.items()), ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode("ascii")).hexdigest()


def _of_names_and_sizes(files: Mapping[str, str]) -> list[Problem]:
    problems = [
        Problem(name, 0, "", "A pack needs this file and it is not there", "Add it; packs/bhp shows one.")
        for name in REQUIRED
        if name not in files
    ]
    problems += [
        Problem(name, 0, "", "No file of a pack is called so", nearest(name, KNOWN))
        for name in files
        if name not in KNOWN
    ]
    sizes = {name: len(text.encode("utf-8", "surrogatepass")) for name, text in files.items()}
    problems += [_oversize(name) for name, size in sizes.items() if size > FILE_LIMIT]
    if sum(sizes.values()) > PACK_LIMIT:
        problems.append(Problem("pack", 0, "", "The pack is over 8 MB", "Take out what is not policy."))
    return problems


def _oversize(name: str) -> Problem:
    return Problem(name, 0, "", "The file is over 1 MB", "Shorten it; media do not belong in a pack.")


def _words(text: str, problems: list[Problem]) -> Words | None:
    try:
        return load_words(text, "words.toml")
    except PackError as error:
        problems.extend(error.problems)
        return None


def _pack(parts: Parts, words: Words, files: Mapping[str, str]) -> Pack:
    clauses = assemble.clauses(parts)
    named = parts.pack
    return Pack(
        id=named.id,
        title=named.title,
        organisation=named.organisation,
        short_name=named.short_name,
        version=named.version,
        jurisdiction=named.jurisdiction,
        digest=digest(files),
        files=files,
        hours=assemble.hours(named.hours),
        policy_md=parts.policy_md,
        clauses=clauses,
        wordings={
            key: Wording(id=key, **{**one.model_dump(), "text": placeholders.filled(one, parts)})
            for key, one in parts.wordings.wording.items()
        },
        roles={key: assemble.role(key, one) for key, one in parts.roles.role.items()},
        departments={
            key: assemble.department(key, one, named.hours) for key, one in parts.departments.department.items()
        },
        chasing=Chasing(
            **{**parts.departments.chasing.model_dump(), "escalate_to": tuple(parts.departments.chasing.escalate_to)}
        ),
        kind=named.kind,
        clocks={key: assemble.clock(key, one) for key, one in parts.clocks.clock.items()},
        thresholds=parts.rules.thresholds,
        rules=tuple(
            Rule(
                one.id,
                one.clause,
                one.priority,
                assemble.condition(one, parts.rules.thresholds),
                one.then,
                topics_in(one.when),
                one.when,
            )
            for one in sorted(parts.rules.rule, key=lambda one: -one.priority)
        ),
        checks=parts.checks,
        measures=tuple(Measure(id=key, **one.model_dump()) for key, one in parts.measures.measure.items()),
        risks=tuple(Risk(id=key, **one.model_dump()) for key, one in parts.risks.risk.items()),
        laws=tuple(
            Law(
                id=key,
                nations=one.applies_in(),
                **{**one.model_dump(exclude={"nation", "nations"}), "acts": tuple(one.acts)},
            )
            for key, one in parts.law.law.items()
        ),
        aims=tuple(Named(**one.model_dump()) for one in named.aims),
        audiences=tuple(Named(**one.model_dump()) for one in named.audiences),
        post_kinds=tuple(Named(**one.model_dump()) for one in named.post_kinds),
        examples=assemble.examples(parts),
        periods=assemble.periods(parts),
        crisis=assemble.crisis(parts),
        cadence=tuple(Cadence(**one.model_dump()) for one in parts.calendar.cadence),
        days=tuple(Occasion(**one.model_dump()) for one in parts.calendar.day),
        chains=assemble.chains(parts),
        waiting=assemble.waiting(parts),
        words=words,
        bindings=tuple(Binding(**one.model_dump()) for one in parts.clauses.bindings),
        numbers={clause.id: clause.number for clause in clauses},
        governed={one.by: one.clause for one in reversed(parts.clauses.bindings) if one.status != "none"},
        lines=assemble.lines(parts),
    )
