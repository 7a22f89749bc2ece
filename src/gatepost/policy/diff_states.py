"""Periods and the crisis of two packs compared, as the rows of diff.Change."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Literal

from gatepost.policy.parts import Parts
from gatepost.policy.plainly import listed
from gatepost.policy.schema_states import CrisisIn, PeriodIn

How = Literal["added", "removed", "changed"]
Row = tuple[str, str, str, How, str, tuple[str, ...], bool]


def state_changes(old: Parts, new: Parts) -> Iterator[Row]:
    before = {one.id: one for one in old.periods.period}
    after = {one.id: one for one in new.periods.period}
    for key in [*after, *(key for key in before if key not in after)]:
        was, now = before.get(key), after.get(key)
        if was == now:
            continue
        here = now or before[key]
        how: How = "changed" if was and now else "added" if now else "removed"
        details = tuple(_between(_period(was) if was else {}, _period(now) if now else {}))
        yield "period", key, here.clause, how, f"the period “{here.title}”", details, True
    yield from _crisis_changes(old.periods.crisis, new.periods.crisis)


def _crisis_changes(was: CrisisIn | None, now: CrisisIn | None) -> Iterator[Row]:
    if was == now:
        return
    here = now or was
    clause = here.clause if here else ""
    how: How = "changed" if was and now else "added" if now else "removed"
    details = tuple(_between(_crisis(was) if was else {}, _crisis(now) if now else {}))
    yield "crisis", "crisis", clause, how, "what is done in a crisis", details, True


def _between(was: dict[str, str], now: dict[str, str]) -> Iterator[str]:
    if not was or not now:
        yield from (f"{name}: {says}" for name, says in (now or was).items() if says != "nothing")
        return
    for name, one in was.items():
        if one != now[name]:
            yield f"{name} from {one} to {now[name]}"


def _period(one: PeriodIn) -> dict[str, str]:
    return {
        "title": f"“{one.title}”",
        "first day": _day(one.starts),
        "last day": _day(one.ends),
        "kinds of post that do not go out": listed(one.frozen),
        "kinds of post of which nothing is asked": listed(one.allowed),
        "what may not be said": listed(phrase.why for phrase in one.banned),
        "the question": f"“{one.asks}”",
        "what it does to other posts": one.severity,
    }


def _crisis(one: CrisisIn) -> dict[str, str]:
    return {
        "who declares it": listed(one.declares),
        "who signs off": listed(one.approvers),
        "prepared statements": listed(one.statements),
    }


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
