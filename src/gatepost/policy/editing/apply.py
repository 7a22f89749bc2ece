"""A change applied to the files of a pack: new files, or what is wrong with them."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from gatepost.policy.editing import clauses, needed, taking_out
from gatepost.policy.editing.changes import (
    Change,
    Nested,
    SetAbout,
    SetBanned,
    SetClause,
    SetEntry,
    SetExample,
    SetFigures,
    SetPowers,
    SetRule,
    SetThresholds,
    SetWords,
    TakeOut,
    TakeUp,
)
from gatepost.policy.editing.files import (
    CannotChange,
    Maker,
    after_the_top,
    edited,
    put,
    put_list,
    put_or_drop,
    row_of,
    rows_of,
    with_settings,
)
from gatepost.policy.editing.lists import PAIRS, PLAIN
from gatepost.policy.editing.plans import PLANS
from gatepost.policy.named_days import DAYS
from gatepost.policy.pack import Pack, load_files
from gatepost.policy.problems import PackError, Problem

Files = dict[str, str]
_TABLE_FILES = {
    "wording": "wordings",
    "role": "roles",
    "department": "departments",
    "clock": "clocks",
    "measure": "measures",
    "risk": "risks",
}


@dataclass(frozen=True, slots=True)
class Edited:
    """`pack` when the new files load, else `problems`, each with file, line, key and mend."""

    files: Mapping[str, str] = field(repr=False)
    pack: Pack | None
    problems: tuple[Problem, ...] = ()


def apply(files: Mapping[str, str], *changes: Change) -> Edited:
    """The files with each change made in turn. Raises CannotChange when one does not fit them at all."""
    made = dict(files)
    for change in changes:
        made = _HOW[type(change)](made, change)
    try:
        pack = load_files(made)
    except PackError as error:
        return Edited(made, None, error.problems)
    return Edited(pack.files, pack)


def _entry(files: Files, change: SetEntry) -> Files:
    file = f"{_TABLE_FILES[change.table]}.toml"
    old = cited = ""

    def how(data: Any, make: Maker) -> None:
        nonlocal old, cited
        if change.table not in data:
            data[change.table] = {}
        table = data[change.table]
        fresh = change.id not in table
        row = {} if fresh else table[change.id]
        old, cited = str(row.get("text", "")), str(row.get("clause", ""))
        for key, value in change.fields.items():
            put_or_drop(row, key, value, "")
        needed.require(change.table, row)
        if change.away is not None:
            put_or_drop(row, "away", make.value([one.model_dump() for one in change.away]), [])
        if change.hours is not None:
            _own_hours(row, change.hours, make)
        if fresh:
            table[change.id] = row

    files[file] = edited(file, files.get(file, ""), how)
    if "clause" in change.fields:
        clauses.bind(files, f"{change.table}:{change.id}", str(change.fields["clause"]), cited)
    new = change.fields.get("text", old)
    if change.table == "wording" and change.follow and old and new != old and "examples.toml" in files:
        files["examples.toml"] = edited("examples.toml", files["examples.toml"], _quoting(old, str(new)))
    return files


def _own_hours(row: Any, week: Mapping[str, tuple[str, str]], make: Maker) -> None:
    """Hours of a department: day by day, so that a table of its own keeps its place."""
    if not week:
        row.pop("hours", None)
    elif "hours" not in row:
        row["hours"] = make.value({day: list(times) for day, times in week.items()})
    else:
        for day in DAYS:
            put_or_drop(row["hours"], day, list(week[day]) if day in week else None, None)


def _quoting(old: str, new: str) -> Callable[[Any, Maker], None]:
    def how(data: Any, make: Maker) -> None:
        for row in data.get("example", ()):
            if row["text"] == old:
                row["text"] = new

    return how


def _take_out(files: Files, change: TakeOut) -> Files:
    return taking_out.take_out(files, change.table, change.id)


def _thresholds(files: Files, change: SetThresholds) -> Files:
    def how(data: Any, make: Maker) -> None:
        holder = data.setdefault("thresholds", {})
        for label, value in change.values.items():
            put(holder, label, value)

    files["rules.toml"] = edited("rules.toml", files["rules.toml"], how)
    return files


def _figures(files: Files, change: SetFigures) -> Files:
    files["checks.toml"] = with_settings("checks.toml", files.get("checks.toml", ""), change.values)
    return files


def _powers(files: Files, change: SetPowers) -> Files:
    given = change.model_dump(exclude={"do"}, exclude_none=True)
    files["checks.toml"] = with_settings("checks.toml", files.get("checks.toml", ""), given)
    return files


def _banned(files: Files, change: SetBanned) -> Files:
    rows = [row.model_dump(exclude_defaults=True) for row in change.rows]

    def how(data: Any, make: Maker) -> None:
        here = rows_of(data, "banned", make)
        words = [row["word"] for row in rows]
        for place in range(len(here) - 1, -1, -1):
            if here[place]["word"] not in words:
                del here[place]
        for row in rows:
            found = next((one for one in here if one["word"] == row["word"]), None)
            if found is None:
                here.append(make.row(row))
                continue
            put_or_drop(found, "instead", row.get("instead", ""), "")
            put_or_drop(found, "severity", row.get("severity", "stop"), "stop")

    files["checks.toml"] = edited("checks.toml", files.get("checks.toml", ""), how)
    return files


def _words(files: Files, change: SetWords) -> Files:
    group, _, name = change.name.partition(".")

    def how(data: Any, make: Maker) -> None:
        if change.name in PAIRS:
            wanted = dict(_pair(entry) for entry in change.entries)
            here = data.setdefault(change.name, {})
            for key in [key for key in here if key not in wanted]:
                del here[key]
            for key, value in wanted.items():
                put(here, key, value)
        elif group == "cue" and name.isdecimal() and int(name) < len(data.get("cue", ())):
            put_list(data["cue"][int(name)], "phrases", change.entries)
        elif group == "lists" and name in data.get("lists", {}):
            put_list(data["lists"], name, change.entries)
        elif change.name in PLAIN:
            put_list(data, change.name, change.entries)
        else:
            raise CannotChange(f"There is no list of words “{change.name}”.")

    held = files["words.toml"]
    if change.name in PLAIN and change.name not in tomllib.loads(held):
        held = after_the_top(held, f"{change.name} = []")
    files["words.toml"] = edited("words.toml", held, how)
    return files


def _pair(entry: str) -> tuple[str, str]:
    term, sign, meaning = entry.partition("=")
    if not sign or not term.strip() or not meaning.strip():
        raise CannotChange(f"“{entry[:80]}” is no pair. Write it as: term = meaning.", "entries")
    return term.strip(), meaning.strip()


def _rule(files: Files, change: SetRule) -> Files:
    when = change.when.model_dump(exclude={"nested"})
    nested = _nested(change.when.nested)
    then = change.then.model_dump()
    defaults = type(change.then)().model_dump()
    cited = ""

    def how(data: Any, make: Maker) -> None:
        nonlocal cited
        rows = rows_of(data, "rule", make)
        place = row_of(rows, change.id)
        if place is None:
            given = {key: value for key, value in (when | nested).items() if value is not None}
            does = {key: value for key, value in then.items() if value != defaults[key]}
            row = {"id": change.id, "title": change.title, "clause": change.clause, "priority": change.priority}
            rows.append(make.row({**{k: v for k, v in row.items() if v != ""}, "when": given, "then": does}))
            return
        row = rows[place]
        cited = str(row["clause"])
        put_or_drop(row, "title", change.title, "")
        put(row, "clause", change.clause)
        put(row, "priority", change.priority)
        _put_all(row["when"], when, dict.fromkeys(when))
        for key, value in nested.items():
            put_or_drop(row["when"], key, make.value(value), None)
        _put_all(row["then"], then, defaults)

    files["rules.toml"] = edited("rules.toml", files["rules.toml"], how, adds=True)
    return clauses.bind(files, f"rule:{change.id}", change.clause, cited)


def _nested(nested: Nested | None) -> dict[str, Any]:
    """What "any" and "not" become; None where such a condition goes; nothing when both stay."""
    if nested is None:
        return {}
    none = nested.none[0] if len(nested.none) == 1 else {"any": nested.none} if nested.none else None
    return {"any": nested.any or None, "not": none}


def _put_all(holder: Any, values: Mapping[str, Any], defaults: Mapping[str, Any]) -> None:
    for key, value in values.items():
        if isinstance(value, list) and value != defaults[key]:
            put_list(holder, key, value)
        else:
            put_or_drop(holder, key, value, defaults[key])


def _example(files: Files, change: SetExample) -> Files:
    def how(data: Any, make: Maker) -> None:
        rows = rows_of(data, "example", make)
        place = row_of(rows, change.id)
        if place is None:
            row = {"id": change.id, "text": change.text, "clauses": change.clauses, "expect": change.expect or {}}
            rows.append(make.row(row))
            return
        row = rows[place]
        put(row, "text", change.text)
        put_list(row, "clauses", change.clauses)
        if change.expect is not None and row.get("expect") != change.expect:
            row["expect"] = make.inline(change.expect)

    files["examples.toml"] = edited("examples.toml", files.get("examples.toml", ""), how, adds=True)
    return files


def _about(files: Files, change: SetAbout) -> Files:
    def how(data: Any, make: Maker) -> None:
        for key in ("title", "version", "organisation", "short_name"):
            put(data, key, getattr(change, key))

    files["pack.toml"] = edited("pack.toml", files["pack.toml"], how)
    return files


_HOW: Mapping[type, Callable[[Files, Any], Files]] = {
    SetEntry: _entry,
    TakeOut: _take_out,
    SetThresholds: _thresholds,
    SetFigures: _figures,
    SetPowers: _powers,
    SetBanned: _banned,
    SetWords: _words,
    SetRule: _rule,
    SetClause: clauses.set_clause,
    TakeUp: clauses.take_up,
    SetExample: _example,
    SetAbout: _about,
    **PLANS,
}
