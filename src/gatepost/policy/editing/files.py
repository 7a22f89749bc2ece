"""One TOML file changed in place by tomlkit, and checked against the same change made to its plain data."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping, MutableMapping, Sequence
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError

Holder = MutableMapping[str, Any]


class CannotChange(Exception):
    """The change does not fit the files: the text says why. `field` names the field of the change, when it is one."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class Maker:
    """Makes what goes into a document: `inline` a table on one line, `row` a row of a list of tables."""

    def inline(self, data: Mapping[str, Any]) -> Any:
        table = tomlkit.inline_table()
        table.update(data)
        return table

    def row(self, data: Mapping[str, Any]) -> Any:
        table = tomlkit.table()
        for key, value in data.items():
            table.add(key, self.inline(value) if isinstance(value, Mapping) else value)
        table.add(tomlkit.nl())
        return table

    def rows(self) -> Any:
        return tomlkit.aot()

    def value(self, data: Any) -> Any:
        """Tables within stand on one line, as a condition is written."""
        if isinstance(data, Mapping):
            return self.inline({key: self.value(one) for key, one in data.items()})
        if isinstance(data, list):
            made = tomlkit.array()
            for one in data:
                made.append(self.value(one))
            return made
        return data


class _Plain(Maker):
    def inline(self, data: Mapping[str, Any]) -> Any:
        return dict(data)

    row = inline

    def rows(self) -> Any:
        return []

    def value(self, data: Any) -> Any:
        return data


def edited(file: str, text: str, how: Callable[[Any, Maker], None], *, adds: bool = False) -> str:
    """The text after `how` has changed its data. `adds`: it may add at the end, with an empty line before. Raises
    CannotChange, also when a file is so written that the change would alter something else."""
    plain = tomllib.loads(text)
    before = tomllib.loads(text)
    how(plain, _Plain())
    if plain == before:
        return text
    try:
        document = tomlkit.parse(text.rstrip("\n") + "\n\n" if adds else text)
        how(document, Maker())
        made = tomlkit.dumps(document).rstrip("\n") + "\n"
        same = tomllib.loads(made) == plain
    except (TOMLKitError, tomllib.TOMLDecodeError) as error:
        raise CannotChange(_unwritable(file)) from error
    if not same:
        raise CannotChange(_unwritable(file))
    return made


def _unwritable(file: str) -> str:
    return f"{file} is written in a way no form can change safely. Download the draft, change that file, upload it."


def put(holder: Holder, key: str, value: Any) -> None:
    """Sets a value unless it stands there already: what is not changed keeps its layout."""
    if key not in holder or holder[key] != value:
        holder[key] = value


def put_or_drop(holder: Holder, key: str, value: Any, nothing: Any) -> None:
    """Sets a value, or takes the key out when the value is what its absence means."""
    if value == nothing:
        holder.pop(key, None)
    else:
        put(holder, key, value)


def put_list(holder: Holder, key: str, wanted: Sequence[Any]) -> None:
    """Makes the list at `key` hold `wanted`, entry by entry where the order allows: comments inside it stay."""
    if key not in holder:
        holder[key] = list(wanted)
        return
    here = holder[key]
    for place in range(len(here) - 1, -1, -1):
        if here[place] not in wanted:
            del here[place]
    for one in wanted:
        if one not in here:
            here.append(one)
    if list(here) != list(wanted):
        holder[key] = list(wanted)


def row_of(rows: Sequence[Any], key: str) -> int | None:
    """The place of the row with this id; None when there is none."""
    return next((place for place, row in enumerate(rows) if row.get("id") == key), None)


def rows_of(data: Holder, key: str, make: Maker) -> Any:
    """The list of tables at `key`, made when it is not there or written down as empty."""
    if not data.get(key):
        data.pop(key, None)
        data[key] = make.rows()
    return data[key]


def with_settings(file: str, text: str, values: Mapping[str, float | str]) -> str:
    """The text with values of its first, nameless table set; an empty text takes one out. Raises CannotChange."""

    def how(data: Any, make: Maker) -> None:
        for name, value in values.items():
            put_or_drop(data, name, value, "")

    # At the end it would fall into the last table of the file: what is new goes in at the top.
    held = tomllib.loads(text)
    new = sorted(name for name, value in values.items() if name not in held and value != "")
    head = "\n".join(f"{name} = 0" for name in new)
    return edited(file, after_the_top(text, head), how)


def after_the_top(text: str, head: str) -> str:
    """`head` put in after the comment a file begins with; before every table."""
    lines = text.split("\n")
    place = next((number for number, line in enumerate(lines) if not line.startswith("#")), len(lines))
    return "\n".join([*lines[:place], head, *lines[place:]]) if head else text
