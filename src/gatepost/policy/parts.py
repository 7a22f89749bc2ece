"""The files of a pack, each read and of the right shape, not yet checked against each other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from gatepost.policy.document import Passage, passages
from gatepost.policy.problems import Problem
from gatepost.policy.schema import (
    CalendarFile,
    ClausesFile,
    ClocksFile,
    ExamplesFile,
    PackFile,
    RolesFile,
    RulesFile,
    Settings,
    WordingsFile,
)
from gatepost.policy.schema_approvals import ApprovalsFile
from gatepost.policy.schema_departments import DepartmentsFile
from gatepost.policy.schema_registers import LawFile, MeasuresFile, RisksFile
from gatepost.policy.schema_states import PeriodsFile
from gatepost.policy.source import Source
from gatepost.policy.validate import Model, validate


@dataclass(frozen=True, slots=True)
class Parts:
    pack: PackFile
    clauses: ClausesFile
    roles: RolesFile
    wordings: WordingsFile
    departments: DepartmentsFile
    clocks: ClocksFile
    rules: RulesFile
    checks: Settings
    measures: MeasuresFile
    risks: RisksFile
    law: LawFile
    examples: ExamplesFile
    periods: PeriodsFile
    calendar: CalendarFile
    approvals: ApprovalsFile
    passages: tuple[Passage, ...]
    policy_md: str
    sources: Mapping[str, Source]
    dropped: frozenset[str]  # ids of ill-formed things: a rule that names one is not to blame


def parse(files: Mapping[str, str], problems: list[Problem]) -> Parts | None:
    """Every file read, with its problems appended; None when a file is so ill that nothing can be checked
    against it.
    """
    dropped: set[str] = set()
    sources = {name: Source(name, text) for name, text in files.items() if name.endswith(".toml")}

    def read(name: str, model: type[Model], empty: Model | None = None) -> Model | None:
        if name not in sources:
            return empty
        return validate(sources[name], model, problems, dropped)

    pack = read("pack.toml", PackFile)
    clauses = read("clauses.toml", ClausesFile)
    roles = read("roles.toml", RolesFile)
    wordings = read("wordings.toml", WordingsFile)
    departments = read("departments.toml", DepartmentsFile)
    clocks = read("clocks.toml", ClocksFile)
    rules = read("rules.toml", RulesFile)
    checks = read("checks.toml", Settings, Settings())
    measures = read("measures.toml", MeasuresFile, MeasuresFile(measure={}))
    risks = read("risks.toml", RisksFile, RisksFile(risk={}))
    law = read("law.toml", LawFile, LawFile(law={}))
    examples = read("examples.toml", ExamplesFile, ExamplesFile())
    calendar = read("calendar.toml", CalendarFile, CalendarFile())
    if not (pack and clauses and roles and wordings and departments and clocks and rules):
        return None
    periods = read("periods.toml", PeriodsFile, PeriodsFile())
    approvals = read("approvals.toml", ApprovalsFile, ApprovalsFile())
    if not (checks and measures and risks and law and examples and periods and calendar and approvals):
        return None
    text = files["policy.md"]
    return Parts(
        pack,
        clauses,
        roles,
        wordings,
        departments,
        clocks,
        rules,
        checks,
        measures,
        risks,
        law,
        examples,
        periods,
        calendar,
        approvals,
        tuple(passages(text)),
        text,
        sources,
        frozenset(dropped),
    )
