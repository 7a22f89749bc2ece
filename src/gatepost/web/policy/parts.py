"""The parts of a draft that have forms: what each lists, its form, and the change the form asks for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.http import QueryDict

from gatepost.policy.editing.changes import Change, Thing
from gatepost.policy.editing.lists import lists
from gatepost.policy.names import names
from gatepost.policy.pack import Pack, Rule
from gatepost.policy.plainly import condition, duration, ended, listed, outcome
from gatepost.web.policy import clause_form, entries, other_forms, plan_forms, powers_form, rule_form
from gatepost.web.policy.entries import Table
from gatepost.web.policy.fields import Part
from gatepost.web.policy.notes import rule_titles

Form = Callable[[Pack, str, datetime], list[Part]]
Read = Callable[[Pack, str, QueryDict, datetime], Change]


@dataclass(frozen=True, slots=True)
class Row:
    """One thing in a list: `says` is what it does, in a line or two."""

    key: str
    title: str
    says: str = ""
    clause: str = ""


@dataclass(frozen=True, slots=True)
class Kind:
    """`rows` is None where the part is one form. `adds`: new ones can be made. `out`: what take_out calls it."""

    slug: str
    title: str
    one: str
    says: str
    form: Form
    read: Read
    rows: Callable[[Pack], list[Row]] | None = None
    adds: bool = False
    out: Thing | None = None

    @property
    def many(self) -> bool:
        return self.rows is not None


def _entry_rows(table: Table, says: Callable[[Pack, str], str], pack: Pack) -> list[Row]:
    held = entries.held(pack, table)
    return [Row(key, entries.title_of(table, one), says(pack, key), one.clause) for key, one in held.items()]


def _wording(pack: Pack, key: str) -> str:
    return f"“{pack.wordings[key].text}”"


def _role(pack: Pack, key: str) -> str:
    role = pack.roles[key]
    deputy = f", deputy {role.deputy}" if role.deputy else ""
    may = [words for words, yes in (("signs off", role.signs_off), ("approves staff", role.approves_staff)) if yes]
    return f"{role.holder or 'Held by nobody yet'}{deputy}{f'; {listed(may)}' if may else ''}"


def _department(pack: Pack, key: str) -> str:
    one = pack.departments[key]
    return f"{one.email}, {pack.clocks[one.clock].name.lower()}"


def _clock(pack: Pack, key: str) -> str:
    one = pack.clocks[key]
    return f"{duration(one.amount, one.unit)} ({one.source})"


def _measure(pack: Pack, key: str) -> str:
    one = entries.held(pack, "measure")[key]
    return ", ".join(part for part in (one.unit, one.target, f"every {one.period}" if one.period else "") if part)


def _risk(pack: Pack, key: str) -> str:
    one = entries.held(pack, "risk")[key]
    return f"{one.indicator}{f', from {one.threshold:g} {one.unit}' if one.threshold is not None else ''}"


def _chains(pack: Pack) -> list[Row]:
    return [Row(one.id, one.title, plan_forms.chain_words(one), one.clause) for one in pack.chains]


def _rules(pack: Pack) -> list[Row]:
    titles = rule_titles(pack)
    return [
        Row(
            rule.id,
            titles.get(rule.id, rule.id),
            rule_words(pack, rule),
            rule.clause,
        )
        for rule in pack.rules
    ]


def rule_words(pack: Pack, rule: Rule) -> str:
    """A rule in words, with the names of what it names."""
    called = names(pack)
    follows = listed(outcome(rule.then, called))
    return f"When {condition(rule.when, pack.thresholds, called)}: {ended(follows)}"


def _words(pack: Pack) -> list[Row]:
    found = lists(pack.files["words.toml"])
    return [Row(one.name, one.title, f"{len(one.entries)} entries: {', '.join(one.entries[:5])}") for one in found]


def _clauses(pack: Pack) -> list[Row]:
    return [Row(one.id, one.id, one.text, one.id) for one in pack.clauses]


def _examples(pack: Pack) -> list[Row]:
    return [
        Row(one.id, one.id.replace("_", " ").capitalize(), f"“{one.text[:200]}”", one.clauses[0] if one.clauses else "")
        for one in pack.examples
    ]


def _entry(slug: str, title: str, one: str, says: str, row: Callable[[Pack, str], str]) -> Kind:
    table = entries.TABLES[slug]
    return Kind(
        slug,
        title,
        one,
        says,
        lambda pack, key, at: entries.form(pack, table, key),
        lambda pack, key, post, at: entries.read(pack, table, key, post),
        partial(_entry_rows, table, row),
        adds=True,
        out=table,
    )


_ALL = (
    _entry(
        "wordings",
        "Wordings",
        "wording",
        "Text approved for a situation. A changed one must be signed off anew.",
        _wording,
    ),
    _entry("roles", "Roles", "role", "Who answers for what, and who deputises.", _role),
    Kind(
        "thresholds",
        "Thresholds",
        "threshold",
        "How sure the desk must be before it reads a message as something.",
        lambda pack, key, at: other_forms.thresholds(pack),
        lambda pack, key, post, at: other_forms.read_thresholds(pack, post),
    ),
    Kind(
        "rules",
        "Rules",
        "rule",
        "What the desk does with what comes in.",
        lambda pack, key, at: rule_form.form(pack, key),
        lambda pack, key, post, at: rule_form.read(pack, key, post),
        _rules,
        adds=True,
        out="rule",
    ),
    Kind(
        "words",
        "Words",
        "list of words",
        "What the readers of messages know.",
        lambda pack, key, at: other_forms.words(pack, key),
        lambda pack, key, post, at: other_forms.read_words(pack, key, post),
        _words,
    ),
    Kind(
        "banned",
        "Words we do not write",
        "word",
        "What may not go out, is asked about, or noted.",
        lambda pack, key, at: other_forms.banned(pack),
        lambda pack, key, post, at: other_forms.read_banned(pack, post),
    ),
    Kind(
        "figures",
        "Figures of the checks",
        "figure",
        "How long a sentence may be, how many emoji, and so on.",
        lambda pack, key, at: other_forms.figures(pack),
        lambda pack, key, post, at: other_forms.read_figures(pack, post),
    ),
    Kind(
        "powers",
        "Powers",
        "power",
        "Whether the desk may answer a comment privately, what it does with links, how it goes by approved lines.",
        lambda pack, key, at: powers_form.powers(pack),
        lambda pack, key, post, at: powers_form.read_powers(pack, post),
    ),
    _entry("departments", "Departments", "department", "Where matters are referred.", _department),
    _entry("clocks", "Clocks", "clock", "Answer-by times, each with its source.", _clock),
    Kind(
        "chains",
        "Who signs what off",
        "chain",
        "Steps of sign-off for what needs more than one signature. Without any, one signature of who signs off.",
        lambda pack, key, at: plan_forms.chain(pack, key),
        lambda pack, key, post, at: plan_forms.read_chain(pack, key, post),
        _chains,
        adds=True,
        out="chain",
    ),
    Kind(
        "waiting",
        "Waiting for a sign-off",
        "figure",
        "When somebody is reminded, and when it is at an end.",
        lambda pack, key, at: plan_forms.waiting(pack),
        lambda pack, key, post, at: plan_forms.read_waiting(pack, post),
    ),
    Kind(
        "hours",
        "Working hours",
        "day",
        "When the organisation works. Clocks in working hours go by them.",
        lambda pack, key, at: plan_forms.hours(pack),
        lambda pack, key, post, at: plan_forms.read_hours(pack, post),
    ),
    Kind(
        "calendar",
        "How often we write, and our days",
        "day",
        "Posts a week on each network, and the organisation's own days.",
        lambda pack, key, at: plan_forms.calendar(pack),
        lambda pack, key, post, at: plan_forms.read_calendar(pack, post),
    ),
    _entry("measures", "Measures", "measure", "What success is measured by.", _measure),
    _entry("risks", "Risks", "risk", "What can go wrong, and the figure that would show it.", _risk),
    Kind(
        "clauses",
        "Clauses",
        "clause",
        "The document's words, and what each clause is.",
        lambda pack, key, at: clause_form.clause(pack, key),
        lambda pack, key, post, at: clause_form.read_clause(pack, key, post),
        _clauses,
        adds=True,
        out="clause",
    ),
    Kind(
        "examples",
        "Examples",
        "example",
        "Messages with what must come of them: the policy's own tests.",
        other_forms.example,
        other_forms.read_example,
        _examples,
        adds=True,
        out="example",
    ),
    Kind(
        "about",
        "Title and version",
        "title",
        "What the policy says of itself.",
        lambda pack, key, at: other_forms.about(pack),
        lambda pack, key, post, at: other_forms.read_about(pack, post),
    ),
)
KINDS: Mapping[str, Kind] = {kind.slug: kind for kind in _ALL}
