"""From the shapes of the files to the frozen values of the model."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from gatepost.policy.approval import Chain, Step, Waiting
from gatepost.policy.conditions import Condition, build
from gatepost.policy.model import Clause, Clock, Department, Example, Extension, Hours, Role
from gatepost.policy.named_days import DAYS
from gatepost.policy.parts import Parts
from gatepost.policy.registers import Crisis, Period
from gatepost.policy.schema import ClockIn, HoursIn, RoleIn, RuleIn, raw
from gatepost.policy.schema_approvals import ChainIn
from gatepost.policy.schema_departments import DepartmentIn
from gatepost.policy.statutory import legal_times


def hours(given: HoursIn) -> Hours:
    week: list[tuple[str, str] | None] = []
    for name in DAYS:
        day: list[str] | None = getattr(given, name)
        week.append((day[0], day[1]) if day else None)
    return Hours(week=tuple(week), timezone=given.timezone, nation=given.nation)


def department(key: str, one: DepartmentIn, of_pack: HoursIn) -> Department:
    away = tuple((absence.starts, absence.ends) for absence in one.away)
    own = None
    if one.hours is not None:
        own = hours(HoursIn(timezone=of_pack.timezone, nation=of_pack.nation, **one.hours.model_dump()))
    return Department(id=key, **{**one.model_dump(), "away": away, "hours": own})


def clauses(parts: Parts) -> tuple[Clause, ...]:
    """In the order of the document, numbered from 1."""
    known = {one.id: one for one in parts.clauses.clauses}
    return tuple(
        Clause(
            id=passage.id,
            heading=passage.heading,
            text=passage.text,
            kind=known[passage.id].kind,
            number=number,
            gloss=known[passage.id].gloss,
            about=known[passage.id].about,
            says=known[passage.id].says,
            kept=known[passage.id].kept,
        )
        for number, passage in enumerate(parts.passages, start=1)
    )


def condition(rule: RuleIn, thresholds: Mapping[str, float]) -> Condition:
    return build(rule.when, thresholds)


def examples(parts: Parts) -> tuple[Example, ...]:
    return tuple(
        Example(
            id=one.id,
            text=one.text,
            clauses=tuple(one.clauses),
            expect=raw(one.expect),
            draft=one.draft,
            given=one.given.model_dump(),
        )
        for one in parts.examples.example
    )


def clock(key: str, one: ClockIn) -> Clock:
    """Figures of the law where the clock names one; only for a pack in which nothing is wrong."""
    law = legal_times().get(one.law)
    if law is not None:
        return Clock(
            id=key,
            name=one.name or law.name,
            amount=law.amount,
            unit=law.unit,
            source=law.code,
            starts=law.starts,
            clause=one.clause,
            version=law.version,
            nation=law.nation,
            extension=law.extension,
            stops=law.stops,
            law=law.id,
            midnight=law.midnight,
        )
    return Clock(
        id=key,
        name=one.name,
        amount=one.amount or 1,
        unit=one.unit or "working_days",
        source=one.source,
        starts=one.starts or "received",
        clause=one.clause,
        version=one.version,
        nation=one.nation,
        extension=Extension(one.extension.amount, one.extension.needs) if one.extension else None,
        stops=one.stops,
        midnight=one.midnight,
    )


def role(key: str, one: RoleIn) -> Role:
    away = tuple((absence.starts, absence.ends) for absence in one.away)
    return Role(id=key, **{**one.model_dump(), "away": away})


def periods(parts: Parts) -> tuple[Period, ...]:
    """In the order in which they begin."""
    return tuple(
        Period(
            id=one.id,
            title=one.title,
            clause=one.clause,
            starts=one.starts,
            ends=one.ends,
            asks=one.asks,
            severity=one.severity,
            frozen=tuple(one.frozen),
            allowed=tuple(one.allowed),
            banned=tuple((phrase.pattern, phrase.why, phrase.instead) for phrase in one.banned),
        )
        for one in sorted(parts.periods.period, key=lambda one: (one.starts, one.id))
    )


def crisis(parts: Parts) -> Crisis | None:
    one = parts.periods.crisis
    if one is None:
        return None
    return Crisis(one.clause, tuple(one.declares), tuple(one.approvers), tuple(one.statements))


def chains(parts: Parts) -> tuple[Chain, ...]:
    """In the order of the file; a step that needs one of each of several roles becomes a step for each."""
    return tuple(
        Chain(
            id=one.id,
            title=one.title,
            clause=one.clause,
            steps=_steps(one),
            kinds=tuple(one.kinds),
            post_kinds=tuple(one.post_kinds),
            networks=tuple(one.networks),
            hours=one.hours,
            crisis=one.crisis,
            standing=one.standing,
        )
        for one in parts.approvals.chain
    )


def _steps(chain: ChainIn) -> tuple[Step, ...]:
    found: list[Step] = []
    for order, one in enumerate(chain.step):
        for roles in [(role,) for role in one.roles] if one.all else [tuple(one.roles)]:
            found.append(
                Step(len(found), order, one.title, roles, one.count, one.outside, one.passkey, chain.clause),
            )
    return tuple(found)


def waiting(parts: Parts) -> Waiting:
    given = parts.approvals.waiting.model_dump()
    return Waiting(**{**given, "escalate_to": tuple(given["escalate_to"])})


def lines(parts: Parts) -> dict[tuple[str, str], int]:
    """(file, id) -> line of everything that has an id, so that findings can name a place."""
    tables: dict[str, tuple[str, Collection[str]]] = {
        "roles.toml": ("role", parts.roles.role),
        "wordings.toml": ("wording", parts.wordings.wording),
        "departments.toml": ("department", parts.departments.department),
        "clocks.toml": ("clock", parts.clocks.clock),
        "measures.toml": ("measure", parts.measures.measure),
        "risks.toml": ("risk", parts.risks.risk),
        "law.toml": ("law", parts.law.law),
    }
    found: dict[tuple[str, str], int] = {}
    for file, (table, things) in tables.items():
        if file in parts.sources:
            for name in things:
                found[file, name] = parts.sources[file].line((table, name))
    for place, rule in enumerate(parts.rules.rule):
        found["rules.toml", rule.id] = parts.sources["rules.toml"].line(("rule", place))
    for place, chain in enumerate(parts.approvals.chain):
        found["approvals.toml", chain.id] = parts.sources["approvals.toml"].line(("chain", place))
    for place, clause in enumerate(parts.clauses.clauses):
        found["clauses.toml", clause.id] = parts.sources["clauses.toml"].line(("clauses", place))
    for place, period in enumerate(parts.periods.period):
        found["periods.toml", period.id] = parts.sources["periods.toml"].line(("period", place))
    for passage in parts.passages:
        found["policy.md", passage.id] = passage.line
    return found
