"""The one door to a state column: a table of verbs, a conditional update, and a line in the ledger."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models, transaction

from gatepost.ledger.actions import Actor, Entry, record_many


class Conflict(Exception):
    """The row is no longer where this verb may begin; somebody or something was faster."""


@dataclass(frozen=True, slots=True)
class Step:
    start: frozenset[str]
    end: str


class Machine:
    """States and verbs of one kind of row, checked when it is made (at import).

    `table` maps a verb to (states it may begin in, state it ends in). `words` gives each state's word for people.
    """

    def __init__(self, name: str, *, words: Mapping[str, str], table: Mapping[str, tuple[Sequence[str], str]]) -> None:
        self.name = name
        self.words = dict(words)
        self.table = {verb: Step(frozenset(start), end) for verb, (start, end) in table.items()}
        named = {state for step in self.table.values() for state in (*step.start, step.end)}
        unknown, unused = named - set(words), set(words) - named
        if unknown or unused:
            raise ValueError(f"{name}: states without a word {sorted(unknown)}, states no verb knows {sorted(unused)}")

    @property
    def choices(self) -> list[tuple[str, str]]:
        return list(self.words.items())


def advance(
    row: models.Model,
    verb: str,
    *,
    by: Actor,
    at: datetime,
    clauses: Iterable[str] = (),
    detail: Mapping[str, Any] | None = None,
    **fields: Any,
) -> None:
    """Moves one row by `verb`, setting `fields` beside the state. Raises Conflict and changes nothing otherwise."""
    done = advance_many([row], verb, by=by, at=at, clauses=clauses, detail=detail, **fields)
    if not done:
        machine: Machine = row.MACHINE  # type: ignore[attr-defined]  # every row with a state names its machine
        row.refresh_from_db()
        word = machine.words.get(row.state, "?")  # type: ignore[attr-defined]  # as above
        raise Conflict(f"This has changed since you opened it: it is now “{word}”. Nothing was done.")


def advance_many(
    rows: Sequence[models.Model],
    verb: str,
    *,
    by: Actor,
    at: datetime,
    clauses: Iterable[str] = (),
    detail: Mapping[str, Any] | None = None,
    each: Callable[[Any], Mapping[str, Any]] | None = None,
    **fields: Any,
) -> list[Any]:
    """Moves those of `rows` that may still move, in one update, with a line each. `each` gives what else a row's own
    line tells. Returns the moved rows."""
    if not rows:
        return []
    model = type(rows[0])
    machine: Machine = model.MACHINE  # type: ignore[attr-defined]  # every row with a state names its machine
    step = machine.table[verb]
    with transaction.atomic():
        keys = [row.pk for row in rows]
        manager = model._default_manager
        free = set(manager.select_for_update().filter(pk__in=keys, state__in=step.start).values_list("pk", flat=True))
        moved = [row for row in rows if row.pk in free]
        manager.filter(pk__in=free).update(state=step.end, **fields)
        clause_list = tuple(clauses)
        record_many(
            [
                Entry(f"{machine.name}.{verb}", f"{machine.name}:{row.pk}", clause_list, _told(row, detail, each))
                for row in moved
            ],
            by=by,
            at=at,
        )
    for row in moved:
        row.state = step.end  # type: ignore[attr-defined]  # as above
        for name, value in fields.items():
            setattr(row, name, value)
    return moved


def _told(
    row: models.Model, detail: Mapping[str, Any] | None, each: Callable[[Any], Mapping[str, Any]] | None
) -> Mapping[str, Any]:
    return {**(detail or {}), **(each(row) if each else {})}
