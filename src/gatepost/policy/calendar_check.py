"""Does calendar.toml agree with itself and with the clauses?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from gatepost.policy.days import is_rule
from gatepost.policy.parts import Parts
from gatepost.policy.problems import Problem
from gatepost.policy.validate import nearest

FILE = "calendar.toml"


def calendar(parts: Parts) -> Iterator[Problem]:
    clauses = [clause.id for clause in parts.clauses.clauses]
    twice = Counter(one.network for one in parts.calendar.cadence)
    for place, promise in enumerate(parts.calendar.cadence):
        if promise.clause and promise.clause not in clauses and promise.clause not in parts.dropped:
            says = f"There is no clause {promise.clause!r}"
            yield _say(parts, ("cadence", place, "clause"), says, nearest(promise.clause, clauses))
        if promise.at_most and promise.at_most < promise.at_least:
            says = f"At most {promise.at_most} a week is fewer than at least {promise.at_least}"
            yield _say(parts, ("cadence", place, "at_most"), says, "Raise at_most, or leave it out.")
        if twice[promise.network] > 1:
            says = f"{promise.network!r} has two promises"
            yield _say(parts, ("cadence", place, "network"), says, "Keep one of them.")
    for place, day in enumerate(parts.calendar.day):
        if not is_rule(day.on):
            mend = "Write it like 10-10, 2026-05-04 or second sunday of november."
            yield _say(parts, ("day", place, "on"), f"{day.on!r} is not a day", mend)


def _say(parts: Parts, path: tuple[str | int, ...], message: str, mend: str) -> Problem:
    key = ".".join(str(part + 1) if isinstance(part, int) else part for part in path)
    return Problem(FILE, parts.sources[FILE].line(path), key, message, mend)
