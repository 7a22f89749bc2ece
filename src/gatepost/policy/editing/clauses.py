"""Clauses of the document: changed, put in, taken out; and what is said to put them into practice."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from typing import Any

from gatepost.policy.document import Passage, passages
from gatepost.policy.editing.changes import SetClause, TakeUp
from gatepost.policy.editing.files import CannotChange, Maker, edited, put, put_or_drop, row_of, rows_of
from gatepost.policy.kinds import clause_kinds
from gatepost.policy.linting.usual import usual

Files = dict[str, str]
_MARK = re.compile(r"^(\s*(?:[-*]\s+)?\[[a-z0-9_.]+\]\s*)")
_HEADING = re.compile(r"^#{1,6}\s")
_FIGURES = ("measure", "risk")
_NOT_WATCHED = "What is aimed for is written down; the desk does not work the figure out yet."


def set_clause(files: Files, change: SetClause) -> Files:
    """Raises CannotChange."""

    def how(data: Any, make: Maker) -> None:
        place = row_of(data["clauses"], change.id)
        if place is None:
            row = {"id": change.id, "kind": change.kind, "about": change.about, "gloss": change.gloss}
            rows_of(data, "clauses", make).append(make.row({key: value for key, value in row.items() if value}))
            return
        row = data["clauses"][place]
        put(row, "kind", change.kind)
        if row.get("about", "") != change.about:
            row.pop("says", None)  # what it stated belonged to the other kind
        put_or_drop(row, "about", change.about, "")
        put_or_drop(row, "gloss", change.gloss, "")

    known = any(one.id == change.id for one in passages(files["policy.md"]))
    if not known and change.text is None:
        raise CannotChange(f"The policy has no clause “{change.id}”.")
    files["clauses.toml"] = edited("clauses.toml", files["clauses.toml"], how)
    if change.text is not None:
        words = _lines_of(change.text)
        document = files["policy.md"]
        files["policy.md"] = (
            _reworded(document, change.id, words) if known else _put_in(document, change.id, words, change.under)
        )
    return files


def take_up(files: Files, change: TakeUp) -> Files:
    """Puts in a clause that most policies have, in the words suggested. Raises CannotChange."""
    one = next((one for one in usual() if one.id == change.suggestion), None)
    if one is None:
        known = ", ".join(other.id for other in usual())
        raise CannotChange(f"There is no suggestion “{change.suggestion}”. There is: {known}.")
    about = one.kinds[0] if one.kinds else ""
    kind = clause_kinds()[about].duty if about else "assisted"
    name = next_id(files["policy.md"], one.id)
    return set_clause(files, SetClause(id=name, kind=kind, about=about, text=one.suggestion, under=one.section))


def next_id(document: str, prefix: str) -> str:
    """The id of another clause of those that begin so: "usage.10" after usage.9."""
    numbers = [int(one.id.split(".")[1]) for one in passages(document) if _prefix(one.id) == prefix]
    return f"{prefix}.{max(numbers, default=0) + 1}"


def take_out_clause(files: Files, name: str) -> Files:
    """Takes a clause out of the document, with what puts it into practice, and out of examples. Raises CannotChange
    when there is no such clause, and when something else rests on it."""
    here = next((one for one in passages(files["policy.md"]) if one.id == name), None)
    if here is None:
        raise CannotChange(f"The policy has no clause “{name}”.")
    if resting := [words for file, text in sorted(files.items()) for words in _resting(file, text, name)]:
        told = "; ".join(dict.fromkeys(resting))
        raise CannotChange(f"This still rests on {name}: {told}. Let it name another clause, or take it out, first.")
    lines = files["policy.md"].split("\n")
    begin, end = here.line - 1, _end_of(lines, here)
    if not lines[begin - 1].strip():  # the empty line before it goes as well when another follows
        while end < len(lines) and not lines[end].strip():
            end += 1
    del lines[begin:end]
    files["policy.md"] = "\n".join(lines).rstrip("\n") + "\n"

    def how(data: Any, make: Maker) -> None:
        _drop(data.get("clauses", []), "id", name)
        _drop(data.get("bindings", []), "clause", name)

    def examples(data: Any, make: Maker) -> None:
        for row in data.get("example", ()):
            named = row.get("clauses", [])
            for place in range(len(named) - 1, -1, -1):
                if named[place] == name:
                    del named[place]

    files["clauses.toml"] = edited("clauses.toml", files["clauses.toml"], how)
    if "examples.toml" in files:
        files["examples.toml"] = edited("examples.toml", files["examples.toml"], examples)
    return files


def bind(files: Files, by: str, clause: str, before: str) -> Files:
    """What puts `clause` into practice is written down when something new cites it, or cites it instead of
    `before`."""
    known = {one.id for one in passages(files["policy.md"])}
    if clause == before or (clause and clause not in known):  # the loader says where a clause is named that is not
        return files

    def how(data: Any, make: Maker) -> None:
        rows = rows_of(data, "bindings", make)
        have = {(row["clause"], row["by"]) for row in rows}
        for place in range(len(rows) - 1, -1, -1):
            if before and (rows[place]["clause"], rows[place]["by"]) == (before, by):
                if clause and (clause, by) not in have:
                    rows[place]["clause"] = clause
                    return
                del rows[place]
        if clause and (clause, by) not in have:
            figure = by.startswith(_FIGURES)
            state = {"status": "partial", "reason": _NOT_WATCHED} if figure else {"status": "live"}
            rows.append(make.row({"clause": clause, "by": by, **state}))
        elif not rows:
            del data["bindings"]

    files["clauses.toml"] = edited("clauses.toml", files["clauses.toml"], how, adds=True)
    return files


def _resting(file: str, text: str, clause: str) -> Iterator[str]:
    """What of a file names a clause: "the rule “late”", or the setting."""
    if not file.endswith(".toml") or file == "clauses.toml":
        return
    for table, held in tomllib.loads(text).items():
        if isinstance(held, dict):
            rows = list(held.items())
        else:
            rows = [(row.get("id", ""), row) for row in held if isinstance(row, dict)] if isinstance(held, list) else []
        if held == clause:
            yield f"“{table}” in {file}"
        for key, row in rows:
            given = {name: value for name, value in row.items() if name != "clauses"} if isinstance(row, dict) else row
            if clause in _texts(given):
                yield f"the {table.replace('_', ' ')} “{key}”" if key else f"the {table.replace('_', ' ')} in {file}"


def _texts(value: Any) -> Iterator[str]:
    """Every text in plain data, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _texts(one)


