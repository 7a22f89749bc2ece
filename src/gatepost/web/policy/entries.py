"""The forms of wordings, roles, departments, clocks, measures and risks: one entry of a table each."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from typing import Any, Literal

from django.http import QueryDict

from gatepost.policy.editing.changes import Change, SetEntry, Value
from gatepost.policy.importing.slugs import slug, unused
from gatepost.policy.naming import short
from gatepost.policy.pack import Pack
from gatepost.policy.plainly import UNITS, duration
from gatepost.policy.titles import BETTER, EVERY
from gatepost.web.frame.problems import Unclear
from gatepost.web.policy import absences, fields
from gatepost.web.policy.fields import Field, Options, Part

Table = Literal["wording", "role", "department", "clock", "measure", "risk"]
TABLES: Mapping[str, Table] = {
    "wordings": "wording",
    "roles": "role",
    "departments": "department",
    "clocks": "clock",
    "measures": "measure",
    "risks": "risk",
}
_TITLES = {"department": "name", "clock": "name"}


def clauses(pack: Pack, nothing: str = "") -> Options:
    rows = [(one.id, f"{one.id}: {short(one.text, 60)}") for one in pack.clauses]
    return fields.pairs(rows, nothing)


def held(pack: Pack, table: Table) -> Mapping[str, Any]:
    tables: Mapping[str, Mapping[str, Any]] = {
        "wording": pack.wordings,
        "role": pack.roles,
        "department": pack.departments,
        "clock": pack.clocks,
        "measure": {one.id: one for one in pack.measures},
        "risk": {one.id: one for one in pack.risks},
    }
    return tables[table]


def title_of(table: Table, entry: Any) -> str:
    return str(getattr(entry, _TITLES.get(table, "title")))


def form(pack: Pack, table: Table, key: str) -> list[Part]:
    """The form of an entry; of a new one when `key` is empty. Raises KeyError."""
    entry = held(pack, table)[key] if key else None
    return _FORMS[table](pack, entry)


def _of(entry: Any, name: str, default: Any = "") -> Any:
    return getattr(entry, name, default) if entry is not None else default


def _wording(pack: Pack, entry: Any) -> list[Part]:
    raw = _raw(pack, entry)
    quoting = sum(one.text == raw for one in pack.examples) if entry is not None else 0
    departments = {key: one.name for key, one in pack.departments.items()}
    places = "In it, {name_of_department}, {phone} and {answer_by} are filled in from the department it refers to."
    rows = [
        Field("title", "Name on the desk", value=_of(entry, "title")),
        Field("text", "The words, as they are sent", "area", raw, places, rows=5, most=5_000),
        Field("clause", "The clause that approves it", "select", _of(entry, "clause"), options=clauses(pack)),
        Field(
            "refers_to",
            "Sending it also refers to",
            "select",
            _of(entry, "refers_to"),
            options=fields.pairs(departments, "Nobody"),
        ),
    ]
    if quoting:
        label = f"The {quoting} examples that quote the old words shall quote the new ones"
        one = "The example that quotes the old words shall quote the new ones"
        rows.append(Field("follow", label if quoting > 1 else one, "check", True))
    return [Part("", tuple(rows))]


def _raw(pack: Pack, entry: Any) -> str:
    """A wording as it is written, with its places not filled in."""
    if entry is None:
        return ""
    return str(tomllib.loads(pack.files["wordings.toml"])["wording"][entry.id]["text"])


def _role(pack: Pack, entry: Any) -> list[Part]:
    away = "Acts while the holder is away. Under People you say who is away, and until when."
    who = (
        Field("title", "What the role is called", value=_of(entry, "title")),
        Field("holder", "Who holds it", value=_of(entry, "holder")),
        Field("email", "Their e-mail address", value=_of(entry, "email")),
        Field("deputy", "Deputy", value=_of(entry, "deputy"), hint=away),
        Field("deputy_email", "The deputy's e-mail address", value=_of(entry, "deputy_email")),
        absences.away_field(entry, "Away, as far as it is known ahead"),
        Field("clause", "Clause", "select", _of(entry, "clause"), options=clauses(pack, "None")),
    )
    may = (
        Field(
            "signs_off", "May sign off what goes out, and change the policy", "check", _of(entry, "signs_off", False)
        ),
        Field("approves_staff", "May approve staff and channels", "check", _of(entry, "approves_staff", False)),
    )
    return [Part("", who), Part("What the role may do", may)]


def _department(pack: Pack, entry: Any) -> list[Part]:
    clocks = {key: one.name for key, one in pack.clocks.items()}
    roles = {key: one.title for key, one in pack.roles.items()}
    rows = (
        Field("name", "Name", value=_of(entry, "name")),
        Field("email", "Referrals go to", value=_of(entry, "email"), hint="An e-mail address."),
        Field("phone", "Telephone", value=_of(entry, "phone")),
        Field("clock", "They answer within", "select", _of(entry, "clock"), options=fields.pairs(clocks)),
        Field("role", "A person it stands for", "select", _of(entry, "role"), options=fields.pairs(roles, "None")),
        Field("clause", "Clause", "select", _of(entry, "clause"), options=clauses(pack, "None")),
    )
    away = (
        Field("contact", "Whom to ask for", value=_of(entry, "contact")),
        Field("deputy", "Deputy", value=_of(entry, "deputy"), hint="Gets the referrals while the department is away."),
        Field("deputy_email", "The deputy's e-mail address", value=_of(entry, "deputy_email")),
        absences.away_field(entry, "Away"),
    )
    night = (
        Field("out_of_hours_email", "An emergency goes to", value=_of(entry, "out_of_hours_email")),
        Field("out_of_hours_phone", "Telephone", value=_of(entry, "out_of_hours_phone")),
    )
    says = "Write 09:00 to 17:00. A day left empty is closed. All empty: it is open when the organisation is."
    return [
        Part("", rows),
        Part("Contact and deputy", away),
        Part("Its own hours", absences.week_fields(_of(entry, "hours", None)), says),
        Part("While it is closed", night),
    ]


def _clock(pack: Pack, entry: Any) -> list[Part]:
    if entry is not None and tomllib.loads(pack.files["clocks.toml"])["clock"][entry.id].get("law"):
        says = f"{duration(entry.amount, entry.unit)}, by {entry.source}. The desk knows this time from the law."
        rows: tuple[Field, ...] = (
            Field("name", "What must happen by then", value=entry.name),
            Field("within", "Within", "shown", says),
            Field("clause", "Clause", "select", entry.clause, options=clauses(pack, "None")),
        )
        return [Part("", rows)]
    source = "The law, the code or the clause it rests on, or “own figure”."
    rows = (
        Field("name", "What must happen by then", value=_of(entry, "name")),
        Field("amount", "Within", "number", _of(entry, "amount", 1), step="1"),
        Field("unit", "Counted in", "select", _of(entry, "unit"), options=fields.pairs(UNITS)),
        Field("starts", "Starts when the message was", value=_of(entry, "starts", "received")),
        Field("source", "Where the time comes from", value=_of(entry, "source"), hint=source),
        Field("clause", "Clause", "select", _of(entry, "clause"), options=clauses(pack, "None")),
    )
    return [Part("", rows)]


def _measure(pack: Pack, entry: Any) -> list[Part]:
    rows = (
        Field("title", "What is measured", value=_of(entry, "title")),
        *_figure(pack, entry),
        Field(
            "direction", "Which way is better", "select", _of(entry, "direction", "neither"), options=[*BETTER.items()]
        ),
    )
    return [Part("", rows)]


def _risk(pack: Pack, entry: Any) -> list[Part]:
    rows = (
        Field("title", "What can go wrong", value=_of(entry, "title")),
        Field("indicator", "The figure that would show it", value=_of(entry, "indicator")),
        *_figure(pack, entry),
    )
    return [Part("", rows)]


def _figure(pack: Pack, entry: Any) -> tuple[Field, ...]:
    threshold = _of(entry, "threshold", None)
    return (
        Field("unit", "Counted in", value=_of(entry, "unit"), hint="Such as visits, messages, hours."),
        Field("period", "Taken every", "select", _of(entry, "period"), options=fields.pairs(EVERY, "Not said")),
        Field("target", "What is aimed for, in words", value=_of(entry, "target")),
        Field(
            "threshold",
            "Somebody should look from",
            "figure",
            "" if threshold is None else f"{threshold:g}",
            "In the same unit. Empty: from no figure.",
        ),
        Field("source", "Where the figure comes from", value=_of(entry, "source")),
        Field("clause", "Clause", "select", _of(entry, "clause"), options=clauses(pack)),
    )


_FORMS = {
    "wording": _wording,
    "role": _role,
    "department": _department,
    "clock": _clock,
    "measure": _measure,
    "risk": _risk,
}


def read(pack: Pack, table: Table, key: str, post: QueryDict) -> Change:
    """The change a form asks for. Raises Unclear."""
    given: dict[str, Value] = {}
    for part in form(pack, table, key):
        for field in part.fields:
            if field.name == "follow" or field.kind == "shown" or absences.is_ours(field.name):
                continue
            new = _value(field, post)
            same = fields.words(post, field.name) == field.value if field.kind == "figure" else False
            if not key or (
                not same and str(new or "") != str(field.value or "")
            ):  # what is not changed stays as it is written
                given[field.name] = new
    named = _TITLES.get(table, "title")
    title = str(given.get(named, "as before"))
    if not title:
        raise Unclear("Give it a name.", named)
    away = absences.read_away(post) if table in ("role", "department") and absences.AWAY in post else None
    if away and table == "department" and not fields.words(post, "deputy_email"):
        raise Unclear("Say who stands in while it is away: give the deputy's e-mail address.", "deputy_email")
    return SetEntry(
        table=table,
        id=key or fresh_id(title, held(pack, table)),
        fields=given,
        follow="follow" in post or not key,
        away=away,
        hours=absences.read_week(post) if table == "department" and "hours_monday" in post else None,
    )


def _value(field: Field, post: QueryDict) -> Value:
    if field.kind == "check":
        return field.name in post or ""  # an unticked box is a key that is left out
    if field.kind == "number":
        return fields.whole(post, field.name, field.label)
    if field.kind == "figure":
        return fields.decimal(post, field.name, field.label) if fields.words(post, field.name) else ""
    return fields.text(post, field.name) if field.kind == "area" else fields.words(post, field.name)


def fresh_id(title: str, taken: Mapping[str, Any]) -> str:
    """An id made of a title that nothing has yet."""
    return unused(slug(title, "entry")[:50], taken)
