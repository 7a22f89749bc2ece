"""What was found in a written policy, clause by clause, as a form; and the changes its answers ask for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.http import QueryDict

from gatepost.policy.editing.changes import Change, SetClause, SetEntry, TakeOut, Thing, Value
from gatepost.policy.pack import Pack, load_files
from gatepost.policy.plainly import UNITS
from gatepost.rulebook.models import PolicyImport
from gatepost.web.frame.problems import Unclear
from gatepost.web.policy import fields
from gatepost.web.policy.fields import Field
from gatepost.web.policy.notes import rule_titles
from gatepost.web.policy.parts import rule_words

SURE, LIKELY = 0.8, 0.6


@dataclass(frozen=True, slots=True)
class Found:
    """Something found: a wording, a person, a department … `keep` is its checkbox."""

    what: str
    table: Thing
    key: str
    keep: Field
    fields: tuple[Field, ...]
    says: str = ""


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """One clause with the guesses beside it. `sure`: the word and voice of the confidence."""

    id: str
    text: str
    place: str
    kind: str
    about: str
    sure: tuple[str, str]
    percent: int
    doubt: str
    things: tuple[Found, ...]
    guesses: tuple[Mapping[str, Any], ...]


_WORDS: Mapping[Thing, str] = {
    "wording": "Wording",
    "role": "Person",
    "department": "Department",
    "clock": "Answer time",
    "rule": "Rule",
    "law": "Law",
    "measure": "Measure",
    "risk": "Risk",
}


@lru_cache(maxsize=2)
def _loaded(pk: int) -> Pack:
    found = PolicyImport.objects.get(pk=pk).found
    return load_files(found["files"] if found else {})


def pack_of_import(handed: PolicyImport) -> Pack:
    """The draft pack as it was read. Raises PackError when a later release reads packs otherwise."""
    return _loaded(handed.pk)


def _things(pack: Pack, post: QueryDict | None) -> dict[str, list[Found]]:
    """By clause; what belongs to none under ""."""
    found: dict[str, list[Found]] = {}

    def add(table: Thing, key: str, clause: str, label: str, rows: tuple[Field, ...], says: str = "") -> None:
        name = f"keep.{table}.{key}"
        nobody = table == "role" and not pack.roles[key].holder
        what = "role" if nobody else _WORDS[table].lower()
        keep = Field(name, f"Keep the {what} “{label}”", "check", post is None or name in post)
        shown = rows if post is None else tuple(fields.refilled(one, post) for one in rows)
        found.setdefault(clause if clause in pack.numbers else "", []).append(
            Found(_WORDS[table], table, key, keep, shown, says)
        )

    for wording in pack.wordings.values():
        row = _field("wording", wording.id, "text", "The words", wording.text, "area")
        add("wording", wording.id, wording.clause, wording.title, (row,))
    for role in pack.roles.values():
        named = [("title", "Role"), ("holder", "Held by"), ("email", "E-mail address")]
        rows = tuple(_field("role", role.id, name, label, getattr(role, name)) for name, label in named)
        add("role", role.id, role.clause, role.holder or role.title, rows)
    for one in pack.departments.values():
        named = [("name", "Name"), ("email", "Referrals go to"), ("phone", "Telephone")]
        rows = tuple(_field("department", one.id, name, label, getattr(one, name)) for name, label in named)
        add("department", one.id, one.clause, one.name, rows)
    for clock in pack.clocks.values():
        rows = (
            _field("clock", clock.id, "amount", "Within", str(clock.amount), "number"),
            _field("clock", clock.id, "unit", "Counted in", clock.unit, "select"),
        )
        add("clock", clock.id, clock.clause, clock.name, rows, clock.source)
    titles = rule_titles(pack)
    for rule in pack.rules:
        says = rule_words(pack, rule)
        add("rule", rule.id, rule.clause, titles.get(rule.id, rule.id), (), says)
    for law in pack.laws:
        add("law", law.id, law.clause, law.name, ())
    for measure in pack.measures:
        add("measure", measure.id, measure.clause, measure.title, ())
    for risk in pack.risks:
        add("risk", risk.id, risk.clause, risk.title, ())
    return found


def _field(table: str, key: str, name: str, label: str, value: str, kind: str = "text") -> Field:
    options = fields.pairs(UNITS) if kind == "select" else ()
    return Field(f"{table}.{key}.{name}", label, kind, value, options=options, rows=3, most=5_000)


def _sure(confidence: float) -> tuple[str, str]:
    if confidence >= SURE:
        return "Sure", "ok"
    return ("Likely", "info") if confidence >= LIKELY else ("Unsure", "ask")


def rows(handed: PolicyImport, pack: Pack, post: QueryDict | None = None) -> list[ReviewRow]:
    """Every clause, in the order of the document."""
    things = _things(pack, post)
    read: Mapping[str, Any] = handed.found or {}
    guesses: dict[str, list[Mapping[str, Any]]] = {}
    for guess in read.get("guesses", ()):
        guesses.setdefault(guess["clause"], []).append({**guess, "percent": round(100 * guess["confidence"])})
    made = []
    for one in read.get("clauses", ()):
        key, given = one["id"], _answers(post)
        made.append(
            ReviewRow(
                key,
                one["text"],
                one["place"],
                str(given.get(f"kind.{key}", one["kind"])),
                str(given.get(f"about.{key}", pack.clause(key).about)),
                _sure(one["confidence"]),
                round(100 * one["confidence"]),
                one["doubt"],
                tuple(things.get(key, ())),
                tuple(guesses.get(key, ())),
            )
        )
    return made


def _answers(post: QueryDict | None) -> Mapping[str, Any]:
    return {} if post is None else {name: post[name] for name in post}


def loose(handed: PolicyImport, pack: Pack, post: QueryDict | None = None) -> list[Found]:
    """What was made for no one clause."""
    return _things(pack, post).get("", [])


def names(context: Mapping[str, Any]) -> set[str]:
    found = [thing for row in context["rows"] for thing in row.things] + list(context["loose"])
    return {field.name for thing in found for field in (thing.keep, *thing.fields)}


def numbers(context: Mapping[str, Any]) -> dict[str, int]:
    """The place of each clause on the page, from 1."""
    return {row.id: place for place, row in enumerate(context["rows"], start=1)}


def read(handed: PolicyImport, pack: Pack, post: QueryDict) -> list[Change]:
    """What is to be otherwise than it was read. Raises Unclear, pydantic.ValidationError."""
    changes: list[Change] = []
    for clause in pack.clauses:
        kind = post.get(f"kind.{clause.id}", clause.kind)
        about = post.get(f"about.{clause.id}", clause.about)
        if (kind, about) != (clause.kind, clause.about):
            changes.append(SetClause(id=clause.id, kind=kind, about=about, gloss=clause.gloss))
    found = [thing for things in _things(pack, None).values() for thing in things]
    for thing in found:
        if thing.keep.name in post and thing.fields and (given := _given(thing, post)):
            changes.append(SetEntry(table=thing.table, id=thing.key, fields=given))  # type: ignore[arg-type]  # those with fields
    gone = [thing for thing in found if thing.keep.name not in post]
    # A rule goes before what it names, a department before its clock: so nothing points at what is gone.
    order = ("rule", "wording", "department", "role", "clock", "law", "measure", "risk")
    for thing in sorted(gone, key=lambda one: order.index(one.table)):
        changes.append(TakeOut(table=thing.table, id=thing.key))
    return changes


def _given(thing: Found, post: QueryDict) -> dict[str, Value]:
    """The fields that were changed. Raises Unclear."""
    given: dict[str, Value] = {}
    for field in thing.fields:
        new = fields.text(post, field.name) if field.kind == "area" else fields.words(post, field.name)
        if field.name not in post or new == str(field.value).strip():
            continue
        name = field.name.rpartition(".")[2]
        given[name] = fields.whole(post, field.name, field.label) if field.kind == "number" else new
        if not new:
            raise Unclear(f"{field.label}: write something, or leave “{thing.key}” out.", field.name)
    return given
