"""One question asked as the desk asks it, and as bare SQL: for `fill_million`."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import psycopg
from django.db import connection

from gatepost.inbox.lines import LINES
from gatepost.web.shell import settings_url

_PAGE = "unnest((SELECT %s::bigint[])) WITH ORDINALITY AS page (id, place)"


@dataclass(frozen=True, slots=True)
class Statement:
    text: str
    given: Sequence[Any]
    keep: bool | None  # prepared once; None: as psycopg thinks best


def statements_of(ask: Callable[[], object]) -> list[Statement]:
    """What the desk sends for one question."""
    found: list[Statement] = []

    def note(run: Callable[..., Any], sql: str, given: Any, many: bool, context: dict[str, Any]) -> Any:
        found.append(Statement(sql, tuple(given or ()), getattr(context["cursor"].cursor, "keeps", False)))
        return run(sql, given, many, context)

    with connection.execute_wrapper(note):
        ask()
    return found


def in_one(statements: Sequence[Statement]) -> list[Statement]:
    """The desk's statements as somebody would send them who asks by hand, prepared as psycopg thinks best: the numbers
    of a page and what its lines show as one."""
    by_hand = [Statement(one.text, one.given, None) for one in statements]
    place = next((place for place, one in enumerate(statements) if one.text == LINES), 0)
    if not place:
        return by_hand
    numbers, lines = statements[place - 1 : place + 1]
    inner = f"(SELECT id, row_number() OVER () AS place FROM ({numbers.text} LIMIT {len(lines.given[0])}) AS found)"
    one = Statement(lines.text.replace(_PAGE, f"{inner} AS page"), (*numbers.given, *lines.given[1:]), None)
    return [*by_hand[: place - 1], one, *by_hand[place + 1 :]]


def send(bare: psycopg.Connection[Any], statements: Sequence[Statement]) -> list[list[Any]]:
    return [bare.execute(one.text, one.given, prepare=one.keep).fetchall() for one in statements]


def found(answers: Sequence[Sequence[Any]]) -> int:
    """How many rows of those that tell most there are: the lines of a list, the messages of a conversation."""
    return len(max(answers, key=lambda rows: len(rows[0]) if rows else 0))


def timed(ask: Callable[[], object]) -> float:
    """Milliseconds of one round."""
    began = time.perf_counter()
    ask()
    return (time.perf_counter() - began) * 1000


@dataclass(frozen=True, slots=True)
class Took:
    """Milliseconds. `bare`: of the same statements and the one that does it all, whichever is faster."""

    desk: float
    bare: float
    one: bool  # the one statement was
    sent: int  # statements of the desk
    rows: int  # of the lines, or whatever it shows


def measured(rounds: int, ask: Callable[[], object], slow: float) -> Took:
    """The desk's question and bare SQL in turns, so that both see the same machine. Plans are printed of what takes
    bare SQL longer than `slow` milliseconds."""
    ask()  # what is read once in the life of a process is no part of the question
    statements = statements_of(ask)
    with psycopg.connect(settings_url(), autocommit=True) as bare:
        forms = [statements, in_one(statements)]
        rows = {found(send(bare, form)) for form in forms}
        assert len(rows) == 1, f"the forms of one question answer differently: {rows} rows"
        ways: list[Callable[[], object]] = [ask, *(partial(send, bare, form) for form in forms)]
        # In turns, one round each: what else the machine does falls on all alike, on the fastest round least.
        turns = [[timed(way) for way in ways] for _ in range(rounds + 3)][3:]
        desk, *best = (min(times) for times in zip(*turns, strict=True))
        if min(best) > slow:
            for one in statements:
                plan = bare.execute(f"EXPLAIN ANALYZE {one.text}", one.given).fetchall()
                print("\n".join(row[0] for row in plan)[:3000], flush=True)
    return Took(desk, min(best), best.index(min(best)) == 1, len(statements), rows.pop())
