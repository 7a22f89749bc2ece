"""Taking one thing out of a pack with everything that names it, so that the rest still loads."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from typing import Any

from gatepost.policy.editing.clauses import take_out_clause
from gatepost.policy.editing.files import CannotChange, Maker, after_the_top, edited, row_of

_FILES = {
    "wording": "wordings.toml",
    "role": "roles.toml",
    "department": "departments.toml",
    "clock": "clocks.toml",
    "measure": "measures.toml",
    "risk": "risks.toml",
    "law": "law.toml",
    "rule": "rules.toml",
    "example": "examples.toml",
    "chain": "approvals.toml",
}
_IN_RULES = {"wording": "offer", "department": "refer", "clock": "clocks"}
_IN_A_CRISIS = {"role": ("declares", "approvers"), "wording": ("statements",)}
_IN_EXAMPLES = {"wording": "offers", "department": "refer", "clock": "clocks"}
_IN_CRISIS = {"role": ("declares", "approvers"), "wording": ("statements",)}


def take_out(files: dict[str, str], table: str, name: str) -> dict[str, str]:
    """Raises CannotChange when there is no such thing. A department whose clock goes is left to the loader, which says
    that it needs another."""
    if table == "clause":
        return take_out_clause(files, name)
    file = _FILES[table]
    files[file] = _with_a_place(table, edited(file, files.get(file, ""), _removing(table, name)))
    if table == "example":
        return files
    _change(files, "clauses.toml", lambda data: _drop(data, "bindings", lambda row: row["by"] == f"{table}:{name}"))
    if table in _IN_RULES:
        _change(files, "rules.toml", lambda data: _from_rules(data, _IN_RULES[table], name))
        _change(files, "examples.toml", lambda data: _drop(data, "example", lambda row: _names(row, table, name)))
    if table in _IN_A_CRISIS:
        _change(files, "periods.toml", lambda data: _from_a_crisis(data, _IN_A_CRISIS[table], name))
    if table == "department":
        _change(files, "wordings.toml", lambda data: _forget(data["wording"], "refers_to", name))
    if table == "role":
        _change(files, "departments.toml", lambda data: _forget(data["department"], "role", name))
    if table in _IN_CRISIS:
        _change(files, "periods.toml", lambda data: _from_crisis(data, _IN_CRISIS[table], name))
    return files


def _removing(table: str, name: str) -> Callable[[Any, Maker], None]:
    def how(data: Any, make: Maker) -> None:
        here = data.get(table, {})
        if isinstance(here, list):
            place = row_of(here, name)
            if place is not None:
                _cut(data, table, place)
                return
        elif name in here:
            _cut(data, table, name)
            return
        raise CannotChange(f"The policy has no {table} “{name}”.")

    return how


def _cut(data: Any, table: str, key: Any) -> None:
    """Takes one out; with the last one goes its table, whose place _with_a_place keeps."""
    if len(data[table]) > 1:
        del data[table][key]
    else:
        del data[table]


def _with_a_place(table: str, text: str) -> str:
    """A table without entries is written down as such: a file that must have it would not load otherwise."""
    if table in tomllib.loads(text):
        return text
    if table in ("rule", "example", "chain"):
        return after_the_top(text, f"{table} = []")
    return f"{text.rstrip(chr(10))}\n\n[{table}]\n"


def _change(files: dict[str, str], file: str, how: Callable[[Any], None]) -> None:
    if file in files:
        files[file] = edited(file, files[file], lambda data, make: how(data))


def _drop(data: Any, key: str, which: Callable[[Any], bool]) -> None:
    rows = data.get(key, [])
    for place in range(len(rows) - 1, -1, -1):
        if which(rows[place]):
            del rows[place]


def _from_rules(data: Any, key: str, name: str) -> None:
    for rule in data.get("rule", ()):
        _without(rule["then"].get(key, []), name)


def _from_crisis(data: Any, keys: tuple[str, ...], name: str) -> None:
    for key in keys:
        _without(data.get("crisis", {}).get(key, []), name)


def _without(names: Any, name: str) -> None:
    for place in range(len(names) - 1, -1, -1):
        if names[place] == name:
            del names[place]


def _from_a_crisis(data: Any, keys: tuple[str, ...], name: str) -> None:
    for key in keys:
        here = data.get("crisis", {}).get(key, [])
        for place in range(len(here) - 1, -1, -1):
            if here[place] == name:
                del here[place]


def _names(example: Any, table: str, name: str) -> bool:
    quoted = table == "wording" and example.get("given", {}).get("wording") == name
    return quoted or name in example["expect"].get(_IN_EXAMPLES[table], ())


def _forget(table: Any, key: str, name: str) -> None:
    for row in table.values():
        if row.get(key) == name:
            del row[key]