def _drop(rows: Any, key: str, value: str) -> None:
    for place in range(len(rows) - 1, -1, -1):
        if rows[place][key] == value:
            del rows[place]


def _prefix(clause: str) -> str:
    return clause.split(".")[0]


def _lines_of(text: str) -> list[str]:
    """The words of a clause, line by line. Raises CannotChange."""
    words = [" ".join(line.split()) for line in text.splitlines() if line.strip()]
    if not words or any(_MARK.match(f"  {line}") or _HEADING.match(line) for line in words):
        says = "Write the words of the clause; no line may begin with a name in square brackets, or with #."
        raise CannotChange(says, "text")
    return words


def _end_of(lines: list[str], here: Passage) -> int:
    """The place after the last line of a clause."""
    place = here.line - 1
    mark = _MARK.match(lines[place])
    head = mark[1].rstrip() if mark else ""
    left = here.text.count("\n") + (not lines[place][len(head) :].strip())  # its further lines, blank ones not counted
    end = place + 1
    while left:
        left -= bool(lines[end].strip())
        end += 1
    return end


def _reworded(document: str, clause: str, words: list[str]) -> str:
    """policy.md with other words for one clause. Lines after the first are indented, so that they stay part of it."""
    here = next(one for one in passages(document) if one.id == clause)
    if [" ".join(line.split()) for line in here.text.splitlines()] == words:
        return document
    lines = document.split("\n")
    place = here.line - 1
    mark = _MARK.match(lines[place])
    head = mark[1].rstrip() if mark else ""
    made = [f"{head} {words[0]}", *(f"  {line}" for line in words[1:])]
    return "\n".join([*lines[:place], *made, *lines[_end_of(lines, here) :]])


def _put_in(document: str, clause: str, words: list[str], under: str) -> str:
    """policy.md with a new clause: after the last whose id begins so, else in a section of its own at the end."""
    before = [one for one in passages(document) if _prefix(one.id) == _prefix(clause)]
    made = [f"[{clause}] {words[0]}", *(f"  {line}" for line in words[1:])]
    if not before:
        title = " ".join(under.split()) or _prefix(clause).replace("_", " ").capitalize()
        return "\n".join([document.rstrip("\n"), "", f"## {title}", "", *made]) + "\n"
    lines = document.split("\n")
    last = before[-1]
    end = _end_of(lines, last)
    sign = re.match(r"\s*[-*]\s+", lines[last.line - 1])
    made = [f"{sign[0]}{made[0]}", *made[1:]] if sign else ["", *made]
    return "\n".join([*lines[:end], *made, *lines[end:]])
